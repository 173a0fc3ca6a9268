// One view: no shader needs the multiview feature. The builtin only fills the struct, which must not be empty.

// Which view of the frame it is.
override only_view: u32 = 0u;

struct ViewInput {
    @builtin(instance_index) unused: u32,
}

fn view_of(input: ViewInput) -> u32 {
    return only_view;
}
