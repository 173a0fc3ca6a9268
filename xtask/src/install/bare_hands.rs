//! Bare hands for the tests: what is added to Monado's remote driver, so that with `VEV_REMOTE_BARE_HANDS=1` in its
//! environment its hands hold no controller but act as `XR_EXT_hand_interaction` says. It knows no test.
//!
//! The driver's message stays as it is: the trigger's value is the pinch, the squeeze's the grasp, the force on the pad the
//! activation from afar; touches of trigger, A and pad say that the hand is ready for each. Fingers are tracked as before.

use super::monado::Patch;

/// The driver's file.
const DEVICE: &str = "src/xrt/drivers/remote/r_device.c";

/// The functions that are added. The numbers are the places at which the driver writes a message's values; the two poses
/// take places of values that a bare hand has not.
const FUNCTIONS: &str = r#"DEBUG_GET_ONCE_BOOL_OPTION(vev_bare_hands, "VEV_REMOTE_BARE_HANDS", false)

static bool
vev_is_pose_of_bare_hand(enum xrt_input_name name)
{
	return name == XRT_INPUT_HAND_GRIP_POSE || name == XRT_INPUT_HAND_AIM_POSE ||
	       name == XRT_INPUT_HAND_PINCH_POSE || name == XRT_INPUT_HAND_POKE_POSE;
}

static void
vev_become_bare_hand(struct xrt_device *xdev)
{
	xdev->name = XRT_DEVICE_EXT_HAND_INTERACTION;
	xdev->binding_profiles = NULL;
	xdev->binding_profile_count = 0;
	xdev->inputs[3].name = XRT_INPUT_HAND_GRASP_READY;
	xdev->inputs[6].name = XRT_INPUT_HAND_GRASP_VALUE;
	xdev->inputs[9].name = XRT_INPUT_HAND_PINCH_VALUE;
	xdev->inputs[10].name = XRT_INPUT_HAND_PINCH_READY;
	xdev->inputs[11].name = XRT_INPUT_HAND_PINCH_POSE;
	xdev->inputs[14].name = XRT_INPUT_HAND_POKE_POSE;
	xdev->inputs[15].name = XRT_INPUT_HAND_AIM_ACTIVATE_VALUE;
	xdev->inputs[16].name = XRT_INPUT_HAND_AIM_ACTIVATE_READY;
	xdev->inputs[17].name = XRT_INPUT_HAND_GRIP_POSE;
	xdev->inputs[18].name = XRT_INPUT_HAND_AIM_POSE;
}

static void
r_device_destroy("#;

/// The changes, in their order.
pub(super) const PATCHES: [Patch; 3] = [
    Patch { file: DEVICE, from: "static void\nr_device_destroy(", to: FUNCTIONS },
    Patch {
        file: DEVICE,
        from: "name != XRT_INPUT_GENERIC_PALM_POSE) {",
        to: "name != XRT_INPUT_GENERIC_PALM_POSE && !vev_is_pose_of_bare_hand(name)) {",
    },
    Patch {
        file: DEVICE,
        from: "\t// Setup variable tracker.\n",
        to: "\tif (debug_get_bool_option_vev_bare_hands()) {\n\t\tvev_become_bare_hand(&rd->base);\n\t}\n\n\
             \t// Setup variable tracker.\n",
    },
];
