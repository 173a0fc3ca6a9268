//! Small pictures made of lines; those with a direction are mirrored with the page.

use egui::{Color32, Pos2, Rect, Shape, Stroke, Ui, pos2};

/// What a small picture means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Icon {
    /// Closes.
    Close,
    /// Goes back.
    Back,
    /// Who is here.
    People,
    /// One person.
    Person,
    /// Texts.
    Text,
    /// A word among few.
    Talk,
    /// Rooms.
    Room,
    /// Settings.
    Settings,
    /// Help.
    Help,
    /// Leaves.
    Leave,
    /// Here, chosen.
    Check,
    /// Less.
    Less,
    /// More.
    More,
    /// Stands up.
    Stand,
    /// A raised hand.
    Hand,
    /// The menu.
    Menu,
    /// A plan.
    Map,
    /// What is around.
    Around,
    /// Where one is.
    Place,
    /// A seat.
    Seat,
    /// A screen.
    Screen,
    /// Protection.
    Shield,
    /// Something to listen to.
    Sound,
    /// A microphone.
    Microphone,
    /// A microphone that is closed.
    MicrophoneClosed,
    /// Capitals.
    Shift,
    /// Capitals until it is pressed again.
    ShiftLocked,
    /// Takes a letter away.
    Backspace,
    /// Ends a line.
    Enter,
    /// Languages.
    Globe,
    /// Puts something away downwards.
    Down,
}

/// Draws an icon into a square.
pub(crate) fn paint(ui: &Ui, icon: Icon, rect: Rect, color: Color32, right_to_left: bool) {
    let mirrored = right_to_left
        && matches!(icon, Icon::Back | Icon::Leave | Icon::Text | Icon::Backspace | Icon::Enter);
    let pen = Pen { ui, rect, stroke: Stroke::new((rect.width() / 11.0).max(1.5), color), mirrored };
    match icon {
        Icon::Close => {
            pen.line(&[(0.12, 0.12), (0.88, 0.88)]);
            pen.line(&[(0.88, 0.12), (0.12, 0.88)]);
        }
        Icon::Back => pen.line(&[(0.65, 0.08), (0.25, 0.5), (0.65, 0.92)]),
        Icon::Person => pen.person(0.5, 0.0),
        Icon::People => {
            pen.person(0.3, 0.05);
            pen.person(0.76, 0.12);
        }
        Icon::Text => {
            let bubble = [
                (0.05, 0.1),
                (0.95, 0.1),
                (0.95, 0.72),
                (0.45, 0.72),
                (0.22, 0.95),
                (0.22, 0.72),
                (0.05, 0.72),
            ];
            pen.closed(&bubble);
            pen.line(&[(0.25, 0.33), (0.75, 0.33)]);
            pen.line(&[(0.25, 0.51), (0.6, 0.51)]);
        }
        Icon::Room => {
            pen.closed(&[(0.2, 0.95), (0.2, 0.05), (0.8, 0.05), (0.8, 0.95)]);
            pen.line(&[(0.02, 0.95), (0.98, 0.95)]);
            pen.dot(0.65, 0.52);
        }
        Icon::Settings => pen.sliders(),
        Icon::Help => {
            pen.circle(0.5, 0.5, 0.46);
            pen.line(&[
                (0.36, 0.38),
                (0.4, 0.28),
                (0.5, 0.24),
                (0.61, 0.29),
                (0.63, 0.4),
                (0.5, 0.52),
                (0.5, 0.6),
            ]);
            pen.dot(0.5, 0.75);
        }
        Icon::Leave => {
            pen.line(&[(0.55, 0.08), (0.1, 0.08), (0.1, 0.92), (0.55, 0.92)]);
            pen.line(&[(0.38, 0.5), (0.96, 0.5)]);
            pen.line(&[(0.74, 0.28), (0.96, 0.5), (0.74, 0.72)]);
        }
        Icon::Check => pen.line(&[(0.08, 0.55), (0.38, 0.84), (0.92, 0.18)]),
        Icon::Less => pen.line(&[(0.1, 0.5), (0.9, 0.5)]),
        Icon::More => {
            pen.line(&[(0.1, 0.5), (0.9, 0.5)]);
            pen.line(&[(0.5, 0.1), (0.5, 0.9)]);
        }
        Icon::Shift | Icon::ShiftLocked | Icon::Backspace | Icon::Enter | Icon::Globe | Icon::Down => {
            paint_of_keyboard(&pen, icon)
        }
        Icon::Sound | Icon::Microphone | Icon::MicrophoneClosed => paint_of_sound(&pen, icon),
        of_the_venue => paint_of_venue(&pen, of_the_venue),
    }
}

