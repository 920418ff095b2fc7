//! Findings on what measuring brought to light: repairs, overlaps, books that do not balance.

use std::collections::BTreeSet;

use crate::analysis::analyze::PlaceCoverage;
use crate::analysis::pieces::Pieces;
use crate::analysis::reading::ValueRow;
use crate::attribute::Value;
use crate::finding::{Finding, Severity, listed, our_fault};
use crate::measure::coverage::{Balance, Coverage, Measured, Reading};
use crate::measure::pairs::{Identical, Pair};
use crate::measure::patches::{Counts, Patches, Repaired};
use crate::prepare::Zones;
use crate::project::class_map::SchemeDoubt;
use crate::project::settings::{CoverClasses, Project};
use crate::words;

/// Most findings of one kind that name a feature each; the rest is counted.
const MOST_NAMED: usize = 1000;

/// On the patches: repaired rings, overlaps, covers that lie elsewhere.
pub fn of_patches(patches: &Patches, coverage: &Coverage) -> Vec<Finding> {
    let mut findings = repaired(patches);
    let overlaps = &coverage.overlaps;
    findings.extend(overlaps.identical.iter().take(MOST_NAMED).filter_map(|group| identical(patches, group)));
    findings.extend(overlaps.pairs.iter().map(|pair| overlap(patches, pair)));
    if overlaps.more > 0 || overlaps.cut_short {
        let more = overlaps.more;
        let (at_least_en, at_least_zh) = if overlaps.cut_short { ("at least ", "至少") } else { ("", "") };
        findings.push(
            Finding::new(
                "overlap-more",
                Severity::Warning,
                words!(
                    "{at_least_en}{more} further pairs of patches overlap and are not listed",
                    "另有{at_least_zh} {more} 对重叠图斑未列出"
                ),
            )
            .counting(more)
            .with_hint(words!(
                "--overlap-pairs N lists more of them; ground covered twice counts once in every figure",
                "可用 --overlap-pairs N 多列一些；重叠部分在各项数字中只计一次"
            )),
        );
    }
    findings.extend(patches.covers.iter().zip(&patches.counts).filter_map(|(c, n)| elsewhere(c, n)));
    findings
}

fn repaired(patches: &Patches) -> Vec<Finding> {
    let mut findings: Vec<Finding> = patches
        .repaired
        .iter()
        .take(MOST_NAMED)
        .map(|Repaired { patch, id, moved_m2 }| {
            let cover = &patches.covers[patch.cover()];
            Finding::new(
                "ring-repaired",
                Severity::Warning,
                words!(
                    "patch {id} crosses or covers itself; its ground was repaired by {moved_m2:+.2} m2",
                    "图斑 {id} 自相交或自重叠；已修复，面积变动 {moved_m2:+.2} 平方米"
                ),
            )
            .in_layer(cover)
            .of_feature(&**id)
            .with_area_m2(*moved_m2)
            .with_hint(words!(
                "the figures use the repaired ground; check the outline in the layer",
                "各项数字采用修复后的范围；请核对图层中的边界"
            ))
        })
        .collect();
    if let Some(rest) = patches.repaired.len().checked_sub(MOST_NAMED).filter(|&n| n > 0) {
        findings.push(
            Finding::new(
                "ring-repaired",
                Severity::Warning,
                words!("{rest} further patches were repaired", "另有 {rest} 个图斑经过修复"),
            )
            .counting(rest as u64)
            .with_hint(words!(
                "check the geometry of the layer in a GIS: their outlines cross or cover themselves",
                "请在 GIS 中对图层做几何检查：其边界自相交或自重叠"
            )),
        );
    }
    findings
}

fn overlap(patches: &Patches, pair: &Pair) -> Finding {
    let (a, b) = &pair.patches;
    let (cover_a, cover_b) = (&patches.covers[a.patch.cover()], &patches.covers[b.patch.cover()]);
    let area_m2 = pair.shared.area().ellipsoid.0;
    let (first, second) = (&a.id, &b.id);
    let layer = if cover_a == cover_b { cover_a.clone() } else { format!("{cover_a} / {cover_b}") };
    Finding::new(
        "overlap",
        Severity::Warning,
        words!(
            "patches {first} and {second} both cover {area_m2:.2} m2; it counts once",
            "图斑 {first} 与 {second} 重叠 {area_m2:.2} 平方米；只计一次"
        ),
    )
    .in_layer(layer)
    .of_feature(format!("{first}|{second}"))
    .with_area_m2(area_m2)
    .with_hint(words!("mend the border between the two in the layer", "请在图层中修正两图斑的边界"))
}

