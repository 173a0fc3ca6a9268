//! OCB2 with AES-128, as Mumble puts it around a datagram: a byte of the nonce and three of the tag before what is sealed.
//!
//! After Rogaway's OCB2.0 (draft of 2003) and Mumble's protocol documentation. It must not know what a datagram says. What is
//! sealed here is noise: OCB2 has a known weakness for blocks of zeros, which Mumble's server refuses.

use aes::Aes128;
use aes::cipher::{BlockCipherEncrypt as _, KeyInit as _};

/// Bytes before what is sealed.
pub const HEAD: usize = 4;

type Block = [u8; 16];

/// Seals what one client sends.
pub struct Sealer {
    cipher: Aes128,
    nonce: Block,
}

impl Sealer {
    /// With the key and the nonce that the server gave.
    pub fn new(key: Block, nonce: Block) -> Self {
        Self { cipher: Aes128::new(&key.into()), nonce }
    }

    /// The datagram.
    pub fn seal(&mut self, plain: &[u8]) -> Vec<u8> {
        for byte in &mut self.nonce {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
        let (sealed, tag) = seal(&self.cipher, self.nonce, plain);
        let mut datagram = vec![self.nonce[0], tag[0], tag[1], tag[2]];
        datagram.extend(sealed);
        datagram
    }
}

fn seal(cipher: &Aes128, nonce: Block, plain: &[u8]) -> (Vec<u8>, Block) {
    let encrypt = |block: Block| -> Block {
        let mut block = block.into();
        cipher.encrypt_block(&mut block);
        block.into()
    };
    let mut delta = encrypt(nonce);
    let mut checksum = [0; 16];
    let mut sealed = Vec::with_capacity(plain.len());
    let mut rest = plain;
    while rest.len() > 16
        && let Some((block, after)) = rest.split_first_chunk::<16>()
    {
        delta = twice(delta);
        sealed.extend(xor(delta, encrypt(xor(delta, *block))));
        checksum = xor(checksum, *block);
        rest = after;
    }
    delta = twice(delta);
    let mut length = [0; 16];
    length[8..].copy_from_slice(&(rest.len() as u64 * 8).to_be_bytes());
    let pad = encrypt(xor(length, delta));
    let mut last = pad;
    last[..rest.len()].copy_from_slice(rest);
    checksum = xor(checksum, last);
    sealed.extend_from_slice(&xor(pad, last)[..rest.len()]);
    // Three times: once and twice.
    delta = xor(delta, twice(delta));
    (sealed, encrypt(xor(delta, checksum)))
}

fn xor(one: Block, other: Block) -> Block {
    std::array::from_fn(|at| one[at] ^ other[at])
}

/// Times x in GF(2^128), first byte first.
fn twice(block: Block) -> Block {
    let number = u128::from_be_bytes(block);
    let carried = if number >> 127 == 1 { 0x87 } else { 0 };
    ((number << 1) ^ carried).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sealed_as_the_draft_says() {
        let key: Block = std::array::from_fn(|at| at as u8);
        let (sealed, tag) = seal(&Aes128::new(&key.into()), key, &[]);
        assert!(sealed.is_empty());
        assert_eq!(u128::from_be_bytes(tag), 0xbf31_0813_0773_ad5e_c70e_c69e_7875_a7b0);
    }
}
