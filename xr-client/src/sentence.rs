//! What a person reads when something goes wrong: one enum, each with a translation id and English text.
//!
//! It must not know how a sentence is shown; panels translate by [`Problem::id`] and fall back to English. What
//! a library or the system says is no sentence: it is the field `detail`, which follows behind "For support".

use std::fmt;

macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident $({ $($field:ident),+ })? => $id:literal, $english:literal;)+) => {
        /// Something that a person should know, with what to do about it.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Problem {
            $($(#[$doc])* $name $({ $(
                /// Value that the sentence names.
                $field: String,
            )+ })?,)+
        }

        impl Problem {
            /// Every id with its English text; arguments stand in it as `{name}`.
            pub const CATALOGUE: &'static [(&'static str, &'static str)] = &[$(($id, $english),)+];

            /// The id of the sentence in the locales.
            pub fn id(&self) -> &'static str {
                match self { $(Self::$name $({ $($field: _),+ })? => $id,)+ }
            }

            /// The values of the enum's fields in their order; the sentence names all but `detail`.
            pub fn arguments(&self) -> Vec<(&'static str, String)> {
                match self {
                    $(Self::$name $({ $($field),+ })? => vec![$($((stringify!($field), $field.clone())),+)?],)+
                }
            }

            fn template(&self) -> &'static str {
                match self { $(Self::$name $({ $($field: _),+ })? => $english,)+ }
            }
        }
    };
}

