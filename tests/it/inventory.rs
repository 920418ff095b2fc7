//! What is counted rather than mapped, from project file to verdict: trees, old trees, greenways, parks, and evidence.

use std::collections::BTreeMap;

use crate::workbench::{Answer, Sheet, Workbench, X, Y, at, two_towns};

const PROJECT: &str = r#"
schema = 1
[zones]
file = "towns.geojson"
id = "id"
name = "name"
[[cover]]
file = "cover.geojson"
class = "arbor"
[standard]
rules = ["GB/T 37342-2019"]
[scopes.urban]
file = "urban.geojson"
source = "局"
date = "2024"
"#;

/// A project of two towns and an urban area in 西镇, with more tables in its project file.
fn county(more: &str, files: &[(&str, &str)]) -> Workbench {
    let bench = Workbench::new();
    let square = |w, s, e, n| Sheet::new(Some("EPSG:4547")).text("class").with(["1".into()], &at(w, s, e, n));
    bench.write("towns.geojson", &two_towns());
    bench.write("cover.geojson", &square(0.0, 0.0, 900.0, 900.0));
    bench.write("urban.geojson", &square(0.0, 0.0, 500.0, 500.0));
    std::fs::write(bench.path("project.toml"), format!("{PROJECT}{more}")).unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(bench.path(name), text).unwrap());
    bench
}

type Row = BTreeMap<String, String>;

fn run(bench: &Workbench) -> (Answer, Vec<Row>) {
    let answer = bench.run(&["run", "project.toml", "--out", "out"]);
    let text =
        std::fs::read_to_string(bench.path("out/indicators.csv")).unwrap_or_else(|_| panic!("{answer:#?}"));
    let rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes()).into_deserialize();
    (answer, rows.map(Result::unwrap).collect())
}

/// Some cells of the verdict of an item.
#[track_caller]
fn verdict<'r, const N: usize>(rows: &'r [Row], code: &str, columns: [&str; N]) -> [&'r str; N] {
    let row = rows.iter().find(|row| row["code"] == code && row["row"] == "verdict").unwrap();
    columns.map(|column| row[column].as_str())
}

const TREES: &str = "城区树木普查表,,\n树种,株数,范围\n樟,150,城区\n香樟,100,城区\n木荷,200,城区\n木 荷,100,城区\n桉树,450,城区\n\
                     大王椰子,999,郊区\n合计,1999,\n";

#[test]
fn trees_of_a_table_are_counted_by_species_and_spellings_are_merged_or_proposed() {
    let more = "[trees]\nfile = \"trees.csv\"\nspecies = \"树种\"\ncount = \"株数\"\nwhere = \"范围 = '城区'\"\n\
                native = \"native.csv\"\nsource = \"普查\"\ndate = \"2024\"\n";
    let bench = county(more, &[("trees.csv", TREES), ("native.csv", "树种\n樟\n香樟\n木荷\n")]);
    let (answer, rows) = run(&bench);
    // 1 000 trees: 450 of 桉树, 45 %. 木荷 with a blank and without are one species of 300.
    let cells = ["outcome", "value", "gap", "gap_unit", "numerator", "denominator", "layers"];
    assert_eq!(
        verdict(&rows, "species-share", cells),
        ["not met (threshold unconfirmed)", "45", "250", "trees", "450", "1000", "普查"]
    );
    // 550 native trees are 55 %; 80 % are 800.
    assert_eq!(verdict(&rows, "native-species", ["value", "gap"]), ["55", "250"]);
    answer.told("note", "species-spellings", &["trees.csv", "\"木 荷\", \"木荷\"", "counted as one"]);
    answer.told("warning", "species-alike", &["樟 (150)", "香樟 (100)"]);
    assert!(answer.err.contains("same = [[\"樟\", \"香樟\"]]"), "{}", answer.err);
}

