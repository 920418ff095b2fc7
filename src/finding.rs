//! What was noticed about the data while it was read and measured.
//!
//! A finding is a value that travels to the report; it never stops a run. Whatever stops a run is an error
//! of the room that met it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; no figure suffers.
    Info,
    /// A figure may suffer; look at it.
    Warning,
    /// Ground or a figure is missing; the run ends with exit code 1.
    Error,
}

/// The cure of what never ought to happen: that the program be mended.
pub fn our_fault() -> Words {
    crate::words!(
        "this is a fault of the program: report it with the layer, and do not use the figure",
        "这是程序的错误：请勿使用该数字，并附图层反馈"
    )
}

/// One thing noticed, with where it is and what to do about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code, kebab case, such as `ring-repaired`.
    pub code: Cow<'static, str>,
    /// How much it matters.
    pub severity: Severity,
    /// The layer (图层) it was noticed in: file name, and layer name where a file has several.
    pub layer: Option<String>,
    /// The feature (要素) it concerns, by the identifier of its layer.
    pub feature: Option<String>,
    /// The zone (乡镇) it concerns, by code.
    pub zone: Option<String>,
    /// What was noticed.
    pub sentence: Words,
    /// What would cure it.
    pub hint: Option<Words>,
    /// The area it concerns in square metres, where that can be said.
    pub area_m2: Option<f64>,
    /// How many features it stands for.
    pub count: u64,
}

impl Finding {
    /// A finding about nothing narrower than the run; narrow it with the `in_…` and `with_…` methods.
    pub fn new(code: &'static str, severity: Severity, sentence: Words) -> Self {
        Self {
            code: Cow::Borrowed(code),
            severity,
            layer: None,
            feature: None,
            zone: None,
            sentence,
            hint: None,
            area_m2: None,
            count: 1,
        }
    }

    /// Names the layer.
    pub fn in_layer(mut self, layer: impl Into<String>) -> Self {
        self.layer = Some(layer.into());
        self
    }

    /// Names the feature.
    pub fn of_feature(mut self, feature: impl Into<String>) -> Self {
        self.feature = Some(feature.into());
        self
    }

    /// Names the zone.
    pub fn in_zone(mut self, zone: impl Into<String>) -> Self {
        self.zone = Some(zone.into());
        self
    }

    /// Says what would cure it.
    pub fn with_hint(mut self, hint: Words) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Says how much ground it concerns.
    pub fn with_area_m2(mut self, area_m2: f64) -> Self {
        self.area_m2 = Some(area_m2);
        self
    }

    /// Says how many features it stands for.
    pub fn counting(mut self, count: u64) -> Self {
        self.count = count;
        self
    }
}

/// Things for a sentence: the first ten, and a mark where there are more.
pub fn listed<T: ToString>(things: impl IntoIterator<Item = T>) -> String {
    let mut things = things.into_iter().map(|thing| thing.to_string());
    let shown: Vec<String> = things.by_ref().take(10).collect();
    shown.join(", ") + things.next().map_or("", |_| ", …")
}
