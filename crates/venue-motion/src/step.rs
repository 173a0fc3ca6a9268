//! Whether a body may have moved as its client says: the server's judgement, and the client's prediction of it.

use crate::walkable::{FloorPoint, Walkable};
use glam::{Vec3, Vec3Swizzles};

/// Metres a second of somebody who walks.
pub const WALK_SPEED: f32 = 1.8;
/// Metres a second of somebody who runs.
pub const RUN_SPEED: f32 = 4.0;

/// How far a walk's end may be from what the client says, metres: rounding on the wire and of another processor.
const TOLERANCE: f32 = 0.10;
/// The same in height: where stairs are steep, a hand's breadth along them is a hand's breadth up.
const HEIGHT_TOLERANCE: f32 = 0.5;
/// Longest time that one step may speak for, seconds.
const MAX_STEP_SECS: f32 = 1.0;

/// How fast a body may move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeedLimit {
    /// Metres a second on foot, a little above [`RUN_SPEED`].
    pub speed: f32,
    /// Seconds of running that may be saved up, for packets that come late together.
    pub saved_secs: f32,
    /// Metres of one teleport.
    pub teleport_range: f32,
    /// Seconds from one teleport to the next.
    pub teleport_pause_secs: f32,
    /// Seconds from an attempt that failed to the next: looking for its way has its cost.
    pub failed_pause_secs: f32,
}

impl Default for SpeedLimit {
    fn default() -> Self {
        Self {
            speed: RUN_SPEED * 1.1,
            saved_secs: 0.5,
            teleport_range: 12.0,
            teleport_pause_secs: 0.3,
            failed_pause_secs: 0.25,
        }
    }
}

/// What a body has saved up to move; one for each body, kept from step to step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepAllowance {
    metres: f32,
    teleport_wait_secs: f32,
    searches: u32,
}

impl StepAllowance {
    /// How often a way on foot was searched for this body: what its steps have cost.
    pub fn searches(&self) -> u32 {
        self.searches
    }
}

/// How an accepted step was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// On foot.
    Walked,
    /// By teleport.
    Teleported,
}

/// Why a step was not taken as it was wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CorrectionReason {
    /// The wish is no number.
    NotANumber,
    /// Farther than one may run in that time, and the next teleport is not due yet.
    TooFast,
    /// Farther than a teleport reaches, on foot.
    TooFar,
    /// There is no walkable floor.
    NoFloor,
    /// A wall is between.
    Wall,
}

/// The judgement of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum StepVerdict {
    /// The body is there now.
    Accepted {
        /// On the floor below the wanted point.
        at: FloorPoint,
        /// How.
        kind: StepKind,
    },
    /// The body is elsewhere now, and its client must be told.
    Corrected {
        /// As near to the wanted point as it may be.
        at: FloorPoint,
        /// Why.
        reason: CorrectionReason,
    },
}

impl StepVerdict {
    /// Where the body is now.
    pub fn at(&self) -> FloorPoint {
        match self {
            Self::Accepted { at, .. } | Self::Corrected { at, .. } => *at,
        }
    }
}

