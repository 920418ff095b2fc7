//! Parts and their wholes: what lies within something by definition is no more of it than all.

use std::collections::HashMap;

use crate::fact::{Fact, Place, Quantity};
use crate::finding::{Finding, Severity};
use crate::indicators::{FigureUnit, PlaceLine, Verdict, quantity_words};
use crate::units::{is_more, part_of};
use crate::words;
use crate::words::Words;

/// What the data allow of a whole.
#[derive(Clone, Copy)]
struct Whole {
    value: f64,
    high: f64,
}

/// Takes rounding off the facts: of a part that is its whole, and of what the data allow of it, there is never more than
/// the whole. What is more by more than rounding stays as it was measured, for [`above_whole`] to tell.
pub(super) fn hold(facts: &mut [Fact]) {
    let wholes: HashMap<(Quantity, Place), Whole> = facts
        .iter()
        .map(|f| ((f.quantity, f.place.clone()), Whole { value: f.value, high: f.high }))
        .collect();
    for fact in facts {
        let within = fact.quantity.within().map(|whole| (whole, fact.place.clone()));
        let Some(whole) = within.and_then(|key| wholes.get(&key)) else { continue };
        fact.value = part_of(fact.value, whole.value);
        fact.low = part_of(fact.low, whole.value).min(fact.value);
        // An end is no measurement: however it was bounded, the whole bounds it, too.
        fact.high = fact.high.min(whole.high).max(fact.value);
    }
}

/// Shares that are more than a hundred per cent, of whatever they are told of.
pub(super) fn above_whole(verdicts: &[Verdict]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let lines = verdicts.iter().flat_map(|verdict| verdict.places().iter().map(move |line| (verdict, line)));
    for (verdict, line) in lines {
        let Some(finding) = told(verdict, line) else { continue };
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

fn told(verdict: &Verdict, line: &PlaceLine) -> Option<Finding> {
    let figure = line.figure.filter(|figure| figure.unit == FigureUnit::Percent)?;
    let (above, below) = line.numerator.zip(line.denominator)?;
    if !is_more(figure.value, 100.0) {
        return None;
    }
    let [part, whole] = [above, below].map(|operand| quantity_words(operand.quantity));
    let (code, place) = (&verdict.rule.code, &line.name);
    let (value, of) = (above.value, below.value);
    let pct = figure.value;
    let sentence = Words::new(
        format!(
            "{}: {pct:.4} % of `{code}`: {} {value:.2} is more than {} {of:.2}",
            place.en, part.en, whole.en
        ),
        format!("{}：`{code}` 为 {pct:.4} %：{} {value:.2} 大于{} {of:.2}", place.zh, part.zh, whole.zh),
    );
    let finding =
        Finding::new("share-above-whole", Severity::Warning, sentence).with_hint(why(below.quantity));
    Some(match &line.place {
        Place::Town(code) => finding.in_zone(code.clone()),
        _ => finding,
    })
}

/// How a part can be more than what it is told of.
fn why(whole: Quantity) -> Words {
    match whole {
        Quantity::GroundLessWetland => words!(
            "forest may stand on the wetland that is deducted (mangroves): deduct less in [natural_wetland], or say so \
             beside the figure",
            "扣除的自然湿地上可能有森林（如红树林）：请在 [natural_wetland] 中少扣，或在说明中注明"
        ),
        Quantity::Green => words!(
            "ground counts as tree crowns that does not count as green: have the classes with `canopy` count as `green`, too",
            "有些地类计入树冠而未计入绿化：请让计入 canopy 的类别同时计入 green"
        ),
        _ => words!(
            "the part lies within the whole by definition: both figures are to be doubted; look at the layers and tables of \
             this item",
            "按定义前者包含于后者，两个数值都存疑：请核对该项所用的图层和表格"
        ),
    }
}
