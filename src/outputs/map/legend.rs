//! The legend: the colours with their borders, and the hatching.

use super::breaks::{Breaks, CLASSES};
use super::ink::{self, Anchor, Hand, INK, NO_DATA, RAMP};
use super::lettering::Lettering;
use super::sheet::Sheet;
use super::{MapInput, MapZone};
use crate::words;

/// From the top of the side column to the legend, mm: the north arrow stands above.
const DROP: f64 = 39.0;
const BOX_WIDTH: f64 = 11.0;
const BOX_HEIGHT: f64 = 6.2;
/// From the ramp's foot to what follows, mm: the note on the borders stands between.
const RAMP_FOOT: f64 = 7.8;
const VALUE_SIZE: f64 = 2.9;
const NOTE_SIZE: f64 = 2.4;

/// Heading, colours and hatching; nothing without zones.
pub(super) fn draw(input: &MapInput, breaks: Option<&Breaks>, sheet: &Sheet, letters: &Lettering) -> String {
    if input.zones.is_empty() {
        return String::new();
    }
    let mut drawing = heading(input, sheet, letters);
    if let Some(breaks) = breaks {
        drawing += &ramp(breaks, sheet.side_left(), ramp_top(input, sheet), input);
    }
    if has_gaps(input) {
        drawing += &no_data(input, sheet.side_left(), bottom(input, sheet) - BOX_HEIGHT);
    }
    drawing
}

/// Where the legend ends.
pub(super) fn bottom(input: &MapInput, sheet: &Sheet) -> f64 {
    let ramp = match input.zones.iter().any(|zone| zone.share().is_some()) {
        true => BOX_HEIGHT * CLASSES as f64 + RAMP_FOOT,
        false => 0.0,
    };
    ramp_top(input, sheet) + ramp + if has_gaps(input) { BOX_HEIGHT } else { 0.0 }
}

pub(super) fn heading(input: &MapInput, sheet: &Sheet, letters: &Lettering) -> String {
    let (x, y) = (sheet.side_left(), sheet.side.min().y + DROP);
    let room = sheet.side_right() - x;
    let line = |y: f64, size: f64, hand: Hand, words: &str| {
        ink::text(x, y, letters.fit(words, size, room), Anchor::Start, hand, words)
    };
    line(y, 3.8, Hand::Bold, &input.legend_title) + &line(y + 4.6, 2.6, Hand::Faint, &input.legend_note)
}

pub(super) fn ramp_top(input: &MapInput, sheet: &Sheet) -> f64 {
    let note = if input.legend_note.is_empty() { 0.0 } else { 4.6 };
    sheet.side.min().y + DROP + note + 3.8
}

/// The colours, the darkest above, with the borders' values at the joints.
fn ramp(breaks: &Breaks, x: f64, top: f64, input: &MapInput) -> String {
    let mut drawing = String::new();
    for (i, fill) in RAMP.iter().rev().enumerate() {
        drawing += &swatch(x, top + BOX_HEIGHT * i as f64, fill);
    }
    let right = x + BOX_WIDTH;
    for (i, border) in breaks.borders().iter().rev().enumerate() {
        let y = top + BOX_HEIGHT * i as f64;
        let tick = format!(r#"<path d="M{right:.2} {y:.2}h1.4" stroke="{INK}" stroke-width="0.18"/>"#);
        let words = breaks.label(*border);
        drawing += &tick;
        drawing += &ink::text(right + 2.6, y + 1.05, VALUE_SIZE, Anchor::Start, Hand::Plain, &words);
    }
    let note = words!("a class includes its lower value", "每级含下限值");
    let y = top + BOX_HEIGHT * CLASSES as f64 + 4.7;
    drawing + &ink::text(x, y, NOTE_SIZE, Anchor::Start, Hand::Faint, note.say(input.lang))
}

fn swatch(x: f64, y: f64, fill: &str) -> String {
    let manner = format!(r#"fill="{fill}" stroke="{INK}" stroke-width="0.18""#);
    ink::rect(x, y, BOX_WIDTH, BOX_HEIGHT, &manner)
}

fn has_gaps(input: &MapInput) -> bool {
    input.zones.iter().any(|zone| zone.share().is_none())
}

fn no_data(input: &MapInput, x: f64, y: f64) -> String {
    let words = MapZone::no_data();
    let baseline = y + BOX_HEIGHT / 2.0 + 1.05;
    let name = words.say(input.lang);
    swatch(x, y, NO_DATA)
        + &ink::text(x + BOX_WIDTH + 2.6, baseline, VALUE_SIZE, Anchor::Start, Hand::Plain, name)
}
