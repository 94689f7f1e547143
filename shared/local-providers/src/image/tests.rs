//! The real engine draws.

use domain::settings::{Aspect, Brand, Colour, Settings, SettingsDraft};
use providers::ScriptWriter as _;

use super::*;
use crate::script::LocalScripts;
use crate::testing::{call, tools};

async fn image(keyword: &str, language: domain::settings::Language, aspect: Aspect, scene: u32) -> ImageFile {
    let draft = SettingsDraft {
        keyword: Some(keyword.to_owned()),
        aspect: Some(aspect.as_str().to_owned()),
        ..SettingsDraft::default()
    };
    let mut settings = Settings::parse(draft, language).unwrap();
    settings.brand = Brand {
        colours: vec![Colour::parse("#1e90ff").unwrap()],
        ..Brand::default()
    };
    let script = match LocalScripts.write(&call(), &settings).await {
        Ok(ProviderReply::Done(script)) => script,
        other => panic!("{other:?}"),
    };
    let brief = ImageBrief::of(&settings, &script, scene).unwrap();
    match LocalImages::new(&tools()).draw(&call(), &brief).await.unwrap() {
        ProviderReply::Done(image_file) => image_file,
        ProviderReply::Pending { .. } => panic!("the local maker answers at once"),
    }
}

fn colours(image_file: &ImageFile) -> usize {
    let image = ::image::load_from_memory(&image_file.bytes).unwrap().into_rgb8();
    assert_eq!(image.dimensions(), (image_file.width, image_file.height));
    let colours: std::collections::BTreeSet<[u8; 3]> = image.pixels().map(|p| p.0).collect();
    colours.len()
}

#[tokio::test]
async fn every_aspect_is_drawn_in_its_own_pixels_and_not_blank() {
    for aspect in Aspect::ALL {
        let image_file = image("Coffee", domain::settings::Language::English, *aspect, 0).await;
        assert_eq!((image_file.width, image_file.height), aspect.pixels());
        assert!(colours(&image_file) > 50, "{aspect}");
    }
}

#[tokio::test]
async fn every_language_is_drawn_and_scenes_differ() {
    for (language, keyword) in [
        (domain::settings::Language::Korean, "여름 휴가 짐 싸기"),
        (domain::settings::Language::Chinese, "蜜蜂怎么酿蜜"),
        (domain::settings::Language::Russian, "Как пчёлы делают мёд"),
    ] {
        let first = image(keyword, language, Aspect::Square, 0).await;
        let second = image(keyword, language, Aspect::Square, 1).await;
        assert!(colours(&first) > 50);
        assert_ne!(first.bytes, second.bytes);
        assert_eq!(first, image(keyword, language, Aspect::Square, 0).await);
    }
}

#[tokio::test]
async fn missing_fonts_fail_the_image() {
    let maker = LocalImages::new(&LocalTools {
        fonts_dir: "/nowhere".into(),
        ..tools()
    });
    let brief = ImageBrief {
        prompt: "x".to_owned(),
        heading: "x".to_owned(),
        kind: SectionKind::Hook,
        number: None,
        scene: 0,
        aspect: Aspect::Square,
        language: domain::settings::Language::English,
        colours: Vec::new(),
        seed_text: "x".to_owned(),
    };
    let error = maker.draw(&call(), &brief).await.unwrap_err();
    assert_eq!(error.code(), ErrorCode::ImageEngineFailed);
}
