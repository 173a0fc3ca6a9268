//! TLS 1.3 on both ends: the server's certificate, and whom a client believes.

use crate::certificate::fingerprint_of;
use crate::{Fingerprint, ServerCertificate};
use ::ring::hmac as ring_hmac;
use rustls::client::Resumption;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme, version::TLS13};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use venue_protocol::ALPN;

/// Whom a client takes for the server that it wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The key that the link names or that was seen at an earlier visit, and no other.
    Pinned(Fingerprint),
    /// Whoever a public authority vouches for; anybody else ends in `ConnectError::UnknownServer`,
    /// so that the program can ask the person.
    PublicOrAsk,
}

/// What the verifier saw; tells a wrong key from other failures of the handshake.
#[derive(Debug, Default)]
pub(super) struct Seen(Mutex<Option<Fingerprint>>);

impl Seen {
    /// The key that was refused, if one was.
    pub(super) fn refused(&self) -> Option<Fingerprint> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refuse(&self, found: Fingerprint) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(found);
    }
}

fn provider() -> Arc<CryptoProvider> {
    // Given explicitly: another crate in the tree may enable a second provider, and then there is no default.
    Arc::new(ring::default_provider())
}

pub(super) fn server_config(certificate: &ServerCertificate) -> Result<quinn::ServerConfig, String> {
    let chain = certificate.chain().iter().map(|der| CertificateDer::from(der.clone())).collect();
    let key = PrivateKeyDer::try_from(certificate.key().to_vec()).map_err(str::to_owned)?;
    let mut config = rustls::ServerConfig::builder_with_provider(provider())
        .with_protocol_versions(&[&TLS13])
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| error.to_string())?;
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.send_tls13_tickets = 0;
    let config =
        quinn::crypto::rustls::QuicServerConfig::try_from(config).map_err(|error| error.to_string())?;
    Ok(quinn::ServerConfig::with_crypto(Arc::new(config)))
}

/// QUIC's own pause between stateless resets lets through one for all packets that are read together, and a client
/// that missed its one asks ever more seldom. The network's thread has a limit of its own for all such answers.
const RESET_INTERVAL: Duration = Duration::ZERO;

/// What the server's socket is known by. It follows from the certificate's key: a server that was started
/// anew can tell clients of the one before that their connection is gone, and they come back at once instead
/// of waiting for an answer until their patience ends (RFC 9000 §10.3).
pub(super) fn endpoint_config(certificate: &ServerCertificate) -> quinn_proto::EndpointConfig {
    let derived = |purpose: &[u8]| -> [u8; 32] {
        Sha256::new().chain_update(purpose).chain_update(certificate.key()).finalize().into()
    };
    let reset_key = ring_hmac::Key::new(ring_hmac::HMAC_SHA256, &derived(b"vev stateless reset"));
    let [a, b, c, d, e, f, g, h, ..] = derived(b"vev connection ids");
    let id_key = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    let mut config = quinn_proto::EndpointConfig::new(Arc::new(reset_key));
    config
        .cid_generator(move || Box::new(quinn_proto::HashedConnectionIdGenerator::from_key(id_key)))
        .min_reset_interval(RESET_INTERVAL);
    config
}

pub(super) fn client_config(trust: Trust, seen: &Arc<Seen>) -> Result<quinn::ClientConfig, String> {
    let provider = provider();
    let public = match trust {
        Trust::Pinned(_) => None,
        // A machine without a store of authorities trusts none of them.
        Trust::PublicOrAsk => rustls_platform_verifier::Verifier::new(provider.clone()).ok(),
    };
    let verifier = Verifier { trust, public, provider: provider.clone(), seen: seen.clone() };
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13])
        .map_err(|error| error.to_string())?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![ALPN.to_vec()];
    config.resumption = Resumption::disabled();
    let config =
        quinn::crypto::rustls::QuicClientConfig::try_from(config).map_err(|error| error.to_string())?;
    Ok(quinn::ClientConfig::new(Arc::new(config)))
}

#[derive(Debug)]
struct Verifier {
    trust: Trust,
    public: Option<rustls_platform_verifier::Verifier>,
    provider: Arc<CryptoProvider>,
    seen: Arc<Seen>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let found =
            fingerprint_of(end_entity).ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))?;
        let is_trusted = match self.trust {
            Trust::Pinned(expected) => expected == found,
            Trust::PublicOrAsk => self.public.as_ref().is_some_and(|public| {
                public.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now).is_ok()
            }),
        };
        if is_trusted {
            return Ok(ServerCertVerified::assertion());
        }
        self.seen.refuse(found);
        Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::General("QUIC has no TLS 1.2".to_owned()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
