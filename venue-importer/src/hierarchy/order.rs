//! Works through a tree with several threads, children before their parents, lowest numbers first.

use super::divide::Node;
use anyhow::Result;
use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, PoisonError};

struct State<T> {
    /// Nodes whose children are all done.
    ready: BTreeSet<usize>,
    /// Children that are not done yet.
    missing: Vec<usize>,
    results: Vec<Option<T>>,
    left: usize,
    error: Option<anyhow::Error>,
}

/// Runs `work` for every node with its children's results; gives the root's.
///
/// Numbers are in post-order, so that with one thread few results wait at a time, and with several not many more.
pub(super) fn children_first<T: Send>(
    nodes: &[Node],
    threads: usize,
    done: impl Fn(f64) + Sync,
    work: impl Fn(usize, Vec<T>) -> Result<T> + Sync,
) -> Result<T> {
    let mut parents = vec![None; nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        node.children.iter().for_each(|&child| parents[child] = Some(at));
    }
    let missing: Vec<usize> = nodes.iter().map(|node| node.children.len()).collect();
    let state = Mutex::new(State {
        ready: (0..nodes.len()).filter(|&at| missing[at] == 0).collect(),
        missing,
        results: nodes.iter().map(|_| None).collect(),
        left: nodes.len(),
        error: None,
    });
    let changed = Condvar::new();
    std::thread::scope(|scope| {
        for _ in 0..threads.clamp(1, nodes.len().max(1)) {
            scope.spawn(|| worker(nodes, &parents, &state, &changed, &done, &work));
        }
    });
    let mut state = state.into_inner().unwrap_or_else(PoisonError::into_inner);
    match state.error.take() {
        Some(error) => Err(error),
        None => state.results.pop().flatten().ok_or_else(|| anyhow::anyhow!("there is nothing to work on")),
    }
}

fn worker<T: Send>(
    nodes: &[Node],
    parents: &[Option<usize>],
    state: &Mutex<State<T>>,
    changed: &Condvar,
    done: &impl Fn(f64),
    work: &impl Fn(usize, Vec<T>) -> Result<T>,
) {
    let mut now = state.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if now.left == 0 || now.error.is_some() {
            return;
        }
        let Some(at) = now.ready.pop_first() else {
            now = changed.wait(now).unwrap_or_else(PoisonError::into_inner);
            continue;
        };
        let below: Vec<T> =
            nodes[at].children.iter().filter_map(|&child| now.results[child].take()).collect();
        drop(now);
        // A panic in a worker must end the others too: they would wait for ever for its result.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(at, below)))
            .unwrap_or_else(|_| {
                Err(anyhow::anyhow!("a tile could not be made because of a fault in the importer"))
            });
        now = state.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(result) => {
                now.results[at] = Some(result);
                now.left -= 1;
                if let Some(parent) = parents[at] {
                    now.missing[parent] -= 1;
                    if now.missing[parent] == 0 {
                        now.ready.insert(parent);
                    }
                }
                done(1.0 - now.left as f64 / nodes.len() as f64);
            }
            Err(error) => now.error = Some(error),
        }
        changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Vec<Node> {
        let leaf = |cell: u32| Node { children: Vec::new(), cells: cell..cell + 1 };
        vec![
            leaf(0),
            leaf(1),
            Node { children: vec![0, 1], cells: 0..2 },
            leaf(2),
            Node { children: vec![2, 3], cells: 0..3 },
        ]
    }

    #[test]
    fn parents_see_their_childrens_results_in_order() {
        for threads in [1, 3] {
            let nodes = tree();
            let seen = children_first(
                &nodes,
                threads,
                |_| {},
                |at, below: Vec<String>| Ok(format!("{at}({})", below.join(" "))),
            );
            assert_eq!(seen.unwrap(), "4(2(0() 1()) 3())");
        }
    }

    #[test]
    fn the_first_error_ends_the_work() {
        let nodes = tree();
        let failed = children_first(
            &nodes,
            2,
            |_| {},
            |at, _: Vec<()>| {
                if at == 1 { anyhow::bail!("no") } else { Ok(()) }
            },
        );
        assert_eq!(failed.unwrap_err().to_string(), "no");
        assert!(children_first(&[], 2, |_| {}, |_, _: Vec<()>| Ok(())).is_err());
    }
}
