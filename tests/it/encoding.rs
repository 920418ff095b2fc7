//! The text encoding of shapefiles: what is declared, what the bytes allow, and what is said of it.

use std::io::Write;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use sencheng::finding::{Finding, Severity};
use sencheng::layers::encoding::{ChosenBy, DbfEncoding, EncodingError, dbf_encoding};
use tempfile::TempDir;

use crate::chance;
use crate::shared;

const TOWNS: [&str; 4] = ["阳明镇", "大坝镇", "长塘镇", "下车镇"];

/// A `.dbf` with one character column of that name and width.
fn dbf(language_byte: u8, field: &[u8], width: u8, values: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = vec![0x03, 124, 1, 1];
    bytes.extend(u32::try_from(values.len()).unwrap().to_le_bytes());
    bytes.extend(65_u16.to_le_bytes());
    bytes.extend((u16::from(width) + 1).to_le_bytes());
    bytes.resize(29, 0);
    bytes.extend([language_byte, 0, 0]);
    let mut descriptor = field.to_vec();
    descriptor.resize(11, 0);
    descriptor.push(b'C');
    descriptor.resize(16, 0);
    descriptor.push(width);
    descriptor.resize(32, 0);
    bytes.extend(descriptor);
    bytes.push(0x0D);
    for value in values {
        let mut record = value.clone();
        record.resize(usize::from(width), b' ');
        bytes.push(b' ');
        bytes.extend(record);
    }
    bytes.push(0x1A);
    bytes
}

fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

fn in_gbk(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| gbk(text)).collect()
}

fn in_utf8(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

/// A folder with `towns.shp`, `towns.dbf` and perhaps `towns.cpg`.
fn shapefile(dbf: &[u8], cpg: Option<&str>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let shp = folder.path().join("towns.shp");
    std::fs::write(&shp, b"").unwrap();
    std::fs::write(shp.with_extension("dbf"), dbf).unwrap();
    if let Some(cpg) = cpg {
        std::fs::write(shp.with_extension("cpg"), cpg).unwrap();
    }
    (folder, shp)
}

fn decide(dbf: &[u8], cpg: Option<&str>, declared: Option<&str>) -> (DbfEncoding, Vec<Finding>) {
    let (_folder, shp) = shapefile(dbf, cpg);
    dbf_encoding(&shp, None, declared).unwrap()
}

fn answer(encoding: &DbfEncoding) -> (&str, ChosenBy) {
    (encoding.gdal_name.as_str(), encoding.chosen_by)
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| &*finding.code).collect()
}

#[test]
fn every_spelling_of_a_cpg_is_understood() {
    let gbk_file = dbf(0, b"NAME", 20, &in_gbk(&TOWNS));
    for cpg in
        ["936", "CP936", "ANSI 936", "GBK", "gb2312", "GB18030\r\n", "\u{feff}gbk", "Windows-936", "cp 936\0"]
    {
        let (encoding, findings) = decide(&gbk_file, Some(cpg), None);
        assert_eq!(answer(&encoding), ("GB18030", ChosenBy::Cpg), "{cpg:?}");
        assert!(findings.is_empty(), "{cpg:?}: {findings:?}");
    }
    let plain = dbf(0, b"NAME", 20, &in_utf8(&["plain"]));
    for (cpg, name) in [
        ("UTF-8", "UTF-8"),
        ("utf8", "UTF-8"),
        ("65001", "UTF-8"),
        ("OEM 437", "CP437"),
        ("ISO-8859-1", "ISO-8859-1"),
        ("88591", "ISO-8859-1"),
        ("ISO 8859-15", "ISO-8859-15"),
        ("BIG5", "CP950"),
        ("Big-5", "CP950"),
        ("ANSI 1251", "CP1251"),
        ("shift_jis", "CP932"),
        ("koi8r", "KOI8-R"),
    ] {
        let (encoding, findings) = decide(&plain, Some(cpg), None);
        assert_eq!(answer(&encoding), (name, ChosenBy::Cpg), "{cpg:?}");
        assert!(findings.is_empty(), "{cpg:?}: {findings:?}");
    }
}

