//! Lengths of lines and counts of points as CSV, as JSON and as a table for the terminal.

use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Map, Value as Json, json};

use crate::analysis::tally::{Sum, Tallied, Tally};
use crate::attribute::Amount;
use crate::geometry::length::LengthSum;
use crate::measure::lines::Run;
use crate::outputs::tabulation::Preamble;
use crate::outputs::{json_document, plain_csv, share_pct};
use crate::project::settings::AreaKind;
use crate::words::Lang;

/// A table of places and classes.
pub struct Sheet<'a> {
    columns: Vec<Column>,
    /// Zone, name, and by class the figures.
    places: Vec<(&'a str, Option<&'a str>, Rows<'a>)>,
    whole: Rows<'a>,
    findings: &'a [crate::finding::Finding],
}

/// Classes with their figures.
type Rows<'a> = Vec<(&'a str, Vec<Figure>)>;

/// A column of figures: its name in CSV and JSON, and for people.
struct Column {
    name: String,
    shown: [String; 2],
    /// Whether it stands in JSON only.
    aside: bool,
}

/// A figure.
#[derive(Debug, Clone, Copy)]
enum Figure {
    Metres(f64),
    Percent(Option<f64>),
    Count(u64),
    Amount(Amount),
}

impl Figure {
    fn exact(self) -> String {
        match self {
            Self::Metres(metres) => metres.to_string(),
            Self::Percent(share) => share.map_or(String::new(), |share| share.to_string()),
            Self::Count(count) => count.to_string(),
            Self::Amount(amount) => amount.to_string(),
        }
    }

    /// Kilometres to the metre, shares to two decimals.
    fn rounded(self) -> String {
        match self {
            Self::Metres(metres) => format!("{:.3}", metres / 1000.0),
            Self::Percent(share) => share.map_or(String::new(), |share| format!("{share:.2}")),
            other => other.exact(),
        }
    }

    fn json(self) -> Json {
        match self {
            Self::Metres(metres) => json!(metres),
            Self::Percent(share) => json!(share),
            Self::Count(count) => json!(count),
            Self::Amount(amount) => json!(amount.number()),
        }
    }
}

fn column(name: &str, en: &str, zh: &str) -> Column {
    Column { name: name.to_owned(), shown: [en.to_owned(), zh.to_owned()], aside: false }
}

/// The lengths of lines: `zone,class,length_m,share_pct,features`. The share is that of all lines in the zone.
pub fn lines(tallied: &Tallied<Run>, kind: AreaKind) -> Sheet<'_> {
    let metres = |sum: LengthSum| match kind {
        AreaKind::Ellipsoid => sum.length().ellipsoid.0,
        AreaKind::Plane => sum.length().plane.0,
    };
    let rows = |rows: &'_ [(String, Run)]| -> Vec<Vec<Figure>> {
        let mut whole = LengthSum::ZERO;
        rows.iter().for_each(|(_, run)| whole += run.length);
        let figures = |(_, run): &(String, Run)| {
            let length = metres(run.length);
            vec![
                Figure::Metres(length),
                Figure::Percent(share_pct(length, metres(whole))),
                Figure::Count(run.features),
                Figure::Metres(run.length.length().plane.0),
            ]
        };
        rows.iter().map(figures).collect()
    };
    let columns = vec![
        column("length_m", "length km", "长度（千米）"),
        column("share_pct", "share %", "占比（%）"),
        column("features", "features", "要素数"),
        Column { aside: true, ..column("plane_m", "", "") },
    ];
    sheet(tallied, columns, rows)
}

/// The counts of points: `zone,class,count`, and for every attribute `sum_…` and `null_…`.
pub fn points<'a>(tallied: &'a Tallied<Tally>, attributes: &[String]) -> Sheet<'a> {
    let rows = |rows: &[(String, Tally)]| -> Vec<Vec<Figure>> {
        let sums = |Sum { amount, nulls }: &Sum| [Figure::Amount(*amount), Figure::Count(*nulls)];
        let figures = |(_, tally): &(String, Tally)| {
            std::iter::once(Figure::Count(tally.count)).chain(tally.sums.iter().flat_map(sums)).collect()
        };
        rows.iter().map(figures).collect()
    };
    let mut columns = vec![column("count", "count", "个数")];
    for name in attributes {
        columns.push(column(&format!("sum_{name}"), &format!("sum of {name}"), &format!("{name} 合计")));
        columns.push(column(&format!("null_{name}"), &format!("without {name}"), &format!("{name} 为空")));
    }
    sheet(tallied, columns, rows)
}

