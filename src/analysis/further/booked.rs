//! Patches that are booked under a town other than the one they lie in (图斑所属乡镇与所在乡镇不一致), and figures by the
//! towns that they are booked under, as the ledger (台账) has them.
//!
//! The books of a zone hold what lies in it, so figures by code stand beside them: each patch whole, as far as it lies in
//! any town, and ground under two patches twice, as it is when a ledger is added up. A town may so have more than its
//! ground.

use std::collections::BTreeMap;

use super::{Found, Line, LineUnit, Work};
use crate::analysis::towns::Towns;
use crate::analysis::{noticed, reading};
use crate::attribute::Value;
use crate::fact::Place;
use crate::finding::{Finding, Severity, listed};
use crate::geometry::area::AreaSum;
use crate::measure::MeasureError;
use crate::measure::coverage::{self, Plan, Reading};
use crate::measure::trail::Trail;
use crate::project::settings::{CoverSettings, Figure, ZoneFrom};
use crate::survey::Source;
use crate::units::SquareMetres;
use crate::words;
use crate::words::Words;

/// The figures that ledgers are added up to, and their items.
const FIGURES: [(Figure, &str); 2] =
    [(Figure::TreeCover, "tree-coverage"), (Figure::Forest, "forest-coverage")];
/// Most pairs of towns that are named.
const MOST_NAMED: usize = 10;
/// A pair of towns that shares less is not told, in square metres: borders are drawn twice.
const LEAST_M2: f64 = 100.0;

/// What patches booked under one town, or under a code of none, have.
type Sums<K> = BTreeMap<K, (AreaSum, u64)>;

/// What the patches of one cover have.
#[derive(Default)]
struct Books {
    /// By the town they are booked under and the town they lie in, by index, where these differ.
    elsewhere: Sums<(usize, usize)>,
    /// Under codes of no town; the empty one is of those that have none.
    unknown: Sums<String>,
    /// By town and figure.
    figures: BTreeMap<(usize, usize), AreaSum>,
}

/// Looks at the covers whose patches name their town.
pub(super) fn booked(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    for (at, source) in &work.inputs.further.booked {
        if let Some(cover) = work.inputs.project.covers.get(*at) {
            of_cover(work, cover, &**source, found)?;
        }
    }
    Ok(())
}

fn of_cover(
    work: &Work<'_, '_>,
    cover: &CoverSettings,
    source: &dyn Source,
    found: &mut Found,
) -> Result<(), MeasureError> {
    let project = work.inputs.project;
    let (towns, of) = work.zones_of(|place| matches!(place, Place::Town(_)));
    // A class is the figures that a value counts towards, a bit each; those of none are unmapped here.
    let figures_of = |value: &Value| {
        let class = reading::class_of(cover, value);
        let counts = |figure| class.is_some_and(|class| reading::counts(project, class, figure));
        FIGURES
            .iter()
            .enumerate()
            .map(|(bit, (figure, _))| usize::from(counts(*figure)) << bit)
            .sum::<usize>()
    };
    let reading_of = |value: &Value| match figures_of(value).checked_sub(1) {
        Some(class) => Reading::Class(class),
        None => Reading::Unmapped(0),
    };
    let plan = |values: &[Vec<Value>]| {
        let readings = values.iter().map(|values| values.iter().map(reading_of).collect()).collect();
        let classes = (1 << FIGURES.len()) - 1;
        Plan::new(classes, vec![(0..classes).collect()], Vec::new(), readings, 0)
    };
    let (measured, trail) =
        coverage::measure_traced(&[source], &towns, plan, work.area, work.room, work.watch)?;
    found.findings.extend(noticed::of_books(&measured, &towns));
    let zones = towns.zones().iter();
    let names: Vec<[&str; 2]> = zones.map(|zone| [zone.id(), zone.name().unwrap_or_default()]).collect();
    let by_name = Towns::of(towns.zones(), project.zones.prefix);
    let books = Books::of(&trail, |code| by_name.find(code));
    let name = |town: usize| {
        let [id, name] = names.get(town).copied().unwrap_or_default();
        if name.is_empty() { id } else { name }
    };
    found.findings.extend(books.elsewhere(work, &cover.name, name));
    found.findings.extend(books.unknown(work, &cover.name));
    if cover.zone_from == ZoneFrom::Attribute {
        let grounds = &measured.coverage.zones;
        let ground = |town: usize| grounds.get(town).map_or(0.0, |zone| work.m2(zone.ground));
        found.lines.extend(books.lines(work, cover, &of, ground));
    }
    Ok(())
}

impl Books {
    fn of(trail: &Trail, town_of: impl Fn(&str) -> Option<usize>) -> Self {
        let mut books = Self::default();
        let mut known: BTreeMap<&str, Option<usize>> = BTreeMap::new();
        for piece in &trail.pieces {
            let code = &*piece.id;
            let town = *known.entry(code).or_insert_with(|| town_of(code));
            let lies_in = piece.zone as usize;
            let Some(town) = town else {
                add(&mut books.unknown, code.trim().to_owned(), piece.gross);
                continue;
            };
            if town != lies_in {
                add(&mut books.elsewhere, (town, lies_in), piece.gross);
            }
            if let Reading::Class(class) = piece.reading {
                let counts = (0..FIGURES.len()).filter(|bit| (class + 1) >> bit & 1 == 1);
                counts.for_each(|figure| *books.figures.entry((town, figure)).or_default() += piece.gross);
            }
        }
        books
    }