#[test]
fn the_setting_comes_first_and_is_followed_even_against_the_bytes() {
    let file = dbf(0x4D, b"NAME", 20, &in_gbk(&TOWNS));
    let (encoding, findings) = decide(&file, Some("GBK"), Some("utf-8"));
    assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::Setting));
    assert_eq!(codes(&findings), ["encoding-contradicted"]);
    let (encoding, findings) = decide(&file, Some("UTF-8"), Some("gbk"));
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::Setting));
    assert!(findings.is_empty(), "{findings:?}");
    assert!(encoding.evidence.zh.contains("阳明镇"), "{:?}", encoding.evidence);
}

#[test]
fn a_setting_that_is_no_encoding_is_refused() {
    let (_folder, shp) = shapefile(&dbf(0, b"NAME", 8, &[]), None);
    let error = dbf_encoding(&shp, None, Some("GBQ")).unwrap_err();
    assert_eq!(error.code(), "encoding-unknown");
    assert!(error.to_string().contains("GBQ") && error.zh().contains("GBQ"));
    assert!(error.cure().unwrap().en.contains("GBK"));
}

#[test]
fn the_language_byte_decides_where_there_is_no_cpg() {
    let cp932 = encoding_rs::SHIFT_JIS.encode("西蒲原郡").0.into_owned();
    let big5 = encoding_rs::BIG5.encode("繁體國語").0.into_owned();
    let cp949 = encoding_rs::EUC_KR.encode("한국말").0.into_owned();
    let cp1251 = encoding_rs::WINDOWS_1251.encode("РУССКИЙ").0.into_owned();
    for (byte, value, name) in [
        (0x4D, gbk("阳明镇"), "GB18030"),
        (0x7A, gbk("阳明镇"), "GB18030"),
        (0x13, cp932.clone(), "CP932"),
        (0x7B, cp932, "CP932"),
        (0x78, big5, "CP950"),
        (0x79, cp949, "CP949"),
        (0xC9, cp1251, "CP1251"),
    ] {
        let (encoding, findings) = decide(&dbf(byte, b"NAME", 20, &[value]), None, None);
        assert_eq!(answer(&encoding), (name, ChosenBy::LanguageByte), "{byte:#x}");
        assert!(findings.is_empty(), "{byte:#x}: {findings:?}");
    }
}

#[test]
fn a_western_language_byte_yields_to_the_bytes() {
    for byte in [0x57, 0x03, 0x01] {
        let (encoding, findings) = decide(&dbf(byte, b"NAME", 20, &in_gbk(&TOWNS)), None, None);
        assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode), "{byte:#x}");
        assert!(findings.is_empty(), "{findings:?}");
        let (encoding, _) = decide(&dbf(byte, b"NAME", 20, &in_utf8(&TOWNS)), None, None);
        assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::TrialDecode), "{byte:#x}");
    }
}

#[test]
fn the_bytes_decide_where_nothing_is_declared() {
    let (encoding, _) = decide(&dbf(0, b"NAME", 20, &in_gbk(&TOWNS)), None, None);
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode));
    assert!(encoding.evidence.en.contains("阳明镇, 大坝镇, 长塘镇"), "{:?}", encoding.evidence);
    let (encoding, _) = decide(&dbf(0, b"NAME", 20, &in_utf8(&TOWNS)), None, None);
    assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::TrialDecode));
    let (encoding, _) = decide(&dbf(0, b"NAME", 20, &in_utf8(&["plain"])), None, None);
    assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::NothingToDecide));
}

#[test]
fn field_names_alone_decide_too() {
    let (encoding, _) = decide(&dbf(0, &gbk("乡镇名称"), 20, &in_utf8(&["plain"])), None, None);
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode));
}

