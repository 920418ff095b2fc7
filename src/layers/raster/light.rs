//! Which light the bands of an index are of, as far as their names tell: only infrared light tells plants well.

use crate::finding::{Finding, Severity};
use crate::words;

/// The light of a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Light {
    /// Near infrared, or red edge.
    Infrared,
    /// Red, green or blue.
    Visible,
    /// Nothing tells.
    Unknown,
}

const INFRARED: [&str; 6] = ["nir", "infrared", "rededge", "红外", "红边", "swir"];
const VISIBLE: [&str; 9] = ["red", "green", "blue", "r", "g", "b", "红", "绿", "蓝"];

impl Light {
    /// By the name that an expression has for a band, else by what the file says of it.
    pub(super) fn of(name: &str, said: &str) -> Self {
        match Self::of_text(name) {
            Self::Unknown => Self::of_text(said),
            light => light,
        }
    }

    fn of_text(text: &str) -> Self {
        let text = text.to_lowercase();
        let joined: String = text.chars().filter(|c| c.is_alphabetic()).collect();
        if INFRARED.iter().any(|word| joined.contains(word)) {
            return Self::Infrared;
        }
        let visible = |word: &str| VISIBLE.contains(&word.trim_end_matches("波段").trim_end_matches("光"));
        // `b1` is a number and not blue.
        let visible = text.split(|c: char| !c.is_alphanumeric()).any(visible);
        if visible { Self::Visible } else { Self::Unknown }
    }
}

/// What is to be said of an index over bands of these lights.
pub(super) fn finding(lights: &[Light]) -> Option<Finding> {
    if lights.contains(&Light::Infrared) {
        return None;
    }
    let visible = lights.iter().all(|light| *light == Light::Visible);
    let finding = if visible {
        let sentence = words!(
            "an index from visible light alone is weak evidence of green: water, shade and green roofs look alike",
            "仅由可见光波段计算的指数对绿化的证明力弱：水面、阴影、绿色屋面易混淆"
        );
        Finding::new("index-visible", Severity::Warning, sentence)
    } else {
        let sentence = words!(
            "nothing tells whether a band of the index is infrared; without one it is weak evidence of green",
            "无法判断指数所用波段是否含红外；若无红外波段，对绿化的证明力弱"
        );
        Finding::new("index-bands-unnamed", Severity::Warning, sentence)
    };
    Some(finding.with_hint(words!(
        "name the bands where there is an infrared one: bands = {{ nir = 4, red = 3 }}",
        "若有红外波段，请写明：bands = {{ nir = 4, red = 3 }}"
    )))
}
