//! Behaviour of server and clients together, in virtual time: one file per behaviour.

mod admission;
mod doors_and_seats;
mod hostile_peers;
mod motion;
mod texts;
