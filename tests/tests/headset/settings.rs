//! What is set on the client's page while the headset is worn: the size of its pictures and the window beside it.

use crate::deeds::{Visit, place_of};
use crate::desktop::{Desktop, until};
use crate::remote::{Button, Hand};
use crate::worn::Setup;

/// The size that a line of the log tells for the headset's pictures.
fn size_of(line: &str) -> Option<[f32; 2]> {
    let told = line.split_once("size=[")?.1.split_once(']')?.0;
    let mut numbers = told.split(", ").filter_map(|number| number.parse().ok());
    Some([numbers.next()?, numbers.next()?])
}

/// Opens the settings by the menu's button.
fn open_settings(visit: &mut Visit) {
    visit.remote.button(Hand::Right, Button::B, true).send();
    visit.worn.until("the menu", "panels ", |told| place_of(told, "Settings"));
    visit.remote.button(Hand::Right, Button::B, false).send();
    visit.scroll_to_end("Settings");
    visit.press("Settings");
}

fn choose(visit: &mut Visit, name: &str) {
    visit.scroll_to(name);
    visit.press(name);
}

#[test]
fn sharpness_and_the_window_change_while_the_headset_is_worn() {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::start();
    let place = folder.path().join("amina");
    let setup = Setup::new(&place).beside(desktop.name()).with_settings("[headset]\nmirror = false\n");
    let mut visit = Visit::start_by(folder.path(), setup);
    let shades = || desktop.shades(100, 100, 700, 500);
    open_settings(&mut visit);

    choose(&mut visit, "75%");
    let line = visit.worn.wait_for("the headset's pictures have another size");
    let first = size_of(&line).unwrap();
    visit.worn.wait_for_next("the headset shows the venue");
    choose(&mut visit, "50%");
    let line = visit.worn.wait_for_more("the headset's pictures have another size", 2);
    let second = size_of(&line).unwrap();
    for (three, two) in first.iter().zip(second) {
        assert!((three / two - 1.5).abs() < 0.02, "75 % and 50 %: {first:?}, {second:?}");
    }
    visit.worn.wait_for_next("the headset shows the venue");

    assert_eq!(shades(), 1, "there is no window");
    choose(&mut visit, "What the left eye sees");
    visit.worn.wait_for("a window shows what the headset shows");
    until("the venue is seen in the window", || shades() > 60);
    choose(&mut visit, "No window");
    until("the window goes", || shades() == 1);
    choose(&mut visit, "What the left eye sees");
    visit.worn.wait_for_more("a window shows what the headset shows", 2);
    visit.worn.wait_for_next("the headset shows the venue");
    visit.leave();
}