#[test]
fn species_that_may_be_one_leave_the_share_open_until_the_project_says() {
    let table = "树种,株数\n樟,150\n香樟,100\n木荷,200\n红锥,200\n枫香,200\n格木,150\n";
    let more = "[trees]\nfile = \"trees.csv\"\nspecies = \"树种\"\ncount = \"株数\"\n";
    let outcome = |more: &str| {
        let (_, rows) = run(&county(more, &[("trees.csv", table)]));
        verdict(&rows, "species-share", ["outcome", "low", "high"]).map(str::to_owned)
    };
    // 200 of 1 000 are 20 % exactly; 樟 with 香樟 are 25 %.
    assert_eq!(outcome(more), ["cannot tell (threshold unconfirmed)", "20", "25"]);
    let apart = format!("{more}different = [[\"樟\", \"香樟\"]]\n");
    assert_eq!(outcome(&apart), ["met (threshold unconfirmed)", "20", "20"]);
    let same = format!("{more}same = [[\"樟\", \"香樟\"]]\n");
    assert_eq!(outcome(&same), ["not met (threshold unconfirmed)", "25", "25"]);
}

#[test]
fn the_starter_list_never_calls_a_species_foreign() {
    let table = "树种\n木荷\n荷木\n木荷\n小叶榄仁\n";
    let more = "[trees]\nfile = \"trees.csv\"\nspecies = \"树种\"\nnative = \"guangdong\"\n";
    let (answer, rows) = run(&county(more, &[("trees.csv", table)]));
    let cells = verdict(&rows, "native-species", ["outcome", "low", "high"]);
    assert_eq!(cells, ["cannot tell (threshold unconfirmed)", "75", "100"]);
    answer.told("warning", "native-unknown", &["小叶榄仁"]);
}

/// Points in the working CRS, with text fields.
fn points(fields: [&str; 2], features: &[([&str; 2], [f64; 2])]) -> String {
    let feature = |(values, [x, y]): &([&str; 2], [f64; 2])| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{\"{}\":\"{}\",\"{}\":\"{}\"}},\
             \"geometry\":{{\"type\":\"Point\",\"coordinates\":[{},{}]}}}}",
            fields[0],
            values[0],
            fields[1],
            values[1],
            X + x,
            Y + y
        )
    };
    let features: Vec<String> = features.iter().map(feature).collect();
    format!(
        "{{\"type\":\"FeatureCollection\",\"crs\":{{\"type\":\"name\",\"properties\":{{\"name\":\
         \"urn:ogc:def:crs:EPSG::4547\"}}}},\"features\":[{}]}}",
        features.join(",")
    )
}

const OLD: &str =
    "编号,保护状况,乡镇\nA1,已挂牌,西镇\nA2,否,西镇\nA1,已挂牌,西镇\nB1,是,1\nB2,,东镇\n,是,南镇\n";

#[test]
fn one_tag_is_one_old_tree_and_what_is_not_said_is_open() {
    let more = "[old_trees]\nfile = \"old.csv\"\ntag = \"编号\"\nprotected = \"保护状况\"\ntown = \"乡镇\"\n";
    let (answer, rows) = run(&county(more, &[("old.csv", OLD)]));
    // A1, A2, B1, B2 and the one without a tag: five trees, three protected, one not said.
    let cells = ["outcome", "value", "low", "high", "gap"];
    assert_eq!(
        verdict(&rows, "old-trees", cells),
        ["not met (threshold unconfirmed)", "60", "60", "80", "2"]
    );
    let town = |name: &str| rows.iter().find(|r| r["code"] == "old-trees" && r["place"] == name).unwrap();
    assert_eq!(town("西镇")["value"], "50");
    assert_eq!((town("东镇")["low"].as_str(), town("东镇")["high"].as_str()), ("50", "100"));
    answer.told("warning", "tag-repeated", &["A1 (2, 4)"]);
    answer.told("warning", "rows-unmatched", &["7 (南镇)"]);
    answer.told("warning", "protection-missing", &["6"]);
    answer.told("warning", "tag-missing", &["7"]);
    let text = std::fs::read_to_string;
    let gaps = |bench: &Workbench| text(bench.path("out/gaps.csv")).unwrap();
    let bench = county(more, &[("old.csv", OLD)]);
    run(&bench);
    assert!(
        gaps(&bench).contains(",old-trees,Old and notable trees,not met,whole,county,,2,"),
        "{}",
        gaps(&bench)
    );
}

