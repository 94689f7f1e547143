//! The ideas that a script can be made of: true of any topic, so that nothing about one is invented.
//!
//! Each language says every idea in its own words, in this order, which is also the order of a script.

use super::topic::Purpose;

/// How many ideas there are.
pub(super) const COUNT: usize = 22;

/// Which topics an idea is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fits {
    /// Any.
    Any,
    /// Things to understand.
    Learning,
    /// Things to do.
    Doing,
}

impl Fits {
    /// Whether the idea suits what one does with the topic.
    pub(super) fn suits(self, purpose: Purpose) -> bool {
        match self {
            Self::Any => true,
            Self::Learning => purpose == Purpose::Learning,
            Self::Doing => purpose == Purpose::Doing,
        }
    }
}

/// Whom it fits and what its image shows; images are described in English, which image models know best.
pub(super) const IDEAS: [(Fits, &str); COUNT] = [
    (
        Fits::Any,
        "a person at a window looking towards a bright horizon, sense of purpose",
    ),
    (
        Fits::Learning,
        "a single glowing object on a plain table, everything else dark",
    ),
    (
        Fits::Doing,
        "a finished result displayed with care, proud and tidy",
    ),
    (
        Fits::Doing,
        "tools and materials laid out neatly, seen from above",
    ),
    (Fits::Learning, "a wide aerial view with clear structure"),
    (Fits::Learning, "an exploded view of neatly separated parts"),
    (Fits::Doing, "a small first step on a long path at sunrise"),
    (Fits::Any, "an extreme close-up of one real detail"),
    (Fits::Doing, "a keystone being set into an arch, workshop light"),
    (
        Fits::Learning,
        "a row of connected elements, each leading to the next",
    ),
    (Fits::Any, "a calm desk beside a blurred busy crowd"),
    (Fits::Learning, "two similar objects side by side, symmetrical"),
    (Fits::Doing, "a handwritten checklist on paper with a pen"),
    (Fits::Any, "a curious person with a magnifying glass"),
    (Fits::Any, "a nearly empty shelf with one chosen object"),
    (Fits::Learning, "two friends talking, one explaining with hands"),
    (Fits::Doing, "an hourglass on a workbench, warm light"),
    (Fits::Any, "an experienced person and a beginner at one table"),
    (Fits::Learning, "two open books next to each other, bookmarks"),
    (
        Fits::Doing,
        "a person looking back over a winding path from a hill",
    ),
    (Fits::Any, "morning light on a notebook and a cup"),
    (Fits::Any, "hands beginning a task, motion, optimistic mood"),
];

/// What the opening image shows.
pub(super) const HOOK_IMAGE: &str = "one bold subject in the centre, dramatic opening shot";
/// What the closing image shows.
pub(super) const OUTRO_IMAGE: &str = "warm closing scene with open space, inviting mood";