fn sheet<'a, T>(
    tallied: &'a Tallied<T>,
    columns: Vec<Column>,
    figures: impl Fn(&[(String, T)]) -> Vec<Vec<Figure>>,
) -> Sheet<'a> {
    let named = |rows: &'a [(String, T)]| -> Rows<'a> {
        rows.iter().map(|(class, _)| class.as_str()).zip(figures(rows)).collect()
    };
    let places = tallied.places.iter().map(|p| (p.zone.as_str(), p.name.as_deref(), named(&p.rows)));
    Sheet { places: places.collect(), whole: named(&tallied.whole), columns, findings: &tallied.findings }
}

impl Sheet<'_> {
    /// Decimals are the shortest that read back the same; sums have all of theirs.
    pub fn csv(&self) -> Vec<u8> {
        let names = self.columns.iter().filter(|column| !column.aside).map(|column| column.name.clone());
        let mut lines: Vec<Vec<String>> =
            vec![["zone", "class"].map(str::to_owned).into_iter().chain(names).collect()];
        for (zone, _, rows) in &self.places {
            lines.extend(rows.iter().map(|(class, figures)| {
                let figures = self.shown(figures).map(Figure::exact);
                [(*zone).to_owned(), (*class).to_owned()].into_iter().chain(figures).collect()
            }));
        }
        plain_csv(lines)
    }

    /// The figures that do not stand in JSON only.
    fn shown<'f>(&'f self, figures: &'f [Figure]) -> impl Iterator<Item = Figure> + 'f {
        let shown = self.columns.iter().zip(figures).filter(|(column, _)| !column.aside);
        shown.map(|(_, figure)| *figure)
    }

    fn object(&self, class: &str, figures: &[Figure]) -> Json {
        let mut object = Map::new();
        object.insert("class".to_owned(), json!(class));
        let figures = self.columns.iter().zip(figures);
        object.extend(figures.map(|(column, figure)| (column.name.clone(), figure.json())));
        Json::Object(object)
    }

    /// The same with plane lengths, what the whole layer comes to, and the findings.
    pub fn json(&self, preamble: &Preamble) -> Vec<u8> {
        let objects = |rows: &[(&str, Vec<Figure>)]| -> Vec<Json> {
            rows.iter().map(|(class, figures)| self.object(class, figures)).collect()
        };
        let zones: Vec<Json> = self
            .places
            .iter()
            .map(|(zone, name, rows)| json!({ "zone": zone, "name": name, "rows": objects(rows) }))
            .collect();
        let mut document = Map::new();
        if let Ok(Json::Object(preamble)) = serde_json::to_value(preamble) {
            document.extend(preamble);
        }
        document.insert("zones".to_owned(), json!(zones));
        document.insert("layer".to_owned(), json!(objects(&self.whole)));
        document.insert("findings".to_owned(), json!(self.findings));
        json_document(&document)
    }

    /// For people.
    pub fn table(&self, lang: Lang) -> String {
        let (zone, name, class, language) = match lang {
            Lang::En => ("zone", "name", "class", 0),
            Lang::Zh => ("代码", "名称", "类", 1),
        };
        let named = self.places.iter().any(|(_, name, _)| name.is_some());
        let columns = self.columns.iter().filter(|column| !column.aside);
        let mut table = Table::new();
        table.load_style(presets::UTF8_BORDERS_ONLY);
        let words = [Some(zone), named.then_some(name), Some(class)].into_iter().flatten();
        table.set_header(words.chain(columns.map(|column| column.shown[language].as_str())));
        for (zone, name, rows) in &self.places {
            for (class, figures) in rows {
                let words = [Some(*zone), named.then(|| name.unwrap_or("")), Some(class)];
                let left = words.into_iter().flatten().map(comfy_table::Cell::new);
                let right = |figure: Figure| {
                    comfy_table::Cell::new(figure.rounded()).set_alignment(CellAlignment::Right)
                };
                table.add_row(left.chain(self.shown(figures).map(right)));
            }
        }
        format!("{table}\n")
    }
}
