//! The scale: a round denominator for the sheet and a bar of a round length.

use super::ink::{self, Anchor, Hand, INK};
use super::sheet::Sheet;
use crate::{words, words::Lang};

/// Leading figures of a scale denominator, within one power of ten.
const DENOMINATORS: [f64; 22] = [
    1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0, 2.2, 2.5, 2.8, 3.0, 3.5, 4.0, 4.5, 5.0, 5.5, 6.0, 7.0, 8.0,
    9.0,
];
/// The longest scale bar, mm.
const LONGEST: f64 = 44.0;
/// From the foot of the side column to the bar, mm.
const RISE: f64 = 17.0;

/// The least round denominator not below `least`; 1:1 000 for ground that has no extent.
pub(super) fn round_denominator(least: f64) -> f64 {
    if least <= 0.0 {
        return 1000.0;
    }
    let power = power_of_ten(least);
    let figure = DENOMINATORS.into_iter().find(|f| f * power >= least * (1.0 - 1e-9));
    figure.unwrap_or(10.0) * power
}

/// The longest length of the form 1, 2 or 5 times a power of ten that is not above `most`, and into how many equal
/// parts its bar is divided.
pub(super) fn round_length(most: f64) -> (f64, u32) {
    let power = power_of_ten(most);
    let (figure, parts) = match most / power {
        m if m >= 5.0 => (5.0, 5),
        m if m >= 2.0 => (2.0, 2),
        _ => (1.0, 2),
    };
    (figure * power, parts)
}

/// The greatest power of ten not above `number`. By comparison, since a logarithm differs from machine to machine.
fn power_of_ten(number: f64) -> f64 {
    (-9..=18).rev().map(|n| 10f64.powi(n)).find(|power| *power <= number).unwrap_or(1e-9)
}

/// Where the scale's block begins, downward: what stands above must end here.
pub(super) fn top(sheet: &Sheet) -> f64 {
    sheet.side.max().y - RISE - 6.0
}

/// The bar, its figures, and the denominator as the sheet prints on A4; nothing without zones.
pub(super) fn draw(sheet: &Sheet, lang: Lang) -> String {
    let Some(denominator) = sheet.denominator else { return String::new() };
    let (metres, parts) = round_length(LONGEST * denominator / 1000.0);
    let (unit, unit_metres) = if metres < 1000.0 { ("m", 1.0) } else { ("km", 1000.0) };
    let length = metres * 1000.0 / denominator;
    let (left, y) = (sheet.side.center().x - length / 2.0, sheet.side.max().y - RISE);
    let part = length / f64::from(parts);
    let mut drawing = String::new();
    for i in 0..parts {
        let fill = if i % 2 == 0 { INK } else { "#ffffff" };
        let manner = format!(r#"fill="{fill}" stroke="{INK}" stroke-width="0.2""#);
        drawing += &ink::rect(left + part * f64::from(i), y, part, 1.5, &manner);
    }
    let figures = if parts == 2 { vec![0, 1, 2] } else { vec![0, parts] };
    for i in figures {
        let value = metres * f64::from(i) / f64::from(parts) / unit_metres;
        let words = if i == parts { format!("{value} {unit}") } else { value.to_string() };
        let x = left + part * f64::from(i);
        drawing += &ink::text(x, y - 1.5, 2.7, Anchor::Middle, Hand::Plain, &words);
    }
    let ratio = grouped(denominator);
    let words = words!("Scale 1:{ratio} (on A4)", "比例尺 1:{ratio}（A4 幅面）");
    drawing + &ink::text(sheet.side.center().x, y + 7.2, 2.9, Anchor::Middle, Hand::Plain, words.say(lang))
}

/// A whole number in groups of three figures.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let lead = digits.len() % 3;
    let mut groups: Vec<&str> = Vec::new();
    if lead > 0 {
        groups.push(&digits[..lead]);
    }
    groups.extend((lead..digits.len()).step_by(3).map(|i| &digits[i..i + 3]));
    groups.join(" ")
}
