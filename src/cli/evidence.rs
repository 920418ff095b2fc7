//! `sencheng evidence`: the form for evidence; and a filled form, read back as declarations.

use std::path::Path;
use std::process::ExitCode;

use crate::attribute::Value;
use crate::cli::args::Evidence as Arguments;
use crate::cli::asked::Read;
use crate::cli::failure::Failure;
use crate::cli::rules::standard;
use crate::cli::{Done, Session, write};
use crate::finding::{Finding, Severity};
use crate::indicators::{self, Declared, EvidenceColumn, EvidenceRow, Standard};
use crate::layers::table::TableError;
use crate::layers::table::columns::{Columns, ColumnsRow, read_columns};
use crate::outputs::evidence_form::evidence_form;
use crate::project::settings::EvidenceSettings;
use crate::words;
use crate::words::Lang;

/// Runs the command.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let standard = standard(&arguments.standard)?;
    let path = arguments.out.display().to_string();
    let failed = |e: rust_xlsxwriter::XlsxError| Failure::Write { path, cause: e.to_string() };
    let bytes = evidence_form(&standard, session.lang).map_err(failed)?;
    write::file(&arguments.out, &bytes)?;
    let (name, n, out) = (&standard.name, standard.rules.len(), arguments.out.display());
    let told = words!(
        "{out}: the form for {name}, {n} rows; name it in the project: [evidence] file = \"{out}\"\n",
        "{out}：{name} 佐证材料清单，共 {n} 行；请在项目文件中写 [evidence] file = \"{out}\"\n"
    );
    if !session.quiet {
        eprint!("{}", told.say(session.lang));
    }
    Ok(ExitCode::SUCCESS)
}

/// What a filled form declares; rows that cannot be used, and items that nobody answered there or `elsewhere`, become
/// findings.
pub fn declared(
    settings: &EvidenceSettings,
    folder: &Path,
    standards: &[Standard],
    elsewhere: &[Declared],
    read: &mut Read,
) -> Result<Vec<Declared>, Failure> {
    let file = folder.join(&settings.file);
    let table = table(&file, settings.sheet.as_deref())?;
    read.files.push(file);
    let rows: Vec<EvidenceRow> = table.rows.iter().map(row).collect();
    let evidence = indicators::evidence(&rows, standards, elsewhere);
    for (number, fault) in evidence.faults {
        let sentence = crate::words::Words::new(
            format!("row {number}: {}; the row was left out", fault.sentence.en),
            format!("第 {number} 行：{}；该行未采用", fault.sentence.zh),
        );
        let finding = Finding::new(fault.code, Severity::Error, sentence).with_hint(fault.cure);
        read.findings.push(finding.in_layer(&table.source));
    }
    if !evidence.missing.is_empty() {
        let (n, codes) = (evidence.missing.len(), evidence.missing.join(", "));
        let sentence = words!(
            "{n} items that only evidence can answer have none yet: {codes}",
            "有 {n} 项只能凭材料评定，尚未填写：{codes}"
        );
        let finding = Finding::new("evidence-missing", Severity::Info, sentence).counting(n as u64);
        let name = standards.first().map_or("", |standard| standard.name.as_str());
        let hint = words!(
            "fill in their rows once there is evidence; until then they are told as not measurable. A fresh form with all \
             rows: sencheng evidence --template --standard \"{name}\"",
            "有了材料后请填写相应行，填写之前按无法测算列出；重新生成含全部条目的清单：\
             sencheng evidence --template --standard \"{name}\""
        );
        read.findings.push(finding.in_layer(&table.source).with_hint(hint));
    }
    Ok(evidence.declared)
}

/// The form in either language.
fn table(file: &Path, sheet: Option<&str>) -> Result<Columns, TableError> {
    let headings = EvidenceColumn::ALL.map(EvidenceColumn::words);
    let named = |lang: Lang| {
        let names: Vec<&str> = headings.iter().map(|heading| heading.say(lang)).collect();
        read_columns(file, sheet, &names)
    };
    named(Lang::Zh).or_else(|error| match named(Lang::En) {
        Ok(table) => Ok(table),
        // The sheet in neither language: the Chinese form is the usual one.
        Err(_) => Err(error),
    })
}

fn row(row: &ColumnsRow) -> EvidenceRow {
    let mut cells = row.values.iter().map(|value| Value::code(value).unwrap_or_default());
    EvidenceRow { cells: std::array::from_fn(|_| cells.next().unwrap_or_default()), number: row.number }
}
