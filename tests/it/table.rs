//! Tables of residents: what is read, what is left out and said, and what is refused.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};
use sencheng::finding::{Finding, Severity};
use sencheng::layers::table::{PeopleUnit, Table, TableError, TableRequest, join, read_table};
use tempfile::TempDir;

use crate::chance;
use crate::shared;

fn request(file: &Path, key: &str, value: &str) -> TableRequest {
    TableRequest {
        file: file.to_owned(),
        sheet: None,
        key: key.to_owned(),
        value: value.to_owned(),
        unit: PeopleUnit::Persons,
    }
}

fn file(name: &str, bytes: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}

/// A text file read with the columns 乡镇 and 人口 in persons.
fn read_text(bytes: impl AsRef<[u8]>) -> Result<Table, TableError> {
    let (_folder, path) = file("人口.csv", bytes);
    read_table(&request(&path, "乡镇", "人口"))
}

fn text_in(unit: PeopleUnit, bytes: &str) -> Result<Table, TableError> {
    let (_folder, path) = file("人口.csv", bytes);
    read_table(&TableRequest { unit, ..request(&path, "乡镇", "人口") })
}

/// A workbook of one sheet, read with the columns 乡镇 and 人口 in persons.
fn read_sheet(fill: impl FnOnce(&mut Worksheet)) -> Result<Table, TableError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("人口.xlsx");
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save(&path).unwrap();
    read_table(&request(&path, "乡镇", "人口"))
}

fn write(sheet: &mut Worksheet, cells: &[&[&str]]) {
    for (row, texts) in (0..).zip(cells) {
        for (column, text) in (0..).zip(*texts).filter(|(_, text)| !text.is_empty()) {
            match text.parse::<f64>() {
                Ok(number) => sheet.write_number(row, column, number).unwrap(),
                Err(_) => sheet.write_string(row, column, *text).unwrap(),
            };
        }
    }
}

fn rows(table: &Table) -> Vec<(&str, Option<f64>, u32)> {
    table.rows.iter().map(|row| (row.key.as_str(), row.value, row.row_number)).collect()
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| &*finding.code).collect()
}

fn the<'a>(findings: &'a [Finding], code: &str) -> &'a Finding {
    findings.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("{code} in {findings:?}"))
}

#[test]
fn a_plain_table_is_read_without_a_finding() {
    let table = read_text("乡镇,人口\n阳明镇,12345\n大坝镇,6789\n").unwrap();
    assert_eq!(rows(&table), [("阳明镇", Some(12345.0), 2), ("大坝镇", Some(6789.0), 3)]);
    assert_eq!(table.total_stated, None);
    assert_eq!(table.findings, []);
}

#[test]
fn text_files_are_read_in_every_usual_encoding() {
    let text = "乡镇,人口\n阳明镇,12345\n";
    let gb18030 = encoding_rs::GB18030.encode(text).0.into_owned();
    let marked = [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    let utf16: Vec<u8> =
        "\u{feff}乡镇\t人口\r\n阳明镇\t12345\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, expected) in [
        (text.as_bytes().to_vec(), vec![]),
        (marked, vec![]),
        (text.replace('\n', "\r\n").into_bytes(), vec![]),
        (gb18030, vec!["table-encoding"]),
        (utf16, vec!["table-encoding"]),
    ] {
        let table = read_text(bytes).unwrap();
        assert_eq!(rows(&table), [("阳明镇", Some(12345.0), 2)]);
        assert_eq!(codes(&table.findings), expected);
    }
    let error = read_text(b"\xE4\xB9\xA1,b\n1,2\n\xFF\xFF\xFF").unwrap_err();
    assert!(matches!(error, TableError::Encoding { line: 3, .. }), "{error:?}");
}

