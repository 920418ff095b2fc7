//! The decision: setting, `.cpg`, language byte, trial decode, in this order, with a finding for every contradiction.
//!
//! In: the parts of a shapefile as bytes. Out: an encoding, always. A declaration loses only where the bytes are
//! impossible in it; a mere default of Western software in the language byte yields to the bytes.

use super::charset::{Charset, GB18030, LATIN_1, UTF_8};
use super::dbf::{DbfText, Text, texts};
use super::parts::Parts;
use super::trial::{Reading, excerpt, judge, misfits, possible};
use super::{ChosenBy, DbfEncoding};
use crate::finding::{Finding, Severity};
use crate::words;
use crate::words::Words;

/// Decides from the user's setting and the parts of the shapefile.
pub fn decide(setting: Option<&'static Charset>, parts: &Parts) -> (DbfEncoding, Vec<Finding>) {
    let mut case = Case { layer: &parts.layer, text: DbfText::default(), findings: Vec::new() };
    let (charset, chosen_by) = match &parts.dbf {
        Some(dbf) => {
            case.text = texts(dbf);
            case.note_damage();
            case.choose(setting, parts.cpg.as_deref())
        }
        None => {
            case.note_missing_table();
            (setting.unwrap_or(&UTF_8), setting.map_or(ChosenBy::NothingToDecide, |_| ChosenBy::Setting))
        }
    };
    case.note_damaged_texts(charset);
    let evidence = case.evidence(charset, chosen_by);
    (DbfEncoding { gdal_name: charset.gdal.to_owned(), chosen_by, evidence }, case.findings)
}

type Choice = (&'static Charset, ChosenBy);

/// One shapefile being judged: its texts, and what was noticed on the way.
struct Case<'a> {
    layer: &'a str,
    text: DbfText,
    findings: Vec<Finding>,
}

