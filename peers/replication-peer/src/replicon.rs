//! bevy_replicon without a transport: its messages are taken from the server and given to one real client; all other
//! listeners are sent the same, and acknowledge as the real one does.

use crate::crowd::{COUNTED, Crowd, Outcome, WARM_UP};
use crate::packed::Quantised;
use crate::ways::{self, Number, Way};
use bevy::prelude::*;
use bevy::state::app::StatesPlugin;
use bevy_replicon::prelude::*;
use load::cpu;
use load::recording::Errors;
use venue_model::Tick;

fn app<W: Way>() -> App {
    let mut app = App::new();
    let shared = RepliconSharedPlugin { auth_method: AuthMethod::Custom };
    app.add_plugins((
        MinimalPlugins,
        StatesPlugin,
        RepliconPlugins.set(shared).set(ServerPlugin::new(PostUpdate)),
    ));
    app.replicate::<Number>();
    W::register(&mut app);
    app.finish();
    app
}

/// Measures it.
pub fn measure<W: Way>(crowd: &Crowd) -> Outcome {
    let (mut server, mut client) = (app::<W>(), app::<W>());
    server.world_mut().resource_mut::<NextState<ServerState>>().set(ServerState::Running);
    client.world_mut().resource_mut::<NextState<ClientState>>().set(ClientState::Connected);
    let mut truth: Vec<Quantised> =
        (0..crowd.people).map(|n| Quantised::of(&crowd.pose(n, Tick(0)))).collect();
    let bodies: Vec<Entity> = (0..crowd.people)
        .map(|n| server.world_mut().spawn((Replicated, Number(n), W::new(truth[n as usize]))).id())
        .collect();
    server.update();
    client.update();
    let listeners: Vec<Entity> = (0..crowd.people)
        .map(|_| server.world_mut().spawn((ConnectedClient { max_size: 1200 }, AuthorizedClient)).id())
        .collect();
    let mut outcome =
        Outcome { pairs: u64::from(crowd.people) * u64::from(crowd.people), ..Outcome::default() };
    let mut errors = Errors::default();
    for tick in (1..=WARM_UP + COUNTED).map(Tick) {
        let poses: Vec<_> = (0..crowd.people).map(|n| crowd.pose(n, tick)).collect();
        let before = cpu::thread_time();
        for (number, entity) in bodies.iter().enumerate() {
            truth[number] = Quantised::of(&poses[number]);
            W::set(server.world_mut().entity_mut(*entity), truth[number]);
        }
        server.update();
        let nanos = (cpu::thread_time() - before).as_nanos() as f64;
        let counts = tick.0 > WARM_UP;
        let sent: Vec<_> = server.world_mut().resource_mut::<ServerMessages>().drain_sent().collect();
        for (to, channel, bytes) in sent {
            if counts {
                outcome.bits += bytes.len() as u64 * 8;
                outcome.datagrams += 1;
            }
            if to == listeners[0] {
                client.world_mut().resource_mut::<ClientMessages>().insert_received(channel, bytes);
            }
        }
        client.update();
        let said: Vec<_> = client.world_mut().resource_mut::<ClientMessages>().drain_sent().collect();
        let mut heard = server.world_mut().resource_mut::<ServerMessages>();
        for (channel, bytes) in said {
            listeners.iter().for_each(|from| heard.insert_received(*from, channel, bytes.clone()));
        }
        if counts {
            outcome.nanos.push(nanos);
            ways::compare::<W>(client.world_mut(), &poses, &mut errors);
        }
    }
    outcome.errors = errors;
    outcome
}