#[test]
fn the_delimiter_is_the_one_that_separates_the_columns() {
    for text in [
        "统计表,2023\n乡镇;人口\n阳明镇;12,345\n",
        "乡镇\t人口\n阳明镇\t12,345\n",
        "乡镇,人口\n阳明镇,\"12,345\"\n",
    ] {
        let table = read_text(text).unwrap();
        assert_eq!(table.rows[0].value, Some(12345.0), "{text}");
        assert!(codes(&table.findings).contains(&"table-numbers-as-text"), "{text}");
    }
}

#[test]
fn titles_totals_blank_rows_and_remarks_are_recognised_and_noted() {
    let table = read_sheet(|sheet| {
        write(
            sheet,
            &[
                &["和平县2023年常住人口"],
                &["", "", "单位：人"],
                &["序号", "乡 镇\n", "人口（人）"],
                &["1", "阳明镇", "100"],
                &["", "小计", "100"],
                &[""],
                &["2", "大坝镇", "50"],
                &["合　计", "", "150"],
                &["", "注：数据来源于统计局"],
            ],
        );
    })
    .unwrap();
    assert_eq!(rows(&table), [("阳明镇", Some(100.0), 4), ("大坝镇", Some(50.0), 7)]);
    assert_eq!(table.total_stated, Some(150.0));
    let expected = ["table-title-rows", "table-blank-rows", "table-remarks", "table-total-rows"];
    assert_eq!(codes(&table.findings), expected);
    assert!(table.findings.iter().all(|finding| finding.severity == Severity::Info));
    assert!(table.findings.iter().all(|finding| finding.layer.as_deref() == Some("人口.xlsx")));
    assert_eq!(the(&table.findings, "table-total-rows").count, 2);
    assert!(the(&table.findings, "table-total-rows").sentence.en.contains("5, 8"));
}

#[test]
fn every_word_for_a_total_leaves_its_row_out() {
    for word in ["合计", "总计", "小计", "全县", "合 计", "和平县合计", "Total", "SUM", "总计：", "Subtotal"]
    {
        let table = read_text(format!("乡镇,人口\n阳明镇,100\n{word},100\n")).unwrap();
        assert_eq!(rows(&table), [("阳明镇", Some(100.0), 2)], "{word}");
    }
}

#[test]
fn a_word_that_only_describes_a_row_does_not_make_it_a_total() {
    let table = read_text("乡镇,范围,人口\n阳明镇,全市,100\n大坝镇,全市,50\n,全县,150\n").unwrap();
    assert_eq!(table.rows.len(), 2);
    assert_eq!(table.total_stated, Some(150.0));
}

#[test]
fn a_unit_where_a_value_should_be_does_not_hide_its_row() {
    let table = read_text("乡镇,人口\n,人\n阳明镇,100\n大坝镇,人\n").unwrap();
    assert_eq!(rows(&table), [("阳明镇", Some(100.0), 3), ("大坝镇", None, 4)]);
    assert_eq!(codes(&table.findings), ["table-unit-row", "table-value-unreadable"]);
}

#[test]
fn a_total_that_is_not_the_sum_is_a_warning_with_both_numbers() {
    let table = read_text("乡镇,人口\n阳明镇,100\n大坝镇,50\n合计,160\n").unwrap();
    let finding = the(&table.findings, "table-total-differs");
    assert_eq!(finding.severity, Severity::Warning);
    for language in [&finding.sentence.en, &finding.sentence.zh] {
        assert!(language.contains("160") && language.contains("150"), "{language}");
    }
    assert_eq!(table.total_stated, Some(160.0));
}

#[test]
fn rounding_explains_a_small_difference_in_ten_thousands_but_none_in_persons() {
    let rounded = "乡镇,人口\n甲镇,1.24\n乙镇,1.24\n合计,2.47\n";
    let table = text_in(PeopleUnit::TenThousand, rounded).unwrap();
    assert!(!codes(&table.findings).contains(&"table-total-differs"), "{:?}", table.findings);
    let wrong = rounded.replace("2.47", "2.57");
    let table = text_in(PeopleUnit::TenThousand, &wrong).unwrap();
    the(&table.findings, "table-total-differs");
    let table = read_text("乡镇,人口\n甲镇,100\n合计,101\n").unwrap();
    the(&table.findings, "table-total-differs");
}