#[test]
fn a_text_cut_off_inside_a_character_is_no_evidence_against_its_encoding() {
    let cut = |bytes: Vec<u8>| bytes.into_iter().take(7).collect::<Vec<u8>>();
    let long = [cut(gbk("阳明镇政府"))];
    let (encoding, findings) = decide(&dbf(0, b"NAME", 7, &long), Some("GBK"), None);
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::Cpg));
    assert!(findings.is_empty(), "{findings:?}");
    let utf8 = [cut("阳明镇".as_bytes().to_vec())];
    let (encoding, _) = decide(&dbf(0, b"NAME", 7, &utf8), None, None);
    assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::TrialDecode));
}

#[test]
fn a_cpg_that_the_bytes_refute_is_not_believed_and_that_is_said() {
    let (encoding, findings) = decide(&dbf(0x57, b"NAME", 20, &in_gbk(&TOWNS)), Some("UTF-8"), None);
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode));
    assert_eq!(codes(&findings), ["encoding-contradicted"]);
    assert_eq!(findings[0].severity, Severity::Warning);
    assert!(findings[0].sentence.en.contains("4 of 4"), "{:?}", findings[0].sentence);
    assert_eq!(findings[0].layer.as_deref(), Some("towns.shp"));
}

#[test]
fn a_cpg_that_the_bytes_only_make_doubtful_is_believed_and_that_is_said() {
    let (encoding, findings) =
        decide(&dbf(0, b"NAME", 20, &in_utf8(&["和平县阳明"])), Some("ISO-8859-1"), None);
    assert_eq!(answer(&encoding), ("ISO-8859-1", ChosenBy::Cpg));
    assert_eq!(codes(&findings), ["encoding-doubtful"]);
    assert!(findings[0].sentence.zh.contains("和平县阳明"), "{:?}", findings[0].sentence);
    let (encoding, findings) = decide(&dbf(0, b"NAME", 20, &in_utf8(&["国语國語"])), Some("GBK"), None);
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::Cpg));
    assert_eq!(codes(&findings), ["encoding-doubtful"]);
}

#[test]
fn one_damaged_text_among_many_does_not_change_the_answer() {
    let mut values = in_utf8(&["阳明镇"; 60]);
    values.push(vec![0xE9, 0x98]);
    let (encoding, findings) = decide(&dbf(0, b"NAME", 20, &values), Some("UTF-8"), None);
    assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::Cpg));
    assert_eq!(codes(&findings), ["text-damaged"]);
    assert!(findings[0].sentence.en.contains("1 of 61"), "{:?}", findings[0].sentence);
}

#[test]
fn an_unknown_cpg_is_named_and_the_bytes_decide() {
    for cpg in ["", "SYSTEM", "ANSI", "UTF-16"] {
        let (encoding, findings) = decide(&dbf(0, b"NAME", 20, &in_gbk(&TOWNS)), Some(cpg), None);
        assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode), "{cpg}");
        assert_eq!(codes(&findings), ["cpg-unknown"], "{cpg}");
    }
}

#[test]
fn text_of_neither_kind_falls_back_with_a_warning() {
    let greek = encoding_rs::WINDOWS_1253.encode("Π. ΑΝΑΤΟΛΙΚΗΣ ΜΑΚΕΔΟΝΙΑΣ - ΘΡΑΚΗΣ").0.into_owned();
    let (encoding, findings) = decide(&dbf(0, b"PER", 60, &[greek]), None, None);
    assert_eq!(answer(&encoding), ("ISO-8859-1", ChosenBy::Fallback));
    assert_eq!(codes(&findings), ["encoding-undecided"]);
    let latin = encoding_rs::WINDOWS_1252.encode("Peçeña México").0.into_owned();
    let (encoding, findings) = decide(&dbf(0x03, b"NAME", 60, &[latin]), None, None);
    assert_eq!(answer(&encoding), ("CP1252", ChosenBy::Fallback));
    assert!(findings[0].sentence.en.contains("Peçeña"), "{:?}", findings[0].sentence);
    assert!(findings[0].hint.is_some());
}

