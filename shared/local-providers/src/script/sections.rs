//! The sections of a script before one wording of each is chosen.

use domain::script::SectionKind;
use domain::settings::Language;
use providers::pace::FRAME_MS;

use super::bank::{Point, by_tone};
use super::choice::Choice;
use super::fit::Wording;
use super::ideas::{HOOK_IMAGE, IDEAS, OUTRO_IMAGE};
use super::outline::Writer;
use super::topic::{fill, shortened};

/// A hook is over before the viewer decides to stay or go, milliseconds.
const HOOK_MS: u32 = 3000;
/// A keyword longer than this to say is said in one point and then called "this", milliseconds.
const OFTEN_TOPIC_MS: u32 = 900;
/// A keyword longer than this to say is called "this" in every point, milliseconds.
const ONCE_TOPIC_MS: u32 = 2200;
/// A keyword of up to this long is always said in the hook, even of the shortest video, milliseconds.
const SAID_TOPIC_MS: u32 = 2000;
/// Longest title on the opening image, in characters: more would be small print.
const HOOK_HEADING_CHARS: usize = 80;
/// Shortest video that has time to greet its audience, seconds.
const AUDIENCE_FROM_S: u32 = 12;

/// A section before one of its wordings is chosen.
pub(super) struct Draft {
    /// What it is for.
    pub(super) kind: SectionKind,
    /// Number of a point, from 1.
    pub(super) number: Option<u32>,
    /// Title on the image.
    pub(super) heading: String,
    /// What the image shows, in English.
    image: &'static str,
    /// Every way to say it.
    pub(super) wordings: Vec<Wording>,
}

