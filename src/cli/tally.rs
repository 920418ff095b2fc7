//! `sencheng tabulate` of lines and points.

use std::process::ExitCode;

use crate::analysis::tabulate::prepare_zones;
use crate::analysis::tally::{self, Request, Tallied};
use crate::cli::args::{Format, Tabulate};
use crate::cli::survey::Survey;
use crate::cli::{Done, Session, further, tabulate};
use crate::outputs::tabulation::Preamble;
use crate::outputs::tally as outputs;
use crate::project::settings::AreaKind;
use crate::threads::on_threads;
use crate::words;
use crate::words::Words;

/// Lengths of lines.
pub fn lines(arguments: &Tabulate, survey: &Survey, session: &Session) -> Done {
    let plane = further::plane(survey);
    let plane = plane.plane();
    let (request, threads) = request(arguments, survey);
    let zones = &survey.zones;
    let prepared = on_threads(threads, || prepare_zones(zones));
    let tallied = on_threads(threads, || tally::lines(&request, prepared, &plane, &session.watch))?;
    let residual = tally::line_residual_m(&tallied);
    let tallied = with_findings(tallied, survey);
    let sheet = outputs::lines(&tallied, AreaKind::from(arguments.area));
    let books = words!("largest residual {residual:.1e} m", "最大残差 {residual:.1e} 米");
    output(arguments, survey, session, &sheet, &tallied, books)
}

/// Counts of points.
pub fn points(arguments: &Tabulate, survey: &Survey, session: &Session) -> Done {
    let (request, threads) = request(arguments, survey);
    let zones = &survey.zones;
    let prepared = on_threads(threads, || prepare_zones(zones));
    let sums = arguments.sum.len();
    let tallied = on_threads(threads, || tally::points(&request, prepared, sums, &session.watch))?;
    let tallied = with_findings(tallied, survey);
    let points: u64 = tallied.whole.iter().map(|(_, tally)| tally.count).sum();
    let sheet = outputs::points(&tallied, &arguments.sum);
    let books = words!("{points} points, each counted once", "共 {points} 个点，逐点只计一次");
    output(arguments, survey, session, &sheet, &tallied, books)
}

fn request<'a>(arguments: &Tabulate, survey: &'a Survey) -> (Request<'a>, usize) {
    let request = Request { source: &survey.covers[0], by_value: arguments.by.is_some() };
    (request, arguments.effort.threads())
}

fn with_findings<T>(mut tallied: Tallied<T>, survey: &Survey) -> Tallied<T> {
    tallied.findings.splice(0..0, survey.findings.iter().cloned());
    tallied
}

fn output<T>(
    arguments: &Tabulate,
    survey: &Survey,
    session: &Session,
    sheet: &outputs::Sheet<'_>,
    tallied: &Tallied<T>,
    books: Words,
) -> Done {
    session.watch.finish();
    let preamble = tabulate::preamble(arguments, survey);
    let bytes = match tabulate::format_of(arguments) {
        Format::Table => sheet.table(session.lang).into_bytes(),
        Format::Csv => sheet.csv(),
        Format::Json => sheet.json(&preamble),
    };
    tabulate::give(arguments, &bytes)?;
    if !session.quiet {
        eprintln!("{}", identity(tallied, &preamble, books).say(session.lang));
    }
    Ok::<ExitCode, _>(session.conclude(&tallied.findings))
}

/// The identity, printed on every run.
fn identity<T>(tallied: &Tallied<T>, preamble: &Preamble, books: Words) -> Words {
    let crs = &preamble.working_crs;
    let (en, zh) = (&preamble.working_crs_from.en, &preamble.working_crs_from.zh);
    let (Words { en: books_en, zh: books_zh }, n) = (&books, tallied.whole.len());
    if tallied.findings.iter().any(|finding| finding.code == "books-unbalanced") {
        return words!(
            "working CRS {crs} ({en}); the books DO NOT BALANCE: zones - shared + outside differ from the layer",
            "工作坐标系 {crs}（{zh}）；收支不平衡：各分区 − 重复 + 区外 与图层总量不符"
        );
    }
    words!(
        "working CRS {crs} ({en}); zones - shared + outside = layer in all {n} classes, {books_en}",
        "工作坐标系 {crs}（{zh}）；全部 {n} 个类均满足 各分区 − 重复 + 区外 = 图层总量，{books_zh}"
    )
}