#[test]
fn two_byte_text_that_reads_in_both_is_not_passed_over_in_silence() {
    let both = [vec![0xD2, 0xBB, 0xCD, 0xA9]];
    let (encoding, findings) = decide(&dbf(0, b"NAME", 20, &both), None, None);
    assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::TrialDecode));
    assert_eq!(codes(&findings), ["encoding-undecided"]);
    assert!(findings[0].sentence.zh.contains("一桐"), "{:?}", findings[0].sentence);
    let french = in_utf8(&["Orléans", "Évry"]);
    let (_, findings) = decide(&dbf(0, b"NAME", 20, &french), None, None);
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn a_deleted_record_says_nothing() {
    let mut file = dbf(0, b"NAME", 20, &in_gbk(&["阳明镇"]));
    file[65] = b'*';
    let (encoding, _) = decide(&file, None, None);
    assert_eq!(encoding.chosen_by, ChosenBy::NothingToDecide);
}

#[test]
fn no_header_however_false_makes_it_panic() {
    let sound = dbf(0, b"NAME", 20, &in_gbk(&TOWNS));
    for length in 0..sound.len() {
        decide(&sound[..length], None, None);
    }
    for (at, bytes) in [
        (4, [0xFF; 4].as_slice()),
        (8, [0, 0].as_slice()),
        (8, [0xFF, 0xFF].as_slice()),
        (8, [33, 0].as_slice()),
        (10, [0, 0].as_slice()),
        (10, [1, 0].as_slice()),
        (10, [0xFF, 0xFF].as_slice()),
        (48, [0xFF].as_slice()),
        (64, [b'X'].as_slice()),
    ] {
        let mut file = sound.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        decide(&file, None, None);
    }
    let (encoding, findings) = decide(&[], None, None);
    assert_eq!(encoding.chosen_by, ChosenBy::NothingToDecide);
    assert_eq!(codes(&findings), ["dbf-damaged"]);
    let mut headless = sound.clone();
    headless[8] = 0;
    let (_, findings) = decide(&headless, None, None);
    assert_eq!(codes(&findings), ["dbf-damaged"]);
}

proptest! {
    #![proptest_config(chance::cases(200))]

    #[test]
    fn no_bytes_however_strange_make_it_panic(
        file in proptest::collection::vec(any::<u8>(), 0..400),
        cpg in proptest::option::of(".{0,12}"),
    ) {
        decide(&file, cpg.as_deref(), None);
    }

    #[test]
    fn damage_to_a_sound_file_does_not_make_it_panic(at in 0_usize..150, byte in any::<u8>()) {
        let mut file = dbf(0x57, b"NAME", 20, &in_gbk(&TOWNS));
        if let Some(place) = file.get_mut(at) {
            *place = byte;
        }
        decide(&file, None, None);
    }
}

#[test]
fn a_lying_record_count_changes_nothing() {
    let mut file = dbf(0, b"NAME", 20, &in_gbk(&TOWNS));
    file[4..8].copy_from_slice(&0_u32.to_le_bytes());
    assert_eq!(answer(&decide(&file, None, None).0), ("GB18030", ChosenBy::TrialDecode));
    file[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(answer(&decide(&file, None, None).0), ("GB18030", ChosenBy::TrialDecode));
}

#[test]
fn text_that_comes_late_in_a_long_file_is_found() {
    let mut values = in_utf8(&vec!["plain"; 100_000]);
    values.extend(vec![gbk("阳明镇"); 40_000]);
    let (encoding, _) = decide(&dbf(0, b"NAME", 60, &values), None, None);
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode));
}

#[test]
fn endings_in_capitals_are_found() {
    let (folder, shp) = shapefile(&dbf(0, b"NAME", 20, &in_utf8(&["x"])), None);
    std::fs::rename(shp.with_extension("dbf"), shp.with_extension("DBF")).unwrap();
    std::fs::write(folder.path().join("towns.Cpg"), "GBK").unwrap();
    let (encoding, findings) = dbf_encoding(&shp, None, None).unwrap();
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::Cpg));
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn a_shapefile_without_attributes_is_a_finding() {
    let (_folder, shp) = shapefile(&[], None);
    std::fs::remove_file(shp.with_extension("dbf")).unwrap();
    let (encoding, findings) = dbf_encoding(&shp, None, None).unwrap();
    assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::NothingToDecide));
    assert_eq!(codes(&findings), ["dbf-missing"]);
}