impl Writer<'_> {
    /// Every section in all its wordings; `None` when the phrases to avoid leave one without any.
    pub(super) fn drafts(&self, points: usize) -> Option<Vec<Draft>> {
        let mut choice = Choice::of(self.settings);
        let mut drafts = vec![self.hook(&mut choice)];
        let usable = self.usable_ideas(points);
        let chosen = choice.spread(&usable, points.min(usable.len()));
        let mut asides = choice.shuffled(by_tone(&self.bank.asides, self.settings.tone));
        asides.retain(|aside| self.avoid.allows(aside));
        let count = u32::try_from(chosen.len()).ok().filter(|count| *count > 0)?;
        let speech_ms = self.speech_ms(chosen.len().saturating_add(2));
        let share_ms = speech_ms.saturating_sub(FRAME_MS).max(speech_ms / 3) / count;
        let mut limit_ms = ONCE_TOPIC_MS;
        for (index, (idea, number)) in chosen.iter().zip(1..).enumerate() {
            let point = self.bank.points.get(*idea)?;
            let forms = self.forms_in_points(limit_ms);
            if point.sentences.iter().any(|sentence| sentence.contains('{')) {
                limit_ms = OFTEN_TOPIC_MS;
            }
            // Every second point: a remark after each would be a tic.
            let aside = if index.is_multiple_of(2) {
                asides.pop()
            } else {
                None
            };
            drafts.push(Draft {
                kind: SectionKind::Point,
                number: Some(number),
                heading: point.heading.to_owned(),
                image: IDEAS.get(*idea)?.1,
                wordings: self.point_wordings(point, forms, (number == 1, share_ms), aside),
            });
        }
        drafts.push(self.outro(&mut choice)?);
        Some(drafts)
    }

    /// The keyword's own forms, or pronouns when it takes longer than the limit or may not be said.
    fn forms_in_points(&self, limit_ms: u32) -> &[(&'static str, String)] {
        if self.sayable && self.topic_ms <= limit_ms {
            &self.topic.forms
        } else {
            &self.topic.pronouns
        }
    }

    /// Ideas that suit the topic, or all of them when so many points are asked for.
    fn usable_ideas(&self, points: usize) -> Vec<usize> {
        let allowed = IDEAS.iter().zip(self.bank.points).enumerate();
        let allowed: Vec<(usize, bool)> = allowed
            .filter(|(_, (_, point))| self.avoid.allows(point.heading))
            .map(|(index, ((fits, _), _))| (index, fits.suits(self.topic.purpose)))
            .collect();
        let all = allowed.iter().filter(|(_, suits)| *suits).count() < points;
        allowed
            .into_iter()
            .filter(|(_, suits)| *suits || all)
            .map(|(index, _)| index)
            .collect()
    }

    /// A wording when it may be said.
    fn wording(&self, text: String, dislike: u32) -> Option<Wording> {
        let allowed = self.avoid.allows(&text);
        allowed.then(|| Wording {
            spoken_ms: self.spoken_ms(&text),
            text,
            dislike,
        })
    }

    fn hook(&self, choice: &mut Choice) -> Draft {
        let said = self.sayable && self.topic_ms <= SAID_TOPIC_MS.max(self.duration_ms() / 4);
        let mut forms = self.topic.forms.clone();
        forms.push(("seconds", (self.bank.seconds)(self.settings.duration_s)));
        let hooks = choice.shuffled(by_tone(&self.bank.hooks, self.settings.tone));
        let named = hooks
            .iter()
            .map(|hook| fill(hook, &forms))
            .zip((0..).step_by(4))
            .filter(|_| said);
        let bare = said.then(|| (self.sentence(&fill(self.bank.bare_hook, &forms)), 350));
        // Only when time or the brand leaves no other: a hook should name its topic.
        let plain = self
            .bank
            .plain_hooks
            .iter()
            .map(|hook| (*hook).to_owned())
            .zip((2700..).step_by(4));
        let late = |w: &mut Wording| {
            let over = w.spoken_ms.saturating_sub(HOOK_MS) / 20;
            w.dislike = w.dislike.saturating_add(over);
        };
        let mut wordings: Vec<Wording> = named
            .chain(bare)
            .chain(plain)
            .filter_map(|(text, dislike)| self.wording(text, dislike))
            .collect();
        wordings.iter_mut().for_each(late);
        if wordings.is_empty() {
            wordings.extend(self.wording(self.sentence(&self.hook_heading()), 0));
        }
        Draft {
            kind: SectionKind::Hook,
            number: None,
            heading: self.hook_heading(),
            image: HOOK_IMAGE,
            wordings,
        }
    }

    fn hook_heading(&self) -> String {
        let title = if self.sayable {
            &self.topic.title
        } else {
            self.neutral
        };
        shortened(title, HOOK_HEADING_CHARS)
    }

    fn outro(&self, choice: &mut Choice) -> Option<Draft> {
        let headings = choice.shuffled(self.bank.outro_headings);
        let heading = headings.into_iter().find(|heading| self.avoid.allows(heading))?;
        let all = by_tone(&self.bank.outros, self.settings.tone);
        let outros = choice.shuffled(all);
        let mut wordings: Vec<Wording> = outros
            .iter()
            .zip((0..).step_by(4))
            .filter_map(|(outro, dislike)| {
                // The last of a tone is the short one, for when time is short.
                let short = if all.last() == Some(outro) { 60 } else { 0 };
                self.wording((*outro).to_owned(), dislike + short)
            })
            .collect();
        wordings.extend(self.wording(self.sentence(heading), 200));
        Some(Draft {
            kind: SectionKind::Outro,
            number: None,
            heading: heading.to_owned(),
            image: OUTRO_IMAGE,
            wordings,
        })
    }

    /// Every way to say a point: its sentence with any of the three that may follow and a remark, or its bare title.
    fn point_wordings(
        &self,
        point: &Point,
        forms: &[(&'static str, String)],
        (first_point, share_ms): (bool, u32),
        aside: Option<&'static str>,
    ) -> Vec<Wording> {
        let [core, first, second, third] = point.sentences;
        let greeting = if first_point { self.greeting() } else { None };
        let mut wordings = Vec::new();
        let masks = if aside.is_some() { 16 } else { 8 };
        for mask in 0..masks {
            let picks = [
                (first, 1),
                (second, 2),
                (third, 4),
                (aside.unwrap_or_default(), 8),
            ];
            let extras = picks
                .iter()
                .filter(|(text, bit)| mask & bit != 0 && !text.is_empty());
            let parts: Vec<String> = greeting
                .iter()
                .cloned()
                .chain(
                    [core]
                        .into_iter()
                        .chain(extras.map(|(text, _)| *text))
                        .map(|text| fill(text, forms)),
                )
                .collect();
            let toneless = if aside.is_some() && mask & 8 == 0 { 40 } else { 0 };
            wordings.extend(self.wording(self.joined(&parts), toneless));
        }
        wordings.extend(self.wording(self.sentence(point.heading), 150));
        for wording in &mut wordings {
            let off = wording.spoken_ms.abs_diff(share_ms) / 100;
            wording.dislike = wording.dislike.saturating_add(off.saturating_mul(off));
        }
        wordings
    }

    fn greeting(&self) -> Option<String> {
        let audience = self.settings.brand.audience.clone()?;
        let greeting = fill(self.bank.audience, &[("audience", audience)]);
        let has_time = self.settings.duration_s >= AUDIENCE_FROM_S
            && self.spoken_ms(&greeting) <= self.duration_ms() / 4;
        (has_time && self.avoid.allows(&greeting)).then_some(greeting)
    }

    fn joined(&self, sentences: &[String]) -> String {
        sentences.join(if self.language() == Language::Chinese {
            ""
        } else {
            " "
        })
    }

    /// A title as a sentence of its own.
    fn sentence(&self, heading: &str) -> String {
        if heading.ends_with(['.', '!', '?', '。', '！', '？', '…']) {
            return heading.to_owned();
        }
        let stop = if self.language() == Language::Chinese {
            '。'
        } else {
            '.'
        };
        format!("{heading}{stop}")
    }

    /// The first description that holds no phrase to avoid; a heading never does.
    pub(super) fn image_prompt(&self, draft: &Draft) -> String {
        let keyword = self.settings.keyword.as_str();
        let full = format!("{keyword}, {}", draft.image);
        [full.as_str(), keyword, draft.image]
            .into_iter()
            .find(|prompt| self.avoid.allows(prompt))
            .unwrap_or(&draft.heading)
            .to_owned()
    }
}
