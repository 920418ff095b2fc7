//! `measures.csv`: what was measured beside ground under classes, one row a quantity and place, and below them the
//! lines for information: what was left out, and figures under other readings.
//!
//! In: an analysis and a language. Out: CSV bytes, UTF-8 with a byte-order mark. Figures are shortest round-trip
//! decimals; nothing is rounded.

use std::collections::BTreeMap;

use crate::analysis::analyze::Analysis;
use crate::analysis::further::{Line, LineUnit};
use crate::fact::{Fact, Quantity};
use crate::indicators::{place_words, quantity_words, unit_words};
use crate::outputs::{csv_document, or_blank};
use crate::words;
use crate::words::{Lang, Words};

const HEADER: [(&str, &str); 10] = [
    ("row", "行别"),
    ("item", "指标代码"),
    ("place", "范围"),
    ("what", "内容"),
    ("value", "数值"),
    ("low", "下限"),
    ("high", "上限"),
    ("unit", "单位"),
    ("layers", "数据来源"),
    ("reading", "算法"),
];

/// The table; `None` where nothing of the kind was measured.
pub fn measures_csv(analysis: &Analysis, lang: Lang) -> Option<Vec<u8>> {
    let names: BTreeMap<String, String> =
        analysis.towns.iter().filter_map(|town| Some((town.code.clone(), town.name.clone()?))).collect();
    let say = |words: Words| words.say(lang).to_owned();
    let fact = |fact: &Fact| {
        vec![
            say(words!("measured", "统计量")),
            String::new(),
            say(place_words(&fact.place, &names)),
            say(quantity_words(fact.quantity)),
            fact.value.to_string(),
            fact.low.to_string(),
            fact.high.to_string(),
            say(unit_words(fact.unit)),
            fact.sources.join("; "),
            say(fact.how.clone()),
        ]
    };
    let line = |line: &Line| {
        vec![
            say(words!("for information", "参考")),
            line.item.to_owned(),
            say(place_words(&line.place, &names)),
            say(line.what.clone()),
            line.value.to_string(),
            or_blank(None::<f64>),
            or_blank(None::<f64>),
            say(line_unit(line.unit)),
            String::new(),
            String::new(),
        ]
    };
    let facts = analysis.facts.iter().filter(|fact| !of_classes(fact.quantity)).map(fact);
    let rows: Vec<Vec<String>> = facts.chain(analysis.lines.iter().map(line)).collect();
    let header = HEADER.map(|(en, zh)| Words::new(en, zh).say(lang).to_owned());
    (!rows.is_empty()).then(|| csv_document(&header, rows))
}

/// What `coverage.csv` has.
fn of_classes(quantity: Quantity) -> bool {
    use Quantity::{Canopy, Forest, Green, Ground, Park, Residents, TreeCover};
    matches!(quantity, Ground | Forest | TreeCover | Green | Canopy | Park | Residents)
}

fn line_unit(unit: LineUnit) -> Words {
    match unit {
        LineUnit::Metres => words!("m", "米"),
        LineUnit::SquareMetres => words!("m²", "平方米"),
        LineUnit::Percent => words!("%", "%"),
        LineUnit::Count => words!("(count)", "（个）"),
    }
}