#[test]
fn numbers_stored_as_text_are_read_and_noted() {
    let table = read_sheet(|sheet| {
        write(sheet, &[&["乡镇", "人口"], &["甲镇", "12,345"], &["乙镇", "１２３"], &["丙镇", "77人"]]);
        sheet.write_string(4, 0, "丁镇").unwrap();
        sheet.write_string(4, 1, "88").unwrap();
    })
    .unwrap();
    let values: Vec<Option<f64>> = table.rows.iter().map(|row| row.value).collect();
    assert_eq!(values, [Some(12345.0), Some(123.0), Some(77.0), Some(88.0)]);
    assert_eq!(codes(&table.findings), ["table-numbers-as-text"]);
    assert_eq!(table.findings[0].count, 4);
}

#[test]
fn ten_thousand_persons_become_persons() {
    let table =
        text_in(PeopleUnit::TenThousand, "乡镇,人口(万人)\n甲镇,3.2万人\n乙镇,1\n合计,4.2\n").unwrap();
    assert_eq!(rows(&table), [("甲镇", Some(32000.0), 2), ("乙镇", Some(10000.0), 3)]);
    assert_eq!(table.total_stated, Some(42000.0));
}

#[test]
fn a_unit_in_the_table_that_contradicts_the_declared_one_stops_the_reading() {
    for (text, row) in [
        ("乡镇,人口\n甲镇,3.2万人\n", 2),
        ("乡镇,人口（万人）\n甲镇,3.2\n", 1),
        ("单位：万人\n乡镇,人口\n甲镇,3.2\n", 1),
        ("乡镇,人口\n,万人\n甲镇,3.2\n", 2),
        ("乡镇,人口\n甲镇,5\n合计,3.2万\n", 3),
    ] {
        let error = read_text(text).unwrap_err();
        assert_eq!(error.code(), "unit-contradicted", "{text}");
        assert!(
            matches!(error, TableError::UnitContradicted { row: at, .. } if at == row),
            "{text}: {error:?}"
        );
        assert!(error.to_string().contains("万人") && error.cure().unwrap().zh.contains("万人"), "{error}");
        text_in(PeopleUnit::TenThousand, text).unwrap();
    }
    text_in(PeopleUnit::TenThousand, "乡镇,人口\n甲镇,12345人\n").unwrap_err();
}

#[test]
fn persons_with_decimals_are_doubted() {
    let table = read_text("乡镇,人口\n甲镇,3.25\n乙镇,4\n").unwrap();
    let finding = the(&table.findings, "table-fractions");
    assert_eq!((finding.severity, finding.count), (Severity::Warning, 1));
}

#[test]
fn what_is_no_number_is_missing_and_never_zero() {
    let table = read_text("乡镇,人口\n甲镇,约3000\n乙镇,—\n丙镇,\n丁镇,-5\n戊镇,\"1,23\"\n己镇,0\n").unwrap();
    let values: Vec<Option<f64>> = table.rows.iter().map(|row| row.value).collect();
    assert_eq!(values, [None, None, None, None, None, Some(0.0)]);
    let unreadable = the(&table.findings, "table-value-unreadable");
    assert_eq!((unreadable.severity, unreadable.count), (Severity::Warning, 3));
    assert!(unreadable.sentence.zh.contains("甲镇 约3000"), "{:?}", unreadable.sentence);
    assert_eq!(the(&table.findings, "table-value-blank").count, 2);
}

#[test]
fn repeated_keys_are_refused_with_their_rows() {
    let error = read_text("乡镇,人口\n甲镇,1\n乙镇,2\n甲 镇,3\n").unwrap_err();
    assert_eq!(error.code(), "key-repeated");
    assert!(error.to_string().contains("甲镇 (2, 4)"), "{error}");
    let error = read_text("乡镇,人口\n441624100,1\n441624100.0,2\n").unwrap_err();
    assert!(error.zh().contains("441624100 (2, 3)"), "{error}");
}

