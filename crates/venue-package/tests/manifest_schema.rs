//! The committed JSON Schema and the Rust type say the same: good examples, bad examples, every field.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, its helpers too")]

use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use venue_package::Manifest;

const SCHEMA: &str = include_str!("../schema/venue.schema.json");

fn schema() -> (Value, Validator) {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    (schema, validator)
}

fn hash(digit: char) -> String {
    digit.to_string().repeat(64)
}

/// A manifest with every field that there is.
fn full() -> Value {
    let place = json!({"position": [1.0, 0.0, -2.0], "yaw": 1.5});
    let bounds = json!({"min": [-4.0, 0.0, -6.0], "max": [4.0, 3.0, 0.0]});
    let every_language =
        json!({"ar": "قاعة", "zh": "厅", "en": "Hall", "fr": "Salle", "ru": "Зал", "es": "Sala"});
    json!({
        "format": "vev-venue", "version": 1, "id": "tiny", "name": every_language,
        "spaces": [
            {"id": 1, "key": "foyer", "name": {"en": "Foyer"}, "bounds": bounds},
            {"id": 2, "key": "hall", "name": {"en": "Hall"}, "bounds": bounds}],
        "doors": [{"id": 1, "spaces": [1, 2], "place": place, "width": 1.5, "height": 2.25}],
        "seats": [{"id": 1, "space": 2, "place": place, "height": 0.5, "label": "A1"}],
        "spawn_points": [
            {"space": 1, "place": place, "radius": 1.0},
            {"space": 2, "place": place, "radius": 0.5}],
        "zones": [
            {"id": 1, "space": 1, "name": {"en": "Corner"}, "purpose": {"kind": "talk"}, "bounds": bounds},
            {"id": 2, "space": 2, "name": {"en": "Booth"}, "purpose": {"kind": "booth", "language": "fr"}, "bounds": bounds}],
        "screens": [{"space": 2, "name": {"en": "Screen"}, "center": [0.0, 2.0, -5.0],
            "orientation": [0.0, 0.0, 0.0, 1.0], "width": 2.5, "height": 1.5}],
        "exhibits": [{"space": 1, "name": {"en": "Cat"}, "bounds": bounds, "content": hash('c')}],
        "emitters": [{"space": 1, "name": "Fountain", "position": [0.0, 1.0, 0.0], "sound": hash('d'), "gain": 1.0,
            "reference_distance": 1.0, "max_distance": 20.0, "looping": true, "plays_at_start": true}],
        "environment": {
            "sun": {"direction": [0.0, -1.0, 0.0], "color": [1.0, 1.0, 1.0], "strength": 2.0},
            "ambient": [0.5, 0.5, 0.5],
            "sky": {"zenith": [0.25, 0.5, 1.0], "horizon": [1.0, 1.0, 1.0], "ground": [0.25, 0.25, 0.25]}},
        "tileset": hash('a'), "navigation": hash('b'),
        "acoustics": [{"space": 1, "mesh": hash('e')}],
        "panoramas": [{"space": 1, "picture": hash('9'), "heading": 90.0}],
        "files": [
            {"hash": hash('a'), "bytes": 10, "media_type": "application/json"},
            {"hash": hash('b'), "bytes": 20, "media_type": "application/x-vev-navigation"},
            {"hash": hash('c'), "bytes": 30, "media_type": "model/gltf-binary"},
            {"hash": hash('d'), "bytes": 40, "media_type": "audio/ogg"},
            {"hash": hash('e'), "bytes": 50, "media_type": "application/x-vev-acoustics"},
            {"hash": hash('9'), "bytes": 60, "media_type": "image/jpeg"}],
        "frame": {"latitude": 46.5, "longitude": 6.25, "height": 373.0, "heading": 12.5,
            "survey_origin": [2500000.125, 400.0, 1118000.5]},
        "credits": [{"what": "Cat", "author": "A. Sculptor", "source": "https://example.org", "license": "CC-BY-4.0"}],
    })
}

fn parse(value: &Value) -> Result<Manifest, String> {
    Manifest::parse(value.to_string().as_bytes()).map_err(|error| error.to_string())
}

/// Calls `look` with a pointer to every object inside of the value.
fn each_object(value: &Value, at: &str, look: &mut impl FnMut(&str, &serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            look(at, object);
            object.iter().for_each(|(key, inner)| each_object(inner, &format!("{at}/{key}"), look));
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(i, inner)| each_object(inner, &format!("{at}/{i}"), look));
        }
        _ => {}
    }
}

