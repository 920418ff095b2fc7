//! `evidence.xlsx`: the form for what no map answers, one row an item of a standard, and a page that says how to fill it in.
//!
//! In: a standard and a language. Out: a workbook, the same bytes every time. Its columns are read back by their headings.

use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet, XlsxError,
};

use crate::indicators::{EvidenceColumn, Rule, Standard};
use crate::words;
use crate::words::{Lang, Words};

/// A column of the form: heading, width in characters, and what the form itself says there.
struct Column {
    heading: Words,
    width: f64,
    says: fn(&Rule, Lang) -> String,
    /// Whether it is for the person to fill in.
    filled: bool,
}

/// Rows above the header: the title, the standard, what to do.
const HEADER_ROW: u32 = 3;

/// The form for a standard.
///
/// # Errors
/// None that a standard can cause; what the writer of workbooks says otherwise.
pub fn evidence_form(standard: &Standard, lang: Lang) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let written = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&written));
    form(book.add_worksheet(), standard, lang)?;
    guide(book.add_worksheet(), lang)?;
    book.save_to_buffer()
}

fn columns() -> Vec<Column> {
    let said =
        |en: &str, zh: &str, width, says| Column { heading: Words::new(en, zh), width, says, filled: false };
    let of =
        |column: EvidenceColumn, width, says, filled| Column { heading: column.words(), width, says, filled };
    let nothing: fn(&Rule, Lang) -> String = |_, _| String::new();
    vec![
        said("item", "序号", 5.5, |rule, _| rule.item.to_string()),
        of(EvidenceColumn::Code, 20.0, |rule, _| rule.code.clone(), false),
        said("indicator (zh)", "指标", 20.0, |rule, _| rule.name.zh.clone()),
        said("indicator (en)", "指标（英文）", 24.0, |rule, _| rule.name.en.clone()),
        said("requirement", "要求", 38.0, |rule, lang| rule.requirement_words().say(lang).to_owned()),
        said("judged from", "评定依据", 14.0, |rule, lang| rule.judged.words().say(lang).to_owned()),
        of(EvidenceColumn::Unit, 10.0, unit, false),
        of(EvidenceColumn::Value, 10.0, nothing, true),
        of(EvidenceColumn::Passed, 9.0, nothing, true),
        of(EvidenceColumn::Date, 12.0, nothing, true),
        of(EvidenceColumn::Document, 28.0, nothing, true),
        of(EvidenceColumn::Number, 18.0, nothing, true),
        of(EvidenceColumn::Note, 20.0, nothing, true),
    ]
}

fn unit(rule: &Rule, lang: Lang) -> String {
    let requirement = rule.requirement.as_ref();
    requirement.map_or_else(String::new, |requirement| requirement.unit.words().say(lang).to_owned())
}

/// The colours: a dark green heading, the groups in a light one, yellow for what is to be filled in.
const DARK: Color = Color::RGB(0x1F_5C3A);
const LIGHT: Color = Color::RGB(0xDD_EFE3);
const OPEN: Color = Color::RGB(0xFF_FBE6);
const LINE: Color = Color::RGB(0xB8_C9BF);

fn plain() -> Format {
    Format::new()
        .set_font_name("宋体")
        .set_font_size(10)
        .set_align(FormatAlign::VerticalCenter)
        .set_text_wrap()
        .set_border(FormatBorder::Thin)
        .set_border_color(LINE)
}

fn form(sheet: &mut Worksheet, standard: &Standard, lang: Lang) -> Result<(), XlsxError> {
    let columns = columns();
    let last = columns.len().saturating_sub(1) as u16;
    sheet.set_name(words!("evidence", "佐证材料").say(lang))?;
    head(sheet, standard, last, lang)?;
    let header = plain().set_bold().set_background_color(DARK).set_font_color(Color::White);
    let header = header.set_align(FormatAlign::Center);
    for (at, column) in (0..).zip(&columns) {
        sheet.set_column_width(at, column.width)?;
        sheet.write_with_format(HEADER_ROW, at, column.heading.say(lang), &header)?;
    }
    sheet.set_row_height(HEADER_ROW, 24)?;
    let mut row = HEADER_ROW + 1;
    let group = plain().set_bold().set_background_color(LIGHT);
    for rules in standard.rules.chunk_by(|a, b| a.group == b.group) {
        let name = rules.first().map_or("", |rule| rule.group.say(lang));
        sheet.merge_range(row, 0, row, last, name, &group)?;
        sheet.set_row_height(row, 18)?;
        row += 1;
        for rule in rules {
            item(sheet, row, &columns, rule, lang)?;
            row += 1;
        }
    }
    answers(sheet, &columns, row, lang)?;
    sheet.set_freeze_panes(HEADER_ROW + 1, 3)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    sheet.set_footer("&C&P / &N");
    Ok(())
}