#[test]
fn old_trees_of_a_point_layer_are_told_apart_by_tag_and_lie_in_a_town() {
    let features = [
        (["A1", "是"], [100.0, 100.0]),
        (["A1", "是"], [100.0, 100.0]),
        (["B1", "否"], [1500.0, 100.0]),
        (["C1", "是"], [5000.0, 100.0]),
    ];
    let more = "[old_trees]\nfile = \"old.geojson\"\ntag = \"tag\"\nprotected = \"p\"\n";
    let bench = county(more, &[("old.geojson", &points(["tag", "p"], &features))]);
    let (answer, rows) = run(&bench);
    assert_eq!(verdict(&rows, "old-trees", ["value", "numerator", "denominator"]), ["50", "1", "2"]);
    answer.told("warning", "points-outside", &["C1"]);
    answer.told("warning", "tag-repeated", &["A1"]);
}

#[test]
fn greenways_and_parks_come_from_tables_of_towns_and_villages() {
    let more = "[greenways]\nfile = \"greenways.csv\"\nkey = \"乡镇\"\nvalue = \"长度\"\nsource = \"局\"\ndate = \"2024\"\n\
                [residents]\nfile = \"people.csv\"\nkey = \"乡镇\"\nvalue = \"人口\"\nunit = \"人\"\n\
                [leisure_parks.towns]\nfile = \"parks.csv\"\nkey = \"乡镇\"\nvalue = \"公园\"\n\
                [leisure_parks.villages]\nfile = \"greens.csv\"\nkey = \"村\"\nvalue = \"绿地\"\n";
    let files = [
        ("greenways.csv", "乡镇,长度\n西镇,0.75\n东镇,0.25\n"),
        ("people.csv", "乡镇,人口\n西镇,30000\n东镇,10000\n"),
        ("parks.csv", "乡镇,公园\n西镇,1\n东镇,0\n北镇,2\n"),
        ("greens.csv", "村,绿地\n甲村,1\n乙村,\n甲村,0\n"),
    ];
    let (answer, rows) = run(&county(more, &files));
    // 1 km for 4 times ten thousand; 0.5 asks for 2 km.
    assert_eq!(verdict(&rows, "greenways", ["value", "gap", "gap_unit"]), ["0.25", "1000", "m"]);
    assert_eq!(verdict(&rows, "town-parks", ["value", "gap", "gap_unit"]), ["0", "1", "places"]);
    assert_eq!(verdict(&rows, "village-parks", ["value", "gap"]), ["0", "1"]);
    answer.told("warning", "rows-unmatched", &["parks.csv", "4 (北镇)"]);
    answer.told("warning", "row-without-number", &["3 (乙村)"]);
    answer.told("warning", "row-second", &["2 and 4", "甲村"]);
}

#[test]
fn a_table_without_rows_is_an_error_that_says_where_and_the_run_goes_on() {
    let more = "[trees]\nfile = \"trees.csv\"\nspecies = \"树种\"\n";
    let (answer, rows) = run(&county(more, &[("trees.csv", "树种\n")]));
    answer.ended(1).told("error", "table-empty", &["trees.csv"]);
    assert_eq!(verdict(&rows, "species-share", ["outcome"]), ["not measurable"]);
    let wrong = county("[trees]\nfile = \"trees.csv\"\nspecies = \"物种\"\n", &[("trees.csv", "树种\n樟\n")]);
    let (answer, rows) = run(&wrong);
    answer.ended(1).told("error", "column-missing", &["trees.csv", "物种"]);
    assert_eq!(verdict(&rows, "species-share", ["outcome"]), ["not measurable"]);
    let polygons = county("[trees]\nfile = \"cover.geojson\"\nspecies = \"class\"\n", &[]);
    polygons.run(&["run", "project.toml", "--out", "out"]).refused("layer-not-points", &["cover.geojson"]);
}

// ---- Evidence