#[test]
fn a_missing_file_and_a_file_of_another_kind_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let missing = dbf_encoding(&folder.path().join("none.shp"), None, None).unwrap_err();
    assert_eq!(missing.code(), "layer-unreadable");
    assert!(missing.to_string().contains("none.shp"));
    let other = folder.path().join("towns.gpkg");
    std::fs::write(&other, "x").unwrap();
    assert_eq!(dbf_encoding(&other, None, None).unwrap_err().code(), "not-a-shapefile");
    assert_eq!(dbf_encoding(folder.path(), None, None).unwrap_err().code(), "not-a-shapefile");
    let broken = folder.path().join("towns.zip");
    std::fs::write(&broken, "PK no zip").unwrap();
    assert_eq!(dbf_encoding(&broken, None, None).unwrap_err().code(), "layer-unreadable");
}

#[test]
fn a_folder_of_shapefiles_is_read_by_layer_name() {
    let (folder, _shp) = shapefile(&dbf(0, b"NAME", 20, &in_gbk(&TOWNS)), None);
    let (encoding, _) = dbf_encoding(folder.path(), None, None).unwrap();
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode));
    std::fs::write(folder.path().join("forest.shp"), "").unwrap();
    std::fs::write(folder.path().join("forest.dbf"), dbf(0, b"NAME", 20, &in_utf8(&TOWNS))).unwrap();
    let several = dbf_encoding(folder.path(), None, None).unwrap_err();
    assert!(
        matches!(&several, EncodingError::SeveralLayers { layers, .. } if layers == &["forest", "towns"])
    );
    let (encoding, _) = dbf_encoding(folder.path(), Some("forest"), None).unwrap();
    assert_eq!(encoding.gdal_name, "UTF-8");
    let missing = dbf_encoding(folder.path(), Some("forrest"), None).unwrap_err();
    assert_eq!(missing.code(), "layer-missing");
    assert!(missing.cure().unwrap().en.contains("did you mean \"forest\"?"));
}

/// A stored (uncompressed) zip whose names are raw bytes without the UTF-8 mark, as Chinese Windows writes them.
fn zip_with_raw_names(members: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let offset = u32::try_from(file.len()).unwrap();
        let size = u32::try_from(content.len()).unwrap();
        let mut shared = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x58];
        shared.extend(crc32(content).to_le_bytes());
        shared.extend(size.to_le_bytes());
        shared.extend(size.to_le_bytes());
        shared.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        shared.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&shared);
        file.extend(name);
        file.extend(content);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&shared);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name);
    }
    let (start, length) = (u32::try_from(file.len()).unwrap(), u32::try_from(directory.len()).unwrap());
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count);
    file.extend(count);
    file.extend(length.to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 * (crc & 1)))
    })
}

#[test]
fn a_zip_is_read_by_layer_name_also_where_the_names_are_gbk() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("数据 1.shp.zip");
    let members = [
        (gbk("森林/小班.shp"), vec![]),
        (gbk("森林/小班.DBF"), dbf(0, b"NAME", 20, &in_gbk(&TOWNS))),
        (gbk("森林/乡镇.shp"), vec![]),
        (gbk("森林/乡镇.dbf"), dbf(0, b"NAME", 20, &in_utf8(&TOWNS))),
        (gbk("森林/乡镇.cpg"), b"UTF-8".to_vec()),
    ];
    std::fs::write(&path, zip_with_raw_names(&members)).unwrap();
    let several = dbf_encoding(&path, None, None).unwrap_err();
    assert!(matches!(&several, EncodingError::SeveralLayers { layers, .. } if layers == &["小班", "乡镇"]));
    let (encoding, _) = dbf_encoding(&path, Some("小班"), None).unwrap();
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode));
    let (encoding, findings) = dbf_encoding(&path, Some("乡镇"), None).unwrap();
    assert_eq!(answer(&encoding), ("UTF-8", ChosenBy::Cpg));
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn a_zip_with_one_shapefile_needs_no_layer_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("towns.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in [
        ("乡镇.shp", vec![]),
        ("乡镇.dbf", dbf(0x4D, b"NAME", 20, &in_gbk(&TOWNS))),
        ("__MACOSX/._乡镇.shp", vec![]),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(&content).unwrap();
    }
    zip.finish().unwrap();
    let (encoding, findings) = dbf_encoding(&path, None, None).unwrap();
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::LanguageByte));
    assert!(findings.is_empty(), "{findings:?}");
}

