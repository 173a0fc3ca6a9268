//! The remote driver of Monado: one message with everything that a headset tracks and its buttons, over TCP, in the
//! layout of its `r_interface.h`. It knows no client.

use glam::{Quat, Vec2, Vec3};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

/// Bytes of a message.
const LENGTH: usize = 376;

const HEADER: &[u8; 8] = b"mndrmt3\0";

/// Where the middle of the head stands in a message: behind the header and two views of 48 bytes.
const HEAD: usize = 8 + 2 * 48;

/// Where the hands stand, left and right.
const HANDS: [usize; 2] = [136, 256];

/// Places in a hand.
const CURLS: usize = 52;
const PINCH: usize = 72;
const GRASP: usize = 76;
const STICK: usize = 84;
const FINGERS_TRACKED: usize = 104;
const ACTIVE: usize = 105;
const A: usize = 108;
const GRASP_READY: usize = 109;
const B: usize = 110;
const TRIGGER: usize = 112;
const PINCH_READY: usize = 113;
const STICK_PRESS: usize = 114;

/// Longest time until the driver listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A port that nobody uses.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}

/// A scripted headset.
pub struct Remote {
    stream: TcpStream,
    message: [u8; LENGTH],
}

/// Left or right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    Left,
    Right,
}

/// A button of a controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Button {
    A,
    B,
    Trigger,
    StickPress,
}

impl Button {
    /// What the client calls it in its log.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "Lower",
            Self::B => "Upper",
            Self::StickPress => "StickPress",
            // It is no button there.
            Self::Trigger => "",
        }
    }
}

impl Remote {
    /// Connects to the driver on this port of this machine, as soon as it listens.
    pub fn connect(port: u16) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let deadline = Instant::now() + PATIENCE;
        let mut stream = loop {
            match TcpStream::connect(address) {
                Ok(stream) => break stream,
                Err(error) => assert!(Instant::now() < deadline, "the driver does not listen: {error}"),
            }
        };
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut message = [0; LENGTH];
        // The driver says first what it would be after a reset, then what it is.
        for _ in 0..2 {
            stream.read_exact(&mut message).unwrap();
        }
        message[..HEADER.len()].copy_from_slice(HEADER);
        Self { stream, message }
    }

    /// Puts the head there.
    pub fn head(&mut self, position: Vec3, orientation: Quat) -> &mut Self {
        self.pose(HEAD, position, orientation)
    }

    /// Puts a hand there.
    pub fn hand(&mut self, hand: Hand, position: Vec3, orientation: Quat) -> &mut Self {
        self.message[HANDS[hand as usize] + ACTIVE] = 1;
        self.pose(HANDS[hand as usize], position, orientation)
    }

    /// Takes the controller out of a hand, whose fingers are tracked on.
    pub fn bare(&mut self, hand: Hand) -> &mut Self {
        self.message[HANDS[hand as usize] + ACTIVE] = 0;
        self
    }

    /// Nothing is known of a hand, as when its controller lies switched off.
    pub fn absent(&mut self, hand: Hand) -> &mut Self {
        self.message[HANDS[hand as usize] + FINGERS_TRACKED] = 0;
        self.bare(hand)
    }

    /// Pushes a stick.
    pub fn stick(&mut self, hand: Hand, stick: Vec2) -> &mut Self {
        self.numbers(HANDS[hand as usize] + STICK, &stick.to_array())
    }

    /// Presses a button, or lets it go.
    pub fn button(&mut self, hand: Hand, button: Button, is_pressed: bool) -> &mut Self {
        let place = match button {
            Button::A => A,
            Button::B => B,
            Button::Trigger => TRIGGER,
            Button::StickPress => STICK_PRESS,
        };
        self.message[HANDS[hand as usize] + place] = u8::from(is_pressed);
        self
    }

    /// Brings thumb and index finger of a bare hand together (1), or whether that is to be believed. Of a controller it is
    /// the trigger's way.
    pub fn pinch(&mut self, hand: Hand, pinch: f32, is_sure: bool) -> &mut Self {
        self.message[HANDS[hand as usize] + PINCH_READY] = u8::from(is_sure);
        self.numbers(HANDS[hand as usize] + PINCH, &[pinch])
    }

    /// Closes a bare hand to a fist (1).
    pub fn grasp(&mut self, hand: Hand, grasp: f32) -> &mut Self {
        self.message[HANDS[hand as usize] + GRASP_READY] = 1;
        self.numbers(HANDS[hand as usize] + GRASP, &[grasp])
    }

    /// Bends fingers, from the thumb to the little finger: 0 straight, 1 in the fist.
    pub fn fingers(&mut self, hand: Hand, mut curls: [f32; 5]) -> &mut Self {
        self.message[HANDS[hand as usize] + FINGERS_TRACKED] = 1;
        // The driver begins with the little finger.
        curls.reverse();
        self.numbers(HANDS[hand as usize] + CURLS, &curls)
    }

    /// Lets it be so.
    pub fn send(&mut self) {
        self.stream.write_all(&self.message).unwrap();
    }

    fn pose(&mut self, at: usize, position: Vec3, orientation: Quat) -> &mut Self {
        self.numbers(at, &orientation.to_array()).numbers(at + 16, &position.to_array())
    }

    fn numbers(&mut self, at: usize, numbers: &[f32]) -> &mut Self {
        for (index, number) in numbers.iter().enumerate() {
            let place = at + 4 * index;
            self.message[place..place + 4].copy_from_slice(&number.to_ne_bytes());
        }
        self
    }
}