/// Judges a step from `from` to `wanted` within `dt` seconds.
///
/// On foot it is good when [`Walkable::walk`] ends there and the speed allows it. Else it is a
/// teleport: good when the target is on the navigation mesh (which has a body's radius and
/// height free around it), within the range, and a way on foot of at most twice the range leads
/// there, so that nobody teleports through a closed wall. Attempts are judged one after the other
/// with a pause between, good or not, and none searches farther than that way may be long.
pub fn validate_step(
    walkable: &Walkable,
    from: FloorPoint,
    wanted: Vec3,
    dt: f32,
    limits: &SpeedLimit,
    allowance: &mut StepAllowance,
) -> StepVerdict {
    let dt = if dt.is_finite() { dt.clamp(0.0, MAX_STEP_SECS) } else { 0.0 };
    allowance.metres = (allowance.metres + limits.speed * dt).min(limits.speed * (limits.saved_secs + dt));
    allowance.teleport_wait_secs = (allowance.teleport_wait_secs - dt).max(0.0);
    if !wanted.is_finite() {
        return StepVerdict::Corrected { at: from, reason: CorrectionReason::NotANumber };
    }
    let distance = from.position.xz().distance(wanted.xz());
    let is_slow = distance <= allowance.metres + TOLERANCE;
    let walked = if is_slow {
        wanted
    } else {
        from.position + (wanted - from.position) * (allowance.metres / distance)
    };
    let at = walkable.walk(from, walked);
    if is_slow && is_there(at.position, wanted) {
        allowance.metres = (allowance.metres - distance).max(0.0);
        return StepVerdict::Accepted { at, kind: StepKind::Walked };
    }
    match teleport(walkable, from, wanted, limits, allowance) {
        Ok(at) => {
            allowance.teleport_wait_secs = limits.teleport_pause_secs;
            StepVerdict::Accepted { at, kind: StepKind::Teleported }
        }
        Err(reason) => {
            allowance.metres = (allowance.metres - from.position.xz().distance(at.position.xz())).max(0.0);
            let reason = if is_slow { CorrectionReason::Wall } else { reason };
            StepVerdict::Corrected { at, reason }
        }
    }
}

fn is_there(reached: Vec3, wanted: Vec3) -> bool {
    reached.xz().distance(wanted.xz()) <= TOLERANCE && (reached.y - wanted.y).abs() <= HEIGHT_TOLERANCE
}

