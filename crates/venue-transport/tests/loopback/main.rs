//! The transport over real QUIC on this machine: the lanes, the refusals, and peers that misbehave.

mod harness;
mod hostile;
mod lanes;
mod refusals;
