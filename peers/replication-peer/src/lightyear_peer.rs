//! lightyear with its own packets over channels in memory, which are counted: a whole client program for each listener.

use crate::crowd::{COUNTED, Crowd, Outcome, WARM_UP};
use crate::packed::Quantised;
use crate::ways::{self, Number, Way};
use bevy::prelude::*;
use bevy::state::app::StatesPlugin;
use bevy::time::TimeUpdateStrategy;
use bytes::Bytes;
use core::time::Duration;
use crossbeam_channel::{Receiver, Sender, unbounded};
use lightyear::core::id::{LocalId, PeerId, RemoteId};
use lightyear::crossbeam::CrossbeamIo;
use lightyear::prelude::client::{ClientPlugins, Connect, RawClient};
use lightyear::prelude::server::{RawServer, ServerPlugins};
use lightyear::prelude::{
    AppComponentExt, Link, LinkOf, LinkStart, Linked, NetworkTarget, Replicate, ReplicationReceiver,
    ReplicationSender,
};
use load::cpu;
use load::recording::Errors;
use venue_model::Tick;

const TICK: Duration = Duration::from_nanos(33_333_333);

/// One listener: its program, and both ways to it.
struct Listener {
    app: App,
    from_server: Receiver<Bytes>,
    to_client: Sender<Bytes>,
}

/// Components are registered with bevy_replicon, which lightyear replicates by.
fn protocol<W: Way>(app: &mut App) {
    app.component::<Number>().replicate();
    W::register(app);
    app.component::<W>();
    app.insert_resource(TimeUpdateStrategy::ManualDuration(TICK));
    app.finish();
    app.cleanup();
}

fn listener<W: Way>(server: &mut App, endpoint: Entity, number: u64) -> Listener {
    let (server_sends, from_server) = unbounded();
    let (to_client, client_receives) = unbounded();
    let (client_sends, server_receives) = unbounded();
    let link = (
        LinkOf { endpoint },
        Link::default(),
        RemoteId(PeerId::Entity(number)),
        ReplicationSender,
        CrossbeamIo::new(server_sends, server_receives),
    );
    let link = server.world_mut().spawn(link).id();
    server.world_mut().trigger(LinkStart { entity: link });
    let mut app = App::new();
    app.add_plugins((MinimalPlugins, StatesPlugin, ClientPlugins { tick_duration: TICK }));
    protocol::<W>(&mut app);
    let io = CrossbeamIo::new(client_sends, client_receives);
    let id = LocalId(PeerId::Entity(number));
    let there = RemoteId(PeerId::Server);
    let client = app.world_mut().spawn((RawClient, Link::default(), id, there, ReplicationReceiver, io)).id();
    app.world_mut().trigger(Connect { entity: client });
    Listener { app, from_server, to_client }
}

/// Measures it.
pub fn measure<W: Way>(crowd: &Crowd) -> Outcome {
    let mut server = App::new();
    server.add_plugins((MinimalPlugins, StatesPlugin, ServerPlugins { tick_duration: TICK }));
    protocol::<W>(&mut server);
    // A server without sockets: it has started as soon as it is linked.
    let endpoint = server.world_mut().spawn(RawServer).id();
    server.world_mut().entity_mut(endpoint).insert(Linked);
    server.update();
    let bodies: Vec<Entity> = (0..crowd.people)
        .map(|n| {
            let body = W::new(Quantised::of(&crowd.pose(n, Tick(0))));
            server.world_mut().spawn((Replicate::to_clients(NetworkTarget::All), Number(n), body)).id()
        })
        .collect();
    let mut listeners: Vec<Listener> =
        (0..crowd.people).map(|n| listener::<W>(&mut server, endpoint, u64::from(n) + 1)).collect();
    let mut outcome =
        Outcome { pairs: u64::from(crowd.people) * u64::from(crowd.people), ..Outcome::default() };
    let mut errors = Errors::default();
    for tick in (1..=WARM_UP + COUNTED).map(Tick) {
        let poses: Vec<_> = (0..crowd.people).map(|n| crowd.pose(n, tick)).collect();
        let before = cpu::thread_time();
        for (pose, entity) in poses.iter().zip(&bodies) {
            W::set(server.world_mut().entity_mut(*entity), Quantised::of(pose));
        }
        server.update();
        let nanos = (cpu::thread_time() - before).as_nanos() as f64;
        let counts = tick.0 > WARM_UP;
        for listener in &mut listeners {
            for bytes in listener.from_server.try_iter() {
                if counts {
                    outcome.bits += bytes.len() as u64 * 8;
                    outcome.datagrams += 1;
                }
                listener.to_client.send(bytes).unwrap_or_else(|error| panic!("{error}"));
            }
            listener.app.update();
        }
        if counts {
            outcome.nanos.push(nanos);
            ways::compare::<W>(listeners[0].app.world_mut(), &poses, &mut errors);
        }
    }
    outcome.errors = errors;
    outcome
}
