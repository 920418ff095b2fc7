//! What the user asked for: project files, conditions, code schemes.
//!
//! `tests/cases/project/*.toml` are project files a person might write; beside each lies what the program
//! answers: its effective settings, or every mistake with its cure, in both languages.

use std::collections::HashMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sencheng::attribute::Value;
use sencheng::project::class_map::{ClassMap, Reading};
use sencheng::project::decode::decode;
use sencheng::project::origin::{Flags, Origin};
use sencheng::project::scheme::{Candidate, candidate_schemes, candidates, scheme, schemes, shared_classes};
use sencheng::project::settings::{AreaKind, CoverClasses, Figure};
use sencheng::project::{Filter, Project, ProjectError};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/project")
}

/// The answer to a project file, as the case files write it.
fn answer(project: Result<Project, Box<ProjectError>>) -> String {
    let mut answer = String::new();
    match project {
        Ok(project) => {
            for setting in project.effective_settings() {
                let origin = if setting.origin == Origin::Default { "  (default)" } else { "" };
                writeln!(answer, "{} = {}{origin}", setting.key, setting.value).unwrap();
            }
        }
        Err(error) => {
            for error in error.each() {
                writeln!(answer, "{}\n  {error}\n  {}", error.code(), error.zh()).unwrap();
                if let Some(cure) = error.cure() {
                    writeln!(answer, "  -> {}\n  -> {}", cure.en, cure.zh).unwrap();
                }
            }
        }
    }
    answer
}

#[test]
fn every_case_file_gets_its_answer() {
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    cases.sort();
    assert!(cases.len() >= 10, "the case files are there");
    for case in cases {
        let name = case.file_name().unwrap().to_str().unwrap();
        let got = answer(Project::parse(&fs::read(&case).unwrap(), name));
        let expected = fs::read_to_string(case.with_extension("expected")).unwrap_or_default();
        assert!(got == expected, "{name} now gets:\n{got}");
    }
}

fn parse(text: &str) -> Result<Project, Box<ProjectError>> {
    Project::parse(text.as_bytes(), "p.toml")
}

