//! What the client starts outside of itself: a browser for the privacy notice, a server on this machine.
//!
//! It must not know panels' looks; it answers with a sentence when something can't be started.

use crate::core::{ClientCore, Connector};
use crate::panels::PanelAction;
use crate::sentence::Problem;
use std::process::{Command, Stdio};

/// Name of the server's program, which lies beside the client's in the archive.
const SERVER: &str = if cfg!(windows) { "venue-server.exe" } else { "venue-server" };

/// Whether a server's program lies beside this one.
pub fn can_host() -> bool {
    server_path().is_some()
}

fn server_path() -> Option<std::path::PathBuf> {
    let path = std::env::current_exe().ok()?.with_file_name(SERVER);
    path.is_file().then_some(path)
}

/// Starts what an action asks for.
pub fn open<C: Connector>(action: &PanelAction, core: &ClientCore<C>) -> Result<(), Problem> {
    match action {
        PanelAction::OpenPrivacyNotice => {
            let Some(goal) = core.goal() else { return Ok(()) };
            let place = &goal.place;
            let host =
                if place.host.contains(':') { format!("[{}]", place.host) } else { place.host.clone() };
            // The server shows the notice on its entry page, under the same port number by HTTPS.
            let page = format!("https://{host}:{}/e/{}", place.port, place.event);
            start(crate::platform::browser(&page))
        }
        PanelAction::HostHere => {
            let path = server_path().ok_or_else(|| Problem::CanNotStart {
                program: SERVER.into(),
                detail: "it does not lie beside this program".into(),
            })?;
            let mut command = Command::new(path);
            command.arg("serve");
            start(command)
        }
        _ => Ok(()),
    }
}

fn start(mut command: Command) -> Result<(), Problem> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    match command.spawn() {
        Ok(_) => Ok(()),
        Err(error) => Err(Problem::CanNotStart { program, detail: error.to_string() }),
    }
}
