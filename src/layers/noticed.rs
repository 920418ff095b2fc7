//! Findings on the features of a layer: what has no ground, what could not be read, what was left out.

use std::collections::BTreeMap;

use crate::attribute::Value;
use crate::finding::{Finding, Severity, listed};
use crate::layers::crowns::Crownless;
use crate::survey::Figure;
use crate::words;
use crate::words::{Words, foreign};

/// Most findings of one kind that name a feature each; the rest is counted.
const MOST_NAMED: usize = 1000;

/// Features that something is to be said of, by the identifiers that people find them by.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    /// What the features of the layer are.
    pub figure: Figure,
    /// Without geometry.
    pub empty: Vec<String>,
    /// Points and lines among polygons, and the like.
    pub of_other_kinds: Vec<String>,
    /// With a vertex that is no place; with the recorded area in square metres.
    pub dropped: Vec<(String, Option<f64>)>,
    /// GDAL could not read their geometry.
    pub unreadable: Vec<String>,
    /// What GDAL said of the first of those.
    pub fault: Option<String>,
    /// Recorded area of the unreadable ones, and of those without ground.
    pub lost_m2: (f64, f64),
    /// How many have arcs.
    pub curved: u64,
    /// How many the filter was asked about, and how many it let through; a filter of what another leaves over asks of none.
    pub filtered: (u64, u64),
    /// Values of fields that are added up, and are in no sum.
    pub odd: OddValues,
    /// Points of trees that have no crown.
    pub crownless: Crownless,
}

/// By field: how many values are of a kind, and the first of them.
type ByField = BTreeMap<String, (u64, String)>;

/// Values that are in no sum.
#[derive(Debug, Default)]
pub(super) struct OddValues {
    /// They are no numbers.
    pub not_numbers: ByField,
    /// They are negative, where numbers of people or things are wanted.
    pub negative: ByField,
}

impl OddValues {
    /// Counts a value among some of one kind.
    pub(super) fn note(of_kind: &mut ByField, field: &str, value: &Value) {
        of_kind.entry(field.to_owned()).or_insert_with(|| (0, value.to_string())).0 += 1;
    }

    fn join(&mut self, next: Self) {
        let both = [(&mut self.not_numbers, next.not_numbers), (&mut self.negative, next.negative)];
        for (here, next) in both {
            next.into_iter().for_each(|(field, (n, first))| here.entry(field).or_insert((0, first)).0 += n);
        }
    }

    fn findings(&self) -> impl Iterator<Item = Finding> {
        let not_numbers = self.not_numbers.iter().map(|(field, values)| not_numbers(field, values));
        not_numbers.chain(self.negative.iter().map(|(field, values)| negative(field, values)))
    }
}

impl Noticed {
    /// Nothing yet, of a layer of such features.
    pub(super) fn of(figure: Figure) -> Self {
        Self { figure, ..Self::default() }
    }

    /// This, followed by what was noticed in the next stretch of the layer.
    pub(super) fn then(mut self, mut next: Self) -> Self {
        self.empty.append(&mut next.empty);
        self.of_other_kinds.append(&mut next.of_other_kinds);
        self.dropped.append(&mut next.dropped);
        self.unreadable.append(&mut next.unreadable);
        self.fault = self.fault.or(next.fault);
        self.lost_m2.0 += next.lost_m2.0;
        self.lost_m2.1 += next.lost_m2.1;
        self.curved += next.curved;
        self.filtered.0 += next.filtered.0;
        self.filtered.1 += next.filtered.1;
        self.odd.join(next.odd);
        self.crownless.join(next.crownless);
        self
    }

    /// Says it.
    pub(super) fn findings(self, layer: &str) -> Vec<Finding> {
        let told = [
            empty(&self.empty).map(|f| with_lost(f, self.lost_m2.1)),
            of_other_kinds(&self.of_other_kinds, self.figure),
            unreadable(&self.unreadable, self.fault.as_deref().unwrap_or_default())
                .map(|f| with_lost(f, self.lost_m2.0)),
            curved(self.curved),
            nothing_selected(self.filtered),
        ];
        let findings = told.into_iter().flatten().chain(dropped(&self.dropped));
        let findings = findings.chain(self.odd.findings()).chain(self.crownless.findings());
        findings.map(|finding| finding.in_layer(layer)).collect()
    }
}

/// The finding with the area that was recorded of its features, where any was.
fn with_lost(finding: Finding, lost_m2: f64) -> Finding {
    if lost_m2 > 0.0 { finding.with_area_m2(lost_m2) } else { finding }
}

/// How many there are, and the first of them; `None` where there are none.
fn several(ids: &[String]) -> Option<(usize, String)> {
    (!ids.is_empty()).then(|| (ids.len(), listed(ids)))
}

