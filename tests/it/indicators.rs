//! The standard and its evaluator: case files a surveyor can read, and what must hold of every rule shipped.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use sencheng::fact::{Fact, Place, Quantity, Unit};
use sencheng::indicators::{
    Circumstances, Confidence, Confirmation, Declared, Gap, IndicatorError, JudgeBy, Judged, Measure,
    Outcome, PlaceLine, Reading, Rule, Standard, Threshold, Verdict, by_confirmation, judge,
    parse_confirmations, purposes, record, standard_names, standard_text, tally, to_toml, unused,
};
use sencheng::outputs::gaps_csv::gaps_csv;
use sencheng::outputs::indicators_csv::indicators_csv;
use sencheng::outputs::summary::verdicts as verdict_tables;
use sencheng::terrain::Terrain;
use sencheng::units::SquareMetres;
use sencheng::words::{Lang, Words};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    title: String,
    standard: String,
    annual_precipitation_mm: Option<f64>,
    terrain: Option<Terrain>,
    #[serde(default)]
    town_terrain: BTreeMap<String, Terrain>,
    #[serde(default)]
    town_names: BTreeMap<String, String>,
    #[serde(default)]
    urban_towns: Vec<String>,
    #[serde(default)]
    fact: Vec<CaseFact>,
    #[serde(default)]
    declared: Vec<CaseDeclared>,
    #[serde(default)]
    confirmation: Vec<Confirmation>,
    expect: Vec<Expected>,
    tally: Option<ExpectedTally>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFact {
    quantity: Quantity,
    place: CasePlace,
    area_ha: Option<f64>,
    area_m2: Option<f64>,
    low_ha: Option<f64>,
    high_ha: Option<f64>,
    persons: Option<f64>,
    length_km: Option<f64>,
    low_km: Option<f64>,
    high_km: Option<f64>,
    trees: Option<f64>,
    places: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CasePlace {
    County,
    Urban,
    Town(String),
    TownBuiltUp(String),
    Villages(String),
    WaterSource(String),
    CarParks,
    DamagedLand,
    Village(String),
    Streets,
    Suburbs,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseDeclared {
    item: String,
    value: Option<f64>,
    passed: Option<bool>,
    official: Option<f64>,
    evidence: String,
    date: Option<String>,
    #[serde(default)]
    judge_by: JudgeBy,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    code: String,
    outcome: String,
    mark: Option<String>,
    reason: Option<String>,
    basis: Option<String>,
    value: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
    limit: Option<f64>,
    at: Option<String>,
    band: Option<String>,
    gap_ha: Option<f64>,
    gap_mu: Option<f64>,
    gap: Option<f64>,
    gap_low: Option<f64>,
    gap_high: Option<f64>,
    difference: Option<f64>,
    declared_outcome: Option<String>,
    computed_outcome: Option<String>,
    requirement: Option<String>,
    clause: Option<String>,
    places: Option<Vec<ExpectedPlace>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedPlace {
    name: String,
    decides: bool,
    outcome: String,
    value: Option<f64>,
    limit: Option<f64>,
    gap: Option<f64>,
    gap_ha: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
#[derive(Default)]
struct ExpectedTally {
    items: usize,
    met: usize,
    met_unconfirmed: usize,
    not_met: usize,
    cannot_tell: usize,
    not_measurable: usize,
}

impl CaseFact {
    /// Nothing measured yet.
    fn of(quantity: Quantity, place: CasePlace) -> Self {
        CaseFact {
            quantity,
            place,
            area_ha: None,
            area_m2: None,
            low_ha: None,
            high_ha: None,
            persons: None,
            length_km: None,
            low_km: None,
            high_km: None,
            trees: None,
            places: None,
        }
    }

    fn fact(self) -> Fact {
        let given = [
            (self.area_ha, 1e4, Unit::SquareMetres),
            (self.area_m2, 1.0, Unit::SquareMetres),
            (self.persons, 1.0, Unit::Persons),
            (self.length_km, 1e3, Unit::Metres),
            (self.trees, 1.0, Unit::Trees),
            (self.places, 1.0, Unit::Places),
        ];
        let mut given = given.into_iter().filter_map(|(value, times, unit)| Some((value? * times, unit)));
        let (Some((value, unit)), None) = (given.next(), given.next()) else {
            panic!("a fact has one of area_ha, area_m2, persons, length_km, trees, places")
        };
        let place = match self.place {
            CasePlace::County => Place::County,
            CasePlace::Urban => Place::Urban,
            CasePlace::Town(code) => Place::Town(code),
            CasePlace::TownBuiltUp(code) => Place::TownBuiltUp(code),
            CasePlace::Villages(code) => Place::Villages(code),
            CasePlace::WaterSource(id) => Place::WaterSource(id),
            CasePlace::CarParks => Place::CarParks,
            CasePlace::DamagedLand => Place::DamagedLand,
            CasePlace::Village(code) => Place::Village(code),
            CasePlace::Streets => Place::Streets,
            CasePlace::Suburbs => Place::Suburbs,
        };
        Fact {
            quantity: self.quantity,
            place,
            value,
            low: self.low_ha.map(|ha| ha * 1e4).or(self.low_km.map(|km| km * 1e3)).unwrap_or(value),
            high: self.high_ha.map(|ha| ha * 1e4).or(self.high_km.map(|km| km * 1e3)).unwrap_or(value),
            unit,
            how: Words::new("as the case file says", "见用例文件"),
            sources: vec!["case.gpkg".to_owned()],
            as_of: Some("2026-06-30".to_owned()),
        }
    }
}

impl From<CaseDeclared> for Declared {
    fn from(case: CaseDeclared) -> Self {
        let CaseDeclared { item, value, passed, official, evidence, date, judge_by } = case;
        Declared { item, value, passed, official, evidence, date, judge_by, ..Declared::default() }
    }
}

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/indicators");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A gap of ground.
fn ground(gap: Option<Gap>) -> Option<SquareMetres> {
    gap.and_then(Gap::ground)
}

/// The outcome's name as JSON and case files have it.
fn kind(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Met => "met",
        Outcome::NotMet => "not_met",
        Outcome::CannotTell { .. } => "cannot_tell",
        Outcome::NotMeasurable { .. } => "not_measurable",
    }
}

/// Everything in which a verdict differs from what was expected, one line each.
struct Differences<'a> {
    of: String,
    found: &'a mut Vec<String>,
}

impl Differences<'_> {
    fn text(&mut self, what: &str, wanted: &Option<String>, got: Option<&str>) {
        if wanted.is_some() && wanted.as_deref() != got {
            self.found.push(format!("{}: {what} is {got:?}, not {wanted:?}", self.of));
        }
    }

    fn number(&mut self, what: &str, wanted: Option<f64>, got: Option<f64>) {
        let Some(wanted) = wanted else { return };
        if !got.is_some_and(|got| (got - wanted).abs() <= 1e-9 * wanted.abs().max(1.0)) {
            self.found.push(format!("{}: {what} is {got:?}, not {wanted}", self.of));
        }
    }

    fn gap(&mut self, wanted: Option<f64>, got: Option<Gap>) {
        self.number("gap", wanted, got.map(|gap| gap.value));
        let Some(gap) = got else { return };
        if !(gap.low <= gap.value || gap.low <= gap.high) || gap.low < 0.0 {
            self.found.push(format!("{}: the gap is {gap:?}", self.of));
        }
    }

    fn verdict(&mut self, wanted: &Expected, verdict: &Verdict) {
        let (computed, declared) = (verdict.computed.as_ref(), verdict.declared.as_ref());
        let figure = computed.map(|c| c.figure);
        let basis = format!("{:?}", verdict.basis).to_lowercase();
        self.text("outcome", &Some(wanted.outcome.clone()), Some(kind(&verdict.outcome)));
        self.text("mark", &wanted.mark, Some(verdict.mark().say(Lang::Zh)));
        self.text("basis", &wanted.basis, Some(&basis));
        self.text("band", &wanted.band, verdict.band.as_ref().map(|b| b.en.as_str()));
        self.text("requirement", &wanted.requirement, Some(&verdict.requirement.zh));
        self.text("clause", &wanted.clause, verdict.rule.clause.as_ref().map(|c| c.number.as_str()));
        self.text("computed outcome", &wanted.computed_outcome, computed.map(|c| kind(&c.outcome)));
        self.text("declared outcome", &wanted.declared_outcome, declared.map(|d| kind(&d.outcome)));
        self.number("value", wanted.value, verdict.value());
        self.number("low", wanted.low, figure.map(|f| f.low));
        self.number("high", wanted.high, figure.map(|f| f.high));
        self.number("limit", wanted.limit, verdict.limit);
        self.text("place of the figure", &wanted.at, computed.map(|c| c.name.zh.as_str()));
        self.number("gap in ha", wanted.gap_ha, ground(verdict.gap()).map(|gap| gap.hectares()));
        self.number("gap in mu", wanted.gap_mu, ground(verdict.gap()).map(|gap| gap.mu()));
        self.number("difference", wanted.difference, declared.and_then(|d| d.difference));
        let reason = verdict.outcome.reason().unwrap_or(Words::new("", "")).zh;
        if !wanted.reason.iter().all(|part| reason.contains(part.as_str())) {
            self.found.push(format!("{}: the reason is {reason}", self.of));
        }
        self.gap(wanted.gap, verdict.gap());
        self.number("least gap", wanted.gap_low, verdict.gap().map(|gap| gap.low));
        self.number("largest gap", wanted.gap_high, verdict.gap().map(|gap| gap.high));
        if verdict.outcome == Outcome::Met && verdict.gap().is_some() {
            self.found.push(format!("{}: a gap, and yet met", self.of));
        }
        if let Some(places) = &wanted.places {
            self.places(places, verdict.places());
        }
    }

    fn places(&mut self, wanted: &[ExpectedPlace], got: &[PlaceLine]) {
        if wanted.len() != got.len() {
            self.found.push(format!("{}: {} places, not {}", self.of, got.len(), wanted.len()));
        }
        for (wanted, got) in wanted.iter().zip(got) {
            self.text("place", &Some(wanted.name.clone()), Some(got.name.say(Lang::Zh)));
            self.text("outcome of place", &Some(wanted.outcome.clone()), Some(kind(&got.outcome)));
            self.number("value of place", wanted.value, got.figure.map(|f| f.value));
            self.number("gap of place", wanted.gap_ha, ground(got.gap).map(|gap| gap.hectares()));
            self.number("gap of place", wanted.gap, got.gap.map(|gap| gap.value));
            self.number("limit of place", wanted.limit, got.limit);
            if wanted.decides != got.decides {
                self.found.push(format!("{}: {} decides: {}", self.of, wanted.name, got.decides));
            }
        }
    }

    fn tally(&mut self, wanted: &ExpectedTally, verdicts: &[Verdict]) {
        let got = tally(verdicts);
        let pairs = [
            ("items", wanted.items, got.items),
            ("met", wanted.met, got.met),
            ("met_unconfirmed", wanted.met_unconfirmed, got.met_unconfirmed),
            ("not_met", wanted.not_met, got.not_met),
            ("cannot_tell", wanted.cannot_tell, got.cannot_tell),
            ("not_measurable", wanted.not_measurable, got.not_measurable),
        ];
        for (what, wanted, got) in pairs.into_iter().filter(|(_, wanted, got)| wanted != got) {
            self.found.push(format!("{}: tally has {got} {what}, not {wanted}", self.of));
        }
    }
}

#[test]
fn every_case_file_comes_out_as_it_says() {
    let mut found = Vec::new();
    for path in case_files() {
        let text = fs::read_to_string(&path).unwrap();
        let case: Case = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let standard = Standard::named(&case.standard).unwrap().apply(&case.confirmation).unwrap();
        let facts: Vec<Fact> = case.fact.into_iter().map(CaseFact::fact).collect();
        let declared: Vec<Declared> = case.declared.into_iter().map(Declared::from).collect();
        let given = Circumstances {
            annual_precipitation_mm: case.annual_precipitation_mm,
            terrain: case.terrain,
            town_terrain: case.town_terrain,
            urban_towns: case.urban_towns,
            town_names: case.town_names,
            missing: BTreeMap::new(),
        };
        let verdicts = judge(&standard, &facts, &given, &declared).unwrap();
        for wanted in &case.expect {
            let verdict = verdicts.iter().find(|v| v.rule.code == wanted.code).expect(&wanted.code);
            let of = format!("{} ({}): {}", path.display(), case.title, wanted.code);
            Differences { of, found: &mut found }.verdict(wanted, verdict);
        }
        if let Some(wanted) = &case.tally {
            let of = format!("{} ({})", path.display(), case.title);
            Differences { of, found: &mut found }.tally(wanted, &verdicts);
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

fn shipped() -> Vec<Standard> {
    standard_names().map(|name| Standard::named(name).unwrap_or_else(|e| panic!("{name}: {e}"))).collect()
}

fn items(standard: &Standard) -> BTreeSet<u32> {
    standard.rules.iter().map(|rule| rule.item).collect()
}

#[test]
fn every_shipped_standard_is_read_under_its_name() {
    for (standard, name) in shipped().iter().zip(standard_names()) {
        assert_eq!(standard.name, name);
    }
    assert_eq!(shipped().len(), 9);
}

#[test]
fn every_rule_says_what_it_is_for_and_every_purpose_is_of_a_rule() {
    let known = purposes().unwrap();
    let mut codes = BTreeSet::new();
    for rule in shipped().into_iter().flat_map(|standard| standard.rules) {
        let purpose = rule.purpose.unwrap_or_else(|| panic!("{} has no purpose", rule.code));
        assert!(purpose.why.en.ends_with('.') && purpose.why.zh.ends_with('。'), "{}", rule.code);
        codes.insert(rule.code);
    }
    assert_eq!(known.into_keys().collect::<BTreeSet<_>>(), codes);
    let own =
        format!("{FIGURE}value = 45\nconfidence = \"A\"\nwhy = {{ zh = \"有绿。\", en = \"Green.\" }}\n");
    let rule = Standard::parse(&file_of(&own), "mine.toml").unwrap().rules.remove(0);
    assert_eq!(rule.purpose.unwrap().why, Words::new("Green.", "有绿。"));
}

/// Of places with limits of their own the one nearest to failing stands for the item, with its limit and its name.
#[test]
fn the_place_nearest_to_failing_its_own_limit_is_the_headline() {
    let towns = [("A", Terrain::Mountain, 62.0), ("B", Terrain::Plain, 44.0), ("C", Terrain::Hill, 47.0)];
    let mut given = Circumstances::default();
    let mut facts = Vec::new();
    for (code, terrain, pct) in towns {
        given.town_terrain.insert(code.to_owned(), terrain);
        given.town_names.insert(code.to_owned(), format!("{code}镇"));
        let place = || CasePlace::Town(code.to_owned());
        facts.push(area(Quantity::Forest, place(), pct * 1e4));
        facts.push(area(Quantity::Ground, place(), 1e6));
    }
    // Sichuan asks 25 % of plain, 35 % or 45 % of hills, 55 % of mountains: B has the lowest share and most to spare, C
    // the least, as the stricter of the two limits may be its own.
    let standard = Standard::named("Sichuan forest town").unwrap();
    given.town_terrain.insert("C".to_owned(), Terrain::DeepHill);
    let verdict = judge(&standard, &facts, &given, &[]).unwrap().remove(0);
    assert_eq!((verdict.value(), verdict.limit), (Some(47.0), Some(45.0)));
    assert_eq!(verdict.worst_place().unwrap().en, "C镇");
    let table = String::from_utf8(indicators_csv(std::slice::from_ref(&verdict), Lang::En)).unwrap();
    let mut rows = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<BTreeMap<String, String>> = rows.deserialize().map(Result::unwrap).collect();
    let cells = |row: usize| ["row", "place", "value", "limit"].map(|key| rows[row][key].as_str());
    assert_eq!(cells(0), ["verdict", "C镇", "47", "45"]);
    assert_eq!(cells(2), ["place", "B镇", "44", "25"]);
    assert!(verdict_tables(&[verdict], Lang::En).contains("C镇"));
    // One that fails stands for the item, whatever is unknown of another.
    given.town_terrain.insert("A".to_owned(), Terrain::Mountain);
    facts[0].value = 50e4;
    (facts[0].low, facts[0].high) = (50e4, 50e4);
    (facts[4].value, facts[4].low, facts[4].high) = (0.0, 0.0, 1e6);
    let verdict = judge(&standard, &facts, &given, &[]).unwrap().remove(0);
    assert_eq!((verdict.outcome.clone(), verdict.value()), (Outcome::NotMet, Some(50.0)));
    assert_eq!(verdict.worst_place().unwrap().en, "A镇");
}

#[test]
fn what_is_known_to_be_missing_is_told_and_not_all_that_a_rule_may_need() {
    let mut given = Circumstances::default();
    given.missing.insert(Measure::GreenCoverage, Words::new("the urban area", "城区范围"));
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    let verdicts = judge(&standard, &[], &given, &[]).unwrap();
    let reason = |code: &str| {
        let verdict = verdicts.iter().find(|v| v.rule.code == code).unwrap();
        verdict.outcome.reason().unwrap().en
    };
    assert_eq!(reason("green-coverage"), "needs the urban area");
    assert!(reason("canopy-cover").contains("canopy"));
}

#[test]
fn the_edition_of_2019_has_36_items() {
    assert_eq!(items(&Standard::named("GB/T 37342-2019").unwrap()), (1..=36).collect());
}

#[test]
fn items_are_numbered_without_gaps() {
    for standard in shipped() {
        let items = items(&standard);
        assert_eq!(items, (1..=u32::try_from(items.len()).unwrap()).collect(), "{}", standard.name);
    }
}

#[test]
fn every_requirement_has_a_confidence_and_a_source_and_nobody_confirmed_it() {
    for standard in shipped() {
        for rule in &standard.rules {
            let Threshold::Unconfirmed { source, .. } = &rule.threshold else {
                panic!("{} {} is shipped as confirmed", standard.name, rule.code)
            };
            assert!(!source.en.is_empty() && !source.zh.is_empty(), "{} {}", standard.name, rule.code);
        }
    }
}

#[test]
fn no_clause_is_shipped_as_read() {
    let clauses = shipped().into_iter().flat_map(|s| s.rules).filter_map(|rule| rule.clause);
    assert!(clauses.map(|c| format!("{:?}", c.confidence)).all(|c| c == "Reconstructed"));
}

#[test]
fn everything_of_2024_is_carried_over() {
    for standard in shipped().iter().filter(|s| s.edition == "GB/T 37342-2024") {
        let carried = |rule: &Rule| rule.threshold.confidence() == Some(Confidence::MCarry);
        assert!(standard.rules.iter().all(carried), "{}", standard.name);
    }
}

#[test]
fn what_was_only_recalled_never_looks_confirmed() {
    for standard in shipped() {
        for verdict in judge(&standard, &[], &Circumstances::default(), &all_passed(&standard)).unwrap() {
            assert!(verdict.mark().zh.ends_with("（阈值待核）"), "{} {}", standard.name, verdict.rule.code);
            assert!(verdict.mark().en.ends_with(" (threshold unconfirmed)"));
        }
    }
}

/// A declaration of every rule, with evidence.
fn all_passed(standard: &Standard) -> Vec<Declared> {
    let passed = |rule: &Rule| Declared {
        item: rule.code.clone(),
        passed: Some(true),
        evidence: "有".to_owned(),
        ..Declared::default()
    };
    standard.rules.iter().map(passed).collect()
}

#[test]
fn a_name_is_found_however_it_is_spaced_and_cased() {
    for name in ["gb/t37342-2019", "GBT 37342-2019", "GB／T 37342—2019", " GB/T  37342-2019 "] {
        assert_eq!(Standard::named(name).unwrap().name, "GB/T 37342-2019");
    }
    assert_eq!(Standard::named("gb/t 37342-2024 县级").unwrap().name, "GB/T 37342-2024 county");
}

#[test]
fn an_unknown_standard_is_refused_with_the_known_ones() {
    let error = Standard::named("GB/T 37342-2091").unwrap_err();
    assert_eq!(error.code(), "unknown-standard");
    let cure = error.cure().unwrap().en;
    assert!(cure.contains("did you mean \"GB/T 37342-2019\"?"), "{cure}");
    assert!(standard_names().all(|name| cure.contains(name)), "{cure}");
}

/// A rule file of one rule, with the lines given.
fn file_of(rule: &str) -> String {
    format!(
        r#"schema = 1
name = "县标"
edition = "2026"
title = {{ zh = "县级规则", en = "County rules" }}

[[group]]
name = {{ zh = "网络", en = "Network" }}

[[group.rule]]
item = 1
code = "green"
name = {{ zh = "绿化", en = "Green" }}
judged = "layers"
source = {{ zh = "县政府文件", en = "county paper" }}
{rule}
"#
    )
}

const FIGURE: &str = r#"wording = { zh = "绿化 {figure}", en = "green {figure}" }
measure = "green_coverage"
comparator = "at_least"
unit = "%"
"#;

fn refused(rule: &str) -> IndicatorError {
    Standard::parse(&file_of(rule), "mine.toml").unwrap_err()
}

#[test]
fn a_rule_file_of_the_user_is_read_like_a_shipped_one() {
    let text = file_of(&format!("{FIGURE}value = 45\nconfidence = \"A\"\n"));
    let standard = Standard::parse(&text, "mine.toml").unwrap();
    assert_eq!(standard.rule("1").unwrap().requirement_words().en, "green ≥ 45 %");
}

#[test]
fn an_unknown_key_or_word_is_refused_with_the_nearest_and_its_line() {
    let error = refused(&format!("{FIGURE}valeu = 45\nconfidence = \"A\""));
    assert_eq!(error.code(), "unknown-rule-word");
    assert_eq!(error.to_string(), "mine.toml:19: `valeu` means nothing here");
    assert!(error.cure().unwrap().en.starts_with("did you mean \"value\"?"));

    let error = refused(&format!("{FIGURE}value = 45\nconfidence = \"M-cary\""));
    assert!(error.cure().unwrap().zh.starts_with("是否应为“M-carry”？"), "{:?}", error.cure());
}

#[test]
fn a_rule_whose_parts_contradict_each_other_is_refused() {
    let confidence = "confidence = \"A\"\n";
    let wordless = FIGURE.replace("{figure}", "");
    for rule in [
        format!("{FIGURE}value = nan\n{confidence}"),
        format!("{FIGURE}{confidence}"),
        format!("{FIGURE}value = 1\nbands = [{{ value = 1 }}]\n{confidence}"),
        format!("{FIGURE}bands = []\n{confidence}"),
        format!("{FIGURE}bands = [{{ below_mm = 400, value = 1 }}]\n{confidence}"),
        format!("{FIGURE}bands = [{{ value = 1 }}, {{ value = 2 }}]\n{confidence}"),
        format!(
            "{FIGURE}bands = [{{ below_mm = 800, value = 1 }}, {{ up_to_mm = 400, value = 2 }}, {{ value = 3 }}]\n{confidence}"
        ),
        format!("{wordless}value = 1\n{confidence}"),
        format!("{}value = 1\n{confidence}", FIGURE.replace("\"%\"", "\"m2/person\"")),
        format!("{FIGURE}value = 1\n{confidence}confirmed = {{ by = \"\", date = \"2026-11-23\" }}"),
        format!("{FIGURE}value = 1\n{confidence}confirmed = {{ by = \"局\", date = \"yesterday\" }}"),
    ] {
        assert_eq!(refused(&rule).code(), "bad-rule", "{rule}");
    }
}

#[test]
fn a_recalled_threshold_cannot_call_itself_confirmed() {
    for tag in ["B", "C", "M", "M-carry"] {
        let confirmed = "confirmed = { by = \"局\", date = \"2026-11-23\" }";
        let error = refused(&format!("{FIGURE}value = 1\nconfidence = \"{tag}\"\n{confirmed}"));
        assert_eq!(error.code(), "bad-rule");
        assert!(error.to_string().contains("mine.toml:11: rule `green`: confirmed, but"), "{error}");
    }
}

#[test]
fn another_schema_is_refused() {
    let text = file_of(&format!("{FIGURE}value = 1\nconfidence = \"A\"")).replace("schema = 1", "schema = 2");
    assert_eq!(Standard::parse(&text, "mine.toml").unwrap_err().code(), "unknown-rule-schema");
}

fn declared(item: &str) -> Declared {
    Declared { item: item.to_owned(), ..Declared::default() }
}

fn judging(declared: &[Declared]) -> Result<Vec<Verdict>, IndicatorError> {
    judge(&Standard::named("GB/T 37342-2019").unwrap(), &[], &Circumstances::default(), declared)
}

#[test]
fn a_declaration_of_no_item_or_of_an_unclear_one_is_refused() {
    let unknown = judging(&[declared("green-covrage")]).unwrap_err();
    assert!(unknown.cure().unwrap().en.starts_with("did you mean \"green-coverage\"?"));
    assert_eq!(judging(&[declared("37")]).unwrap_err().code(), "unknown-item");
    // The English name is nearest; what is written in a project is the code.
    let by_name = judging(&[declared("Green coverage of the urban aria")]).unwrap_err();
    assert_eq!(by_name.cure().unwrap().en, "did you mean \"green-coverage\"?");
    let parts = judging(&[declared("7")]).unwrap_err();
    assert_eq!(parts.code(), "item-has-parts");
    assert!(parts.cure().unwrap().en.ends_with("town-road-greening, town-built-up-coverage"));
    assert_eq!(judging(&[declared("2"), declared("green-coverage")]).unwrap_err().code(), "item-twice");
}

fn confirmation(item: &str, value: Option<Reading>) -> Confirmation {
    Confirmation {
        standard: "GB/T 37342-2019".to_owned(),
        item: item.to_owned(),
        value,
        clause: "4.1.2".to_owned(),
        by: "和平县林业局".to_owned(),
        date: "2026-11-20".to_owned(),
    }
}

#[test]
fn confirmations_read_back_as_they_were_written() {
    let all = vec![
        confirmation("green-coverage", Some(Reading::One(42.5))),
        confirmation("tree-coverage", Some(Reading::PerBand(vec![20.0, 30.0, 35.0]))),
        confirmation("records", None),
    ];
    assert_eq!(parse_confirmations(&to_toml(&all).unwrap(), "confirmations.toml").unwrap(), all);
}

#[test]
fn a_new_confirmation_takes_the_place_of_the_one_before() {
    let first = confirmation("green-coverage", Some(Reading::One(40.0)));
    let other = confirmation("records", None);
    let again = confirmation("Green-Coverage", Some(Reading::One(41.0)));
    let all = record(record(record(Vec::new(), first), other.clone()), again.clone());
    assert_eq!(all, vec![again, other]);
}

#[test]
fn a_confirmation_that_does_not_fit_is_refused() {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    for (item, value, code) in [
        ("green-coverage", None, "bad-confirmation"),
        ("green-coverage", Some(Reading::PerBand(vec![1.0])), "bad-confirmation"),
        ("green-coverage", Some(Reading::One(f64::NAN)), "bad-confirmation"),
        ("tree-coverage", Some(Reading::PerBand(vec![1.0, 2.0])), "bad-confirmation"),
        ("records", Some(Reading::One(1.0)), "bad-confirmation"),
        ("greens", None, "unknown-item"),
    ] {
        assert_eq!(standard.apply(&[confirmation(item, value)]).unwrap_err().code(), code, "{item}");
    }
    let undated = Confirmation { date: "20 Nov".to_owned(), ..confirmation("records", None) };
    assert_eq!(standard.apply(&[undated]).unwrap_err().code(), "bad-confirmation");
}

#[test]
fn one_confirmed_figure_does_not_take_the_place_of_bands() {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    let one = confirmation("tree-coverage", Some(Reading::One(33.0)));
    let cure = standard.apply(&[one]).unwrap_err().cure().unwrap().en;
    assert!(cure.contains("--value 25,30,35") && cure.contains("< 400 mm"), "{cure}");
    let three = confirmation("tree-coverage", Some(Reading::PerBand(vec![25.0, 30.0, 36.0])));
    let rule = standard.apply(&[three]).unwrap().rule("tree-coverage").unwrap().clone();
    assert!(rule.threshold.is_confirmed());
    assert_eq!(rule.threshold.confidence(), None);
}

#[test]
fn an_impossible_limit_is_not_confirmed() {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    for value in [-1.0, 100.5, f64::INFINITY, f64::NAN] {
        let error = standard.apply(&[confirmation("green-coverage", Some(Reading::One(value)))]).unwrap_err();
        assert!(error.to_string().contains("is impossible"), "{error}");
    }
    let park = confirmation("park-per-resident", Some(Reading::One(120.0)));
    assert!(standard.apply(&[park]).is_ok(), "square metres are no share");
}

#[test]
fn a_confirmation_of_a_standard_not_judged_by_is_unused() {
    let own = confirmation("green-coverage", Some(Reading::One(40.0)));
    let other = Confirmation { standard: "GB/T 37342-2024 county".to_owned(), ..own.clone() };
    let standards = [Standard::named("GB/T 37342-2019").unwrap()];
    assert_eq!(unused(&[own, other.clone()], &standards), vec![other]);
}

#[test]
fn an_item_is_found_by_its_name_in_either_language() {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    for name in ["城区绿化覆盖率", " green coverage of the URBAN area "] {
        assert_eq!(standard.rule(name).unwrap().code, "green-coverage");
    }
}

#[test]
fn a_fraction_declared_for_a_share_is_asked_about() {
    let fraction =
        Declared { value: Some(0.65), evidence: "调查".to_owned(), ..declared("green-coverage") };
    let verdicts = judging(&[fraction]).unwrap();
    let verdict = verdicts.iter().find(|v| v.rule.code == "green-coverage").unwrap();
    assert_eq!(verdict.outcome.reason().unwrap().en, "is 0.65 meant as 65 %?");
}

#[test]
fn an_interval_stands_in_the_table_and_no_table_is_wide() {
    let mut facts = green_29();
    facts[0].high = 45.0;
    let mut both = facts.clone();
    both.extend(facts.iter().cloned().map(|fact| Fact {
        quantity: if fact.quantity == Quantity::Green { Quantity::TreeCover } else { fact.quantity },
        place: Place::County,
        ..fact
    }));
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    let verdicts = judge(&standard, &both, &Circumstances::default(), &[]).unwrap();
    for lang in [Lang::En, Lang::Zh] {
        let shown = verdict_tables(&verdicts, lang);
        assert!(shown.contains("29.00–45.00") && shown.contains("≥ 25/30/35"), "{shown}");
        assert!(shown.contains("3–36"), "{shown}");
        let width = |line: &str| line.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
        assert!(shown.lines().filter(|l| l.starts_with('│')).all(|l| width(l) <= 100), "{shown}");
    }
    let none = judge(&standard, &[], &Circumstances::default(), &[]).unwrap();
    let shown = verdict_tables(&none, Lang::En);
    assert!(!shown.contains('│') && shown.contains("(items 1–36)"), "{shown}");
}

#[test]
fn a_rule_file_names_things_in_one_text_and_is_told_in_words_what_is_wrong() {
    let right = file_of(&format!("{FIGURE}value = 45\nconfidence = \"A\"\n"));
    let plain = right.replace("name = { zh = \"绿化\", en = \"Green\" }", "name = \"绿化\"");
    let name = Standard::parse(&plain, "mine.toml").unwrap().rule("绿化").unwrap().name.clone();
    assert_eq!(name, Words::new("绿化", "绿化"));
    for (from, to, message, cure) in [
        ("edition = \"2026\"\n", "", "缺少键 `edition`", "edition = \"2026\""),
        ("value = 45", "value = \"45\"", "`value` 应为数字", "value = 40"),
        ("code = \"green\"", "code = 3", "`code` 应为引号内的文本", "code = \"green-coverage\""),
    ] {
        let error = Standard::parse(&right.replace(from, to), "mine.toml").unwrap_err();
        assert!(error.zh().ends_with(message), "{}", error.zh());
        assert!(error.cure().unwrap().zh.ends_with(cure), "{:?}", error.cure());
    }
}

#[test]
fn a_shipped_standard_can_be_had_as_a_rule_file() {
    for name in standard_names() {
        assert_eq!(Standard::parse(standard_text(name).unwrap(), name), Standard::named(name));
    }
}

#[test]
fn a_confirmation_file_with_one_item_twice_is_refused() {
    let twice = vec![confirmation("records", None), confirmation("records", None)];
    let text = to_toml(&twice).unwrap();
    assert_eq!(parse_confirmations(&text, "confirmations.toml").unwrap_err().code(), "item-twice");
}

/// Facts of an urban area: 29 % green.
fn green_29() -> Vec<Fact> {
    let of =
        |quantity, area_m2| CaseFact { area_m2: Some(area_m2), ..CaseFact::of(quantity, CasePlace::Urban) };
    [of(Quantity::Green, 29.0), of(Quantity::Ground, 100.0)].map(CaseFact::fact).to_vec()
}

/// The rows of the CSV by heading.
fn table(lang: Lang, declared: &[Declared]) -> Vec<BTreeMap<String, String>> {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    let verdicts = judge(&standard, &green_29(), &Circumstances::default(), declared).unwrap();
    let bytes = indicators_csv(&verdicts, lang);
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("begins with the byte-order mark");
    csv::Reader::from_reader(text).deserialize().map(Result::unwrap).collect()
}

#[test]
fn the_table_says_where_every_figure_comes_from() {
    let rows = table(Lang::Zh, &[]);
    let row = rows.iter().find(|r| r["代码"] == "green-coverage" && r["行别"] == "结论").unwrap();
    for (heading, cell) in [
        ("序号", "2"),
        ("指标", "城区绿化覆盖率"),
        ("范围", "城区"),
        ("要求", "城区绿化覆盖率 ≥ 40 %"),
        ("结论", "未达标（阈值待核）"),
        ("阈值", "待核"),
        ("依据", "计算"),
        ("数值", "29"),
        ("单位", "%"),
        ("限值", "40"),
        ("缺口（公顷）", "0.0011"),
        ("分子", "29"),
        ("分母", "100"),
        ("条款", "4.1.2（推定）"),
        ("阈值可信度", "[M]"),
        ("申报值", ""),
        ("行别", "结论"),
        ("数据来源", "case.gpkg"),
        ("数据日期", "2026-06-30"),
    ] {
        assert_eq!(row[heading], cell, "{heading}");
    }
    assert!(row["阈值来源"].starts_with("未见标准原文，暂用值"));
    assert!(row["算法"].starts_with("绿化覆盖面积 ÷ 土地面积"));
}

#[test]
fn the_table_has_a_row_for_every_rule_and_no_zero_for_what_is_missing() {
    let rows = table(Lang::En, &[]);
    let verdicts: Vec<_> = rows.iter().filter(|r| r["row"] == "verdict").collect();
    assert_eq!(verdicts.len(), Standard::named("GB/T 37342-2019").unwrap().rules.len());
    for row in verdicts.iter().filter(|r| r["outcome"] == "not measurable") {
        assert_eq!((row["value"].as_str(), row["gap_ha"].as_str()), ("", ""), "{}", row["code"]);
        assert!(row["reason"].starts_with("needs "), "{}", row["code"]);
    }
}

#[test]
fn the_table_shows_the_official_figure_beside_the_computed_one() {
    let official = Declared {
        official: Some(41.0),
        evidence: "统计年鉴, 第 5 页".to_owned(),
        ..declared("green-coverage")
    };
    let rows = table(Lang::En, &[official]);
    let row = rows.iter().find(|r| r["code"] == "green-coverage" && r["row"] == "verdict").unwrap();
    let cells =
        ["computed", "declared", "declared_minus_computed", "basis", "evidence"].map(|c| row[c].as_str());
    assert_eq!(cells, ["29", "41", "12", "computed", "统计年鉴, 第 5 页"]);
}

#[test]
fn two_declared_figures_that_differ_are_not_chosen_between() {
    let two = Declared {
        value: Some(41.0),
        official: Some(39.0),
        evidence: "统计年鉴".to_owned(),
        ..declared("green-coverage")
    };
    let verdicts = judging(&[two]).unwrap();
    let verdict = verdicts.iter().find(|v| v.rule.code == "green-coverage").unwrap();
    assert_eq!(kind(&verdict.outcome), "cannot_tell");
}

#[test]
fn an_operand_that_is_no_number_is_never_judged() {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    for poison in [f64::NAN, f64::INFINITY] {
        let mut facts = green_29();
        facts[0].value = poison;
        let verdicts = judge(&standard, &facts, &Circumstances::default(), &[]).unwrap();
        let verdict = verdicts.iter().find(|v| v.rule.code == "green-coverage").unwrap();
        assert_eq!(kind(&verdict.outcome), "not_measurable");
    }
}

#[test]
fn a_verdict_carries_its_whole_origin_into_json() {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    let verdicts = judge(&standard, &green_29(), &Circumstances::default(), &[]).unwrap();
    let json =
        serde_json::to_value(verdicts.iter().find(|v| v.rule.code == "green-coverage").unwrap()).unwrap();
    for (pointer, wanted) in [
        ("/standard", serde_json::json!("GB/T 37342-2019")),
        ("/rule/clause/confidence", serde_json::json!("reconstructed")),
        ("/rule/threshold/mark", serde_json::json!("unconfirmed")),
        ("/rule/threshold/confidence", serde_json::json!("M")),
        ("/rule/requirement/unit", serde_json::json!("%")),
        ("/outcome/kind", serde_json::json!("not_met")),
        ("/basis", serde_json::json!("computed")),
        ("/computed/figure/value", serde_json::json!(29.0)),
        ("/computed/figure/unit", serde_json::json!("%")),
        ("/computed/numerator/quantity", serde_json::json!("green")),
        ("/computed/denominator/value", serde_json::json!(100.0)),
        ("/computed/sources/0", serde_json::json!("case.gpkg")),
    ] {
        assert_eq!(json.pointer(pointer), Some(&wanted), "{pointer}");
    }
    let gap = json.pointer("/computed/gap/value").and_then(serde_json::Value::as_f64);
    assert!((gap.unwrap() - 11.0).abs() < 1e-9);
}

#[test]
fn the_table_shows_towns_for_information_and_without_an_outcome() {
    let of = |quantity, place, ha| CaseFact { area_ha: Some(ha), ..CaseFact::of(quantity, place) };
    let facts = [
        of(Quantity::TreeCover, CasePlace::County, 60.0),
        of(Quantity::Ground, CasePlace::County, 100.0),
        of(Quantity::TreeCover, CasePlace::Town("441624100".to_owned()), 2.0),
        of(Quantity::Ground, CasePlace::Town("441624100".to_owned()), 10.0),
    ]
    .map(CaseFact::fact);
    let given = Circumstances { annual_precipitation_mm: Some(1700.0), ..Circumstances::default() };
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    let bytes = indicators_csv(&judge(&standard, &facts, &given, &[]).unwrap(), Lang::Zh);
    let text = String::from_utf8(bytes).unwrap();
    let rows: Vec<&str> = text.lines().filter(|line| line.contains(",tree-coverage,")).collect();
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].contains(",结论,县域,达标（阈值待核）,"), "{}", rows[0]);
    // One hectare of the county's 100 is one point, and of the town's 10 it is ten.
    assert!(rows[0].contains(",,,1,600000,"), "{}", rows[0]);
    assert!(
        rows[1].contains(",参考,乡镇 441624100,,,,20,%,20,20,,,15000,平方米,1.5,22.5,10,"),
        "{}",
        rows[1]
    );
}

#[test]
fn confirmed_and_unconfirmed_verdicts_are_counted_apart() {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    let count = |standard: &Standard| {
        by_confirmation(&judge(standard, &green_29(), &Circumstances::default(), &[]).unwrap())
    };
    let one = Judged { not_met: 1, ..Judged::default() };
    assert_eq!(count(&standard), (Judged::default(), one));
    let read = standard.apply(&[confirmation("green-coverage", Some(Reading::One(40.0)))]).unwrap();
    assert_eq!(count(&read), (one, Judged::default()));
    let lower = standard.apply(&[confirmation("green-coverage", Some(Reading::One(29.0)))]).unwrap();
    assert_eq!(count(&lower), (Judged { met: 1, ..Judged::default() }, Judged::default()));
    let verdicts = judge(&read, &green_29(), &Circumstances::default(), &[]).unwrap();
    let shown = verdict_tables(&verdicts, Lang::En);
    assert!(shown.contains("by confirmed thresholds: 0 met, 1 not met, 0 cannot tell\n"), "{shown}");
    assert!(shown.contains("by unconfirmed thresholds: 0 met, 0 not met, 0 cannot tell\n"), "{shown}");
}

#[test]
fn one_more_hectare_is_told_in_the_unit_of_the_rule() {
    use sencheng::indicators::FigureUnit::{Percent, SquareMetresPerPerson};
    assert_eq!(Percent.one_hectare_adds(4_000_000.0), Some(0.25));
    assert_eq!(SquareMetresPerPerson.one_hectare_adds(80_000.0), Some(0.125));
    assert_eq!(Percent.one_hectare_adds(5_000.0), None, "no room for a hectare");
    assert_eq!(Percent.one_hectare_adds(0.0), None);
}

// ---- Gaps as tasks

/// The rows of `gaps.csv` of the county in which towns A and B are short of tree coverage and C is not.
fn tasks(facts: &[Fact]) -> Vec<BTreeMap<String, String>> {
    let standard = Standard::named("GB/T 37342-2019").unwrap();
    let given = Circumstances { annual_precipitation_mm: Some(1700.0), ..Circumstances::default() };
    let verdicts = judge(&standard, facts, &given, &[]).unwrap();
    let bytes = gaps_csv(&verdicts, facts, &BTreeMap::new(), Lang::En);
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").expect("begins with the byte-order mark");
    csv::Reader::from_reader(text).deserialize().map(Result::unwrap).collect()
}

fn area(quantity: Quantity, place: CasePlace, m2: f64) -> Fact {
    CaseFact { area_m2: Some(m2), ..CaseFact::of(quantity, place) }.fact()
}

fn town_facts(code: &str, trees_m2: f64, ground_m2: f64) -> [Fact; 2] {
    let town = || CasePlace::Town(code.to_owned());
    [area(Quantity::TreeCover, town(), trees_m2), area(Quantity::Ground, town(), ground_m2)]
}

#[test]
fn the_gap_of_the_county_is_shared_by_the_towns_that_are_short_and_adds_up() {
    // 35 % of 3 km2 are 105 ha, and 95 ha are there: 10 ha are missing. By themselves A lacks 15 ha of its 35, B 5 of its
    // 35; C has 15 ha more than it must.
    let (mut facts, ha) = (Vec::new(), 1e4);
    facts.extend(town_facts("C", 50.0 * ha, 100.0 * ha));
    facts.extend(town_facts("B", 30.0 * ha, 100.0 * ha));
    facts.extend(town_facts("A", 20.0 * ha, 100.0 * ha));
    facts.push(area(Quantity::TreeCover, CasePlace::County, 100.0 * ha - 5.0 * ha));
    facts.push(area(Quantity::Ground, CasePlace::County, 300.0 * ha));
    let rows = tasks(&facts);
    let cells = |row: usize, of: &[&str]| of.iter().map(|c| rows[row][*c].clone()).collect::<Vec<_>>();
    let wanted = ["place", "gap", "unit", "gap_mu", "share_pct", "one_more_moves_the_whole"];
    assert_eq!(cells(0, &wanted), ["county", "10", "ha", "150", "", "0.33333333333333337"]);
    assert_eq!(cells(1, &wanted), ["town A", "7.5", "ha", "112.5", "75", "0.33333333333333337"]);
    assert_eq!(cells(2, &wanted), ["town B", "2.5", "ha", "37.5", "25", "0.33333333333333337"]);
    assert_eq!(cells(3, &wanted), ["town C", "0", "ha", "0", "0", "0.33333333333333337"]);
    assert_eq!(cells(1, &["value", "limit", "one_more_moves_the_place", "gap_low"]), ["20", "35", "1", ""]);
}

#[test]
fn shares_are_whole_square_metres_by_largest_remainders() {
    // 35 % of 3 000 m2 are 1 050 m2, 1 000 are there: 50 m2 among three towns that lack alike: 17, 17, 16.
    let mut facts: Vec<Fact> =
        ["A", "B", "C"].iter().flat_map(|code| town_facts(code, 1000.0 / 3.0, 1000.0)).collect();
    facts.push(area(Quantity::TreeCover, CasePlace::County, 1000.0));
    facts.push(area(Quantity::Ground, CasePlace::County, 3000.0));
    let gaps: Vec<String> = tasks(&facts).iter().map(|row| row["gap"].clone()).collect();
    assert_eq!(gaps, ["0.005", "0.0017", "0.0017", "0.0016"]);
}

#[test]
fn what_was_not_measured_by_town_is_shared_by_what_stands_under_the_line() {
    // 1 km of greenway for 40 000 residents; 2 km are asked. The towns have 30 000 and 10 000.
    let persons = |place, n| CaseFact { persons: Some(n), ..CaseFact::of(Quantity::Residents, place) }.fact();
    let facts = [
        CaseFact { length_km: Some(1.0), ..CaseFact::of(Quantity::Greenways, CasePlace::County) }.fact(),
        persons(CasePlace::County, 40_000.0),
        persons(CasePlace::Town("A".to_owned()), 10_000.0),
        persons(CasePlace::Town("B".to_owned()), 30_000.0),
    ];
    let rows = tasks(&facts);
    let told: Vec<[&str; 3]> =
        rows.iter().map(|r| ["place", "gap", "unit"].map(|column| r[column].as_str())).collect();
    assert_eq!(told, [["county", "1", "km"], ["town B", "0.75", "km"], ["town A", "0.25", "km"]]);
    assert!(rows[1]["divided"].contains("residents"), "{}", rows[1]["divided"]);
    assert_eq!(rows[0]["one_more_moves_the_whole"], "0.25");
}

#[test]
fn an_open_gap_is_told_by_its_ends() {
    let facts = [
        Fact { low: 30e4, high: 45e4, ..area(Quantity::Green, CasePlace::Urban, 38e4) },
        area(Quantity::Ground, CasePlace::Urban, 100e4),
    ];
    let rows = tasks(&facts);
    let cells = |of: [&str; 6]| of.map(|column| rows[1][column].as_str());
    let wanted = ["place", "outcome", "gap", "gap_low", "gap_high", "gap_mu"];
    assert_eq!(cells(wanted), ["urban area", "cannot tell", "", "0", "10", ""]);
}