#[test]
fn a_missing_column_lists_what_there_is() {
    let error = read_text("乡镇,常住人囗数,面积\n甲镇,1,2\n").unwrap_err();
    assert_eq!(error.code(), "column-missing");
    let TableError::ColumnMissing { column, columns, .. } = &error else { panic!("{error:?}") };
    assert_eq!(
        (column.as_str(), columns.as_slice()),
        ("人口", ["乡镇", "常住人囗数", "面积"].map(String::from).as_slice())
    );
    assert!(error.cure().unwrap().zh.contains("乡镇、常住人囗数、面积"));
    let (_folder, path) = file("t.csv", "code,name,population\n1,a,2\n");
    let error = read_table(&request(&path, "code", "Populaton")).unwrap_err();
    assert!(error.cure().unwrap().en.contains("did you mean \"population\"?"), "{:?}", error.cure());
    let error = read_table(&request(&path, "cod", "population")).unwrap_err();
    assert!(error.cure().unwrap().en.contains("did you mean \"code\"?"), "{:?}", error.cure());
}

#[test]
fn a_name_that_the_header_has_twice_is_refused() {
    let error = read_text("乡镇,人口,乡镇,人口\n甲镇,1,乙镇,2\n").unwrap_err();
    assert!(matches!(error, TableError::ColumnTwice { row: 1, .. }), "{error:?}");
}

#[test]
fn brackets_blanks_and_line_breaks_in_a_header_do_not_matter() {
    let (_folder, path) = file("t.csv", "\"乡镇\n(街道)\",\"常住 人口（人）\"\n甲镇,1\n");
    let table = read_table(&request(&path, "乡镇（街道）", "常住人口(人)")).unwrap();
    assert_eq!(table.rows[0].value, Some(1.0));
    let table = read_table(&request(&path, "乡镇", "常住人口")).unwrap();
    assert_eq!(table.rows[0].value, Some(1.0));
}

#[test]
fn a_header_of_two_rows_is_understood_and_noted() {
    let table = read_text("标题,,\n乡镇,其中,\n,户数,人口\n甲镇,1,3\n").unwrap();
    assert_eq!(rows(&table), [("甲镇", Some(3.0), 4)]);
    assert_eq!(codes(&table.findings), ["table-title-rows", "table-header-spread"]);
}

#[test]
fn a_header_repeated_on_every_page_is_no_row() {
    let table = read_text("乡镇,人口\n甲镇,1\n乡镇,人口\n乙镇,2\n").unwrap();
    assert_eq!(table.rows.len(), 2);
    assert_eq!(codes(&table.findings), ["table-header-repeated"]);
}

#[test]
fn codes_stored_as_numbers_are_codes() {
    let table = read_sheet(|sheet| write(sheet, &[&["乡镇", "人口"], &["441624100", "5"]])).unwrap();
    assert_eq!(table.rows[0].key, "441624100");
    let table = read_text("乡镇,人口\n\"=\"\"441624101\"\"\",5\n'441624102,6\n441624103.0,7\n").unwrap();
    let zones = [("441624101", "甲"), ("441624102", "乙"), ("441624103", "丙")];
    let (values, findings) = join(&table, &zones);
    assert_eq!(values, [Some(5.0), Some(6.0), Some(7.0)]);
    assert_eq!(findings, []);
}

#[test]
fn a_code_that_lost_its_last_digits_is_named() {
    let table = read_text("乡镇,人口\n4.41624E+08,5\n").unwrap();
    the(&table.findings, "table-codes-shortened");
}

#[test]
fn values_without_a_key_are_left_out_and_named() {
    let table = read_text("乡镇,人口\n甲镇,1\n,2\n").unwrap();
    assert_eq!(rows(&table), [("甲镇", Some(1.0), 2)]);
    assert!(the(&table.findings, "table-key-blank").sentence.en.ends_with("row 3"));
}

