//! Standards by name or by file, with the bureau's confirmations; and `sencheng rules`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use comfy_table::{ContentArrangement, Table};

use crate::cli::args::{Confirm, Rules as Arguments, RulesAction};
use crate::cli::failure::Failure;
use crate::cli::{Done, Session, write};
use crate::finding::{Finding, Severity};
use crate::indicators::{self, Confirmation, Reading, Rule, Standard, Threshold, parse_confirmations};
use crate::project::decode;
use crate::project::settings::StandardSettings;
use crate::words;
use crate::words::{Lang, Words};

/// The standards that a project names, its confirmations applied; those of other standards become findings.
pub fn standards(
    settings: &StandardSettings,
    folder: &Path,
    used: &mut Vec<PathBuf>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Standard>, Failure> {
    let confirmations = match &settings.confirmations {
        Some(file) => confirmations(&folder.join(file), used)?,
        None => Vec::new(),
    };
    let mut standards = Vec::new();
    for rules in &settings.rules {
        let standard = if rules.ends_with(".toml") {
            let path = folder.join(rules);
            let text = text(&path)?;
            used.push(path);
            Standard::parse(&text, rules)?
        } else {
            Standard::named(rules)?
        };
        standards.push(standard.apply(&confirmations)?);
    }
    findings.extend(indicators::unused(&confirmations, &standards).iter().map(without_use));
    Ok(standards)
}

fn without_use(confirmation: &Confirmation) -> Finding {
    let Confirmation { standard, item, .. } = confirmation;
    let sentence = words!(
        "confirmation unused: `{item}` of {standard}, a standard that the project does not judge by",
        "核定记录未用到：{standard} 的 `{item}`，项目未采用该标准"
    );
    Finding::new("confirmation-unused", Severity::Warning, sentence).with_hint(words!(
        "name {standard} under [standard] rules, or confirm with --standard NAME for one that is named there",
        "请在 [standard] rules 中写明 {standard}，或用 --standard 为项目采用的标准重新核定"
    ))
}

fn confirmations(path: &Path, used: &mut Vec<PathBuf>) -> Result<Vec<Confirmation>, Failure> {
    let text = text(path)?;
    used.push(path.to_owned());
    Ok(parse_confirmations(&text, &path.to_string_lossy())?)
}

/// A text file in UTF-8 or GB18030.
pub fn text(path: &Path) -> Result<String, Failure> {
    let failed = |cause: String| Failure::Read { path: path.display().to_string(), cause };
    let bytes = std::fs::read(path).map_err(|e| failed(e.to_string()))?;
    decode::decode(&bytes).map(|t| t.text).ok_or_else(|| failed("neither UTF-8 nor GB18030".to_owned()))
}

/// Runs `sencheng rules`.
pub fn run(arguments: &Arguments, session: &Session) -> Done {
    let text = match &arguments.action {
        RulesAction::List { standard: None } => list(session)?,
        RulesAction::List { standard: Some(name) } => listed(name, session)?,
        RulesAction::Show { standard, toml: true, .. } => rule_file(standard)?,
        RulesAction::Show { standard, item, .. } => show(standard, item.as_deref(), session)?,
        RulesAction::Check { file } => check(file, session)?,
        RulesAction::Confirm(confirm) => record_confirmation(confirm, session)?,
    };
    write::stdout(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn list(session: &Session) -> Result<String, Failure> {
    let mut text = String::new();
    for name in indicators::standard_names() {
        text += &summary(&Standard::named(name)?, session.lang);
    }
    Ok(text)
}

/// A standard in a line.
fn summary(standard: &Standard, lang: Lang) -> String {
    let (name, title) = (&standard.name, standard.title.say(lang));
    let n = standard.rules.len();
    let computed = standard.rules.iter().filter(|rule| rule.measure.is_some()).count();
    let told = words!("{n} rules, {computed} computed", "{n} 条，其中可计算 {computed} 条");
    let whom = standard.applies_to.as_ref().map_or(String::new(), |w| format!("; {}", w.say(lang)));
    format!("{name:<28} {title} ({}{whom})\n", told.say(lang))
}

/// One standard in a line, and its rules.
fn listed(name: &str, session: &Session) -> Result<String, Failure> {
    let standard = standard(name)?;
    Ok(summary(&standard, session.lang) + &table(&standard, session.lang))
}

/// A standard by its name, or by its rule file.
pub fn standard(name: &str) -> Result<Standard, Failure> {
    if !name.ends_with(".toml") {
        return Ok(Standard::named(name)?);
    }
    Ok(Standard::parse(&text(Path::new(name))?, name)?)
}

/// A standard as the text of its rule file.
fn rule_file(name: &str) -> Result<String, Failure> {
    if !name.ends_with(".toml") {
        return Ok(indicators::standard_text(name)?.to_owned());
    }
    text(Path::new(name))
}

/// All rules, a line each; or one rule with everything that is known of it.
fn show(name: &str, item: Option<&str>, session: &Session) -> Result<String, Failure> {
    let standard = standard(name)?;
    let lang = session.lang;
    if let Some(item) = item {
        return Ok(in_full(&standard, standard.rule(item)?, lang));
    }
    let heading = format!("{} {}\n", standard.name, standard.title.say(lang));
    Ok(heading + &table(&standard, lang))
}

/// All rules of a standard, a line each.
fn table(standard: &Standard, lang: Lang) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::UTF8_BORDERS_ONLY);
    table.set_content_arrangement(ContentArrangement::Dynamic).set_width(100);
    table.set_header(match lang {
        Lang::En => ["item", "code", "indicator", "requirement", "confidence"],
        Lang::Zh => ["项", "代码", "指标", "要求", "可信度"],
    });
    for rule in &standard.rules {
        table.add_row([
            rule.item.to_string(),
            rule.code.clone(),
            rule.name.say(lang).to_owned(),
            rule.requirement_words().say(lang).to_owned(),
            confidence(rule, lang),
        ]);
    }
    format!("{table}\n{}", meanings(standard, lang))
}

/// What the tags of a table mean, a line each.
fn meanings(standard: &Standard, lang: Lang) -> String {
    let mut tags: Vec<_> = standard.rules.iter().filter_map(|rule| rule.threshold.confidence()).collect();
    tags.sort_by_key(|confidence| confidence.tag());
    tags.dedup();
    tags.iter().map(|c| format!("[{}] {}\n", c.tag(), c.words().say(lang))).collect()
}

fn confidence(rule: &Rule, lang: Lang) -> String {
    let confirmed = words!("confirmed", "已核定");
    match rule.threshold.confidence() {
        _ if rule.threshold.is_confirmed() => confirmed.say(lang).to_owned(),
        Some(confidence) => format!("[{}]", confidence.tag()),
        None => String::new(),
    }
}

fn in_full(standard: &Standard, rule: &Rule, lang: Lang) -> String {
    let line = |label: Words, value: &str| match value {
        "" => String::new(),
        value => format!("{}{value}\n", padded(label.say(lang), 14)),
    };
    let clause = rule.clause.as_ref().map_or(String::new(), |c| c.words().say(lang).to_owned());
    let known = rule.threshold.confidence().map_or(String::new(), |c| c.words().say(lang).to_owned());
    let note = rule.note.as_ref().map_or("", |n| n.say(lang));
    [
        line(words!("standard", "标准"), &standard.name),
        line(words!("item", "项"), &format!("{} {}", rule.item, rule.code)),
        line(words!("indicator", "指标"), rule.name.say(lang)),
        line(words!("group", "类别"), rule.group.say(lang)),
        line(words!("what for", "用途"), &purpose(rule, lang)),
        line(words!("requirement", "要求"), rule.requirement_words().say(lang)),
        line(words!("applies to", "适用对象"), standard.applies_to.as_ref().map_or("", |w| w.say(lang))),
        line(words!("condition", "适用条件"), rule.condition.as_ref().map_or("", |w| w.say(lang))),
        line(words!("judged from", "评定依据"), rule.judged.words().say(lang)),
        line(words!("formula", "算法"), &formula(rule, lang)),
        line(words!("clause", "条款"), &clause),
        line(words!("confidence", "可信度"), format!("{} {known}", confidence(rule, lang)).trim_end()),
        line(words!("confirmed", "核定"), &confirmed(rule)),
        line(words!("source", "来源"), rule.threshold.source().say(lang)),
        line(words!("needs", "所需资料"), rule.needs.say(lang)),
        line(words!("note", "说明"), note),
    ]
    .concat()
}

/// What the item is for, and the text that says so, where one was read.
fn purpose(rule: &Rule, lang: Lang) -> String {
    let Some(purpose) = &rule.purpose else { return String::new() };
    let (why, source) = (purpose.why.say(lang), purpose.source.as_ref().map(|source| source.say(lang)));
    match (source, lang) {
        (None, _) => why.to_owned(),
        (Some(source), Lang::En) => format!("{why} ({source})"),
        (Some(source), Lang::Zh) => format!("{why}（{source}）"),
    }
}

/// Who confirmed the threshold, and when.
fn confirmed(rule: &Rule) -> String {
    match &rule.threshold {
        Threshold::Confirmed { by, date, .. } => format!("{by}, {date}"),
        Threshold::Unconfirmed { .. } => String::new(),
    }
}

/// The quotient that this program computes for a rule, with its unit and the places that decide; a rule that it does not
/// compute says so.
fn formula(rule: &Rule, lang: Lang) -> String {
    let Some(measure) = rule.measure else {
        let none = words!("not computed by this program; declare it", "本程序不计算，请申报");
        return none.say(lang).to_owned();
    };
    let (formula, unit) = (measure.formula(), measure.unit().words());
    let (quotient, places) = (indicators::formula_words(formula), formula.scope.words());
    format!("{} ({}; {})", quotient.say(lang), unit.say(lang), places.say(lang))
}

/// A label filled up to a width in columns of the terminal, where a Chinese character takes two.
fn padded(label: &str, width: usize) -> String {
    let taken: usize = label.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{label}{}", " ".repeat(width.saturating_sub(taken)))
}

fn check(file: &Path, session: &Session) -> Result<String, Failure> {
    let standard = Standard::parse(&text(file)?, &file.to_string_lossy())?;
    let (name, n) = (&standard.name, standard.rules.len());
    let unconfirmed = standard.rules.iter().filter(|r| !r.threshold.is_confirmed()).count();
    let computed = standard.rules.iter().filter(|rule| rule.measure.is_some()).count();
    let told = words!(
        "{name}: sound; {n} rules, {unconfirmed} of them not confirmed, {computed} computed\n",
        "{name}：规则文件有效；共 {n} 条，其中 {unconfirmed} 条未核定，{computed} 条可计算\n"
    );
    Ok(told.say(session.lang).to_owned())
}

fn record_confirmation(arguments: &Confirm, session: &Session) -> Result<String, Failure> {
    let standard = standard(&arguments.standard)?;
    let rule = standard.rule(&arguments.code)?;
    let confirmation = Confirmation {
        standard: standard.name.clone(),
        item: rule.code.clone(),
        value: match arguments.value.as_slice() {
            [] => None,
            [one] => Some(Reading::One(*one)),
            several => Some(Reading::PerBand(several.to_vec())),
        },
        clause: arguments.clause.clone(),
        by: arguments.by.clone(),
        date: arguments.date.clone(),
    };
    let earlier =
        if arguments.file.exists() { confirmations(&arguments.file, &mut Vec::new())? } else { Vec::new() };
    let replaced = earlier.iter().find(|c| c.is_of_same_rule(&confirmation)).cloned();
    let all = indicators::record(earlier, confirmation.clone());
    standard.apply(&all)?;
    let failed = |cause: String| Failure::Write { path: arguments.file.display().to_string(), cause };
    let toml = indicators::to_toml(&all).map_err(|e| failed(e.to_string()))?;
    parse_confirmations(&toml, &arguments.file.to_string_lossy())?;
    write::file(&arguments.file, toml.as_bytes())?;
    let lang = session.lang;
    let replaced = replaced.map_or(String::new(), |earlier| replacing(&earlier, &confirmation, rule, lang));
    Ok(echo(&confirmation, rule, arguments, lang) + &replaced)
}

/// What was recorded, and where it belongs.
fn echo(new: &Confirmation, rule: &Rule, arguments: &Confirm, lang: Lang) -> String {
    let (item, code, name, standard) = (rule.item, &rule.code, rule.name.say(lang), &new.standard);
    let (value, clause, file) = (value(new, rule, lang), &new.clause, arguments.file.display());
    let told = words!(
        "{standard}, item {item} {code} ({name}): {value}, clause {clause}; confirmed in {file}\n\
         name the file in the project: [standard] confirmations = \"{file}\"\n",
        "{standard} 第 {item} 项 {code}（{name}）：{value}，条款 {clause}；已核定并记入 {file}\n\
         请在项目文件 [standard] 中写 confirmations = \"{file}\"\n"
    );
    told.say(lang).to_owned()
}

/// What gave way to the new confirmation.
fn replacing(earlier: &Confirmation, new: &Confirmation, rule: &Rule, lang: Lang) -> String {
    let (old, now) = (value(earlier, rule, lang), value(new, rule, lang));
    let (by, date) = (&earlier.by, &earlier.date);
    let told = words!(
        "replaced: {old} ({by}, {date}) → {now} ({}, {})\n",
        "替换了原有核定：{old}（{by}，{date}）→ {now}（{}，{}）\n",
        new.by,
        new.date
    );
    told.say(lang).to_owned()
}

/// The value of a confirmation with its unit: "25/30/35 %".
fn value(confirmation: &Confirmation, rule: &Rule, lang: Lang) -> String {
    let values = confirmation.value.iter().flat_map(Reading::values).map(f64::to_string);
    let values = values.collect::<Vec<_>>().join("/");
    match &rule.requirement {
        Some(requirement) => format!("{values} {}", requirement.unit.words().say(lang)),
        None => words!("requirement in words", "文字要求").say(lang).to_owned(),
    }
}