/// The form as it is written, as lines of text; then what is filled in.
fn filled(fill: &[(&str, [&str; 6])]) -> String {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["代码", "单位", "申报值", "是否达标", "材料日期", "文件名称", "文号", "备注"]).unwrap();
    for (code, cells) in fill {
        let unit = match *code {
            "forest-quality" => "%",
            "publicity-events" => "次/年",
            _ => "",
        };
        csv.write_record([&[*code, unit], &cells[..]].concat()).unwrap();
    }
    String::from_utf8(csv.into_inner().unwrap()).unwrap()
}

#[test]
fn the_form_is_written_and_read_back() {
    for lang in ["zh", "en"] {
        let bench = county("[evidence]\nfile = \"evidence.xlsx\"\n", &[]);
        let form = [
            "--lang",
            lang,
            "evidence",
            "--template",
            "--standard",
            "GB/T 37342-2019",
            "-o",
            "evidence.xlsx",
        ];
        bench.run(&form).ended(0);
        let (answer, rows) = run(&bench);
        answer.ended(0).told("note", "evidence-missing", &["evidence.xlsx", "records", "planning"]);
        assert_eq!(verdict(&rows, "records", ["outcome"]), ["not measurable"]);
    }
}

#[test]
fn a_filled_form_declares_and_wrong_rows_say_where_and_why() {
    let form = filled(&[
        ("records", ["", "是", "2026-05-01", "档案目录", "和林〔2026〕12 号", "见附件"]),
        ("forest-quality", ["12 %", "", "2026", "抚育台账", "", ""]),
        ("publicity-events", ["6 处", "", "2026-05", "活动台账", "", ""]),
        ("planning", ["", "是", "", "", "", ""]),
        ("no-such-item", ["1", "", "", "文件", "", ""]),
        ("science-support", ["", "大概", "", "文件", "", ""]),
        ("demonstration", ["", "是", "去年", "文件", "", ""]),
        ("free-parks", ["", "", "", "", "", ""]),
    ]);
    let (answer, rows) = run(&county("[evidence]\nfile = \"evidence.csv\"\n", &[("evidence.csv", &form)]));
    answer.ended(1);
    let cells = ["outcome", "basis", "evidence", "evidence_number", "evidence_date", "evidence_note"];
    let met = "met (threshold unconfirmed)";
    assert_eq!(
        verdict(&rows, "records", cells),
        [met, "declared", "档案目录", "和林〔2026〕12 号", "2026-05-01", "见附件"]
    );
    assert_eq!(verdict(&rows, "forest-quality", ["outcome", "value"]), [met, "12"]);
    answer.told("error", "evidence-unit", &["evidence.csv", "row 4", "处"]);
    answer.told("error", "evidence-without-document", &["row 5", "planning"]);
    answer.told("error", "evidence-unknown-item", &["row 6", "no-such-item"]);
    answer.told("error", "evidence-answer", &["row 7", "大概"]);
    answer.told("error", "evidence-date", &["row 8", "去年"]);
    answer.told("note", "evidence-missing", &["free-parks"]);
    assert_eq!(verdict(&rows, "planning", ["outcome"]), ["not measurable"]);
}

/// A document in the project file is told as one in the form; what is declared there is not missing from the form.
#[test]
fn a_declaration_in_the_project_has_a_number_and_a_note() {
    let more = "[[declared]]\nitem = \"records\"\npassed = true\nevidence = \"档案目录\"\nnumber = \"和林〔2026〕12 号\"\n\
                date = \"2026-05-01\"\nnote = \"见附件\"\n[evidence]\nfile = \"evidence.csv\"\n";
    let bench = county(more, &[("evidence.csv", &filled(&[]))]);
    let (answer, rows) = run(&bench);
    let cells = ["outcome", "evidence", "evidence_number", "evidence_date", "evidence_note"];
    assert_eq!(
        verdict(&rows, "records", cells),
        ["met (threshold unconfirmed)", "档案目录", "和林〔2026〕12 号", "2026-05-01", "见附件"]
    );
    answer.ended(0).told("note", "evidence-missing", &["planning"]);
    let findings = std::fs::read_to_string(bench.path("out/findings.csv")).unwrap();
    assert!(findings.contains("sencheng evidence --template"), "{findings}");
    assert!(!answer.err.lines().any(|line| line.contains("evidence-missing") && line.contains("records")));
}
