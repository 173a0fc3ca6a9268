//! Hands on a panel: a ray or a finger tip becomes the events of a pointer.
//!
//! One pointer serves both hands: the one that pressed last, or the one that touches. Whatever happens to hands and panel,
//! each press gets its release; one that can not be finished (tracking lost, panel closed) clicks nothing. It must not know
//! devices, nor what lies on the panel. Frames are the root's.

use super::surface::Surface;
use super::touch::{Touch, TouchChange};
use crate::comfort::Hand;
use egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchPhase, vec2};
use glam::{Vec2, Vec3};
use venue_model::RigidPose;

/// A trigger or pinch is pressed beyond the first and let go below the second.
const PRESSED: f32 = 0.6;
const RELEASED: f32 = 0.4;

/// Farthest that a ray reaches, metres.
const REACH: f32 = 8.0;

/// A ray that is on the panel may leave it by so much before it counts as away, points.
const EDGE: f32 = 10.0;

/// While pressed the pointer stays where it was pressed until it is moved by more, points: pulling a trigger moves the hand.
const SLIP: f32 = 14.0;

/// A press that is given up is let go at least so far from where it began that it is no click, points.
const NO_CLICK: f32 = 8.0;

/// The stick scrolls beyond this, with so many points a second at its end.
const SCROLL_FROM: f32 = 0.25;
const SCROLL_POINTS: f32 = 900.0;

/// One hand in one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HandInput {
    /// Where it points: along -z.
    pub aim: Option<RigidPose>,
    /// The tip of the index finger.
    pub tip: Option<Vec3>,
    /// How far the trigger or the pinch is pressed, 0 to 1.
    pub press: f32,
    /// The stick: right and up.
    pub stick: Vec2,
}

/// Which hands may point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandRules {
    /// The hand that points first.
    pub hand: Hand,
    /// Whether it alone does.
    pub one_handed: bool,
}

/// What is seen of the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Beam {
    /// Whose.
    pub hand: Hand,
    /// Where the ray begins; none while a finger touches.
    pub from: Option<Vec3>,
    /// On the panel.
    pub to: Vec3,
    /// Whether it is pressed.
    pub is_pressed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Ray,
    Finger,
}

/// A hand's point on the panel.
#[derive(Clone, Copy, Debug)]
struct Contact {
    at: Pos2,
    by: By,
    goes_down: bool,
}

/// A press that goes on.
#[derive(Clone, Copy, Debug)]
struct Held {
    hand: Hand,
    by: By,
    origin: Pos2,
    has_slipped: bool,
}

/// The pointer of a person's hands.
#[derive(Debug, Default)]
pub struct Pointing {
    rules: HandRules,
    hand: Hand,
    is_trigger_down: [bool; 2],
    touches: [Touch; 2],
    /// Where the panel has the pointer.
    at: Option<Pos2>,
    by: Option<By>,
    held: Option<Held>,
    /// Whose rays or fingers are on the panel.
    are_on: [bool; 2],
    beam: Option<Beam>,
}

impl Pointing {
    /// What is seen of it.
    pub fn beam(&self) -> Option<Beam> {
        self.beam
    }

    /// Whether a hand is busy with the panel: its trigger and stick mean nothing else.
    pub fn takes(&self, hand: Hand) -> bool {
        self.hand == hand && (self.at.is_some() || self.held.is_some())
    }

    /// Whether a hand's ray or finger is on the panel: pulled, its trigger presses there.
    pub fn is_on(&self, hand: Hand) -> bool {
        self.are_on[hand.index()]
    }

    /// Whether a hand presses something on the panel.
    pub fn presses(&self, hand: Hand) -> bool {
        self.held.is_some_and(|held| held.hand == hand)
    }

    /// The hand that points.
    pub fn hand(&self) -> Hand {
        self.hand
    }

    /// Moves on by `dt` seconds over this panel, or over none, and appends the pointer's events.
    pub fn step(
        &mut self,
        surface: Option<&Surface>,
        hands: &[HandInput; 2],
        rules: HandRules,
        dt: f32,
        events: &mut Vec<Event>,
    ) {
        if self.rules != rules {
            (self.rules, self.hand) = (rules, rules.hand);
        }
        let went_down = Hand::BOTH.map(|hand| self.pull(hand, hands[hand.index()].press));
        let changes = Hand::BOTH.map(|hand| {
            let tip = hands[hand.index()].tip.filter(|_| self.may_point(hand));
            self.touches[hand.index()].step(surface, tip)
        });
        let meets = |hand: Hand| {
            let surface = surface?;
            let met = ray(surface, &hands[hand.index()])?;
            (surface.clamped(met) == met).then_some(())
        };
        self.are_on = Hand::BOTH.map(|hand| self.presses(hand) || meets(hand).is_some());
        match self.held {
            Some(held) => self.go_on(held, surface, hands, changes[held.hand.index()], events),
            None => {
                let contacts = Hand::BOTH.map(|hand| {
                    let index = hand.index();
                    let surface = surface.filter(|_| self.may_point(hand))?;
                    self.contact(hand, surface, &hands[index], changes[index], went_down[index])
                });
                self.are_on = contacts.map(|contact| contact.is_some());
                self.point(contacts, events);
            }
        }
        self.scroll(hands[self.hand.index()].stick, dt, events);
        self.show(surface, hands);
    }

    fn may_point(&self, hand: Hand) -> bool {
        !self.rules.one_handed || hand == self.rules.hand
    }

