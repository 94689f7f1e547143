//! What is done to frames, by what their stream says of itself.

use super::*;

fn stream(pixel_format: &str, colours: &str, (width, height): (u32, u32)) -> VideoStream {
    VideoStream {
        pixel_format: pixel_format.to_owned(),
        colours: colours.to_owned(),
        width,
        height,
        ..VideoStream::default()
    }
}

const HD: (u32, u32) = (1_280, 720);
const SD: (u32, u32) = (720, 576);

#[test]
fn a_stream_without_a_matrix_has_that_of_its_size() {
    for (size, matrix) in [
        (HD, "colorspace=bt709"),
        ((720, 1_280), "colorspace=bt709"),
        ((1_280, 534), "colorspace=bt709"),
        (SD, "colorspace=smpte170m"),
        ((854, 480), "colorspace=smpte170m"),
    ] {
        for colours in [
            "",
            "tv",
            "progressive",
            "tv, progressive",
            "tv, top coded first (swapped",
        ] {
            let cleaned = stream("yuv420p", colours, size).cleaned();
            assert!(cleaned.contains(matrix), "{size:?} {colours:?}: {cleaned}");
        }
    }
}

#[test]
fn labels_that_a_stream_has_are_kept() {
    let cleaned = stream("yuv420p", "tv, bt709, progressive", SD).cleaned();
    assert!(!cleaned.contains("setparams"), "{cleaned}");
    let half = stream("yuvj420p", "pc, bt470bg/unknown/unknown", HD).cleaned();
    assert!(
        !half.contains("colorspace=") && half.contains("color_trc=bt709"),
        "{half}"
    );
    let screen = stream("gbrp", "pc, gbr/unknown/unknown, progressive", HD).cleaned();
    assert!(
        !screen.contains("colorspace=") && !screen.contains("bwdif"),
        "{screen}"
    );
}

#[test]
fn only_light_beyond_white_and_wide_primaries_go_through_linear_light() {
    let scaled = |colours: &str| stream("yuv420p10le", colours, HD).scaled("640:360");
    for curve in ["arib-std-b67", "smpte2084"] {
        assert!(scaled(&format!("tv, bt2020nc/bt2020/{curve}")).contains("tonemap"));
    }
    let wide = scaled("tv, bt709/smpte432/iec61966-2-1");
    assert!(
        wide.contains("t=iec61966-2-1") && !wide.contains("tonemap"),
        "{wide}"
    );
    let usual = scaled("tv, bt709");
    assert!(!usual.contains("zscale") && usual.ends_with(LABELS), "{usual}");
}

#[test]
fn transparency_needs_a_decoder_that_knows_of_it() {
    let clear = |codec: &str| VideoStream {
        codec: codec.to_owned(),
        has_alpha: true,
        ..stream("yuv420p", "tv", HD)
    };
    assert_eq!(clear("vp8").decoder(), Some("libvpx"));
    assert_eq!(clear("vp9").decoder(), Some("libvpx-vp9"));
    assert_eq!(clear("prores").decoder(), None);
    assert_eq!(stream("yuv420p", "tv", HD).decoder(), None);
    assert!(clear("vp9").cleaned().contains("overlay"));
}
