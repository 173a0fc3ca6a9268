//! TLS for the entry page, with the same certificate as the venue's QUIC.
//!
//! It must not know pages.

use anyhow::{Context, Result};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::sync::Arc;
use venue_transport::ServerCertificate;

/// A configuration for HTTPS; an error means that chain and key do not fit.
pub fn server_config(certificate: &ServerCertificate) -> Result<Arc<ServerConfig>> {
    let chain = certificate.chain().iter().map(|der| CertificateDer::from(der.clone())).collect();
    let key = PrivateKeyDer::try_from(certificate.key().to_vec())
        .map_err(|why| anyhow::anyhow!("the private key cannot be used: {why}"))?;
    // The provider is named here, because more than one is compiled into the programs.
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS cannot be set up")?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .context("the certificate and its key cannot be used")?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_another_certificate_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        for path in [&one, &two] {
            ServerCertificate::load_or_make(path, &[]).unwrap();
        }
        let fitting = ServerCertificate::load_or_make(&one, &[]).unwrap();
        assert!(server_config(&fitting).is_ok());
        let mixed =
            ServerCertificate::from_files(&one.join("certificate.pem"), &two.join("key.pem")).unwrap();
        assert!(server_config(&mixed).is_err());
    }
}
