//! The key in the side column: what the numbers on zones too small for a name stand for.

use super::ink::{self, Anchor, Hand};
use super::label::{self, Labels};
use super::lettering::Lettering;
use super::sheet::Sheet;
use super::{MapInput, MapZone, legend, scale};
use crate::words;

const SIZE: f64 = 2.5;
/// Where more than a tenth of the entries would have to be smaller, the key has one column instead of two, mm.
const LEAST_SIZE: f64 = 2.1;
const LEADING: f64 = 3.6;
/// From the left of a column to its entries, behind the number, mm.
const INDENT: f64 = 3.8;

/// How the key is set.
pub(super) struct Key {
    top: f64,
    rows: usize,
    columns: usize,
    column_width: f64,
}

impl Key {
    /// The key between legend and scale bar; its last line is kept for the note on zones it cannot hold.
    pub fn new(input: &MapInput, sheet: &Sheet, letters: &Lettering) -> Self {
        let top = legend::bottom(input, sheet) + 1.5 + LEADING;
        let rows = ((scale::top(sheet) - top) / LEADING).floor() - 1.0;
        let width = sheet.side_right() - sheet.side_left();
        let half = width / 2.0 - INDENT - 1.0;
        let long = |zone: &&MapZone| letters.width(&entry(zone, input), LEAST_SIZE) > half;
        let columns = if 10 * input.zones.iter().filter(long).count() > input.zones.len() { 1 } else { 2 };
        Self { top, rows: rows.max(0.0) as usize, columns, column_width: width / columns as f64 }
    }

    /// How many zones it can explain.
    pub fn capacity(&self) -> usize {
        self.rows * self.columns
    }

    /// The numbered zones with their names and values, and how many zones the sheet does not name.
    pub fn draw(&self, input: &MapInput, labels: &Labels, sheet: &Sheet, letters: &Lettering) -> String {
        let rows = labels.keyed.len().div_ceil(self.columns);
        let mut drawing = String::new();
        for (i, &zone) in labels.keyed.iter().enumerate() {
            let x = sheet.side_left() + self.column_width * (i / rows) as f64 + INDENT;
            let y = self.top + LEADING * (i % rows) as f64;
            let number = (i + 1).to_string();
            let words = entry(&input.zones[zone], input);
            let size = letters.fit(&words, SIZE, self.column_width - INDENT - 1.0);
            drawing += &ink::text(x - 1.0, y, SIZE, Anchor::End, Hand::Faint, &number);
            drawing += &ink::text(x, y, size, Anchor::Start, Hand::Plain, &words);
        }
        let left = labels.unlabelled.len();
        if left > 0 {
            let note = words!("{left} more not named here", "另有 {left} 个未在图上标注");
            let y = self.top + LEADING * rows as f64;
            drawing +=
                &ink::text(sheet.side_left(), y, SIZE, Anchor::Start, Hand::Faint, note.say(input.lang));
        }
        drawing
    }
}

fn entry(zone: &MapZone, input: &MapInput) -> String {
    format!("{} {}", zone.name.trim(), label::value_text(zone, input))
}
