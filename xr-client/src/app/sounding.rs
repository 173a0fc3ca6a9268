//! What is heard of what happens, and what the sound's devices report.
//!
//! It must not know samples or devices.

use super::App;
use crate::core::microphone::Shut;
use crate::core::{Connector, CoreEvent};
use crate::panels::Panel;
use crate::present::Presenter;
use crate::sentence::Problem;
use crate::sound::{Listener, Output, Report};

impl<C: Connector, P: Presenter> App<C, P> {
    /// Lets an event be heard.
    pub(super) fn sound(&mut self, event: &CoreEvent) {
        let listener = if self.core.keeps_order() { Listener::KeepsOrder } else { Listener::Delegate };
        self.sounds.hear(event, listener, self.now);
    }

    /// Lets the sounds' time pass, and takes what the devices report.
    pub(super) fn take_sound_news(&mut self) {
        let is_shown = matches!(self.panels.open_panel(), Some(Panel::Settings | Panel::SoundCheck));
        self.sounds.show_outputs(is_shown);
        self.sounds.advance(self.now);
        while let Some(report) = self.sounds.poll_report() {
            match report {
                Report::Outputs(outputs) => self.keeper.set_outputs(outputs),
                Report::Replaced(output) => self.notify(Problem::SoundReplaced { output: output.name }),
                Report::Gone => self.notify(Problem::SoundGone),
                Report::Inputs(inputs) => self.keeper.set_inputs(inputs),
                Report::MicrophoneReplaced(input) => {
                    self.notify(Problem::MicrophoneReplaced { input: input.name });
                }
                Report::NoMicrophone(detail) => {
                    self.core.shut_microphone(Shut::DeviceGone);
                    self.notify(Problem::NoMicrophone { detail });
                }
                Report::MicrophoneLost => self.core.shut_microphone(Shut::DeviceGone),
            }
        }
    }

    /// Plays on another output from now on.
    pub(super) fn choose_output(&mut self, output: Option<Output>) {
        self.settings.audio_output = output;
        self.sounds.set(&self.settings.audio, self.settings.audio_output.as_ref());
        self.save(None);
        self.keeper.set_settings(&self.settings, self.language);
    }
}