    fn elsewhere<'n>(
        &self,
        work: &Work<'_, '_>,
        cover: &str,
        name: impl Fn(usize) -> &'n str,
    ) -> Vec<Finding> {
        let mut pairs: Vec<(f64, u64, [usize; 2])> = self
            .elsewhere
            .iter()
            .map(|(&(town, lies_in), &(sum, patches))| (work.m2(sum), patches, [town, lies_in]))
            .filter(|(m2, ..)| *m2 >= LEAST_M2)
            .collect();
        pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(&b.2)));
        let rest = pairs.split_off(pairs.len().min(MOST_NAMED));
        let hint = words!(
            "check the code of these patches, or the border; zone_from = \"attribute\" shows the figures by code",
            "请核对这些图斑的乡镇代码或乡镇界线；zone_from = \"attribute\" 另列按代码汇总的数字"
        );
        let named = pairs.iter().map(|&(m2, patches, [town, lies_in])| {
            let (ha, [town, lies_in]) = (SquareMetres(m2).hectares(), [name(town), name(lies_in)]);
            let sentence = words!(
                "{patches} patches booked under {town} have {ha:.2} ha in {lies_in}",
                "{patches} 个图斑代码属 {town}，却有 {ha:.2} 公顷位于 {lies_in}"
            );
            (m2, patches, sentence)
        });
        let more = (!rest.is_empty()).then(|| {
            let m2: f64 = rest.iter().map(|pair| pair.0).sum();
            let (n, ha) = (rest.len(), SquareMetres(m2).hectares());
            let sentence = words!(
                "{n} further pairs of towns have {ha:.2} ha booked under one that lie in the other",
                "另有 {n} 对乡镇，共 {ha:.2} 公顷代码与所在乡镇不一致"
            );
            (m2, rest.iter().map(|pair| pair.1).sum(), sentence)
        });
        let finding = |(m2, patches, sentence)| {
            let finding = Finding::new("town-code-elsewhere", Severity::Warning, sentence).in_layer(cover);
            finding.with_area_m2(m2).counting(patches).with_hint(hint.clone())
        };
        named.chain(more).map(finding).collect()
    }

    fn unknown(&self, work: &Work<'_, '_>, cover: &str) -> Option<Finding> {
        let mut codes: Vec<(f64, u64, &str)> =
            self.unknown.iter().map(|(code, (sum, n))| (work.m2(*sum), *n, code.as_str())).collect();
        codes.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.2.cmp(b.2)));
        let m2: f64 = codes.iter().map(|code| code.0).sum();
        let patches = codes.iter().map(|code| code.1).sum();
        let told = |empty: &str| {
            listed(codes.iter().map(|(m2, _, code)| {
                let code = if code.is_empty() { empty } else { code };
                format!("{code} ({:.2} ha)", SquareMetres(*m2).hectares())
            }))
        };
        let (en, zh, ha) = (told("(none)"), told("（空）"), SquareMetres(m2).hectares());
        let sentence = Words::new(
            format!("{patches} patches of {ha:.2} ha are booked under codes of no town: {en}"),
            format!("{patches} 个图斑（{ha:.2} 公顷）的乡镇代码不在乡镇图层中：{zh}"),
        );
        let hint = words!(
            "a code is that of a town as in [zones], its last three digits, or that of a village within; or it is the name",
            "代码须为 [zones] 中的乡镇代码、其后三位乡镇码或所辖村的代码；也可填乡镇名称"
        );
        let finding = Finding::new("town-code-unknown", Severity::Warning, sentence).in_layer(cover);
        (patches > 0).then(|| finding.with_area_m2(m2).counting(patches).with_hint(hint))
    }

    fn lines(
        &self,
        work: &Work<'_, '_>,
        cover: &CoverSettings,
        of: &[Place],
        ground: impl Fn(usize) -> f64,
    ) -> Vec<Line> {
        let (project, name) = (work.inputs.project, &cover.name);
        let mut lines = Vec::new();
        for (figure, (counted, item)) in FIGURES.into_iter().enumerate() {
            if !reading::can_count(project, cover, counted) {
                continue;
            }
            for (town, place) in of.iter().enumerate() {
                let m2 = work.m2(self.figures.get(&(town, figure)).copied().unwrap_or_default());
                let mut line =
                    |what, value, unit| lines.push(Line { item, place: place.clone(), what, value, unit });
                let what = words!(
                    "by the town codes of the patches of {name}, each counted whole",
                    "按 {name} 图斑自身乡镇代码汇总（整块计入）"
                );
                line(what, m2, LineUnit::SquareMetres);
                let ground = ground(town);
                let what = words!(
                    "by the town codes of the patches of {name}, % of the town's ground",
                    "按 {name} 图斑自身乡镇代码汇总，占乡镇面积"
                );
                if ground > 0.0 {
                    line(what, m2 / ground * 100.0, LineUnit::Percent);
                }
            }
        }
        lines
    }
}

fn add<K: Ord>(sums: &mut Sums<K>, key: K, gross: AreaSum) {
    let (sum, patches) = sums.entry(key).or_default();
    *sum += gross;
    *patches += 1;
}
