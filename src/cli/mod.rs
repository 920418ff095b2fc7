//! Talks to the person and the disk: arguments, progress, messages, exit codes, writing.
//!
//! Exit codes: 0 done (also with "not met"), 1 done but with findings of severity error (or warnings, with
//! `--strict`), 2 not done, 130 interrupted.

mod args;
mod asked;
mod batch;
mod digest;
mod evidence;
mod failure;
mod further;
mod inventory;
mod merge;
mod partial;
mod report;
mod room;
mod rules;
mod run;
mod sample;
mod survey;
mod tabulate;
mod tally;
mod terms;
mod tile_list;
mod watch;
mod write;
mod zonal;
mod zonal_args;
mod zonal_parts;
mod zonal_print;
mod zonal_refused;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::cli::args::{Arguments, Command};
use crate::cli::failure::Failure;
use crate::finding::{Finding, Severity};
use crate::words::Lang;

/// What every command is told.
struct Session {
    lang: Lang,
    /// What `--lang` says.
    lang_given: Option<Lang>,
    strict: bool,
    quiet: bool,
    watch: watch::Progress,
}

/// Runs the program on the arguments of the process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(arguments.verbose, arguments.quiet);
    let lang_given = arguments.lang.map(Lang::from);
    let lang = lang_given.unwrap_or_else(lang_of_locale);
    let session = Session {
        lang,
        lang_given,
        strict: arguments.strict,
        quiet: arguments.quiet,
        watch: watch::Progress::new(lang, arguments.quiet),
    };
    let done = match arguments.command {
        Command::Run(run) => run::run(&run, &session),
        Command::Partial(partial) => partial::run(&partial, &session),
        Command::Merge(merge) => merge::run(&merge, &session),
        Command::Tabulate(tabulate) => tabulate::run(&tabulate, &session),
        Command::Zonal(zonal) => zonal::run(&zonal, &session),
        Command::Sample(sample) => sample::run(&sample, &session),
        Command::Rules(rules) => rules::run(&rules, &session),
        Command::Evidence(evidence) => evidence::run(&evidence, &session),
        Command::Completions { shell } => completions(shell),
        Command::Man => man(),
    };
    match done {
        Ok(code) => code,
        Err(failure) => ExitCode::from(failure.told(session.lang)),
    }
}

fn completions(shell: clap_complete::Shell) -> Done {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "sencheng", &mut bytes);
    write::stdout(&bytes).map(|()| ExitCode::SUCCESS)
}

fn man() -> Done {
    let mut bytes = Vec::new();
    let page = clap_mangen::Man::new(Arguments::command());
    let failed = |e: std::io::Error| Failure::Write { path: "stdout".to_owned(), cause: e.to_string() };
    page.render(&mut bytes).map_err(failed)?;
    write::stdout(&bytes).map(|()| ExitCode::SUCCESS)
}

fn lang_of_locale() -> Lang {
    let chinese = sys_locale::get_locale().is_some_and(|l| l.to_lowercase().starts_with("zh"));
    if chinese { Lang::Zh } else { Lang::En }
}

fn start_log(verbose: u8, quiet: bool) {
    let level = match (quiet, verbose) {
        (true, _) => tracing::Level::ERROR,
        (false, 0) => tracing::Level::WARN,
        (false, 1) => tracing::Level::INFO,
        (false, _) => tracing::Level::DEBUG,
    };
    let log = tracing_subscriber::fmt().with_max_level(level).with_writer(std::io::stderr).without_time();
    let _ = log.try_init();
}

impl Session {
    /// Tells the findings, and ends with their code.
    fn conclude(&self, findings: &[Finding]) -> ExitCode {
        ExitCode::from(self.told(findings))
    }

    /// Tells the findings on stderr, the gravest first and those of one kind and layer together, and says with
    /// which code to end.
    fn told(&self, findings: &[Finding]) -> u8 {
        let mut kinds: BTreeMap<Kind<'_>, Vec<&Finding>> = BTreeMap::new();
        for finding in findings {
            let kind = (Reverse(finding.severity), &*finding.code, finding.layer.as_deref());
            kinds.entry(kind).or_default().push(finding);
        }
        if !self.quiet {
            kinds.values().for_each(|kind| self.tell_kind(kind));
        }
        let gravest = kinds.keys().next().map(|(Reverse(severity), ..)| *severity);
        let fails = gravest == Some(Severity::Error) || self.strict && gravest == Some(Severity::Warning);
        u8::from(fails)
    }

    fn tell_kind(&self, kind: &[&Finding]) {
        const MOST_TOLD: usize = 3;
        kind.iter().take(MOST_TOLD).for_each(|finding| eprintln!("{}", self.line(finding)));
        if let Some(hint) = kind[0].hint.as_ref().filter(|_| kind[0].severity > Severity::Info) {
            eprintln!("    → {}", hint.say(self.lang));
        }
        if let Some(rest) = kind.len().checked_sub(MOST_TOLD).filter(|&n| n > 0) {
            let rest = crate::words!("    … and {rest} more of this kind", "    ……同类另有 {rest} 条");
            eprintln!("{}", rest.say(self.lang));
        }
    }

    fn line(&self, finding: &Finding) -> String {
        let severity = match (finding.severity, self.lang) {
            (Severity::Error, Lang::En) => "error",
            (Severity::Error, Lang::Zh) => "错误",
            (Severity::Warning, Lang::En) => "warning",
            (Severity::Warning, Lang::Zh) => "警告",
            (Severity::Info, Lang::En) => "note",
            (Severity::Info, Lang::Zh) => "说明",
        };
        let layer = finding.layer.as_deref().map_or(String::new(), |l| format!(" {l}:"));
        let zone = finding.zone.as_deref().map_or(String::new(), |z| format!(" {z}:"));
        let code = &finding.code;
        format!("{severity}[{code}]{layer}{zone} {}", finding.sentence.say(self.lang))
    }
}

/// Findings of one severity, code and layer are told together.
type Kind<'a> = (Reverse<Severity>, &'a str, Option<&'a str>);

/// Ends the command without a result.
type Done = Result<ExitCode, Failure>;
