//! What is set on the client's page while the headset is worn takes effect at once: the size of its pictures, and the
//! window beside it.

use crate::desktop::{Desktop, until};
use crate::person::{KNOWS, Person};

/// The name of a choice of the sharpness: a number in the middle of a line that may run either way.
const THREE_QUARTERS: &str = "\u{2068}75\u{2069}%";

/// The side of the headset's pictures in what the log told last.
fn side(person: &mut Person, count: usize) -> f32 {
    let line = person.worn.wait_for_more("the headset's pictures have another size", count);
    let told = line.split_once("size=[").unwrap().1;
    told.split(',').next().unwrap().parse().unwrap()
}

fn choose(person: &mut Person, name: &str) {
    person.scroll_to(name);
    person.press(name);
}

#[test]
fn sharpness_and_the_window_beside_it_change_while_the_headset_is_worn() {
    let folder = tempfile::tempdir().unwrap();
    let desktop = Desktop::start();
    let settings = format!("{KNOWS}resolution = 0.5\n[headset]\nmirror = false\n");
    let mut person =
        Person::put_on(folder.path(), |setup| setup.beside(desktop.name()).with_settings(&settings));
    let shades = || desktop.shades(100, 100, 700, 500);
    person.open_menu("Settings");
    person.scroll_to_end("Settings");
    person.press("Settings");

    let half = side(&mut person, 1);
    choose(&mut person, THREE_QUARTERS);
    let three_quarters = side(&mut person, 2);
    assert!((three_quarters / half - 1.5).abs() < 0.02, "50 % and 75 %: {half}, {three_quarters}");
    person.pass_pictures(3);

    assert_eq!(shades(), 1, "there is no window");
    choose(&mut person, "What the left eye sees");
    until("the venue is seen in the window", || shades() > 60);
    choose(&mut person, "No window");
    until("the window goes", || shades() == 1);
    person.pass_pictures(3);
    person.leave();
}
