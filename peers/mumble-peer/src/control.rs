//! Mumble's control channel: TLS, and messages of a kind, a length and Protocol Buffers, of which a handful of fields are needed.
//!
//! It must not know sockets of voices.

use anyhow::{Context as _, Result, ensure};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use std::sync::Arc;

/// Kinds of messages.
pub const VERSION: u16 = 0;
pub const AUTHENTICATE: u16 = 2;
pub const PING: u16 = 3;
pub const REJECT: u16 = 4;
pub const SERVER_SYNC: u16 = 5;
pub const CRYPT_SETUP: u16 = 15;

/// Longest message that is taken.
const LONGEST: usize = 1 << 20;

/// The version that is spoken, 1.3.4.
pub const SPOKEN: u64 = 0x0001_0304;

/// A number as Protocol Buffers write it.
fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A field with a number.
pub fn number(field: u64, value: u64, out: &mut Vec<u8>) {
    varint(field << 3, out);
    varint(value, out);
}

/// A field with bytes.
pub fn bytes(field: u64, value: &[u8], out: &mut Vec<u8>) {
    varint(field << 3 | 2, out);
    varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

/// A whole message.
pub fn message(kind: u16, body: &[u8]) -> Vec<u8> {
    let mut out = kind.to_be_bytes().to_vec();
    out.extend((body.len() as u32).to_be_bytes());
    out.extend_from_slice(body);
    out
}

/// Takes the first message from what came, if it is whole.
pub fn take_message(buffer: &mut Vec<u8>) -> Result<Option<(u16, Vec<u8>)>> {
    let Some(&[kind_high, kind_low, a, b, c, d]) = buffer.first_chunk::<6>() else { return Ok(None) };
    let length = u32::from_be_bytes([a, b, c, d]) as usize;
    ensure!(length <= LONGEST, "a message of {length} bytes");
    if buffer.len() < 6 + length {
        return Ok(None);
    }
    let body = buffer[6..6 + length].to_vec();
    buffer.drain(..6 + length);
    Ok(Some((u16::from_be_bytes([kind_high, kind_low]), body)))
}

/// The bytes of a field of a message.
pub fn find_bytes(mut body: &[u8], wanted: u64) -> Result<Option<&[u8]>> {
    while !body.is_empty() {
        let (key, rest) = read_varint(body)?;
        body = match key & 7 {
            0 => read_varint(rest)?.1,
            1 => rest.get(8..).context("cut off")?,
            5 => rest.get(4..).context("cut off")?,
            2 => {
                let (length, rest) = read_varint(rest)?;
                let (value, rest) = rest.split_at_checked(length as usize).context("cut off")?;
                if key >> 3 == wanted {
                    return Ok(Some(value));
                }
                rest
            }
            _ => anyhow::bail!("a field of no known kind"),
        };
    }
    Ok(None)
}

fn read_varint(bytes: &[u8]) -> Result<(u64, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(10) {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 == 0 {
            return Ok((number, &bytes[at + 1..]));
        }
    }
    anyhow::bail!("a number without an end")
}

/// TLS that believes every server: it is one of this machine that was started a second ago, with a certificate of its own making.
pub fn trust() -> Result<Arc<ClientConfig>> {
    let provider = Arc::new(ring::default_provider());
    let config =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    let verifier = Arc::new(BelievesAll(provider));
    Ok(Arc::new(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth()))
}

#[derive(Debug)]
struct BelievesAll(Arc<CryptoProvider>);

impl ServerCertVerifier for BelievesAll {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
