//! Cards: repeatable, different from each other, calm where captions go, and within their limits.

use super::*;
use crate::number::real;
use crate::testing;

fn card(kind: CardKind, size: (u32, u32)) -> Card {
    Card {
        width: size.0,
        height: size.1,
        seed: seed_of("a hive in the morning sun"),
        kind,
        headline: "Foragers gather nectar".into(),
        body: Some("One bee visits up to a hundred flowers.".into()),
        keyword: Some("How bees make honey".into()),
        colours: Vec::new(),
        language: testing::language("en"),
    }
}

/// Mean absolute step between neighbours in the caption band, in levels.
fn unrest(image: &RgbImage) -> f64 {
    let (width, height) = image.dimensions();
    let rows = (height * 62 / 100)..(height * 86 / 100);
    let steps = rows.flat_map(|y| (1..width).map(move |x| (x, y))).map(|(x, y)| {
        let [left, right] = [image.get_pixel(x - 1, y), image.get_pixel(x, y)];
        f64::from(left[1].abs_diff(right[1]))
    });
    let (sum, count) = steps.fold((0.0, 0), |(sum, count), step| (sum + step, count + 1));
    sum / real(count)
}

#[test]
fn the_same_card_gives_the_same_pixels_and_another_seed_does_not() {
    let mut fonts = testing::fonts("en");
    let one = card(CardKind::Hook, (270, 480));
    let other = Card {
        seed: 7,
        ..one.clone()
    };
    assert_eq!(draw(&mut fonts, &one).unwrap(), draw(&mut fonts, &one).unwrap());
    assert_ne!(draw(&mut fonts, &one).unwrap(), draw(&mut fonts, &other).unwrap());
}

#[test]
fn neighbouring_points_have_different_grounds() {
    let grounds: Vec<_> = (1..9)
        .map(|number| {
            pattern_of(
                &card(CardKind::Point { number }, (270, 480)),
                hash("How bees make honey"),
            )
        })
        .collect();
    assert!(grounds.windows(2).all(|pair| pair[0] != pair[1]), "{grounds:?}");
}

#[test]
fn the_caption_band_is_calm_and_dark_on_every_ground() {
    let mut fonts = testing::fonts("en");
    for size in [(540, 960), (960, 540), (540, 540)] {
        for number in 1..8 {
            let image = draw(&mut fonts, &card(CardKind::Point { number }, size)).unwrap();
            assert!(unrest(&image) < 2.0, "{size:?} {number} {}", unrest(&image));
            let foot = image.get_pixel(size.0 / 2, size.1 * 3 / 4);
            let ground = Colour {
                red: foot[0],
                green: foot[1],
                blue: foot[2],
            };
            assert!(ground.contrast(Colour::WHITE) > 4.5, "{size:?} {number} {ground}");
        }
    }
}

#[test]
fn texts_of_any_length_and_language_are_drawn() {
    let long = "Donaudampfschifffahrtsgesellschaft ".repeat(5);
    for (tag, headline) in [
        ("en", long.as_str()),
        ("en", ""),
        ("ko", "옷은 돌돌 말아서 부피를 절반으로 줄이세요"),
        ("zh", "九十二到九十六度之间最合适九十二到九十六度之间最合适"),
        ("ar", "كيف يصنع النحل العسل في iPhone"),
        ("th", "ผึ้งทำน้ำผึ้งอย่างไรผึ้งทำน้ำผึ้งอย่างไรผึ้งทำน้ำผึ้งอย่างไร"),
    ] {
        let mut fonts = testing::fonts(tag);
        for kind in [
            CardKind::Hook,
            CardKind::Point { number: 200 },
            CardKind::Outro,
            CardKind::Plain,
        ] {
            let card = Card {
                headline: headline.into(),
                language: testing::language(tag),
                ..card(kind, (216, 384))
            };
            let image = draw(&mut fonts, &card).unwrap();
            assert_eq!(image.dimensions(), (216, 384));
        }
    }
}

#[test]
fn a_broken_limit_is_named_by_its_field() {
    let mut fonts = testing::fonts("en");
    let good = card(CardKind::Hook, (270, 480));
    let cases = [
        (
            "width",
            Card {
                width: 0,
                ..good.clone()
            },
        ),
        (
            "height",
            Card {
                height: 100_000,
                ..good.clone()
            },
        ),
        (
            "headline",
            Card {
                headline: "x".repeat(HEADLINE_CHARS_MAX + 1),
                ..good.clone()
            },
        ),
        (
            "body",
            Card {
                body: Some("x".repeat(BODY_CHARS_MAX + 1)),
                ..good.clone()
            },
        ),
        (
            "keyword",
            Card {
                keyword: Some("x".repeat(KEYWORD_CHARS_MAX + 1)),
                ..good
            },
        ),
    ];
    for (expected, card) in cases {
        let Err(EngineError::BadInput { field, .. }) = draw(&mut fonts, &card) else {
            panic!("{expected}")
        };
        assert_eq!(field, expected);
    }
}