/// Draws what stands on the keys of the on-screen keyboard.
fn paint_of_keyboard(pen: &Pen<'_>, icon: Icon) {
    match icon {
        Icon::Shift | Icon::ShiftLocked => {
            pen.closed(&[
                (0.5, 0.05),
                (0.95, 0.5),
                (0.7, 0.5),
                (0.7, 0.78),
                (0.3, 0.78),
                (0.3, 0.5),
                (0.05, 0.5),
            ]);
            if icon == Icon::ShiftLocked {
                pen.line(&[(0.26, 0.97), (0.74, 0.97)]);
            }
        }
        Icon::Backspace => {
            pen.closed(&[(0.02, 0.5), (0.32, 0.15), (0.98, 0.15), (0.98, 0.85), (0.32, 0.85)]);
            pen.line(&[(0.48, 0.35), (0.78, 0.65)]);
            pen.line(&[(0.78, 0.35), (0.48, 0.65)]);
        }
        Icon::Enter => {
            pen.line(&[(0.92, 0.12), (0.92, 0.6), (0.1, 0.6)]);
            pen.line(&[(0.36, 0.34), (0.08, 0.6), (0.36, 0.86)]);
        }
        Icon::Globe => {
            pen.circle(0.5, 0.5, 0.46);
            pen.line(&[(0.04, 0.5), (0.96, 0.5)]);
            let meridian = |side: f32| {
                let at = move |step: i32| {
                    let angle = std::f32::consts::PI * step as f32 / 10.0;
                    (0.5 + side * 0.2 * angle.sin(), 0.5 - 0.46 * angle.cos())
                };
                (0..=10).map(at).collect::<Vec<_>>()
            };
            pen.line(&meridian(1.0));
            pen.line(&meridian(-1.0));
        }
        _ => pen.line(&[(0.1, 0.3), (0.5, 0.72), (0.9, 0.3)]),
    }
}

/// Draws what is heard, and what hears.
fn paint_of_sound(pen: &Pen<'_>, icon: Icon) {
    match icon {
        Icon::Sound => {
            pen.closed(&[(0.05, 0.36), (0.22, 0.36), (0.48, 0.12), (0.48, 0.88), (0.22, 0.64), (0.05, 0.64)]);
            pen.line(&[(0.64, 0.34), (0.7, 0.5), (0.64, 0.66)]);
            pen.line(&[(0.8, 0.18), (0.92, 0.5), (0.8, 0.82)]);
        }
        Icon::Microphone => pen.microphone(),
        Icon::MicrophoneClosed => {
            pen.microphone();
            pen.line(&[(0.06, 0.06), (0.94, 0.94)]);
        }
        // The others were drawn before.
        _ => {}
    }
}