#[test]
fn merged_cells_are_never_divided_or_added_by_a_guess() {
    let plain = Format::new();
    let table = read_sheet(|sheet| {
        write(
            sheet,
            &[&["乡镇", "人口"], &["", "1"], &["", "2"], &["乙镇", ""], &["丙镇", ""], &["丁镇", "4"]],
        );
        sheet.merge_range(1, 0, 2, 0, "甲镇", &plain).unwrap();
        sheet.merge_range(3, 1, 4, 1, "900", &plain).unwrap();
    })
    .unwrap();
    let expected = [("甲镇", None, 2), ("乙镇", None, 4), ("丙镇", None, 5), ("丁镇", Some(4.0), 6)];
    assert_eq!(rows(&table), expected);
    assert_eq!(the(&table.findings, "table-key-merged").severity, Severity::Warning);
    assert_eq!(the(&table.findings, "table-value-merged").count, 2);
}

#[test]
fn a_row_two_cells_tall_keeps_its_value() {
    let plain = Format::new();
    let table = read_sheet(|sheet| {
        write(sheet, &[&["乡镇", "人口"]]);
        sheet.merge_range(1, 0, 2, 0, "甲镇", &plain).unwrap();
        sheet.merge_range(1, 1, 2, 1, "9", &plain).unwrap();
    })
    .unwrap();
    assert_eq!(rows(&table), [("甲镇", Some(9.0), 2)]);
}

#[test]
fn formulas_give_their_stored_result_and_errors_give_none() {
    let table = read_sheet(|sheet| {
        write(sheet, &[&["乡镇", "人口"], &["甲镇"], &["乙镇"]]);
        sheet.write_formula(1, 1, Formula::new("=2+3").set_result("5")).unwrap();
        sheet.write_formula(2, 1, Formula::new("=A1/0").set_result("#REF!")).unwrap();
    })
    .unwrap();
    assert_eq!(rows(&table), [("甲镇", Some(5.0), 2), ("乙镇", None, 3)]);
    let error = the(&table.findings, "table-value-error");
    assert!(error.sentence.en.contains("乙镇 #REF!"), "{:?}", error.sentence);
}

#[test]
fn a_formula_that_nobody_computed_has_no_value() {
    let folder = tempfile::tempdir().unwrap();
    let (computed, path) = (folder.path().join("computed.xlsx"), folder.path().join("人口.xlsx"));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    write(sheet, &[&["乡镇", "人口"], &["甲镇"], &["乙镇", "7"]]);
    sheet.write_formula(1, 1, Formula::new("=2+3").set_result("5")).unwrap();
    book.save(&computed).unwrap();
    for nothing in ["<v></v>", "<v/>", ""] {
        copy_with(&computed, &path, "<v>5</v>", nothing);
        let table = read_table(&request(&path, "乡镇", "人口")).unwrap();
        assert_eq!(rows(&table), [("甲镇", None, 2), ("乙镇", Some(7.0), 3)], "{nothing}");
        assert_eq!(codes(&table.findings), ["table-value-uncomputed"], "{nothing}");
        assert!(table.findings[0].hint.is_some());
    }
}

/// Copies a workbook with one piece of its sheet's XML put in place of another.
fn copy_with(from: &Path, to: &Path, old: &str, new: &str) {
    let mut from = zip::ZipArchive::new(std::fs::File::open(from).unwrap()).unwrap();
    let mut to = zip::ZipWriter::new(std::fs::File::create(to).unwrap());
    for at in 0..from.len() {
        let mut member = from.by_index(at).unwrap();
        let mut content = String::new();
        member.read_to_string(&mut content).unwrap();
        to.start_file(member.name().unwrap(), zip::write::SimpleFileOptions::default()).unwrap();
        to.write_all(content.replace(old, new).as_bytes()).unwrap();
    }
    to.finish().unwrap();
}

/// A workbook with sheets of these names; each of `full` has the two columns.
fn workbook(sheets: &[&str], full: &[&str]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("人口.xlsx");
    let mut book = Workbook::new();
    for name in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        if full.contains(name) {
            write(sheet, &[&["乡镇", "人口"], &["甲镇", "1"]]);
        }
    }
    book.save(&path).unwrap();
    (folder, path)
}

