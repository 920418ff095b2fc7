//! `findings.csv`: everything that was noticed, the gravest first.

use crate::finding::{Finding, Severity};
use crate::outputs::{csv_document, or_blank};
use crate::words::Lang;

const HEADER: [&str; 9] =
    ["severity", "code", "layer", "feature", "zone", "sentence", "hint", "area_m2", "count"];

/// The table in one language.
pub fn findings_csv(findings: &[Finding], lang: Lang) -> Vec<u8> {
    let mut order: Vec<&Finding> = findings.iter().collect();
    order.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let line = |f: &Finding| {
        vec![
            severity(f.severity).to_owned(),
            f.code.to_string(),
            f.layer.clone().unwrap_or_default(),
            f.feature.clone().unwrap_or_default(),
            f.zone.clone().unwrap_or_default(),
            f.sentence.say(lang).to_owned(),
            f.hint.as_ref().map_or(String::new(), |h| h.say(lang).to_owned()),
            or_blank(f.area_m2),
            f.count.to_string(),
        ]
    };
    csv_document(&HEADER, order.into_iter().map(line))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "info",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}
