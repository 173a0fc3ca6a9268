//! Targets over what people and files bring to the programs: links, scripts, settings, tickets, lists of names,
//! configurations, addresses, times, backups, certificates, models.

use venue_model::{BoundedText, DeviceKey, EventKey, FileHash, Language};
use venue_server::ops::links::PublicAddress;
use venue_server::ops::serving::Serving;
use venue_server::ops::{names_csv, restore, times};
use venue_server::sessions::ticket::TicketOffice;
use venue_server::store::{InvitationCode, UnixMillis};
use venue_transport::{Fingerprint, ServerCertificate};
use xr_client::core::known_hosts::KnownHosts;
use xr_client::link::{Link, Place, parse_fingerprint};
use xr_client::scene::model::{DecodedModel, Decoding};
use xr_client::settings::Settings;

/// Runs over the text of the input; what is no UTF-8 never reaches these decoders.
fn text(data: &[u8]) -> &str {
    let end = std::str::from_utf8(data).map_or_else(|error| error.valid_up_to(), str::len);
    std::str::from_utf8(&data[..end]).unwrap_or_default()
}

/// A link that is accepted is written and read again unchanged.
pub(crate) fn link(data: &[u8]) {
    let Ok(link) = Link::parse(text(data), None) else { return };
    let again = Link::parse(&link.to_text(), None).expect("what was written must be readable");
    assert_eq!(again.to_text(), link.to_text());
}

/// Any script is read or refused.
pub(crate) fn script(data: &[u8]) {
    drop(xr_client::input::script::parse(text(data)));
}

/// Any settings file is read or refused; what is read is within the settings' own ranges.
pub(crate) fn settings(data: &[u8]) {
    let Ok(settings) = Settings::parse(text(data)) else { return };
    assert!((0.75..=2.5).contains(&settings.text_scale), "{}", settings.text_scale);
}

/// No bytes are a ticket of this office but those that it made.
pub(crate) fn ticket(data: &[u8]) {
    let office = TicketOffice::new(&[9; 32], "fuzz");
    if office.verify(data, &DeviceKey([3; 32]), UnixMillis(0)).is_ok() {
        assert_eq!(data, crate::seeds::ticket(), "a ticket that was never made");
    }
}

/// A code that is accepted is written and read again unchanged.
pub(crate) fn invitation_code(data: &[u8]) {
    let Ok(code) = InvitationCode::parse(text(data)) else { return };
    assert_eq!(InvitationCode::parse(&code.to_string()), Ok(code));
}

/// Any list of names is read or refused.
pub(crate) fn names(data: &[u8]) {
    let spaces = ["lounge".to_owned(), "popov-hall".to_owned()];
    let Ok(people) = names_csv::read(text(data), Some(&spaces)) else { return };
    assert!(people.iter().all(|person| !person.name.as_str().trim().is_empty()));
}

/// Any configuration is read or refused.
pub(crate) fn configuration(data: &[u8]) {
    drop(venue_server::config::Config::parse(text(data)));
}

/// Any header of a browser names one of our languages.
pub(crate) fn accept_language(data: &[u8]) {
    assert!(venue_model::Language::ALL.contains(&venue_server::console::words::accepted(text(data))));
}

/// Any model becomes a package that its own reader takes, or a refusal.
pub(crate) fn model(data: &[u8]) {
    let nothing = |_: &std::path::Path| anyhow::bail!("no file stands beside this model");
    let Ok(source) = venue_importer::read::read("fuzz.glb", data, nothing) else { return };
    let settings = venue_importer::hierarchy::Settings::default();
    let making = venue_importer::authored::Making { settings: &settings, scratch: &std::env::temp_dir() };
    let Ok(packed) = venue_importer::pack::pack(&source, making) else { return };
    venue_package::Package::open(packed.files).expect("what was packed must open");
}