#[test]
fn the_full_example_is_good_to_both_and_comes_back_unchanged() {
    let (_, validator) = schema();
    let errors: Vec<_> = validator.iter_errors(&full()).map(|error| error.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    let manifest = parse(&full()).unwrap();
    let written: Value = serde_json::from_slice(&manifest.to_bytes()).unwrap();
    assert_eq!(written, full());
}

#[test]
fn every_field_of_the_schema_is_in_the_type_and_the_other_way_round() {
    let (schema, _) = schema();
    let mut in_schema = BTreeSet::new();
    each_object(&schema, "", &mut |at, object| {
        if at.ends_with("/properties") {
            in_schema.extend(object.keys().cloned());
        }
    });
    let mut in_type = BTreeSet::new();
    let written: Value = serde_json::from_slice(&parse(&full()).unwrap().to_bytes()).unwrap();
    each_object(&written, "", &mut |_, object| in_type.extend(object.keys().cloned()));
    assert_eq!(in_schema, in_type);
}

#[test]
fn what_is_required_and_what_is_unknown_is_the_same_to_both() {
    let (_, validator) = schema();
    let mut places = Vec::new();
    each_object(&full(), "", &mut |at, object| {
        places.extend(object.keys().map(|key| (at.to_owned(), Some(key.clone()))));
        // Beside the tag of a variant without fields serde looks for nothing else; the schema is stricter.
        if !at.ends_with("/purpose") {
            places.push((at.to_owned(), None));
        }
    });
    for (at, key) in places {
        let mut changed = full();
        let object = changed.pointer_mut(&at).unwrap().as_object_mut().unwrap();
        match &key {
            Some(key) => object.remove(key),
            None => object.insert("surprise".into(), json!(1)),
        };
        // A list that is left out empties others; references from elsewhere are the type's own business.
        let what = format!("{at} {key:?}: {:?}", parse(&changed));
        if validator.is_valid(&changed) {
            let is_reference = parse(&changed)
                .is_err_and(|e| e.contains("there is no space") || e.contains("is not in files"));
            assert!(parse(&changed).is_ok() || is_reference, "{what}");
        } else {
            assert!(parse(&changed).is_err(), "{what}");
        }
    }
}

#[test]
fn values_out_of_range_are_refused_by_both_and_the_sentence_names_the_place() {
    let (_, validator) = schema();
    let check = |at: &str, value: Value, sentence: &str| {
        let mut changed = full();
        *changed.pointer_mut(at).unwrap() = value;
        assert!(!validator.is_valid(&changed), "the schema takes {at}");
        let error = parse(&changed).unwrap_err();
        assert!(error.contains(sentence), "{at}: {error}");
    };
    check("/format", json!("gltf"), "says format \"gltf\"");
    check("/version", json!(2), "has version 2");
    check("/id", json!("Tiny Venue"), "id: \"Tiny Venue\" must be");
    check("/name/en", json!(""), "name.en");
    check("/spaces", json!([]), "spaces: there are 0");
    check("/doors/0/width", json!(0.1), "doors[0].width: 0.1 is not within 0.7 to 20 metres");
    check("/doors/0/spaces", json!([1, 1]), "doors[0].spaces: a door joins two different");
    check("/doors/0/id", json!(70_000), "line 1");
    check("/seats/0/height", json!(3.0), "seats[0].height");
    check("/seats/0/place/position", json!([0.0, 0.0, 99_999.0]), "seats[0].place.position");
    check("/seats/0/place/yaw", json!(9.0), "seats[0].place.yaw");
    check("/spawn_points/0/radius", json!(-1.0), "spawn_points[0].radius");
    check("/zones/0/purpose/kind", json!("party"), "line 1");
    check("/screens/0/width", json!(0.0), "screens[0].width");
    check("/screens/0/orientation", json!([0.0, 0.0, 0.0, 9.0]), "screens[0].orientation");
    check("/emitters/0/gain", json!(5.0), "emitters[0].gain");
    check("/environment/ambient", json!([-1.0, 0.0, 0.0]), "environment.ambient");
    check("/environment/sun/strength", json!(101.0), "environment.sun.strength");
    check("/tileset", json!("abc"), "64 lower-case hexadecimal digits");
    check("/files/0/bytes", json!(u64::MAX), "files[0].bytes");
    check("/files/0/media_type", json!("text/html"), "line 1");
    check("/frame/latitude", json!(91.0), "frame.latitude");
    check("/credits/0/author", json!(""), "credits[0].author");
}

#[test]
fn references_and_repetitions_are_refused_in_sentences() {
    let check = |at: &str, value: Value, sentence: &str| {
        let mut changed = full();
        *changed.pointer_mut(at).unwrap() = value;
        let error = parse(&changed).unwrap_err();
        assert!(error.contains(sentence), "{at}: {error}");
    };
    check("/seats/0/space", json!(9), "seats[0].space: there is no space with the id 9");
    check("/doors/0/spaces", json!([1, 9]), "doors[0].spaces: there is no space with the id 9");
    check("/spaces/1/id", json!(1), "the id 1 is given twice");
    check("/spaces/1/key", json!("foyer"), "the key \"foyer\" is given twice");
    check("/zones/1/id", json!(1), "zones: the id 1 is given twice");
    check("/spawn_points/1/space", json!(1), "the space \"hall\" has none");
    check("/exhibits/0/content", json!(hash('f')), "is not in files");
    check("/panoramas/0/heading", json!(361.0), "panoramas[0].heading: 361 is not within 0 to 360 degrees");
    check("/acoustics/0/mesh", json!(hash('f')), "is not in files");
    check("/acoustics/0/space", json!(9), "acoustics[0].space: there is no space with the id 9");
    check("/files/1/hash", json!(hash('a')), "the same file is listed twice");
    check("/name/en", json!("Ha\u{202e}ll"), "control character");
    check("/environment/sun/direction", json!([0.0, 0.0, 0.0]), "environment.sun.direction");
    let bounds = json!({"min": [1.0, 0.0, 0.0], "max": [0.0, 1.0, 1.0]});
    check("/spaces/0/bounds", bounds, "spaces[0].bounds: min is beyond max");
}

#[test]
fn what_is_no_manifest_is_called_that() {
    let check = |text: &str, sentence: &str| {
        let error = Manifest::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(sentence), "{error}");
    };
    check("", "line 1, column 0");
    check("{\n\"format\": \"vev-venue\",\n", "line 3");
    check("[]", "venue.json, line 1");
    check(
        "{\"format\": \"vev-venue\", \"version\": 7, \"new\": 1}",
        "version 7; this program reads version 1",
    );
}
