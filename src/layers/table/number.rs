//! Numbers as people type them: `12,345`, `１２３`, `12345人`, `3.2万人`, `—`.

use super::PeopleUnit;
use super::spelling::{is_digits, plain};

/// What the text of a cell says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Typed {
    /// A mark for "nothing": a dash, a slash, `无`.
    Blank,
    /// A number, and the unit written after it.
    Number(f64, Option<PeopleUnit>),
    /// A unit alone, as in a row of units below a header.
    Unit(PeopleUnit),
    /// Something else.
    Other,
}

/// Marks that people put where there is no value.
const NOTHING: [&str; 13] = ["", "-", "--", "—", "——", "–", "/", "\\", "…", "……", "无", "n/a", "null"];

/// Reads the text of a cell.
pub fn typed(text: &str) -> Typed {
    let text = plain(text);
    if NOTHING.contains(&text.as_str()) {
        return Typed::Blank;
    }
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | ',' | '+' | '-')).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return PeopleUnit::named(&text).map_or(Typed::Other, Typed::Unit);
    }
    if let Some(number) = scientific(&text) {
        return Typed::Number(number, None);
    }
    let unit = PeopleUnit::named(rest.trim_matches(['(', ')']));
    match decimal(digits) {
        Some(number) if rest.is_empty() || unit.is_some() => Typed::Number(number, unit),
        _ => Typed::Other,
    }
}

/// Digits with an optional sign, thousands separators and decimals; `None` where the separators are out of place.
fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, decimals) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let mut grouped = whole.contains(',').then_some(groups).into_iter().flatten();
    let in_place = grouped.all(|group| group.len() == 3 && is_digits(group));
    let first_fits = is_digits(first) && (first.len() <= 3 || !whole.contains(','));
    let sound = in_place && first_fits && (decimals.is_empty() || is_digits(decimals));
    sound.then(|| text.replace(',', "").parse().ok()).flatten()
}

/// `1.2e5`, as programs write large numbers.
fn scientific(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('e')?;
    decimal(mantissa)?;
    is_digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)).then_some(())?;
    text.replace(',', "").parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (text, number) in [
            ("12345", 12345.0),
            ("12,345", 12345.0),
            ("１２，３４５．５", 12345.5),
            (" 12 345 ", 12345.0),
            ("1,234,567.8", 1_234_567.8),
            ("-3", -3.0),
            ("1.2E+5", 120_000.0),
        ] {
            assert_eq!(typed(text), Typed::Number(number, None), "{text}");
        }
        assert_eq!(typed("12,345人"), Typed::Number(12345.0, Some(PeopleUnit::Persons)));
        assert_eq!(typed("3.2 万人"), Typed::Number(3.2, Some(PeopleUnit::TenThousand)));
        assert_eq!(typed("3.2（万）"), Typed::Number(3.2, Some(PeopleUnit::TenThousand)));
    }

    #[test]
    fn what_is_no_number_is_not_read_as_one() {
        for text in [
            "1,23",
            "1234,567",
            "12,34,567",
            "1.2.3",
            "约3000",
            "3000户",
            "nan",
            "inf",
            "1e",
            "1e999",
            "--5",
            "1-2",
        ] {
            assert_eq!(typed(text), Typed::Other, "{text}");
        }
        for text in ["", "　", "—", "/", "N/A", "－"] {
            assert_eq!(typed(text), Typed::Blank, "{text}");
        }
        assert_eq!(typed("（万人）"), Typed::Other);
        assert_eq!(typed("万人"), Typed::Unit(PeopleUnit::TenThousand));
    }
}