#[test]
fn the_only_sheet_with_both_columns_is_taken() {
    let (_folder, path) = workbook(&["说明", "2023年"], &["2023年"]);
    let table = read_table(&request(&path, "乡镇", "人口")).unwrap();
    assert_eq!((table.source.as_str(), table.rows.len()), ("人口.xlsx[2023年]", 1));
}

#[test]
fn sheets_are_never_chosen_by_a_guess() {
    let (_folder, path) = workbook(&["2022年", "2023年", "空"], &["2022年", "2023年"]);
    let several = read_table(&request(&path, "乡镇", "人口")).unwrap_err();
    assert_eq!(several.code(), "sheet-not-named");
    assert!(several.cure().unwrap().zh.contains("2022年, 2023年"), "{:?}", several.cure());
    let named = |sheet: &str| {
        read_table(&TableRequest { sheet: Some(sheet.to_owned()), ..request(&path, "乡镇", "人口") })
    };
    assert_eq!(named("2023 年").unwrap().rows.len(), 1);
    let missing = named("2024年").unwrap_err();
    assert_eq!(missing.code(), "sheet-missing");
    assert!(missing.cure().unwrap().zh.contains("2022年、2023年、空"), "{:?}", missing.cure());
    assert_eq!(named("空").unwrap_err().code(), "column-missing");
}

#[test]
fn a_sheet_that_begins_far_from_the_corner_keeps_its_row_numbers() {
    let table = read_sheet(|sheet| {
        sheet.write_string(4, 3, "乡镇").unwrap();
        sheet.write_string(4, 4, "人口").unwrap();
        sheet.merge_range(5, 3, 6, 3, "甲镇", &Format::new()).unwrap();
        sheet.write_number(5, 4, 1).unwrap();
        sheet.write_number(6, 4, 2).unwrap();
    })
    .unwrap();
    assert_eq!(rows(&table), [("甲镇", None, 6)]);
}

#[test]
fn files_that_are_no_tables_are_refused() {
    for (bytes, code) in [
        (b"<html><table></table></html>".as_slice(), "not-a-table"),
        (b"PK\x03\x04 broken", "not-a-table"),
        (b"\xD0\xCF\x11\xE0 broken", "not-a-table"),
        (b"a\0b\0", "not-a-table"),
        (b"", "column-missing"),
        (b"\n\n\n", "column-missing"),
    ] {
        let error = read_text(bytes).unwrap_err();
        assert_eq!(error.code(), code, "{bytes:?}: {error:?}");
        assert!(error.to_string().contains("人口.csv") && error.zh().contains("人口.csv"));
    }
    let error = read_table(&request(Path::new("nowhere/人口.xlsx"), "乡镇", "人口")).unwrap_err();
    assert_eq!(error.code(), "table-unreadable");
}

proptest! {
    #![proptest_config(chance::cases(200))]

    #[test]
    fn no_text_however_strange_makes_it_panic(rows in "([,;\\t\"\n0-9.e+人万合计注 \\u{ff10}-\\u{ff19}]|乡镇|人口){0,60}") {
        let _ = read_text(&rows);
        let _ = read_text(format!("乡镇,人口\n{rows}"));
    }

    #[test]
    fn no_damage_to_a_workbook_makes_it_panic(at in 0_usize..7000, byte in any::<u8>()) {
        let (_folder, path) = workbook(&["2023年"], &["2023年"]);
        let mut bytes = std::fs::read(&path).unwrap();
        if let Some(place) = bytes.get_mut(at) {
            *place = byte;
        }
        std::fs::write(&path, bytes).unwrap();
        let _ = read_table(&request(&path, "乡镇", "人口"));
    }
}

#[test]
fn a_header_without_rows_is_a_warning() {
    let table = read_text("乡镇,人口\n").unwrap();
    assert_eq!(codes(&table.findings), ["table-empty"]);
}