fn identical(patches: &Patches, group: &Identical) -> Option<Finding> {
    let first = group.patches.first()?;
    let cover = &patches.covers[first.patch.cover()];
    let n = group.patches.len();
    let area_m2 = group.ground.area().ellipsoid.0;
    let list = listed(group.patches.iter().map(|name| &name.id));
    let finding = Finding::new(
        "identical",
        Severity::Warning,
        words!(
            "{n} patches have one and the same ground of {area_m2:.2} m2; it counts once: {list}",
            "{n} 个图斑范围完全相同（{area_m2:.2} 平方米），只计一次：{list}"
        ),
    )
    .in_layer(cover)
    .of_feature(&*first.id)
    .with_area_m2(area_m2)
    .counting(n as u64)
    .with_hint(words!("keep one of them in the layer", "请在图层中只保留其中一个"));
    Some(finding)
}

fn elsewhere(cover: &str, counts: &Counts) -> Option<Finding> {
    let Counts { read, elsewhere } = *counts;
    (elsewhere > 0).then(|| {
        let severity = if elsewhere == read { Severity::Error } else { Severity::Info };
        Finding::new(
            "patches-elsewhere",
            severity,
            words!(
                "{elsewhere} of {read} patches lie far from every zone",
                "{read} 个图斑中有 {elsewhere} 个远离所有分区"
            ),
        )
        .in_layer(cover)
        .counting(elsewhere)
        .with_hint(words!(
            "if they ought to lie in the zones, check the CRS that the layer declares, or give `crs`",
            "若应位于分区内，请检查图层所写的坐标系，或用 crs 指定"
        ))
    })
}

/// On the books: an error for every zone and stratum whose parts do not add up to it.
pub fn of_balance(unbalanced: &[Balance], zones: &Zones) -> Vec<Finding> {
    let error = |balance: &Balance| {
        let (residual_m2, tolerance_m2) = (balance.residual_plane_m2, balance.tolerance_m2);
        Finding::new("books-unbalanced", Severity::Error, words!(
            "classes and rest differ from the zone by {residual_m2:.4} m2 (tolerated: {tolerance_m2:.4}); do not use its figures",
            "各类与其余之和与分区面积相差 {residual_m2:.4} 平方米（容差 {tolerance_m2:.4}）；该分区数字不可用"
        ))
        .in_zone(zones.zones().get(balance.zone).map_or("", |zone| zone.id()))
        .with_area_m2(residual_m2)
        .with_hint(our_fault())
    };
    unbalanced.iter().map(error).collect()
}

/// The same of what was measured in some zones.
pub fn of_books(measured: &Measured, zones: &Zones) -> Vec<Finding> {
    of_balance(&measured.coverage.unbalanced(&measured.plan), zones)
}

/// A patch and the sum of its parts may differ by rounding only: by less than this many square metres.
const PARTS_M2: f64 = 1e-4;

/// On patches whose parts do not add up to them.
pub fn of_parts(patches: &Patches) -> Option<Finding> {
    let residual_m2 = patches.parts_residual_m2;
    let sentence = || {
        words!(
            "the parts of a patch differ from it by {residual_m2:.4} m2; do not use the figures",
            "有图斑的各部分之和与其面积相差 {residual_m2:.4} 平方米；各项数字不可用"
        )
    };
    let holds = residual_m2 <= PARTS_M2;
    (!holds).then(|| {
        Finding::new("parts-unbalanced", Severity::Error, sentence())
            .with_area_m2(residual_m2)
            .with_hint(our_fault())
    })
}