fn teleport(
    walkable: &Walkable,
    from: FloorPoint,
    wanted: Vec3,
    limits: &SpeedLimit,
    allowance: &mut StepAllowance,
) -> Result<FloorPoint, CorrectionReason> {
    if allowance.teleport_wait_secs > 0.0 {
        return Err(CorrectionReason::TooFast);
    }
    if from.position.distance(wanted) > limits.teleport_range {
        return Err(CorrectionReason::TooFar);
    }
    allowance.teleport_wait_secs = limits.failed_pause_secs;
    let to = walkable.locate(wanted, HEIGHT_TOLERANCE).filter(|to| is_there(to.position, wanted));
    let to = to.ok_or(CorrectionReason::NoFloor)?;
    allowance.searches = allowance.searches.saturating_add(1);
    let way = walkable.path_within(from, to, limits.teleport_range * 2.0);
    way.map(|_| to).ok_or(CorrectionReason::Wall)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan_mesh::flat;

    const TICK: f32 = 1.0 / 30.0;

    /// Two rooms with a door, and one without.
    fn rooms() -> (Walkable, FloorPoint) {
        let walkable = flat(&["aaa#bbb#ccc", "aaaabbb#ccc", "aaa#bbb#ccc"]);
        let from = walkable.locate(Vec3::new(0.5, 0.0, 1.5), 0.1).unwrap();
        (walkable, from)
    }

    fn judge(wanted: Vec3, allowance: &mut StepAllowance) -> StepVerdict {
        let (walkable, from) = rooms();
        validate_step(&walkable, from, wanted, TICK, &SpeedLimit::default(), allowance)
    }

    #[test]
    fn walking_and_running_are_accepted_for_ever() {
        let (walkable, mut at) = rooms();
        let limits = SpeedLimit::default();
        let mut allowance = StepAllowance::default();
        for tick in 0..300 {
            let direction = if tick / 30 % 2 == 0 { 1.0 } else { -1.0 };
            let wanted = at.position + Vec3::X * direction * RUN_SPEED * TICK;
            let verdict = validate_step(&walkable, at, wanted, TICK, &limits, &mut allowance);
            let StepVerdict::Accepted { at: reached, kind: StepKind::Walked } = verdict else {
                panic!("{tick}: {verdict:?}")
            };
            at = reached;
        }
    }

    #[test]
    fn a_faster_runner_is_held_at_the_limit() {
        let (walkable, from) = rooms();
        let limits = SpeedLimit { teleport_range: 0.0, ..SpeedLimit::default() };
        let mut allowance = StepAllowance::default();
        let mut at = from;
        for _ in 0..30 {
            let wanted = at.position + Vec3::X * 3.0 * RUN_SPEED * TICK;
            at = validate_step(&walkable, at, wanted, TICK, &limits, &mut allowance).at();
        }
        let most = limits.speed * (1.0 + TICK) + 31.0 * TOLERANCE;
        assert!(at.position.x - from.position.x <= most, "{}", at.position);
    }

    #[test]
    fn teleports_follow_a_way_on_foot() {
        let check = |x: f32, z: f32, expected: Result<StepKind, CorrectionReason>| {
            let found = match judge(Vec3::new(x, 0.0, z), &mut StepAllowance::default()) {
                StepVerdict::Accepted { kind, .. } => Ok(kind),
                StepVerdict::Corrected { reason, .. } => Err(reason),
            };
            assert_eq!(found, expected, "{x} {z}");
        };
        check(2.5, 2.5, Ok(StepKind::Teleported));
        check(5.5, 0.5, Ok(StepKind::Teleported));
        check(9.5, 1.5, Err(CorrectionReason::Wall));
        check(3.5, 0.5, Err(CorrectionReason::NoFloor));
        check(90.5, 0.5, Err(CorrectionReason::TooFar));
        check(f32::NAN, 0.5, Err(CorrectionReason::NotANumber));
    }

    #[test]
    fn teleports_need_a_pause_between_them() {
        let mut allowance = StepAllowance::default();
        let far = Vec3::new(2.5, 0.0, 2.5);
        assert!(matches!(
            judge(far, &mut allowance),
            StepVerdict::Accepted { kind: StepKind::Teleported, .. }
        ));
        let again = judge(far, &mut allowance);
        assert!(
            matches!(again, StepVerdict::Corrected { reason: CorrectionReason::TooFast, .. }),
            "{again:?}"
        );
        for _ in 0..9 {
            judge(Vec3::new(0.5, 0.0, 1.5), &mut allowance);
        }
        assert!(matches!(
            judge(far, &mut allowance),
            StepVerdict::Accepted { kind: StepKind::Teleported, .. }
        ));
    }

    #[test]
    fn a_step_into_a_wall_ends_at_the_wall() {
        let (walkable, _) = rooms();
        let from = walkable.locate(Vec3::new(2.9, 0.0, 0.5), 0.1).unwrap();
        let mut allowance = StepAllowance { metres: 1.0, ..StepAllowance::default() };
        let wanted = Vec3::new(3.3, 0.0, 0.5);
        let verdict = validate_step(&walkable, from, wanted, TICK, &SpeedLimit::default(), &mut allowance);
        let StepVerdict::Corrected { at, reason: CorrectionReason::Wall } = verdict else {
            panic!("{verdict:?}")
        };
        assert!(at.position.abs_diff_eq(Vec3::new(3.0, 0.0, 0.5), 1e-4), "{}", at.position);
    }

    #[test]
    fn a_flood_of_failed_teleports_is_refused_without_searching() {
        let mut allowance = StepAllowance::default();
        let behind_a_wall = Vec3::new(9.5, 0.0, 1.5);
        let mut reasons = Vec::new();
        for _ in 0..300 {
            match judge(behind_a_wall, &mut allowance) {
                StepVerdict::Corrected { reason, .. } => reasons.push(reason),
                other => panic!("{other:?}"),
            }
        }
        let searched = reasons.iter().filter(|reason| **reason == CorrectionReason::Wall).count();
        assert_eq!(searched, allowance.searches() as usize);
        // Ten seconds; four attempts a second at most, of which ticks make 3.75.
        assert!((37..=41).contains(&searched), "{searched}");
        assert!(reasons.iter().all(|r| matches!(r, CorrectionReason::Wall | CorrectionReason::TooFast)));
    }
}
