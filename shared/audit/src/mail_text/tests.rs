//! Tests of `mail_text`.

use domain::account::PlanId;
use domain::notice::NoticeSubject;
use domain::settings::Language;
use domain::{Credits, Timestamp};

use super::mail_text;

fn subjects() -> [NoticeSubject; 7] {
    let at = Timestamp::from_ms(1_796_000_000_000);
    [
        NoticeSubject::LimitWarning {
            quota: "short_form".to_owned(),
            used: 4,
            limit: 5,
            resets_at: Some(at),
        },
        NoticeSubject::LimitCritical {
            quota: "storage_bytes".to_owned(),
            used: 19,
            limit: 20,
            resets_at: None,
        },
        NoticeSubject::RunningOut {
            available: Credits::new(70),
            days: 3,
        },
        NoticeSubject::Expiring {
            credits: Credits::new(40),
            expires_at: at,
        },
        NoticeSubject::Unusual {
            day: "2026-11-20".to_owned(),
            credits: 900,
            usual: 20,
        },
        NoticeSubject::SecondSubscription {
            returned_minor: 1905,
            currency: "usd".to_owned(),
        },
        NoticeSubject::PlanChanged {
            plan: PlanId::Professional,
            credits: Credits::new(7500),
        },
    ]
}

#[test]
fn every_notice_has_words_in_every_language_with_its_own_numbers() {
    let numbers = [
        ["80%", "4"],
        ["95%", "19"],
        ["70", "3"],
        ["40", "2026-11-30"],
        ["900", "20"],
        ["19.05", "USD"],
        ["professional", "7500"],
    ];
    for (subject, wanted) in subjects().iter().zip(numbers) {
        let mut titles = Vec::new();
        for language in [
            Language::English,
            Language::Korean,
            Language::Chinese,
            Language::Russian,
        ] {
            let mail = mail_text("ann@example.com", language, subject);
            let whole = format!("{} {}", mail.subject, mail.text);
            for number in wanted {
                assert!(whole.contains(number), "{whole} lacks {number}");
            }
            assert!(!mail.subject.contains('\n'));
            assert!(mail.html.contains(&format!("lang=\"{}\"", language.as_str())));
            titles.push(mail.subject);
        }
        titles.sort();
        titles.dedup();
        assert_eq!(titles.len(), 4, "four languages, four subjects");
    }
}

#[test]
fn what_stands_in_a_notice_is_only_text_in_its_html() {
    let subject = NoticeSubject::Unusual {
        day: "<script>&\"".to_owned(),
        credits: 1,
        usual: 1,
    };
    let mail = mail_text("ann@example.com", Language::English, &subject);
    assert!(mail.html.contains("&lt;script&gt;&amp;&quot;"));
    assert!(!mail.html.contains("<script>"));
}

#[test]
fn a_mail_in_a_log_says_nothing() {
    let mail = mail_text("ann@example.com", Language::English, &subjects()[0]);
    assert_eq!(format!("{mail:?}"), "Mail([redacted])");
}