/// Title, standard and what to do, over the whole width.
fn head(sheet: &mut Worksheet, standard: &Standard, last: u16, lang: Lang) -> Result<(), XlsxError> {
    let bare = || Format::new().set_font_name("宋体").set_align(FormatAlign::VerticalCenter);
    let title = bare().set_bold().set_font_size(16).set_font_color(DARK);
    let (name, its_title) = (&standard.name, standard.title.say(lang));
    let of = words!("{name}: form for evidence", "{name} 佐证材料清单");
    sheet.merge_range(0, 0, 0, last, of.say(lang), &title)?;
    sheet.set_row_height(0, 30)?;
    let small = bare().set_font_size(10).set_text_wrap();
    sheet.merge_range(1, 0, 1, last, its_title, &small)?;
    let todo = words!(
        "Fill in the yellow cells: a value in the unit of its row, or yes/no, and always the document. Leave the codes as \
         they are. Thresholds are provisional until your bureau confirms them.",
        "请填写黄色单元格：有数值的填申报值（单位见本行），其余填是否达标；均须写明文件名称。请勿改动代码列。阈值在本单位核定之前均为暂用值。"
    );
    sheet.merge_range(2, 0, 2, last, todo.say(lang), &small)?;
    sheet.set_row_height(2, 28)?;
    Ok(())
}

fn item(
    sheet: &mut Worksheet,
    row: u32,
    columns: &[Column],
    rule: &Rule,
    lang: Lang,
) -> Result<(), XlsxError> {
    for (at, column) in (0..).zip(columns) {
        let open = || plain().set_background_color(OPEN);
        let is = |wanted: EvidenceColumn| column.heading == wanted.words();
        let format = match column.filled {
            _ if is(EvidenceColumn::Date) => open().set_num_format("yyyy-mm-dd"),
            true => open(),
            false if at == 0 || is(EvidenceColumn::Unit) => plain().set_align(FormatAlign::Center),
            false => plain().set_indent(1),
        };
        let text = (column.says)(rule, lang);
        match text.parse::<u32>() {
            Ok(number) => sheet.write_with_format(row, at, number, &format)?,
            Err(_) if text.is_empty() => sheet.write_blank(row, at, &format)?,
            Err(_) => sheet.write_with_format(row, at, text, &format)?,
        };
    }
    let lines = (rule.requirement_words().say(lang).chars().count() / 18).clamp(1, 4) as u32;
    sheet.set_row_height(row, 16 + 12 * lines)?;
    Ok(())
}

/// A list to choose from in the column of answers.
fn answers(sheet: &mut Worksheet, columns: &[Column], end: u32, lang: Lang) -> Result<(), XlsxError> {
    let Some(at) = columns.iter().position(|c| c.heading == EvidenceColumn::Passed.words()) else {
        return Ok(());
    };
    let words = match lang {
        Lang::En => ["yes", "no"],
        Lang::Zh => ["是", "否"],
    };
    let list = DataValidation::new().allow_list_strings(&words)?;
    sheet.add_data_validation(HEADER_ROW + 1, at as u16, end.saturating_sub(1), at as u16, &list)?;
    Ok(())
}

/// How the form is filled in, a line each.
fn guide(sheet: &mut Worksheet, lang: Lang) -> Result<(), XlsxError> {
    sheet.set_name(words!("how to fill in", "填写说明").say(lang))?;
    sheet.set_column_width(0, 22)?;
    sheet.set_column_width(1, 90)?;
    let bold = plain().set_bold().set_background_color(LIGHT);
    for (row, (what, how)) in (0..).zip(lines()) {
        sheet.write_with_format(row, 0, what.say(lang), &bold)?;
        sheet.write_with_format(row, 1, how.say(lang), &plain())?;
        sheet.set_row_height(row, 32)?;
    }
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn lines() -> Vec<(Words, Words)> {
    let of = EvidenceColumn::words;
    vec![
        (
            of(EvidenceColumn::Code),
            words!(
                "tells which item a row is of; the program reads rows by it",
                "程序按代码识别每一行，请勿改动；不需要申报的行留空即可"
            ),
        ),
        (
            of(EvidenceColumn::Value),
            words!(
                "a number in the unit of the row: 85 for 85 %, not 0.85",
                "按本行单位填数字：85 % 填 85，不要填 0.85"
            ),
        ),
        (
            of(EvidenceColumn::Passed),
            words!(
                "yes or no, for requirements in words; beside a value it may only repeat what the value says",
                "文字要求填“是”或“否”；已填申报值的可不填，若填须与数值一致"
            ),
        ),
        (
            of(EvidenceColumn::Date),
            words!("of the document: 2026-11-23, 2026-11 or 2026", "材料的日期：2026-11-23、2026-11 或 2026"),
        ),
        (
            of(EvidenceColumn::Document),
            words!(
                "what proves it; without it nothing is believed",
                "证明文件的名称，必填；没有证明文件的申报不予采信"
            ),
        ),
        (of(EvidenceColumn::Number), words!("such as 和林〔2026〕12 号", "如：和林〔2026〕12 号")),
        (
            words!("computed items", "可计算的指标"),
            words!(
                "what layers and tables answer is computed; a value declared here stands beside it",
                "能由图层或表格计算的指标以计算值评定，此处填写的数值列在旁边供对照"
            ),
        ),
        (
            words!("in the project", "项目文件中"),
            words!("[evidence] file = \"evidence.xlsx\"", "[evidence] file = \"evidence.xlsx\""),
        ),
    ]
}