#[test]
fn codes_go_before_names_and_each_zone_has_one_row() {
    let table = read_text("乡镇,人口\n441624100,1\n阳明镇,2\n大 坝 镇,3\n").unwrap();
    let (values, findings) = join(&table, &[("441624100", "阳明镇"), ("441624101", " 大坝镇 ")]);
    assert_eq!(values, [Some(1.0), Some(3.0)]);
    assert_eq!(codes(&findings), ["row-second"]);
    assert_eq!(findings[0].zone.as_deref(), Some("441624100"));
}

#[test]
fn rows_and_zones_without_a_partner_are_named() {
    let table = read_text("乡镇,人口\n阳明镇,1\n别处镇,2\n").unwrap();
    let (values, findings) = join(&table, &[("1", "阳明镇"), ("2", "大坝镇")]);
    assert_eq!(values, [Some(1.0), None]);
    assert_eq!(codes(&findings), ["zone-without-row", "rows-unmatched"]);
    assert_eq!(findings[0].zone.as_deref(), Some("2"));
    assert!(findings[1].sentence.zh.contains("3 (别处镇)"), "{:?}", findings[1].sentence);
    assert_eq!(findings[1].severity, Severity::Warning);
    let (_, findings) = join(&table, &[("1", "阳明镇")]);
    assert_eq!(findings[0].severity, Severity::Info, "rows of elsewhere hurt nobody");
}

#[test]
fn near_names_and_codes_are_proposed_and_not_used() {
    for (key, zone) in [
        ("阳明", ("441624100", "阳明镇")),
        ("阳明乡", ("441624100", "阳明镇")),
        ("东堤街道办事处", ("441624001", "东堤街道")),
        ("和平县阳明镇", ("441624100", "阳明镇")),
        ("441624100000", ("441624100", "阳明镇")),
    ] {
        let table = read_text(format!("乡镇,人口\n{key},54321\n")).unwrap();
        let (values, findings) = join(&table, &[zone]);
        assert_eq!(values, [None], "{key}");
        let hint = the(&findings, "zone-without-row").hint.as_ref().unwrap();
        assert!(hint.zh.contains(key) && hint.zh.contains("54321"), "{hint:?}");
    }
    let table = read_text("乡镇,人口\n阳明乡,1\n阳明街道,2\n").unwrap();
    let (_, findings) = join(&table, &[("1", "阳明镇")]);
    let hint = the(&findings, "zone-without-row").hint.as_ref().unwrap();
    assert!(!hint.zh.contains("阳明") && hint.zh.contains("补上该行"), "two rows are as near: {hint:?}");
}

#[test]
fn a_name_of_two_zones_is_given_to_neither() {
    let table = read_text("乡镇,人口\n城关镇,1\n").unwrap();
    let (values, findings) = join(&table, &[("1", "城关镇"), ("2", "城关镇")]);
    assert_eq!(values, [None, None]);
    assert_eq!(codes(&findings), ["row-ambiguous", "zone-without-row", "zone-without-row"]);
}

#[test]
fn zones_without_a_name_match_nothing_by_name() {
    let table = read_text("乡镇,人口\n甲镇,1\n").unwrap();
    assert_eq!(join(&table, &[("1", ""), ("2", "甲镇")]).0, [None, Some(1.0)]);
}

#[test]
fn a_list_of_real_towns_is_read_by_code() {
    let Some(data) = shared::data("a_list_of_real_towns_is_read_by_code") else { return };
    let table = read_table(&request(&data.join("heyuan/heyuan_towns.csv"), "code", "areaCode")).unwrap();
    let heping = table.rows.iter().filter(|row| row.value == Some(441_624.0)).count();
    assert_eq!(heping, 17);
    let (values, findings) = join(&table, &[("441624100", "阳明镇")]);
    assert_eq!(values, [Some(441_624.0)]);
    assert_eq!(codes(&findings), ["rows-unmatched"]);
}