/// Draws what stands for something in the venue.
fn paint_of_venue(pen: &Pen<'_>, icon: Icon) {
    match icon {
        Icon::Hand => {
            pen.closed(&[(0.28, 0.95), (0.1, 0.55), (0.28, 0.62), (0.28, 0.14), (0.78, 0.14), (0.78, 0.95)]);
            pen.line(&[(0.445, 0.05), (0.445, 0.5)]);
            pen.line(&[(0.61, 0.05), (0.61, 0.5)]);
        }
        Icon::Menu => {
            for y in [0.18, 0.5, 0.82] {
                pen.line(&[(0.06, y), (0.94, y)]);
            }
        }
        Icon::Map => {
            pen.closed(&[
                (0.04, 0.16),
                (0.35, 0.04),
                (0.66, 0.16),
                (0.96, 0.04),
                (0.96, 0.84),
                (0.66, 0.96),
                (0.35, 0.84),
                (0.04, 0.96),
            ]);
            pen.line(&[(0.35, 0.04), (0.35, 0.84)]);
            pen.line(&[(0.66, 0.16), (0.66, 0.96)]);
        }
        Icon::Around => {
            pen.circle(0.5, 0.5, 0.44);
            pen.closed(&[(0.66, 0.3), (0.56, 0.58), (0.34, 0.7), (0.44, 0.42)]);
        }
        Icon::Place => {
            pen.closed(&[
                (0.5, 0.97),
                (0.2, 0.52),
                (0.16, 0.34),
                (0.27, 0.12),
                (0.5, 0.03),
                (0.73, 0.12),
                (0.84, 0.34),
                (0.8, 0.52),
            ]);
            pen.circle(0.5, 0.36, 0.13);
        }
        Icon::Seat => {
            pen.line(&[(0.24, 0.05), (0.3, 0.56), (0.78, 0.56), (0.82, 0.96)]);
            pen.line(&[(0.3, 0.56), (0.26, 0.96)]);
        }
        Icon::Screen => {
            pen.closed(&[(0.05, 0.12), (0.95, 0.12), (0.95, 0.72), (0.05, 0.72)]);
            pen.line(&[(0.3, 0.92), (0.7, 0.92)]);
        }
        Icon::Shield => {
            let left = [(0.5, 0.04), (0.12, 0.18), (0.12, 0.5), (0.24, 0.76), (0.5, 0.96)];
            let right = [(0.76, 0.76), (0.88, 0.5), (0.88, 0.18)];
            let outline: Vec<_> = left.into_iter().chain(right).collect();
            pen.closed(&outline);
            pen.line(&[(0.32, 0.5), (0.46, 0.64), (0.7, 0.36)]);
        }
        Icon::Stand => {
            pen.line(&[(0.5, 0.95), (0.5, 0.1)]);
            pen.line(&[(0.22, 0.38), (0.5, 0.08), (0.78, 0.38)]);
        }
        Icon::Talk => {
            pen.person(0.27, 0.02);
            pen.person(0.73, 0.02);
            pen.line(&[(0.5, 0.02), (0.5, 0.98)]);
        }
        // The others were drawn before.
        _ => {}
    }
}

struct Pen<'a> {
    ui: &'a Ui,
    rect: Rect,
    stroke: Stroke,
    mirrored: bool,
}

impl Pen<'_> {
    fn at(&self, x: f32, y: f32) -> Pos2 {
        let x = if self.mirrored { 1.0 - x } else { x };
        pos2(self.rect.left() + x * self.rect.width(), self.rect.top() + y * self.rect.height())
    }

    fn points(&self, points: &[(f32, f32)]) -> Vec<Pos2> {
        points.iter().map(|&(x, y)| self.at(x, y)).collect()
    }

    fn line(&self, points: &[(f32, f32)]) {
        self.ui.painter().add(Shape::line(self.points(points), self.stroke));
    }

    fn closed(&self, points: &[(f32, f32)]) {
        self.ui.painter().add(Shape::closed_line(self.points(points), self.stroke));
    }

    fn circle(&self, x: f32, y: f32, radius: f32) {
        let radius = radius * self.rect.width();
        self.ui.painter().add(Shape::circle_stroke(self.at(x, y), radius, self.stroke));
    }

    fn dot(&self, x: f32, y: f32) {
        self.ui.painter().circle_filled(self.at(x, y), self.stroke.width * 0.85, self.stroke.color);
    }

    /// Head and shoulders, half as wide as the square.
    fn person(&self, x: f32, y: f32) {
        self.circle(x, y + 0.24, 0.17);
        let shoulders = (0..=8).map(|step| {
            let angle = std::f32::consts::PI * step as f32 / 8.0;
            (x - 0.27 * angle.cos(), y + 0.93 - 0.38 * angle.sin())
        });
        self.line(&shoulders.collect::<Vec<_>>());
    }

    fn microphone(&self) {
        self.closed(&[
            (0.36, 0.1),
            (0.42, 0.03),
            (0.58, 0.03),
            (0.64, 0.1),
            (0.64, 0.5),
            (0.58, 0.57),
            (0.42, 0.57),
            (0.36, 0.5),
        ]);
        self.line(&[
            (0.2, 0.42),
            (0.22, 0.58),
            (0.34, 0.72),
            (0.5, 0.76),
            (0.66, 0.72),
            (0.78, 0.58),
            (0.8, 0.42),
        ]);
        self.line(&[(0.5, 0.76), (0.5, 0.96)]);
        self.line(&[(0.3, 0.96), (0.7, 0.96)]);
    }

    fn sliders(&self) {
        for (y, knob) in [(0.18, 0.68), (0.5, 0.3), (0.82, 0.6)] {
            self.line(&[(0.02, y), (knob - 0.13, y)]);
            self.line(&[(knob + 0.13, y), (0.98, y)]);
            self.circle(knob, y, 0.12);
        }
    }
}