problems! {
    /// Nothing was typed.
    LinkEmpty => "problem-link-empty",
        "Paste the link from your invitation, or type its code of 8 characters.";
    /// Another scheme than https and vev.
    LinkScheme { scheme } => "problem-link-scheme",
        "A link to a venue begins with https:// or vev://, this one with {scheme}://. Copy it again from your invitation.";
    /// The host is missing or malformed.
    LinkHost { host } => "problem-link-host",
        "“{host}” is no address of a server. Copy the whole link from your invitation.";
    /// The port is no number from 1 to 65535.
    LinkPort { port } => "problem-link-port",
        "The port “{port}” is no number from 1 to 65535. Copy the whole link from your invitation.";
    /// No event in the link.
    LinkEvent => "problem-link-event",
        "The link names no event: the part “/e/…” is missing or damaged. Copy the whole link from your invitation.";
    /// No code in the link.
    LinkNoCode => "problem-link-no-code",
        "The link ends before its code (the part after “#”). Copy the whole link from your invitation.";
    /// The code has a wrong length or a wrong character.
    LinkCode { code } => "problem-link-code",
        "“{code}” is no invitation code: it has 8 letters and digits, such as 7KQ2-M9XT. The letter U is never used.";
    /// The fingerprint is damaged.
    LinkFingerprint => "problem-link-fingerprint",
        "The end of the link is damaged: the part after the full stop has 43 characters. Copy the whole link from your invitation.";
    /// A bare code, and no server known.
    CodeWithoutServer => "problem-code-without-server",
        "A code alone opens the venue that you visited last, and there is none yet. Paste the whole link this time.";
    /// No answer within the time limit.
    NoAnswer { host, port } => "problem-no-answer",
        "{host} does not answer. Your network may block UDP port {port}: ask your network administrator to allow outgoing UDP to {host}, port {port}, or try another network.";
    /// The name does not resolve.
    NameNotFound { host } => "problem-name-not-found",
        "The name {host} can't be found. Check your internet connection and the link.";
    /// The network refuses to send at all.
    NetworkDown { detail } => "problem-network-down",
        "This computer can't reach the network. Check your internet connection.";
    /// The server takes no connections now.
    ServerBusy { host } => "problem-server-busy",
        "{host} takes no more connections now. Try again in a minute.";
    /// The event is over.
    EventOver => "problem-event-over",
        "The event is over. Ask the organiser for an invitation to the next one.";
    /// The peer speaks, but not our protocol.
    NotAVenue { host, detail } => "problem-not-a-venue",
        "{host} answers, but not as a VEV server. Check the link with the organiser.";
    /// The certificate's key is another one than the link or the last visit says.
    FingerprintMismatch { host } => "problem-fingerprint-mismatch",
        "{host} shows another key than your invitation promises. Somebody may be listening in, or the server was set up anew. Don't go on; ask the organiser for a new link.";
    /// First visit without a fingerprint in the link.
    UnknownServer { host, fingerprint } => "problem-unknown-server",
        "You have not been at {host} before, and your link does not say which key it has. Its key is {fingerprint}. Go on only if the organiser confirms it.";
    /// A server that was visited before shows another key, and no authority vouches for it.
    KeyChanged { host, fingerprint } => "problem-key-changed",
        "{host} shows another key than at your last visit. It may have been set up anew, or somebody may be listening in. Its key is now {fingerprint}. Go on only if the organiser confirms it.";
    /// The connection was lost.
    WentAway { host } => "problem-went-away",
        "The connection to {host} was lost. VEV tries again by itself.";
    /// The connection was lost on the way in, and nobody tries again by itself.
    LostOnTheWay { host } => "problem-lost-on-the-way",
        "The connection to {host} was lost before you were in the venue. Try again; if that does not help, try another network.";
    /// The server said that it stops.
    ServerClosing { host } => "problem-server-closing",
        "The server {host} is being restarted. VEV comes back by itself as soon as it answers.";
    /// The server speaks an older or newer protocol.
    WrongVersion { server } => "problem-wrong-version",
        "This program and the server are of different versions (the server is {server}). Get the program again from the page of your link.";
    /// No such invitation.
    UnknownInvitation => "problem-unknown-invitation",
        "The server does not know this invitation. Check the code, or ask the organiser for a new link.";
    /// The invitation's time is over.
    ExpiredInvitation => "problem-expired-invitation",
        "This invitation has expired. Ask the organiser for a new one.";
    /// The invitation was taken back.
    RevokedInvitation => "problem-revoked-invitation",
        "This invitation was withdrawn. Ask the organiser if you think that this is a mistake.";
    /// The event is not open.
    EventNotOpen => "problem-event-not-open",
        "The event is not open now. Ask the organiser when it opens.";
    /// Too many tries.
    RateLimited => "problem-rate-limited",
        "There were too many tries from here. Wait a minute, then try again.";
    /// The proof of the device key was wrong.
    BadProof => "problem-bad-proof",
        "The server could not verify this device. Try again; if that does not help, ask the organiser for a new link.";
    /// Somebody removed the person.
    Removed { detail } => "problem-removed",
        "You were removed from the event. Ask the organiser if you think that this is a mistake.";
    /// Every place of the server is taken.
    ServerFull { host } => "problem-server-full",
        "All places at {host} are taken. Try again in a few minutes, or tell the organiser.";
    /// The server is about to stop.
    ServerStopping { host } => "problem-server-stopping",
        "{host} is about to stop and lets nobody in. Try again in a few minutes.";
    /// The server can't admit anybody now.
    ServerUnavailable { host, detail } => "problem-server-unavailable",
        "{host} can't let you in now. Try again in a minute; if that does not help, tell the organiser.";
    /// The same invitation came in on another device.
    TakenOver => "problem-taken-over",
        "You went on at another device with the same invitation. Choose “Continue here” to come back to this one.";
    /// A file of the venue does not have the promised bytes.
    DamagedFile { file } => "problem-damaged-file",
        "The venue's file {file} arrived damaged, twice. Tell the organiser: the venue has to be published again.";
    /// The venue's description can not be read.
    DamagedPackage { detail } => "problem-damaged-package",
        "The venue can't be shown: its description is damaged. Tell the organiser: the venue has to be published again.";
    /// The server does not have a file of the venue.
    MissingFile { file } => "problem-missing-file",
        "The server does not have the venue's file {file}. Tell the organiser: the venue has to be published again.";
    /// The server has a file of the venue, but it does not come through.
    FileNotArriving { file } => "problem-file-not-arriving",
        "The venue's file {file} does not arrive. Try again; if that does not help, try another network or tell the organiser.";
    /// Nothing more comes of the venue's files.
    LoadingStalled { host } => "problem-loading-stalled",
        "Nothing more of the venue arrives from {host}. Try again; if that does not help, try another network or tell the organiser.";
    /// The cache can not be written.
    DiskFull { folder, detail } => "problem-disk-full",
        "The venue can't be kept on this computer; the next visit loads it anew. Free some space in {folder}.";
    /// The data folder can not be used.
    DataFolder { folder, detail } => "problem-data-folder",
        "VEV can't keep its files in {folder}. Make the folder writable, or name another one with --data-dir.";
    /// The settings file was unreadable and the defaults are used.
    SettingsUnreadable { file, detail } => "problem-settings-unreadable",
        "The settings in {file} can't be read, so VEV starts with its defaults. The old file is kept beside it.";
    /// A part of the venue can not be drawn.
    DamagedTile { file, detail } => "problem-damaged-tile",
        "A part of the venue can't be shown (file {file}). Tell the organiser.";
    /// The seat is somebody's.
    SeatRefused { reason } => "problem-seat-refused",
        "You can't sit there: {reason}.";
    /// Another program can't be started.
    CanNotStart { program, detail } => "problem-can-not-start",
        "The program {program} can't be started. Check that it is installed and that you may run it.";
    /// The server's program is not where it belongs.
    HostMissing { program } => "problem-host-missing",
        "The program {program} is not in the same folder as this one. Unpack the whole archive of VEV again.";
    /// A server on this computer ended before it was open.
    HostEnded { detail } => "problem-host-ended",
        "The venue on this computer could not be opened. Try again; if that does not help, restart the computer or ask for support.";
    /// A server on this computer ended although it was open.
    HostStopped { detail } => "problem-host-stopped",
        "The venue on this computer has closed. Host it again from the start page.";
    /// The chosen sound output is gone, the default plays.
    SoundReplaced { output } => "problem-sound-replaced",
        "The sound output {output} can't be used now. Sounds come from the system's default; choose another output in the settings.";
    /// No sound output is left.
    SoundGone => "problem-sound-gone",
        "No sound output is left. VEV is silent until one is connected; notices are still shown.";
    /// The chosen microphone is not there, the default records.
    MicrophoneReplaced { input } => "problem-microphone-replaced",
        "The microphone {input} can't be used now. The system's default microphone records; choose another one in the settings.";
    /// No microphone can be opened.
    NoMicrophone { detail } => "problem-no-microphone",
        "No microphone can be opened. Connect one and allow VEV to use it in the system's settings.";
    /// No display for the window.
    NoDisplay { detail } => "problem-no-display",
        "No window can be opened here. Start VEV in a desktop session, or use --headless.";
    /// No graphics adapter.
    NoGraphics { detail } => "problem-no-graphics",
        "No usable graphics adapter was found. Install the driver of your graphics card, or Mesa's software renderer.";
    /// No OpenXR loader.
    HeadsetNoLoader { detail } => "problem-headset-no-loader",
        "No headset can be used here: OpenXR is not installed. Install the software of your headset, or start VEV with --flat.";
    /// No OpenXR runtime.
    HeadsetNoRuntime { detail } => "problem-headset-no-runtime",
        "No headset answers. Start the software of your headset and choose it there as the OpenXR runtime, or start VEV with --flat.";
    /// A runtime without a headset.
    HeadsetMissing { detail } => "problem-headset-missing",
        "No headset is connected. Connect your headset and switch it on, or start VEV with --flat.";
    /// The headset can not be used.
    HeadsetFailed { detail } => "problem-headset-failed",
        "The venue can't be shown in the headset. Start the software of your headset again; if that does not help, start VEV with --flat.";
    /// The headset was taken away.
    HeadsetLost { detail } => "problem-headset-lost",
        "The connection to the headset was lost. Check the headset and start VEV again, or start it with --flat.";
    /// The graphics device failed again and again.
    GraphicsLost { detail } => "problem-graphics-lost",
        "The graphics card stopped working, and the picture could not be set up again. Start VEV again; if that does not help, update the driver of the graphics card.";
}