#[test]
fn attribute_files_from_elsewhere_are_judged_as_they_are() {
    let Some(data) = shared::data("attribute_files_from_elsewhere_are_judged_as_they_are") else { return };
    let folder = data.join("nasty-dev/mapshaper/dbf");
    let read = |name: &str| dbf_encoding(&folder.join(name), None, None).unwrap();
    for (name, gdal_name, chosen_by) in [
        ("gbk.dbf", "GB18030", ChosenBy::TrialDecode),
        ("gb2312.dbf", "GB18030", ChosenBy::TrialDecode),
        ("utf8.dbf", "UTF-8", ChosenBy::TrialDecode),
        ("latin1.dbf", "ISO-8859-1", ChosenBy::Fallback),
        ("periphereies.dbf", "ISO-8859-1", ChosenBy::Fallback),
        ("POLYGON.dbf", "UTF-8", ChosenBy::NothingToDecide),
        ("comma_separated.dbf", "UTF-8", ChosenBy::NothingToDecide),
        ("duplicate_fields.dbf", "UTF-8", ChosenBy::NothingToDecide),
        ("ldid/chinese.shp", "GB18030", ChosenBy::LanguageByte),
        ("cpg/big5.shp", "CP950", ChosenBy::Cpg),
        ("cpg/euckr.dbf", "CP949", ChosenBy::Cpg),
        ("cpg/koi8r.dbf", "KOI8-R", ChosenBy::Cpg),
        ("cpg/latin2.dbf", "ISO-8859-2", ChosenBy::Cpg),
        ("cpg/shiftjis.dbf", "CP932", ChosenBy::Cpg),
        ("cpg/win1251.dbf", "CP1251", ChosenBy::Cpg),
        ("cpg/win874.dbf", "CP874", ChosenBy::Cpg),
    ] {
        let (encoding, findings) = read(name);
        assert_eq!(answer(&encoding), (gdal_name, chosen_by), "{name}: {encoding:?}");
        let expected: &[&str] = if chosen_by == ChosenBy::Fallback { &["encoding-undecided"] } else { &[] };
        assert_eq!(codes(&findings), expected, "{name}: {findings:?}");
    }
    let (encoding, findings) = read("big5.dbf");
    assert_eq!(answer(&encoding), ("GB18030", ChosenBy::TrialDecode));
    assert_eq!(codes(&findings), ["encoding-undecided"]);
    assert!(findings[0].sentence.zh.contains("CP950 繁體國語"), "{:?}", findings[0].sentence);
    assert!(read("ldid/chinese.shp").0.evidence.zh.contains("简体"));
    assert!(read("cpg/big5.shp").0.evidence.zh.contains("國語"));
}

#[test]
fn every_shapefile_of_the_shared_data_gets_an_answer() {
    let Some(data) = shared::data("every_shapefile_of_the_shared_data_gets_an_answer") else { return };
    let judged = judge_all(&data);
    assert!(judged > 20, "{judged}");
}

fn judge_all(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| match path.extension().and_then(|ending| ending.to_str()) {
            _ if path.is_dir() => judge_all(&path),
            Some("shp" | "dbf" | "zip") => match dbf_encoding(&path, None, None) {
                Ok(_) => 1,
                Err(error) => {
                    assert_eq!(error.code(), "not-a-shapefile", "{}: {error}", path.display());
                    0
                }
            },
            _ => 0,
        })
        .sum()
}