/// Keys, hashes, fingerprints, tags and bounded texts: what is accepted is written and read again unchanged.
pub(crate) fn identifiers(data: &[u8]) {
    let text = text(data);
    if let Ok(fingerprint) = text.parse::<Fingerprint>() {
        assert_eq!(fingerprint.to_string(), text);
        assert_eq!(parse_fingerprint(text), Some(fingerprint.0), "the client reads what the server writes");
    }
    if let Ok(hash) = text.parse::<FileHash>() {
        assert_eq!(hash.to_string(), text);
    }
    if let Ok(key) = EventKey::new(text) {
        assert_eq!(key.as_str(), text);
    }
    if let Some(language) = Language::from_tag(text) {
        assert_eq!(Language::from_tag(language.code()), Some(language));
    }
    let lossy = BoundedText::<40>::lossy(text);
    assert_eq!(BoundedText::<40>::new(lossy.as_str()), Ok(lossy));
    if let Ok(code) = xr_client::link::InvitationCode::parse(text) {
        // The client only tells typing errors from codes; which letters a code has, the server knows.
        assert_eq!(code.as_str().len(), 8);
    }
}

/// Any file of known servers is read; what is damaged counts as not there.
pub(crate) fn known_hosts(data: &[u8]) {
    let place = Place {
        host: "venue.example.org".to_owned(),
        port: 4433,
        event: EventKey::new("e").expect("a fixed key is good"),
        fingerprint: None,
    };
    let mut hosts = KnownHosts::parse(text(data));
    let known = hosts.fingerprint_of(&place);
    hosts.remember(&place, known.unwrap_or([7; 32]));
    assert!(hosts.fingerprint_of(&place).is_some());
}

/// A public address that is accepted is written and read again unchanged.
pub(crate) fn public_address(data: &[u8]) {
    let Ok(address) = text(data).parse::<PublicAddress>() else { return };
    let again = address.to_string().parse::<PublicAddress>();
    assert_eq!(again, Ok(address));
}

/// Any time is read or refused, and what is read can be written.
pub(crate) fn times(data: &[u8]) {
    let Ok(at) = times::parse(text(data)) else { return };
    assert!(times::parse_end(text(data)).is_ok_and(|end| end >= at), "an end comes before its own day");
    let written = times::minute(at);
    let minute = written.strip_suffix(" UTC").expect("a time is written in UTC");
    let again = times::parse(minute).expect("what was written must be readable");
    assert_eq!(again.0.div_euclid(60_000), at.0.div_euclid(60_000), "{written}");
}

/// Any notice of a running server is read or refused.
pub(crate) fn serving(data: &[u8]) {
    let Ok(serving) = serde_json::from_slice::<Serving>(data) else { return };
    let written = serde_json::to_vec(&serving).expect("addresses can be written");
    assert_eq!(serde_json::from_slice::<Serving>(&written).ok(), Some(serving));
}

/// Any archive is read as a backup or refused; what is read is what its list says.
pub(crate) fn backup(data: &[u8]) {
    let mut kept = 0;
    let list = restore::read_archive(data, |_, bytes| {
        kept += std::io::copy(bytes, &mut std::io::sink())?;
        Ok(())
    });
    let Ok(list) = list else { return };
    assert_eq!(kept, list.files.iter().map(|entry| entry.bytes).sum::<u64>());
}

/// Any certificate, DER or PEM, is read or refused.
pub(crate) fn certificate(data: &[u8]) {
    let again = venue_transport::certificate::fingerprint_of(data);
    assert_eq!(venue_transport::certificate::fingerprint_of(data), again);
    let Ok(certificate) = ServerCertificate::from_pem(text(data), text(data)) else { return };
    assert!(!certificate.chain().is_empty() && !certificate.key().is_empty());
}

/// Any tile is decoded by the client or refused.
pub(crate) fn tile(data: &[u8]) {
    let decoding = Decoding { gives_light: true, ..Decoding::default() };
    drop(DecodedModel::decode(&bytes::Bytes::copy_from_slice(data), decoding));
}