/// Most characters of a detail that are shown.
const MAX_DETAIL_CHARS: usize = 300;

impl Problem {
    /// What a library or the system says, for support: one line, cut at a length that still fits a page.
    pub fn detail(&self) -> Option<String> {
        let (_, detail) = self.arguments().into_iter().find(|(name, _)| *name == "detail")?;
        let words: Vec<&str> = detail.split_whitespace().collect();
        let detail: String = words.join(" ").chars().take(MAX_DETAIL_CHARS).collect();
        (!detail.is_empty()).then_some(detail)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.template().to_owned();
        for (name, value) in self.arguments() {
            text = text.replace(&format!("{{{name}}}"), &value);
        }
        f.write_str(&text)?;
        match self.detail() {
            Some(detail) => write!(f, " For support: {detail}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_sentence_names_its_values() {
        let problem = Problem::NoAnswer { host: "vev.example".into(), port: "4433".into() };
        let text = problem.to_string();
        assert!(text.contains("vev.example does not answer"), "{text}");
        assert!(text.contains("UDP port 4433"), "{text}");
        assert!(!text.contains('{'), "{text}");
    }

    #[test]
    fn ids_are_unique_and_every_sentence_ends() {
        let ids: BTreeSet<_> = Problem::CATALOGUE.iter().map(|(id, _)| id).collect();
        assert_eq!(ids.len(), Problem::CATALOGUE.len());
        assert!(Problem::CATALOGUE.iter().all(|(_, english)| english.ends_with('.')));
    }

    #[test]
    fn a_detail_follows_the_sentence_and_an_empty_one_does_not() {
        let removed = |detail: &str| Problem::Removed { detail: detail.into() }.to_string();
        assert!(removed("").ends_with("a mistake."), "{}", removed(""));
        assert!(removed("twice\n asked").ends_with("a mistake. For support: twice asked"));
        assert!(Problem::CATALOGUE.iter().all(|(_, english)| !english.contains("{detail}")));
        assert!(removed(&"x".repeat(9_000)).len() < 500);
    }
}