    /// Follows a trigger; whether it went down now.
    fn pull(&mut self, hand: Hand, press: f32) -> bool {
        let is_down = &mut self.is_trigger_down[hand.index()];
        let was_down = *is_down;
        *is_down = press > if was_down { RELEASED } else { PRESSED };
        *is_down && !was_down
    }

    fn contact(
        &self,
        hand: Hand,
        surface: &Surface,
        input: &HandInput,
        touch: Option<TouchChange>,
        trigger_went_down: bool,
    ) -> Option<Contact> {
        if let Some(touch) = touch {
            return Some(Contact { at: touch.at, by: By::Finger, goes_down: touch.goes_down });
        }
        let met = ray(surface, input)?;
        let is_on = self.hand == hand && self.by == Some(By::Ray);
        let edge = if is_on { EDGE } else { 0.0 };
        let near = surface.clamped(met);
        (near.distance(met) <= edge).then_some(Contact {
            at: near,
            by: By::Ray,
            goes_down: trigger_went_down,
        })
    }

    /// Chooses the hand that points, and begins a press.
    fn point(&mut self, contacts: [Option<Contact>; 2], events: &mut Vec<Event>) {
        let of = |hand: Hand| contacts[hand.index()];
        let order = [self.hand, self.hand.other()];
        let pressing = order.into_iter().find(|hand| of(*hand).is_some_and(|contact| contact.goes_down));
        let touching =
            order.into_iter().find(|hand| of(*hand).is_some_and(|contact| contact.by == By::Finger));
        let pointing = order.into_iter().find(|hand| of(*hand).is_some());
        let Some(hand) = pressing.or(touching).or(pointing) else { return self.leave(events) };
        let Some(contact) = of(hand) else { return };
        (self.hand, self.by) = (hand, Some(contact.by));
        self.move_to(contact.at, events);
        if contact.goes_down {
            let held = Held { hand, by: contact.by, origin: contact.at, has_slipped: false };
            self.held = Some(held);
            events.push(button(contact.at, true));
        }
    }

    /// A press goes on, ends, or is given up.
    fn go_on(
        &mut self,
        held: Held,
        surface: Option<&Surface>,
        hands: &[HandInput; 2],
        touch: Option<TouchChange>,
        events: &mut Vec<Event>,
    ) {
        self.hand = held.hand;
        let input = &hands[held.hand.index()];
        let is_tracked = match held.by {
            By::Ray => input.aim.is_some(),
            By::Finger => touch.is_some(),
        };
        let Some(surface) = surface.filter(|_| is_tracked && self.may_point(held.hand)) else {
            return self.give_up(held, events);
        };
        let (at, is_down) = match held.by {
            By::Ray => (ray(surface, input), self.is_trigger_down[held.hand.index()]),
            By::Finger => (touch.map(|touch| touch.at), touch.is_some_and(|touch| touch.is_down)),
        };
        // A ray that runs beside the panel for a moment leaves the pointer where it was.
        let at = at.map_or(held.origin, |at| surface.clamped(at));
        let has_slipped = held.has_slipped || at.distance(held.origin) > SLIP;
        if has_slipped {
            self.move_to(at, events);
        }
        self.held = Some(Held { has_slipped, ..held });
        if !is_down {
            self.held = None;
            events.push(button(self.at.unwrap_or(held.origin), false));
        }
    }

    fn give_up(&mut self, held: Held, events: &mut Vec<Event>) {
        let at = self.at.unwrap_or(held.origin);
        let off = at - held.origin;
        let away = if off.length() < NO_CLICK { held.origin + vec2(NO_CLICK, 0.0) } else { at };
        self.move_to(away, events);
        events.push(button(away, false));
        self.held = None;
        self.leave(events);
    }

    fn move_to(&mut self, at: Pos2, events: &mut Vec<Event>) {
        if self.at != Some(at) {
            self.at = Some(at);
            events.push(Event::PointerMoved(at));
        }
    }

    fn leave(&mut self, events: &mut Vec<Event>) {
        self.by = None;
        if self.at.take().is_some() {
            events.push(Event::PointerGone);
        }
    }

    fn scroll(&self, stick: Vec2, dt: f32, events: &mut Vec<Event>) {
        let part = (stick.y.abs() - SCROLL_FROM).max(0.0) / (1.0 - SCROLL_FROM);
        if self.at.is_none() || !stick.y.is_finite() || part == 0.0 {
            return;
        }
        // Up shows what is above: the content moves down.
        let delta = vec2(0.0, stick.y.signum() * part.min(1.0) * SCROLL_POINTS * dt);
        let (unit, phase, source) = (MouseWheelUnit::Point, TouchPhase::Move, MouseWheelSource::Unknown);
        events.push(Event::MouseWheel { unit, delta, phase, source, modifiers: Modifiers::NONE });
    }

    fn show(&mut self, surface: Option<&Surface>, hands: &[HandInput; 2]) {
        self.beam = surface.zip(self.at).map(|(surface, at)| {
            let aim = hands[self.hand.index()].aim.filter(|_| self.by == Some(By::Ray));
            Beam {
                hand: self.hand,
                from: aim.map(|aim| aim.position),
                to: surface.place_of(at),
                is_pressed: self.held.is_some(),
            }
        });
    }
}

/// Where a hand's ray meets the panel's plane.
fn ray(surface: &Surface, input: &HandInput) -> Option<Pos2> {
    let aim = input.aim?;
    let met = surface.meeting(aim.position, aim.orientation * Vec3::NEG_Z)?;
    (met.metres <= REACH).then_some(met.at)
}

fn button(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE }
}

#[cfg(test)]
#[path = "pointing_tests.rs"]
mod tests;