/// On pieces that do not add up to the table.
pub fn of_pieces<'a>(
    zones: &'a Zones,
    pieces: &'a Pieces,
    unbalanced: &'a BTreeSet<(usize, Reading)>,
) -> impl Iterator<Item = Finding> + 'a {
    unbalanced.iter().map(|(zone, reading)| {
        let [_, class] = pieces.ground(*reading);
        Finding::new(
            "pieces-unbalanced",
            Severity::Error,
            words!(
                "the pieces of class {class} do not add up to its row of the table; do not use the audit trail",
                "类 {class} 的明细之和与表中数字不符；明细不可用"
            ),
        )
        .in_zone(zones.zones()[*zone].id())
        .with_hint(words!(
            "report this with the data; it is a fault of the program",
            "这是程序的错误，请连同数据一并报告"
        ))
    })
}

/// On zones that share ground.
pub fn of_zone_overlaps(zones: &Zones, layer: &str, overlaps: &[((usize, usize), f64)]) -> Vec<Finding> {
    overlaps
        .iter()
        .map(|&((a, b), area_m2)| {
            let (a, b) = (zones.zones()[a].id(), zones.zones()[b].id());
            Finding::new(
                "zones-overlap",
                Severity::Warning,
                words!(
                    "zones {a} and {b} overlap by {area_m2:.2} m2; each is measured whole",
                    "分区 {a} 与 {b} 重叠 {area_m2:.2} 平方米；各自按完整范围统计"
                ),
            )
            .in_layer(layer)
            .in_zone(a)
            .with_area_m2(area_m2)
            .with_hint(words!(
                "mend the boundaries; all zones together are measured as one union",
                "请修正边界；各分区合计按并集计算，不重复计"
            ))
        })
        .collect()
}

/// On class values as they were met and as they were read.
pub fn of_values(project: &Project, met: &[Vec<Value>], read: &[ValueRow]) -> Vec<Finding> {
    let mut findings = of_class_maps(project, met);
    findings.extend(of_unread_values(project, read));
    findings.extend(of_mixed_values(project, read));
    findings
}

/// On class values that mix ground of a figure with other ground.
fn of_mixed_values(project: &Project, values: &[ValueRow]) -> Vec<Finding> {
    let mixed = |row: &ValueRow| {
        let class = project.classes.get(row.class?)?;
        (row.features > 0 && !class.may_count_as.is_empty()).then_some(class)
    };
    let finding = |row: &ValueRow| {
        let class = mixed(row)?;
        let (value, features, ha) = (&row.value, row.features, row.gross_m2.hectares());
        let (en, zh) = (&class.name.en, &class.name.zh);
        let sentence = words!(
            "the value {value} ({en}) mixes kinds: what of its {features} patches of {ha:.2} ha counts cannot be told, and \
             figures that it may count towards are ranges",
            "值 {value}（{zh}）为混合地类：{features} 个图斑（{ha:.2} 公顷）中计入多少无法判断，相关指标按区间给出"
        );
        let hint = words!(
            "map the patches that do count to a class of their own, such as `park`, by a cover with where = … or by another layer",
            "请用 where 条件或另一图层，把应计入的图斑对应到单独的类别（如 `park`）"
        );
        let finding = Finding::new("class-mixed", Severity::Warning, sentence).with_hint(hint);
        let cover = &project.covers.get(row.cover)?.name;
        Some(finding.in_layer(cover).with_area_m2(row.gross_m2.0).counting(features))
    };
    values.iter().filter_map(finding).collect()
}