impl Case<'_> {
    fn choose(&mut self, setting: Option<&'static Charset>, cpg: Option<&str>) -> Choice {
        let reading = judge(&self.text.texts);
        if let Some(charset) = setting {
            self.doubt_setting(charset, reading);
            return (charset, ChosenBy::Setting);
        }
        if let Some(charset) = cpg
            .and_then(|name| self.cpg(name))
            .filter(|charset| self.stands(charset, &words!("the .cpg", ".cpg "), reading))
        {
            return (charset, ChosenBy::Cpg);
        }
        let named = Charset::of_language_byte(self.text.language_byte);
        if let Some(charset) = named.filter(|charset| !charset.western)
            && self.stands(charset, &words!("the language byte", "语言标识字节"), reading)
        {
            return (charset, ChosenBy::LanguageByte);
        }
        self.by_trial(reading, named.filter(|charset| charset.western))
    }

    /// The encoding that the `.cpg` names; a finding where nobody knows the name.
    fn cpg(&mut self, content: &str) -> Option<&'static Charset> {
        let name = content.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
        let known = Charset::named(name);
        if known.is_none() {
            let sentence =
                words!("the .cpg names no known encoding: {name:?}", ".cpg 中的编码名无法识别：{name:?}");
            self.warn("cpg-unknown", sentence, None);
        }
        known
    }

    /// Whether a declaration stands against the bytes; what speaks against it becomes a finding.
    fn stands(&mut self, charset: &Charset, declarer: &Words, reading: Reading) -> bool {
        let (name, texts) = (charset.gdal, &self.text.texts);
        let Words { en: by_en, zh: by_zh } = declarer;
        if !possible(charset, texts) {
            let (bad, all) = (misfits(charset, texts), texts.len());
            let sentence = words!(
                "{by_en} declares {name}, but {bad} of {all} texts are impossible in it; the bytes were followed",
                "{by_zh}声明为 {name}，但 {all} 条文字中有 {bad} 条不可能是该编码；已按字节内容判断"
            );
            self.warn("encoding-contradicted", sentence, Some(set_it()));
            return false;
        }
        self.doubt(charset, declarer, reading);
        true
    }

    fn doubt_setting(&mut self, charset: &Charset, reading: Reading) {
        let (name, texts) = (charset.gdal, &self.text.texts);
        let (bad, all) = (misfits(charset, texts), texts.len());
        if possible(charset, texts) {
            return self.doubt(charset, &words!("the setting", "设置"), reading);
        }
        let sentence = words!(
            "the setting declares {name}, but {bad} of {all} texts are impossible in it; it was followed all the same",
            "设置的编码为 {name}，但 {all} 条文字中有 {bad} 条不可能是该编码；仍按设置读取"
        );
        self.warn("encoding-contradicted", sentence, Some(set_it()));
    }

    /// A declaration that the bytes allow, though they look like something else.
    fn doubt(&mut self, charset: &Charset, declarer: &Words, reading: Reading) {
        let likelier = match reading {
            Reading::Utf8 if charset.gdal != UTF_8.gdal => &UTF_8,
            Reading::Chinese if charset.western => &GB18030,
            _ => return,
        };
        let (name, other) = (charset.gdal, likelier.gdal);
        let Words { en: by_en, zh: by_zh } = declarer;
        let (here, there) = (excerpt(charset, &self.text.texts), excerpt(likelier, &self.text.texts));
        let sentence = words!(
            "{by_en} declares {name}, in which the text reads {here}; in {other} it would read {there}",
            "{by_zh}声明为 {name}，读作 {here}；若按 {other} 则读作 {there}"
        );
        self.warn("encoding-doubtful", sentence, Some(set_it()));
    }

    fn by_trial(&mut self, reading: Reading, western: Option<&'static Charset>) -> Choice {
        match reading {
            Reading::Ascii => (&UTF_8, ChosenBy::NothingToDecide),
            Reading::Utf8 => (&UTF_8, ChosenBy::TrialDecode),
            Reading::Chinese => (&GB18030, ChosenBy::TrialDecode),
            Reading::Utf8OrChinese => {
                self.note_readings(
                    "nothing declares the encoding, and two are possible",
                    "未声明编码，且有两种可能",
                );
                (&UTF_8, ChosenBy::TrialDecode)
            }
            Reading::PerhapsChinese => {
                self.note_readings(
                    "nothing declares the encoding; taken as GB18030",
                    "未声明编码；按 GB18030 读取",
                );
                (&GB18030, ChosenBy::TrialDecode)
            }
            Reading::Unknown => {
                self.note_readings(
                    "the encoding cannot be decided; text may come out wrong",
                    "无法判断文字编码；文字可能显示错误",
                );
                (western.unwrap_or(&LATIN_1), ChosenBy::Fallback)
            }
        }
    }

    /// A doubt, with what the text would read as in the encodings that such files mostly have.
    fn note_readings(&mut self, en: &str, zh: &str) {
        let readings: Vec<String> = ["UTF-8", "GB18030", "BIG5", "ISO-8859-1"]
            .into_iter()
            .filter_map(Charset::named)
            .filter(|charset| possible(charset, &self.text.texts))
            .map(|charset| format!("{} {}", charset.gdal, excerpt(charset, &self.text.texts)))
            .collect();
        let readings = readings.join("; ");
        self.warn("encoding-undecided", words!("{en}: {readings}", "{zh}:{readings}"), Some(set_it()));
    }

    fn note_damage(&mut self) {
        if let Some(Words { en, zh }) = self.text.damage.take() {
            self.warn("dbf-damaged", Words::new(format!("the .dbf: {en}"), format!(".dbf:{zh}")), None);
        }
    }

    /// Texts damaged by hand or tool: too few to speak against the encoding.
    fn note_damaged_texts(&mut self, charset: &Charset) {
        let (bad, all) = (misfits(charset, &self.text.texts), self.text.texts.len());
        if bad > 0 && possible(charset, &self.text.texts) {
            let name = charset.gdal;
            let sentence = words!(
                "{bad} of {all} texts are damaged: impossible in {name}",
                "{all} 条文字中有 {bad} 条已损坏：不可能是 {name} 编码"
            );
            let hint = words!(
                "look for these texts in the attribute table, or give `encoding` if it is another one",
                "请在属性表中查找并改正；若为其他编码，请用 encoding 指定"
            );
            self.warn("text-damaged", sentence, Some(hint));
        }
    }

    fn note_missing_table(&mut self) {
        let sentence = words!("there is no .dbf: no feature has attributes", "缺少 .dbf：所有要素均无属性");
        let hint = words!("copy the .dbf of the same name beside the .shp", "将同名 .dbf 放到 .shp 旁边");
        self.warn("dbf-missing", sentence, Some(hint));
    }

    fn warn(&mut self, code: &'static str, sentence: Words, hint: Option<Words>) {
        let finding = Finding::new(code, Severity::Warning, sentence).in_layer(self.layer);
        self.findings.push(Finding { hint, ..finding });
    }

    fn evidence(&self, charset: &Charset, chosen_by: ChosenBy) -> Words {
        let (name, byte, texts) = (charset.gdal, self.text.language_byte, &self.text.texts);
        let (all, reads) = (texts.len(), reads(charset, texts));
        match chosen_by {
            ChosenBy::Setting => words!("{name} by the setting{reads}", "按设置使用 {name}{reads}"),
            ChosenBy::Cpg => words!("{name} by the .cpg{reads}", "按 .cpg 使用 {name}{reads}"),
            ChosenBy::LanguageByte => words!(
                "{name} by the language byte 0x{byte:02X} of the .dbf{reads}",
                "按 .dbf 语言标识字节 0x{byte:02X} 使用 {name}{reads}"
            ),
            ChosenBy::TrialDecode => words!(
                "{name} by a trial decode of {all} texts{reads}",
                "对 {all} 条文字试解码，判定为 {name}{reads}"
            ),
            ChosenBy::NothingToDecide => words!("no text beyond ASCII was found", "未见 ASCII 以外的文字"),
            ChosenBy::Fallback => {
                words!("undecided, read as {name}{reads}", "无法判断，暂按 {name} 读取{reads}")
            }
        }
    }
}

fn reads(charset: &Charset, texts: &[Text]) -> String {
    let shown = excerpt(charset, texts);
    if shown.is_empty() { shown } else { format!(" ({shown})") }
}

fn set_it() -> Words {
    words!(
        "set encoding = \"GBK\", \"UTF-8\" or whatever is right for this layer",
        "请为该图层设置 encoding = \"GBK\"、\"UTF-8\" 等正确的编码"
    )
}
