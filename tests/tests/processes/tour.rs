//! The headless demo is itself a test: it fails unless the other delegate stands where its head projects.

use xtask::demo::tour;

#[test]
fn the_tour_shows_the_other_delegate_where_its_head_is() {
    let out = tempfile::tempdir().unwrap();
    tour::run(&super::programs(), out.path()).unwrap();
    for picture in tour::PICTURES {
        let bytes = std::fs::read(out.path().join(format!("{picture}.png"))).unwrap();
        // Width and height stand at bytes 16 to 23 of a PNG (ISO/IEC 15948, 11.2.2).
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert!(side(16) >= 1280 && side(20) >= 800, "{picture}: {} × {}", side(16), side(20));
    }
    assert!(out.path().join("summary.md").is_file());
}
