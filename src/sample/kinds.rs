//! The kinds of ground and what a survey says of the stand on each.
//!
//! Land classes are those of the provincial survey with three digits; species are written by name. The mix of kinds by
//! height is invented so that about 70 % of the county is forest.

use super::chance::Chance;
use crate::attribute::Value;
use crate::survey::layer::words;

/// A kind of ground: its land class, the trees on it, and what the survey says of them.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The land class (DI_LEI), three digits.
    pub code: &'static str,
    trees: Option<Trees>,
}

/// Dominant species (优势树种), least closure (郁闭度) and forest category (林种).
#[derive(Debug, Clone, Copy)]
struct Trees {
    species: &'static str,
    closure: f64,
    category: &'static str,
}

const fn stand(code: &'static str, species: &'static str, closure: f64, category: &'static str) -> Kind {
    Kind { code, trees: Some(Trees { species, closure, category }) }
}

const fn bare(code: &'static str) -> Kind {
    Kind { code, trees: None }
}

impl Kind {
    /// The kind of ground at a height of this rank: farmland below, a mixed foot, forest above.
    pub fn at(rank: f64, chance: Chance) -> Kind {
        match rank {
            r if r < 0.22 => chance.pick(LOW),
            r if r < 0.34 => chance.pick(FOOT),
            _ => chance.pick(SLOPE),
        }
    }

    /// LIN_ZHONG, YOU_SHI_SZ, QI_YUAN, YU_BI_DU, LING_ZU, PINGJUN_NL, SEN_LIN_LB, SSLX, SSZZS.
    pub fn stand(&self, chance: Chance) -> Vec<Value> {
        let Some(trees) = self.trees else {
            let mut values = vec![Value::Null; 7];
            let beside_houses = chance.unit() < 0.3;
            let count = (chance.at(1).unit() * 400.0) as i64;
            values.extend(if beside_houses {
                [words("2"), Value::Integer(count)]
            } else {
                [Value::Null, Value::Null]
            });
            return values;
        };
        let age = 3 + chance.at(1).below(45);
        let closure = ((trees.closure + 0.3 * chance.at(2).unit()) * 100.0).round() / 100.0;
        let public = chance.at(3).unit() < 0.4;
        vec![
            words(trees.category),
            words(trees.species),
            words(chance.at(4).pick(["11", "12", "21", "21", "22"])),
            Value::Real(closure),
            words(format!("{}", 1 + (age / 10).min(4))),
            Value::Integer(age as i64),
            words(if public { "012" } else { "022" }),
            Value::Null,
            Value::Null,
        ]
    }
}

const LOW: [Kind; 14] = [
    bare("910"),
    bare("910"),
    bare("910"),
    bare("910"),
    bare("910"),
    bare("910"),
    bare("910"),
    bare("930"),
    bare("950"),
    bare("950"),
    bare("940"),
    stand("961", "桉树", 0.3, "231"),
    stand("962", "油茶", 0.3, "255"),
    stand("963", "毛竹", 0.4, "231"),
];
const FOOT: [Kind; 12] = [
    bare("910"),
    stand("111", "桉树", 0.3, "231"),
    stand("112", "阔叶混交", 0.4, "111"),
    stand("130", "毛竹", 0.5, "231"),
    stand("200", "马尾松", 0.1, "231"),
    stand("301", "油茶", 0.4, "255"),
    stand("302", "灌木", 0.3, "111"),
    stand("401", "杉木", 0.1, "231"),
    bare("500"),
    bare("601"),
    bare("701"),
    bare("800"),
];
const SLOPE: [Kind; 16] = [
    stand("111", "马尾松", 0.4, "231"),
    stand("111", "马尾松", 0.5, "111"),
    stand("111", "杉木", 0.5, "231"),
    stand("111", "杉木", 0.4, "231"),
    stand("111", "桉树", 0.3, "231"),
    stand("111", "木荷", 0.5, "116"),
    stand("112", "针阔混交", 0.5, "111"),
    stand("112", "针阔混交", 0.4, "111"),
    stand("112", "阔叶混交", 0.6, "111"),
    stand("112", "阔叶混交", 0.5, "127"),
    stand("112", "针叶混交", 0.5, "111"),
    stand("130", "毛竹", 0.5, "231"),
    stand("130", "毛竹", 0.6, "231"),
    stand("301", "油茶", 0.4, "255"),
    stand("111", "杉木", 0.5, "231"),
    stand("302", "灌木", 0.3, "111"),
];