/// On class values that nothing maps, or that could mean several things.
fn of_unread_values(project: &Project, values: &[ValueRow]) -> Vec<Finding> {
    let unread = values.iter().filter(|row| row.class.is_none() && row.features > 0);
    unread.map(|row| {
        let cover = &project.covers[row.cover].name;
        let (value, features, m2) = (&row.value, row.features, row.gross_m2.0);
        let ha = row.gross_m2.hectares();
        let finding = match (row.value == Value::Null, row.candidates.as_slice()) {
            (true, _) => Finding::new("class-null", Severity::Warning, words!(
                "{features} patches of {ha:.2} ha have no class value; their ground is unmapped",
                "{features} 个图斑（{ha:.2} 公顷）无地类值，计为未识别"
            )),
            (false, []) => Finding::new("class-unmapped", Severity::Warning, words!(
                "nothing maps the value {value}: {features} patches of {ha:.2} ha are unmapped",
                "值 {value} 未对应任何类：{features} 个图斑（{ha:.2} 公顷）计为未识别"
            ))
            .with_hint(words!(
                "map it in the cover's map, or name the scheme it belongs to",
                "请在该图层的 map 中为其指定类别，或注明所用编码体系"
            )),
            (false, candidates) => {
                let list: Vec<String> =
                    candidates.iter().map(|c| format!("{} {} = {}", c.scheme, c.code, c.class)).collect();
                let list = list.join("; ");
                Finding::new("class-ambiguous", Severity::Warning, words!(
                    "the value {value} ({features} patches, {ha:.2} ha) could mean: {list}; it is not guessed",
                    "值 {value}（{features} 个图斑，{ha:.2} 公顷）可有多种含义：{list}；程序不作猜测"
                ))
                .with_hint(words!(
                    "say which: a rule in the cover's map, its scheme, or leading_zeros = \"lost\"",
                    "请说明：在 map 中写规则、注明 scheme，或写 leading_zeros = \"lost\""
                ))
            }
        };
        finding.in_layer(cover).with_area_m2(m2).counting(features)
    })
    .collect()
}

/// On towns that no cover reaches: their shares are missing, not nought.
pub fn of_unsurveyed(towns: &[PlaceCoverage]) -> Option<Finding> {
    let none: Vec<&PlaceCoverage> = towns.iter().filter(|t| t.is_unsurveyed()).collect();
    let names: Vec<&str> = none.iter().take(10).map(|t| t.name.as_deref().unwrap_or(&t.code)).collect();
    let (n, list) = (none.len(), names.join(", "));
    let more = if n > names.len() { ", …" } else { "" };
    let area_m2: f64 = none.iter().map(|t| t.unsurveyed.ellipsoid.0).sum();
    (n > 0).then(|| {
        Finding::new(
            "zone-unsurveyed",
            Severity::Warning,
            words!(
                "no cover has any patch in {n} zones; they have no share: {list}{more}",
                "{n} 个分区内没有任何图斑，无法给出比率：{list}{more}"
            ),
        )
        .with_area_m2(area_m2)
        .counting(n as u64)
        .with_hint(words!("check how far the covers reach", "请核对覆盖图层的范围"))
    })
}

/// On class maps that do not fit their field: rules that name values which are not there, and a scheme that reads
/// less than half of them where another reads more.
fn of_class_maps(project: &Project, values: &[Vec<Value>]) -> Vec<Finding> {
    let covers = project.covers.iter().zip(values);
    covers
        .flat_map(|(cover, seen)| match &cover.classes {
            CoverClasses::Whole { .. } => Vec::new(),
            CoverClasses::ByField { map, .. } => {
                let unmatched =
                    map.unmatched(seen).into_iter().map(|(rule, near)| unmatched_rule(&rule, near));
                let doubt = map.scheme_fit(seen).map(|doubt| doubtful_scheme(&doubt));
                unmatched.chain(doubt).map(|finding| finding.in_layer(&cover.name)).collect()
            }
        })
        .collect()
}

fn unmatched_rule(rule: &str, near: Option<String>) -> Finding {
    let finding = Finding::new(
        "map-unmatched",
        Severity::Warning,
        words!("map names {rule}, which no feature has", "map 中的 {rule} 在图层中没有任何要素"),
    );
    match near {
        Some(near) => finding.with_hint(words!("did you mean \"{near}\"?", "是否应为“{near}”？")),
        None => finding,
    }
}

fn doubtful_scheme(doubt: &SchemeDoubt) -> Finding {
    let SchemeDoubt { scheme, values, reads, better } = doubt;
    let (other, more) = (better.scheme, better.reads + better.reads_with_zero);
    Finding::new(
        "scheme-doubtful",
        Severity::Warning,
        words!(
            "scheme {scheme} reads {reads} of {values} different values; {other} would read {more}",
            "编码体系 {scheme} 只能识别 {values} 个不同值中的 {reads} 个；{other} 可识别 {more} 个"
        ),
    )
    .with_hint(words!("check the cover's scheme", "请核对该图层的 scheme"))
}
