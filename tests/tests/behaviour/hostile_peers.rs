//! Malformed, random and truncated messages end their own session and nothing else.

use bytes::Bytes;
use tests::stepper::Stepper;
use tests::virtual_network::{Conditions, split_mix as random};
use venue_transport::ClientTransport;

#[test]
fn ten_thousand_random_and_truncated_messages_leave_the_others_alone() {
    let mut stepper = Stepper::new(1, Conditions::GOOD);
    let (a, b) = (stepper.enter("Amina"), stepper.enter("Bruno"));
    stepper.run_until_all_inside();
    let id = stepper.id(a);
    let seeds = fuzz_seeds();
    let mut state = 42;
    let mut hostile = stepper.network.connect();
    for round in 0..10_000 {
        if round % 5 == 0 {
            // Most are thrown out at their first message; the next one comes at once.
            hostile = stepper.network.connect();
        }
        let bytes = match random(&mut state) % 3 {
            0 => (0..random(&mut state) % 80).map(|_| random(&mut state) as u8).collect(),
            1 => {
                let seed = &seeds[random(&mut state) as usize % seeds.len()];
                seed[..random(&mut state) as usize % seed.len()].to_vec()
            }
            _ => {
                let mut seed = seeds[random(&mut state) as usize % seeds.len()].clone();
                let at = random(&mut state) as usize % seed.len();
                seed[at] ^= 1 << (random(&mut state) % 8);
                seed
            }
        };
        if random(&mut state).is_multiple_of(4) {
            hostile.send_datagram(Bytes::from(bytes));
        } else {
            hostile.send_control(Bytes::from(bytes)).expect("the virtual network takes it");
        }
        if round % 50 == 0 {
            stepper.step();
        }
    }
    stepper.run_secs(3.0);
    assert!([a, b].iter().all(|who| stepper.delegates[*who].is_inside()));
    assert!(stepper.delegates[b].sees(id).is_some(), "the others still see each other");
    let late = stepper.enter("Chen");
    stepper.run_until("the server lets people in as before", 20.0, |s| s.delegates[late].is_inside());
}

fn fuzz_seeds() -> Vec<Vec<u8>> {
    fuzz::seeds::of("client-message")
}