/// A small project with this cover.
fn with_cover(cover: &str) -> Project {
    parse(&format!("schema = 1\n[zones]\nfile = \"t\"\nid = \"c\"\n[[cover]]\nfile = \"f\"\n{cover}"))
        .unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[test]
fn a_project_reads_the_same_in_every_encoding() {
    let utf8 = fs::read_to_string(folder().join("full.toml")).unwrap();
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&utf8);
    let utf16: Vec<u8> =
        std::iter::once(0xFEFF).chain(utf8.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let with_mark = [b"\xEF\xBB\xBF", utf8.as_bytes()].concat();
    let expected = answer(parse(&utf8));
    for (bytes, encoding) in
        [(utf8.as_bytes(), "UTF-8"), (&with_mark, "UTF-8"), (&gb18030, "gb18030"), (&utf16, "UTF-16LE")]
    {
        let project = Project::parse(bytes, "p.toml").unwrap();
        assert_eq!(project.encoding, encoding);
        assert_eq!(answer(Ok(project)), expected, "{encoding}");
    }
}

#[test]
fn places_are_right_in_a_file_with_windows_line_ends() {
    let error = parse("schema = 1\r\n\r\n[zones]\r\nfile = \"\"\r\nid = \"c\"\r\ntitel = 1\r\n").unwrap_err();
    let places: Vec<String> = error.each().iter().map(|error| error.place().unwrap().to_string()).collect();
    assert_eq!(places, ["p.toml:1:1", "p.toml:4:8", "p.toml:6:1"], "{error}");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    assert_eq!(decode(b"\xFF\xFF\x00"), None);
    let error = Project::parse(b"title = \"\xFF\xFF\"", "p.toml").unwrap_err();
    assert_eq!(error.code(), "project-not-text");
}

#[test]
fn a_full_width_character_in_a_gb18030_file_is_shown_at_its_column() {
    let (bytes, _, _) = encoding_rs::GB18030.encode("schema = 1\ntitle = \"和平县\"\ncrs ＝ \"EPSG:4547\"\n");
    let error = Project::parse(&bytes, "项目.toml").unwrap_err();
    assert!(error.to_string().starts_with("项目.toml:3:5: full-width `＝`"), "{error}");
    assert!(error.zh().contains("全角 `＝`"), "{}", error.zh());
    assert!(error.cure().unwrap().en.contains("`=`"));
}

#[test]
fn full_width_characters_inside_strings_and_comments_are_text() {
    let text = "a = '，' # ：\nb = \"\\\"，\"\nc = \"\"\"\n“，”\n\"\"\"\nd = '''，\n‘’'''\n";
    assert!(sencheng::project::decode::full_width_in_toml(text).is_empty());
}

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    let deep = format!("a = {}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(parse(&deep).unwrap_err().code(), "toml-syntax");
    assert_eq!(Filter::parse(&"(".repeat(100_000)).unwrap_err().code(), "filter-syntax");
    assert_eq!(Filter::parse(&"not ".repeat(100_000)).unwrap_err().code(), "filter-syntax");
}

#[test]
fn a_flag_stands_over_the_file_and_the_file_over_the_default() {
    let text = fs::read_to_string(folder().join("full.toml")).unwrap();
    let flags = Flags { area: Some(AreaKind::Ellipsoid), ..Flags::default() };
    let project = parse(&text).unwrap().with_flags(flags);
    assert_eq!(project.area, AreaKind::Ellipsoid);
    let settings = project.effective_settings();
    let origin = |key: &str| settings.iter().find(|setting| setting.key == key).unwrap().origin;
    assert_eq!(origin("area"), Origin::Flag);
    assert_eq!(origin("crs"), Origin::ProjectFile);
    assert_eq!(origin("class.arbor.counts_as"), Origin::Default);
    assert_eq!(origin("class.other_shrub.counts_as"), Origin::ProjectFile);
}

#[test]
fn residents_are_counted_in_persons() {
    let text = fs::read_to_string(folder().join("full.toml")).unwrap();
    let residents = parse(&text).unwrap().residents;
    assert_eq!(residents.urban_residents.unwrap().persons(), 123_000.0);
}

#[test]
fn two_layers_coded_differently_fill_one_stratum() {
    let project = with_cover(
        "field = \"DI_LEI\"\nscheme = \"di_lei_3\"\nstratum = \"land\"\n\
         [[cover]]\nfile = \"g\"\nfield = \"dlbm\"\nscheme = \"land_survey_2017\"\nstratum = \"land\"\n",
    );
    let CoverClasses::ByField { map: first, .. } = &project.covers[0].classes else { panic!() };
    let CoverClasses::ByField { map: second, .. } = &project.covers[1].classes else { panic!() };
    assert_eq!(first.read(&text("111")), second.read(&text("0301")));
    assert_eq!(project.strata.len(), 1);
    assert_eq!(project.strata[0].classes.len(), project.classes.len());
}

/// The class that a value of a cover means, or the kind of its reading.
fn reading(project: &Project, value: &Value) -> String {
    let CoverClasses::ByField { map, .. } = &project.covers[0].classes else { panic!("a field") };
    match map.read(value) {
        Reading::Class(index) => project.classes[index.0].id.clone(),
        other => format!("{other:?}").split('(').next().unwrap().to_owned(),
    }
}

#[test]
fn rules_of_the_project_come_before_the_scheme() {
    let project = with_cover(
        "field = \"DI_LEI\"\nscheme = \"di_lei_3\"\nmap = [{ class = \"lawn\", values = [\"302\", \"x1\"] }, \
         { class = \"water\", range = [500, 500.5] }, { class = \"built\", prefix = \"95\" }]",
    );
    for (value, expected) in [
        (text(" 302 "), "lawn"),
        (text("X1"), "lawn"),
        (Value::Integer(500), "water"),
        (text("500.25"), "water"),
        (Value::Integer(951), "built"),
        (Value::Integer(941), "non_forest"),
        (text("6031"), "cleared"),
        (text("bog"), "Unmapped"),
        (text("  "), "Null"),
        (Value::Null, "Null"),
    ] {
        assert_eq!(reading(&project, &value), expected, "{value:?}");
    }
}

fn names(candidates: &[Candidate]) -> Vec<String> {
    candidates.iter().map(|one| format!("{} {} {}", one.scheme, one.code, one.class)).collect()
}

#[test]
fn a_lost_leading_zero_is_never_guessed() {
    let project = with_cover("field = \"DI_LEI\"\nscheme = \"di_lei_4\"");
    let CoverClasses::ByField { map, .. } = &project.covers[0].classes else { panic!("a field") };
    for value in [Value::Integer(120), Value::Real(120.0), text("120")] {
        let Reading::Ambiguous(candidates) = map.read(&value) else { panic!("{value:?} was guessed") };
        assert_eq!(names(&candidates), ["di_lei_3 120 mangrove", "di_lei_4 0120 sparse"]);
    }
    assert_eq!(reading(&project, &text("0120")), "sparse");
    assert_eq!(reading(&project, &text("999")), "Unmapped");
    assert_eq!(
        names(&candidates(&Value::Integer(301))),
        ["di_lei_3 301 special_shrub", "land_survey_2017 0301 arbor", "land_sea_2023 0301 arbor"]
    );
    assert_eq!(names(&candidates(&Value::Integer(111))), ["di_lei_3 111 arbor", "di_lei_4 0111 arbor"]);
}

#[test]
fn lost_leading_zeros_are_restored_where_the_user_says_so() {
    let project = with_cover("field = \"DI_LEI\"\nscheme = \"di_lei_4\"\nleading_zeros = \"lost\"");
    assert_eq!(reading(&project, &Value::Integer(120)), "sparse");
    assert_eq!(reading(&project, &Value::Integer(999)), "Unmapped");
}

#[test]
fn a_rule_settles_a_value_that_lost_its_leading_zero() {
    let project = with_cover(
        "field = \"DI_LEI\"\nscheme = \"di_lei_4\"\nmap = [{ class = \"sparse\", values = [\"120\"] }]",
    );
    assert_eq!(reading(&project, &Value::Integer(120)), "sparse");
    assert_eq!(reading(&project, &Value::Integer(131)), "Ambiguous");
}

#[test]
fn an_unknown_scheme_lists_what_each_value_could_mean() {
    let project = with_cover("field = \"dlbm\"\nscheme = \"unknown\"");
    let CoverClasses::ByField { map, .. } = &project.covers[0].classes else { panic!("a field") };
    let Reading::Ambiguous(candidates) = map.read(&text("0303")) else { panic!("it was guessed") };
    assert_eq!(names(&candidates), ["land_survey_2017 0303 mangrove", "land_sea_2023 0303 shrub"]);
    assert_eq!(map.read(&text("hello")), Reading::Unmapped);
    assert!(project.classes.is_empty());
}

#[test]
fn candidate_schemes_are_listed_best_first() {
    let values = [Value::Integer(111), Value::Integer(120), Value::Integer(131), text("0113"), Value::Null];
    let fits = candidate_schemes(&values);
    let first = &fits[0];
    assert_eq!((first.scheme, first.reads, first.reads_with_zero), ("di_lei_4", 1, 3));
    let second = &fits[1];
    assert_eq!((second.scheme, second.reads, second.reads_with_zero), ("di_lei_3", 2, 0));
    assert!(candidate_schemes(&[text("unheard of")]).is_empty());
}

#[test]
fn every_scheme_maps_its_own_codes_to_shared_classes() {
    let shared: Vec<&str> = shared_classes().iter().map(|shared| shared.class.id.as_str()).collect();
    let schemes = schemes();
    assert_eq!(schemes.len(), 9);
    for scheme in schemes {
        let mut seen = HashMap::new();
        for entry in &scheme.entries {
            assert!(shared.contains(&entry.class.as_str()), "{}: {}", scheme.name, entry.class);
            for code in &entry.codes {
                assert_eq!(seen.insert(code, ()), None, "{}: {code} stands twice", scheme.name);
                if !code.contains('x') {
                    assert_eq!(scheme.class_of(code), Some(entry.class.as_str()), "{}: {code}", scheme.name);
                }
            }
        }
    }
    let ids: std::collections::HashSet<_> = shared.iter().collect();
    assert_eq!(ids.len(), shared.len(), "no shared class stands twice");
}

#[test]
fn codes_count_towards_forest_and_tree_cover_as_the_formulas_say() {
    let counts = |scheme_name: &str, code: &str| {
        let class = scheme(scheme_name).unwrap().class_of(code).unwrap();
        let shared = shared_classes().iter().find(|shared| shared.class.id == class).unwrap();
        let counts_as = &shared.class.counts_as;
        (counts_as.contains(&Figure::Forest), counts_as.contains(&Figure::TreeCover))
    };
    let (both, trees_only, neither) = ((true, true), (false, true), (false, false));
    for (scheme, codes, expected) in [
        ("di_lei_3", &["111", "112", "120", "130", "301", "961", "962", "963"][..], both),
        ("di_lei_3", &["302"], trees_only),
        (
            "di_lei_3",
            &["200", "401", "404", "500", "601", "603", "6032", "701", "720", "800", "910"],
            neither,
        ),
        ("di_lei_4", &["0111", "0112", "0113", "0131"], both),
        ("di_lei_4", &["0132"], trees_only),
        ("di_lei_4", &["0120", "0141", "0150", "0161", "0163", "0171", "0180", "0210", "0250"], neither),
        ("di_lei_4_1111", &["1111", "1112", "1120", "1130", "1310"], both),
        ("di_lei_4_1111", &["1320"], trees_only),
        ("di_lei_4_1111", &["1200"], neither),
        ("di_lei_6", &["030100", "030101", "030200", "030301", "050101"], both),
        ("di_lei_6", &["030302", "030303", "050201"], trees_only),
        ("di_lei_6", &["030401", "030402", "030404", "030405"], neither),
        ("di_lei_names", &["乔木林地", "竹林", "国家特别规定灌木林地", "红树林"], both),
        ("di_lei_names", &["其他灌木林地", "灌木林地"], trees_only),
        ("di_lei_names", &["疏林地", "未成林造林地", "苗圃地", "宜林荒山荒地", "建设用地"], neither),
        ("land_survey_2017", &["0301", "0302", "0303", "0304", "0301K"], both),
        ("land_survey_2017", &["0305", "0306"], trees_only),
        ("land_survey_2017", &["0307", "0307K", "0201K", "0101", "0810", "1203", "05H1", "1104A"], neither),
        ("land_sea_2023", &["0301", "0302", "0501", "0507"], both),
        ("land_sea_2023", &["0303", "0502"], trees_only),
        ("land_sea_2023", &["0304", "1401", "0601"], neither),
    ] {
        for code in codes {
            assert_eq!(counts(scheme, code), expected, "{scheme} {code}");
        }
    }
}

#[test]
fn one_green_space_code_means_another_thing_in_the_other_edition() {
    let class = |edition: &str, code: &str| scheme(edition).unwrap().class_of(code).map(str::to_owned);
    assert_eq!(class("green_space_2017", "G3").as_deref(), Some("square"));
    assert_eq!(class("green_space_2002", "G3").as_deref(), Some("protective_green"));
    assert_eq!(class("green_space_2017", "g11").as_deref(), Some("park"));
    assert_eq!(class("green_space_2017", "G15"), None, "roadside green is a code of 2002 only");
    assert_eq!(class("green_space_2002", "XG"), None);
}

/// Whether a feature with these values counts.
fn counts(condition: &str, fields: &[(&str, Value)]) -> bool {
    let filter = Filter::parse(condition).unwrap_or_else(|error| panic!("{error}"));
    filter.accepts(&|name| {
        let field = fields.iter().find(|(field, _)| *field == name);
        field.map_or(Value::Null, |(_, value)| value.clone())
    })
}

#[test]
fn conditions_compare_texts_and_numbers() {
    let fields = [
        ("DI_LEI", text("0111")),
        ("YU_BI_DU", Value::Real(0.65)),
        ("面积", Value::Integer(12)),
        ("n", text("12.0")),
        ("two words", text("it's")),
        ("ZLDWDM", text("4416240010010000001")),
    ];
    for (condition, expected) in [
        ("DI_LEI = '0111'", true),
        ("DI_LEI == '111'", false),
        ("DI_LEI = 111", true),
        ("DI_LEI <> '0111'", false),
        ("YU_BI_DU >= 0.2", true),
        ("YU_BI_DU > '0.65'", false),
        ("面积 = 12 AND n = 12", true),
        ("n = '12'", false),
        ("面积 in (1, 2, 12)", true),
        ("面积 NOT IN (1, 2, 12)", false),
        ("DI_LEI in ('0113','0111')", true),
        ("\"two words\" = 'it''s'", true),
        ("not 面积 < 5", true),
        ("面积 < 5 or 面积 > 10 and n > 100", false),
        ("(面积 < 5 or 面积 > 10) and n > 10", true),
        ("面积 > -1e3", true),
        ("-1.5 < 面积", true),
        ("ZLDWDM = 4416240010010000000", false),
        ("ZLDWDM = 4416240010010000001", true),
        ("DI_LEI < 'A'", true),
        ("面积 = 'twelve'", false),
    ] {
        assert_eq!(counts(condition, &fields), expected, "{condition}");
    }
}

#[test]
fn null_makes_a_comparison_unknown_as_in_sql() {
    let fields = [("a", Value::Integer(1)), ("nan", Value::Real(f64::NAN))];
    for (condition, expected) in [
        ("gone = 1", false),
        ("gone != 1", false),
        ("not gone = 1", false),
        ("not (gone != 1)", false),
        ("gone is null", true),
        ("gone is not null", false),
        ("not gone is null", false),
        ("a is not null", true),
        ("gone = 1 or a = 1", true),
        ("gone = 1 or a = 2", false),
        ("gone = 1 and a = 1", false),
        ("not (gone = 1 and a = 2)", true),
        ("not (gone = 1 and a = 1)", false),
        ("not (gone = 1 or a = 2)", false),
        ("gone in (1, 2)", false),
        ("gone not in (1, 2)", false),
        ("a not in (2, gone)", false),
        ("a in (1, gone)", true),
        ("nan = nan", false),
        ("nan != 1", false),
    ] {
        assert_eq!(counts(condition, &fields), expected, "{condition}");
    }
}

#[test]
fn a_condition_names_its_fields_once_each() {
    let filter = Filter::parse("b = 1 or \"a\" in (1, c) and not (b is null)").unwrap();
    assert_eq!(filter.fields(), ["b", "a", "c"]);
    assert_eq!(filter.to_string(), "b = 1 or \"a\" in (1, c) and not (b is null)");
}

#[test]
fn a_condition_that_cannot_be_read_is_shown_with_a_caret() {
    for (condition, column, sentence, cure) in [
        ("DI_LEI", 7, "expected a comparison", None),
        ("", 1, "expected a field", None),
        ("地类 = ", 5, "expected a field", None),
        ("地类 ＝ '1'", 4, "full-width `＝`", Some("type `=` instead")),
        ("地类 = ‘乔木林’", 6, "full-width `‘`", Some("type `'` instead")),
        ("a = 'b", 5, "never closed", Some("close it")),
        ("a => 1", 3, "no comparison", Some("use one of")),
        ("a = null", 5, "nothing equals null", Some("is null")),
        ("a = 12ab", 5, "no number", Some("quote a text")),
        ("(a = 1", 7, "expected `)`", None),
        ("a = 1)", 6, "`)` without `(`", None),
        ("a = 1 b = 2", 7, "expected `and`, `or`", None),
        ("a in 1", 6, "expected `(`", None),
        ("a is 1", 6, "expected `null`", None),
        ("a = 1; drop", 6, "means nothing", None),
    ] {
        let error = Filter::parse(condition).expect_err(condition);
        assert_eq!(error.column(), column, "{condition}");
        assert!(error.to_string().contains(sentence), "{condition}: {error}");
        let got = error.cure().map(|cure| cure.en).unwrap_or_default();
        assert!(got.contains(cure.unwrap_or("")), "{condition}: {got}");
    }
    let error = Filter::parse("地类 = = 1").unwrap_err();
    assert_eq!(error.to_string().lines().nth(2), Some("         ^"), "two columns for a Chinese character");
    assert!(error.zh().starts_with("第 6 列"));
}

/// The errors of a project file with this line among its first.
fn errors_of_line(line: &str) -> Vec<ProjectError> {
    let text = format!(
        "schema = 1\n{line}\n[zones]\nfile = \"t\"\nid = \"c\"\n[[cover]]\nfile = \"f\"\nclass = \"park\"\n"
    );
    parse(&text).err().map(|error| error.each().to_vec()).unwrap_or_default()
}

#[test]
fn a_windows_path_in_double_quotes_is_cured() {
    for path in [
        r"D:\GIS数据\x.shp",
        r"D:\new\test.shp",
        r"D:\Users\x.shp",
        r"D:\underlay.shp",
        r"D:\bin\",
        r"C:\table.csv",
        r"D:\数据\x.shp",
    ] {
        let text = format!(
            "schema = 1\n[zones]\nfile = \"{path}\"\nid = \"c\"\n[[cover]]\nfile = \"f\"\nclass = \"park\"\n"
        );
        let error = parse(&text).expect_err(path);
        assert_eq!(error.place().unwrap().line, 3, "{error}");
        let cure = error.cure().unwrap_or_else(|| panic!("{error}"));
        assert_eq!(cure.zh, r"路径中的 \ 请改为 /，或用单引号：'D:\…'", "{error}");
        assert!(cure.en.contains("write / instead of"), "{cure}");
        assert!(error.zh().contains("反斜杠"), "{}", error.zh());
        let quoted = text.replace(&format!("\"{path}\""), &format!("'{path}'"));
        assert_eq!(parse(&quoted).unwrap().zones.layer.file, path);
    }
}

#[test]
fn common_toml_mistakes_have_a_chinese_sentence_and_a_cure() {
    for (line, sentence, cure) in [
        ("title = \"和平县", "缺少结尾的引号", "补上结尾的引号"),
        ("title = '和平县", "缺少结尾的引号", "补上结尾的引号"),
        ("title = 和平县", "没有加引号", "加上引号"),
        ("title = heping", "没有加引号", "加上引号"),
        ("title = 2024年", "没有加引号", "加上引号"),
        ("crs = EPSG:4547", "没有加引号", "加上引号"),
        ("title = \"a\"\ntitle = \"b\"", "写了两次", "只保留一个"),
        ("[map]\n[map]", "写了两次", "只保留一个"),
        ("title \"和平县\"", "缺少 `=`", "键 = 值"),
        ("title", "缺少 `=`", "键 = 值"),
        ("title =", "缺少值", "写上值"),
        ("[map", "没有闭合", "补全括号"),
        ("[standard]\nrules = [\"a\" \"b\"]", "缺少逗号", "半角逗号"),
        ("title = \"a\" \"b\"", "多余内容", "每行只写一个"),
    ] {
        let errors = errors_of_line(line);
        let [error] = &errors[..] else { panic!("{line}: {errors:?}") };
        assert!(error.zh().contains(sentence), "{line}: {error}\n{}", error.zh());
        assert!(error.cure().unwrap().zh.contains(cure), "{line}: {error}");
    }
}

/// The only error of a project whose cover or later tables are these.
fn only_error(rest: &str) -> ProjectError {
    let text = format!("schema = 1\n[zones]\nfile = \"t\"\nid = \"c\"\n[[cover]]\nfile = \"f\"\n{rest}\n");
    let error = parse(&text).expect_err(rest);
    let [one] = error.each() else { panic!("{rest}: {error}") };
    one.clone()
}

#[test]
fn a_map_of_the_wrong_kind_is_shown_as_it_should_be() {
    for map in ["{ \"302\" = \"lawn\" }", "[\"302\"]", "\"302\""] {
        let error = only_error(&format!("field = \"F\"\nmap = {map}"));
        let cure = error.cure().unwrap();
        assert!(cure.en.contains(r#"map = [{ values = ["…"], class = "…" }]"#), "{cure}");
        assert!(cure.zh.contains(r#"map = [{ values = ["…"], class = "…" }]"#), "{}", cure.zh);
    }
    let shift = only_error("class = \"park\"\ndatum_shift = 3").cure().unwrap();
    assert!(shift.en.contains("datum_shift = { … }"), "{shift}");
}

#[test]
fn a_long_wrong_value_is_cut_between_characters() {
    let error = only_error(&format!("class = [\"{}\"]", "绿".repeat(60)));
    assert!(error.to_string().contains(&format!("`[\"{}…`", "绿".repeat(38))), "{error}");
    let error = only_error("class = [\n\"绿\"]");
    assert!(error.to_string().contains("`[…`"), "{error}");
}

#[test]
fn an_answer_written_as_a_value_is_told_where_it_belongs() {
    let error = only_error("class = \"park\"\n[[declared]]\nitem = \"a\"\nvalue = true\nevidence = \"e\"");
    let cure = error.cure().unwrap();
    assert!(cure.en.contains("write passed = true"), "{cure}");
    assert!(cure.zh.contains("passed = true"), "{}", cure.zh);
}

#[test]
fn every_error_of_a_file_is_told_with_its_own_cure() {
    let case = folder().join("unknown-names.toml");
    let told = |lang: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_sencheng"))
            .args(["run", case.to_str().unwrap(), "--out", "never-written", "--lang", lang])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let (zh, en) = (told("zh"), told("en"));
    assert_eq!(zh.matches("错误[").count(), 6, "{zh}");
    assert_eq!(zh.matches("办法：").count(), 6, "{zh}");
    assert!(zh.contains("是否应为“di_lei_3”？"), "{zh}");
    assert_eq!((en.matches("error[").count(), en.matches("cure: ").count()), (6, 6), "{en}");
}

#[test]
fn a_class_may_be_written_by_its_name() {
    let project = with_cover("class = \"公园绿地\"");
    assert_eq!(project.classes[0].id, "park");
    let project = with_cover(
        "field = \"F\"\nmap = [{ class = \"草坪\", values = [\"1\"] }, { class = \"Bamboo forest\", values = [\"2\"] }]\n\
         [[stratum]]\nname = \"地\"\nclasses = [\"竹林\", \"草坪\"]",
    );
    assert_eq!(reading(&project, &text("1")), "lawn");
    assert_eq!(reading(&project, &text("2")), "bamboo");
    let own = with_cover("class = \"果园\"\n[[class]]\nid = \"fruit\"\nname = \"果园\"\ncounts_as = []");
    assert_eq!(own.classes[0].id, "fruit");
    let two = only_error("class = \"草坪\"\n[[class]]\nid = \"mown\"\nname = \"草坪\"\ncounts_as = []");
    assert!(two.cure().unwrap().zh.contains("`mown`, `lawn`"), "{two}");
    let near = only_error("class = \"公园\"");
    assert_eq!(near.cure().unwrap().zh, "是否应为“公园绿地”？");
    let far = only_error("class = \"雪\"").cure().unwrap();
    assert!(far.zh.contains("park 公园绿地"), "{}", far.zh);
}

fn map_of(project: &Project) -> &ClassMap {
    let CoverClasses::ByField { map, .. } = &project.covers[0].classes else { panic!("a field") };
    map
}

#[test]
fn rules_that_match_nothing_are_named_with_what_they_resemble() {
    let project = with_cover(
        "field = \"F\"\nmap = [{ class = \"lawn\", values = [\"草坪\", \"灌木林地\", \"qq\"] }, \
         { class = \"park\", range = [500, 501.5] }, { class = \"water\", range = [1, 9] }, \
         { class = \"built\", prefix = \"95\" }, { class = \"arbor\", prefix = \"ab\" }]",
    );
    let seen = [text("草坪 "), text("灌木林"), Value::Integer(7), text("ABC"), Value::Null];
    let expected = [
        ("灌木林地".to_owned(), Some("灌木林".to_owned())),
        ("qq".to_owned(), None),
        ("[500, 501.5]".to_owned(), None),
        ("95…".to_owned(), None),
    ];
    assert_eq!(map_of(&project).unmatched(&seen), expected);
    assert_eq!(map_of(&project).unmatched(&[]).len(), 7);
    assert_eq!(map_of(&project).scheme_fit(&seen), None, "no scheme is chosen");
}

#[test]
fn a_scheme_that_reads_little_is_doubted_where_another_reads_more() {
    let project =
        with_cover("field = \"F\"\nscheme = \"di_lei_3\"\nmap = [{ class = \"lawn\", values = [\"L1\"] }]");
    let map = map_of(&project);
    let names = [text("乔木林地"), text("竹林"), text("竹林"), text("L1"), Value::Null, text(" ")];
    let doubt = map.scheme_fit(&names).unwrap();
    assert_eq!((doubt.scheme, doubt.values, doubt.reads), ("di_lei_3", 2, 0));
    assert_eq!((doubt.better.scheme, doubt.better.reads), ("di_lei_names", 2));
    assert_eq!(map.scheme_fit(&[text("111"), text("301"), text("乔木林地")]), None, "it reads most");
    assert_eq!(map.scheme_fit(&[text("L1"), Value::Null]), None, "nothing is left to the scheme");
    assert_eq!(map.scheme_fit(&[text("x-1"), text("x-2")]), None, "no scheme reads them");
}

fn readme(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// A project with nothing but what must be there.
const LEAST: &str =
    "schema = 1\n[zones]\nfile = \"a.shp\"\nid = \"b\"\n[[cover]]\nfile = \"c.shp\"\nclass = \"arbor\"\n";

#[test]
fn every_project_file_of_the_readmes_is_right() {
    for file in ["README.md", "README.zh-CN.md"] {
        let text = readme(file);
        let blocks: Vec<&str> = text.split("```toml\n").skip(1).collect();
        assert!(!blocks.is_empty(), "{file}");
        for block in blocks {
            let block = block.split("```").next().unwrap();
            // What is said of some tables only is right in a project that has the rest.
            let whole = block.contains("schema = ");
            let block = if whole { block.to_owned() } else { format!("{LEAST}{block}") };
            let project = Project::parse(block.as_bytes(), file).unwrap_or_else(|error| panic!("{error}"));
            let all = project.covers.len() >= 3 && project.scopes.urban.is_some();
            assert!(all || !whole, "{file} shows it all");
        }
    }
}

#[test]
fn the_readmes_list_every_class_with_what_it_counts_as() {
    let figures = [Figure::Forest, Figure::TreeCover, Figure::Green, Figure::Canopy, Figure::Park];
    for (file, english) in [("README.md", true), ("README.zh-CN.md", false)] {
        let text = readme(file);
        for class in shared_classes().iter().map(|shared| &shared.class) {
            let marks = figures.map(|figure| match figure {
                _ if class.counts_as.contains(&figure) => " ✓ |",
                _ if class.may_count_as.contains(&figure) => " ? |",
                _ => "   |",
            });
            let english = if english { format!(" {}", class.name.en) } else { String::new() };
            let row = format!("| `{}` | {}{english} |{}", class.id, class.name.zh, marks.concat());
            assert!(text.contains(&row), "{file} lacks: {row}");
        }
    }
}
