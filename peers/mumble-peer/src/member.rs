//! One member of the crowd: a control channel, a socket for voices, and what was sent and heard.
//!
//! It must not know when it is to speak.

use crate::control;
use crate::ocb2::{HEAD, Sealer};
use anyhow::{Context as _, Result, bail};
use mio::net::{TcpStream, UdpSocket};
use mio::{Interest, Registry, Token};
use rustls::{ClientConfig, ClientConnection};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

/// Opus at 32 kbit/s.
const VOICE_BYTES: usize = 80;

/// First bytes of a datagram: Opus to the whole channel, and a question whether UDP works.
const OPUS: u8 = 4 << 5;
const PING: u8 = 1 << 5;

/// One member.
pub struct Member {
    stream: TcpStream,
    tls: ClientConnection,
    came: Vec<u8>,
    voices: UdpSocket,
    sealer: Option<Sealer>,
    is_admitted: bool,
    answers: u64,
    frames: u64,
    /// Frames that were sent.
    pub sent: u64,
    /// Datagrams with a frame that came.
    pub heard: u64,
}

impl Member {
    /// Begins to come in.
    pub fn connect(number: usize, port: u16, trust: &Arc<ClientConfig>, registry: &Registry) -> Result<Self> {
        let server = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        // Made and awaited in the ordinary way: on this machine it takes no time.
        let stream = std::net::TcpStream::connect(server)?;
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        let mut stream = TcpStream::from_std(stream);
        let mut voices = UdpSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        voices.connect(server)?;
        registry.register(&mut stream, Token(number * 2), Interest::READABLE)?;
        registry.register(&mut voices, Token(number * 2 + 1), Interest::READABLE)?;
        let tls = ClientConnection::new(trust.clone(), "localhost".try_into()?)?;
        let mut member = Self {
            stream,
            tls,
            came: Vec::new(),
            voices,
            sealer: None,
            is_admitted: false,
            answers: 0,
            frames: 0,
            sent: 0,
            heard: 0,
        };
        let mut version = Vec::new();
        control::number(1, control::SPOKEN, &mut version);
        control::bytes(2, b"mumble-peer", &mut version);
        member.say(control::VERSION, &version)?;
        let mut name = Vec::new();
        control::bytes(1, format!("member-{number}").as_bytes(), &mut name);
        // Opus is spoken.
        control::number(5, 1, &mut name);
        member.say(control::AUTHENTICATE, &name)?;
        Ok(member)
    }

    /// Whether it is inside, and its datagrams find their way there and back.
    pub fn hears_by_udp(&self) -> bool {
        self.is_admitted && self.answers > 0
    }

    fn say(&mut self, kind: u16, body: &[u8]) -> Result<()> {
        self.tls.writer().write_all(&control::message(kind, body))?;
        self.flush()
    }

    fn flush(&mut self) -> Result<()> {
        while self.tls.wants_write() {
            match self.tls.write_tls(&mut self.stream) {
                Ok(_) => {}
                // What is left goes with the next message: there is one every few seconds.
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Reads what came on the control channel.
    pub fn hear_control(&mut self) -> Result<()> {
        loop {
            match self.tls.read_tls(&mut self.stream) {
                Ok(0) => bail!("the server closed the connection"),
                Ok(_) => {
                    let state = self.tls.process_new_packets()?;
                    let mut plain = vec![0; state.plaintext_bytes_to_read()];
                    self.tls.reader().read_exact(&mut plain)?;
                    self.came.extend(plain);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) => return Err(error.into()),
            }
        }
        while let Some((kind, body)) = control::take_message(&mut self.came)? {
            match kind {
                control::CRYPT_SETUP => self.set_up(&body)?,
                control::SERVER_SYNC => self.is_admitted = true,
                control::REJECT => bail!("refused: {}", String::from_utf8_lossy(&body)),
                _ => {}
            }
        }
        self.flush()
    }

    fn set_up(&mut self, body: &[u8]) -> Result<()> {
        let field = |number| -> Result<[u8; 16]> {
            let bytes = control::find_bytes(body, number)?.context("a key without bytes")?;
            Ok(bytes.try_into()?)
        };
        self.sealer = Some(Sealer::new(field(1)?, field(2)?));
        Ok(())
    }

    /// Says that it is there, on both ways.
    pub fn ping(&mut self) -> Result<()> {
        let mut body = Vec::new();
        control::number(1, 1, &mut body);
        self.say(control::PING, &body)?;
        self.send(&[PING, 1])
    }

    /// Says 20 ms.
    pub fn speak(&mut self) -> Result<()> {
        let mut datagram = vec![OPUS];
        long_number(self.frames, &mut datagram);
        long_number(VOICE_BYTES as u64, &mut datagram);
        // What an Opus packet is like to who can not read it; and no block of it is empty.
        let mut noise = self.frames as u32 | 1;
        datagram.extend((0..VOICE_BYTES).map(|_| {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        }));
        // Numbers count frames of 10 ms.
        self.frames += 2;
        self.sent += 1;
        self.send(&datagram)
    }

    fn send(&mut self, plain: &[u8]) -> Result<()> {
        let Some(sealer) = &mut self.sealer else { return Ok(()) };
        match self.voices.send(&sealer.seal(plain)) {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Counts the datagrams that came.
    pub fn hear_voices(&mut self) -> Result<()> {
        let mut buffer = [0; 1_500];
        loop {
            match self.voices.recv(&mut buffer) {
                Ok(count) if count > HEAD + VOICE_BYTES => self.heard += 1,
                Ok(_) => self.answers += 1,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// A number as Mumble's datagrams write it: 7, 14, 21 or 28 bits.
fn long_number(number: u64, out: &mut Vec<u8>) {
    let bytes = number.to_be_bytes();
    match number {
        0..0x80 => out.push(bytes[7]),
        0x80..0x4000 => out.extend([0x80 | bytes[6], bytes[7]]),
        0x4000..0x20_0000 => out.extend([0xc0 | bytes[5], bytes[6], bytes[7]]),
        _ => out.extend([0xe0 | bytes[4], bytes[5], bytes[6], bytes[7]]),
    }
}