fn empty(ids: &[String]) -> Option<Finding> {
    let (n, ids) = several(ids)?;
    let sentence = words!(
        "{n} features have no geometry and cover nothing: {ids}",
        "{n} 个要素没有几何，不计面积：{ids}"
    );
    let hint = words!("draw them, or delete them from the layer", "请补绘或从图层中删除");
    Some(Finding::new("geometry-empty", Severity::Warning, sentence).counting(n as u64).with_hint(hint))
}

fn nothing_selected((asked, accepted): (u64, u64)) -> Option<Finding> {
    let sentence = words!(
        "where selects none of the {asked} features; nothing of this layer is counted",
        "where 条件在 {asked} 个要素中一个也没有选中；该图层未计入任何面积"
    );
    let hint = words!(
        "compare it with values of the field; text stands in single quotes: '240'",
        "请与字段中的实际值核对；文本须加单引号，如 '240'"
    );
    let none = asked > 0 && accepted == 0;
    none.then(|| Finding::new("where-selects-nothing", Severity::Error, sentence).with_hint(hint))
}

fn of_other_kinds(ids: &[String], figure: Figure) -> Option<Finding> {
    let (n, ids) = several(ids)?;
    let (code, sentence) = match figure {
        Figure::Polygon => (
            "geometry-not-polygon",
            words!(
                "{n} features are points or lines and cover nothing: {ids}",
                "{n} 个要素是点或线，不计面积：{ids}"
            ),
        ),
        Figure::Line => (
            "geometry-not-line",
            words!(
                "{n} features are no lines and have no length: {ids}",
                "{n} 个要素不是线，不计长度：{ids}"
            ),
        ),
        Figure::Point => (
            "geometry-not-point",
            words!(
                "{n} features are no points and are not counted: {ids}",
                "{n} 个要素不是点，不计数：{ids}"
            ),
        ),
    };
    let hint = words!(
        "if they belong to the layer, draw them anew; else delete them",
        "若属于该图层请重新绘制，否则请删除"
    );
    Some(Finding::new(code, Severity::Warning, sentence).counting(n as u64).with_hint(hint))
}

fn not_numbers(field: &str, (n, first): &(u64, String)) -> Finding {
    let sentence = words!(
        "{n} values of {field} are no numbers and are in no sum; the first is {first}",
        "字段 {field} 有 {n} 个值不是数，未计入合计；首个为 {first}"
    );
    let hint = words!("mend the values, or add up another field", "请修正这些值，或改用其他字段");
    Finding::new("sum-not-number", Severity::Warning, sentence).counting(*n).with_hint(hint)
}

fn negative(field: &str, (n, first): &(u64, String)) -> Finding {
    let sentence = words!(
        "{n} values of {field} are negative and count as unknown; the first is {first}",
        "字段 {field} 有 {n} 个负值，按未填计；首个为 {first}"
    );
    let hint = words!("mend the values", "请修正这些值");
    Finding::new("number-negative", Severity::Warning, sentence).counting(*n).with_hint(hint)
}

fn unreadable(ids: &[String], cause: &str) -> Option<Finding> {
    let (n, ids) = several(ids)?;
    let sentence = Words::new(
        format!("{n} features could not be read and were left out: {ids} ({cause})"),
        format!("{n} 个要素无法读取，已剔除：{ids}；{}", foreign(cause)),
    );
    let hint = words!(
        "the file may be cut off; copy it again from its origin; their ground is missing from every figure",
        "文件可能不完整，请从来源重新拷贝；各项数字均未包含其范围"
    );
    Some(Finding::new("geometry-unreadable", Severity::Error, sentence).counting(n as u64).with_hint(hint))
}

fn curved(n: u64) -> Option<Finding> {
    let sentence = || {
        words!(
            "{n} features have arcs; they were made of chords within 1 mm",
            "{n} 个要素含圆弧，已按 1 毫米弦高误差折线化"
        )
    };
    (n > 0).then(|| Finding::new("curves-linearised", Severity::Info, sentence()).counting(n))
}

fn dropped(features: &[(String, Option<f64>)]) -> Vec<Finding> {
    let hint = || {
        words!(
            "repair the feature in its layer; its ground is missing from every figure",
            "请在图层中修正该要素；各项数字均未包含其范围"
        )
    };
    let error = |sentence| Finding::new("vertex-impossible", Severity::Error, sentence).with_hint(hint());
    let named = features.iter().take(MOST_NAMED).map(|(id, area_m2)| {
        let recorded = area_m2.map_or(String::new(), |m2| format!(" ({m2} m2)"));
        let sentence = words!(
            "feature {id} has a vertex that is not a number or absurdly far away; the feature was left out{recorded}",
            "要素 {id} 含非数值或远离地球的顶点，已剔除{recorded}"
        );
        Finding { area_m2: *area_m2, ..error(sentence).of_feature(id) }
    });
    let rest = features.len().checked_sub(MOST_NAMED).filter(|&n| n > 0).map(|rest| {
        let sentence = words!(
            "{rest} further features were left out for the same reason",
            "另有 {rest} 个要素因同样原因被剔除"
        );
        error(sentence).counting(rest as u64)
    });
    named.chain(rest).collect()
}
