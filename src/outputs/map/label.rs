//! Names and values on the zones.
//!
//! Every zone's label stands where its form has room in the zone's largest part. Forms are tried from the fullest to
//! the plainest: name and value, smaller, the name alone, then a number that the key in the side column explains.
//! Large zones are served first; no two labels overlap.

use geo::{Area, Coord, MultiPolygon, Polygon, Rect};

use super::centre::widest_spot;
use super::ink::{self, Anchor, Hand};
use super::lettering::Lettering;
use super::{MapInput, MapZone};

/// How closely the best spot is sought, mm.
const PRECISION: f64 = 0.05;
/// Free space that a label has about it where the zone is large enough, mm.
const COMFORT: f64 = 1.5;
/// Free space between two labels, mm.
const CLEARANCE: f64 = 0.35;
/// From one line's top to the next, in ems.
const LEADING: f64 = 1.26;
/// Sizes of name and value in the forms tried one after the other, mm; none is the name alone.
const SIZES: [(f64, Option<f64>); 5] =
    [(3.6, Some(3.0)), (3.1, Some(2.7)), (2.6, Some(2.4)), (2.6, None), (2.2, None)];
/// Of [`SIZES`], how many may be the size that a map begins with.
const FIRST_SIZES: usize = 3;
/// A label that this part of itself lies within its zone, along and across, counts as held by it.
const SNUG: f64 = 0.72;
/// The size of a key number, mm.
const NUMBER_SIZE: f64 = 2.3;

/// Lines from above, each with its size in mm.
type Lines = Vec<(String, f64)>;

/// A label and where its centre stands.
pub(super) struct Label {
    lines: Lines,
    centre: Coord<f64>,
}

/// What came of the labels.
#[derive(Default)]
pub(super) struct Labels {
    /// Where labels stand.
    pub placed: Vec<Label>,
    /// Zones that the key explains, in the order of their numbers from 1: positions in the input.
    pub keyed: Vec<usize>,
    /// Codes of zones not named on the sheet, in the order of the input.
    pub unlabelled: Vec<String>,
}

/// Finds a place for every label that has one; the largest `key_capacity` of the others get a
/// number instead.
pub(super) fn place(
    input: &MapInput,
    outlines: &[MultiPolygon<f64>],
    key_capacity: usize,
    letters: &Lettering,
) -> Labels {
    let parts: Vec<Option<&Polygon<f64>>> = outlines.iter().map(largest).collect();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    let area = |i: usize| parts[i].map_or(0.0, Area::unsigned_area);
    order.sort_by(|&a, &b| area(b).total_cmp(&area(a)));

    let sizes = sizes(input, &parts, letters);
    let mut placing = Placing { letters, labels: Labels::default(), taken: Vec::new() };
    let mut crowded = Vec::new();
    for i in order {
        let forms = forms(&input.zones[i], sizes, input, letters);
        if !parts[i].is_some_and(|part| placing.name(part, forms)) {
            crowded.push(i);
        }
    }
    let mut unlabelled = crowded.split_off(key_capacity.min(crowded.len()));
    crowded.sort_unstable();
    unlabelled.extend(crowded.into_iter().filter(|&i| {
        let part = parts[i].filter(|_| !input.zones[i].name.trim().is_empty());
        !part.is_some_and(|part| placing.number(part, i))
    }));
    unlabelled.sort_unstable();
    placing.labels.unlabelled = unlabelled.into_iter().map(|i| input.zones[i].code.clone()).collect();
    placing.labels
}

fn largest(shape: &MultiPolygon<f64>) -> Option<&Polygon<f64>> {
    shape.iter().max_by(|a, b| a.unsigned_area().total_cmp(&b.unsigned_area()))
}

/// The sizes to try on this map: it begins with the largest that half the zones can hold, so that names are of one
/// size wherever possible.
fn sizes(
    input: &MapInput,
    parts: &[Option<&Polygon<f64>>],
    letters: &Lettering,
) -> &'static [(f64, Option<f64>)] {
    let held = |size| {
        let zones = input.zones.iter().zip(parts);
        zones
            .filter(|(zone, part)| {
                let forms = forms(zone, std::slice::from_ref(size), input, letters);
                part.is_some_and(|part| forms.iter().any(|lines| Seat::of(lines, part, letters).is_snug()))
            })
            .count()
    };
    let last = FIRST_SIZES - 1;
    let first = (0..last).find(|&i| 2 * held(&SIZES[i]) >= input.zones.len());
    &SIZES[first.unwrap_or(last)..]
}

/// Every form of a zone's label, fullest first: for each size the name on one line, then on two where it is long.
fn forms(zone: &MapZone, sizes: &[(f64, Option<f64>)], input: &MapInput, letters: &Lettering) -> Vec<Lines> {
    let name = zone.name.trim();
    if name.is_empty() {
        return Vec::new();
    }
    let value = value_text(zone, input);
    let names = [vec![name.to_owned()], halves(name, letters)];
    let mut forms = Vec::new();
    for &(name_size, value_size) in sizes {
        for name_lines in &names {
            let lines = name_lines.iter().map(|line| (line.clone(), name_size));
            forms.push(lines.chain(value_size.map(|size| (value.clone(), size))).collect::<Lines>());
        }
    }
    forms.dedup();
    forms
}

/// The name in two lines of about one width, or in one where it is short.
fn halves(name: &str, letters: &Lettering) -> Vec<String> {
    let whole = letters.width(name, 1.0);
    if whole <= 4.5 {
        return vec![name.to_owned()];
    }
    (10..=20)
        .map(|part| letters.wrap(name, 1.0, whole * f64::from(part) / 20.0))
        .find(|lines| lines.len() <= 2)
        .unwrap_or_else(|| vec![name.to_owned()])
}

/// The share as people read it: per cent with one decimal.
pub(super) fn value_text(zone: &MapZone, input: &MapInput) -> String {
    match zone.share() {
        Some(share) => format!("{:.1}%", share * 100.0),
        None => MapZone::no_data().say(input.lang).to_owned(),
    }
}

fn height(lines: &Lines) -> f64 {
    lines.iter().map(|(_, size)| size * LEADING).sum()
}

/// Where a form stands best in its zone, and the space it takes there.
struct Seat {
    space: Option<Rect<f64>>,
    room: f64,
}

impl Seat {
    fn of(lines: &Lines, part: &Polygon<f64>, letters: &Lettering) -> Self {
        let width = lines.iter().map(|(words, size)| letters.width(words, *size)).fold(0.1, f64::max);
        let half = height(lines) / 2.0;
        let spot = widest_spot(part, width / (2.0 * half), half + COMFORT, PRECISION);
        let (dx, dy) = (width / 2.0 + CLEARANCE, half);
        let space = spot.map(|s| Rect::new((s.at.x - dx, s.at.y - dy), (s.at.x + dx, s.at.y + dy)));
        Self { space, room: spot.map_or(0.0, |s| s.room / half) }
    }

    fn is_snug(&self) -> bool {
        self.room >= SNUG
    }
}

/// The labels placed so far and the space they take.
struct Placing<'a> {
    letters: &'a Lettering,
    labels: Labels,
    taken: Vec<Rect<f64>>,
}

impl Placing<'_> {
    /// Places the fullest form that the zone holds; false where it holds none.
    fn name(&mut self, part: &Polygon<f64>, forms: Vec<Lines>) -> bool {
        forms.into_iter().any(|lines| {
            let seat = Seat::of(&lines, part, self.letters);
            seat.is_snug() && self.settle(lines, seat)
        })
    }

    /// Places the zone's number in the key, whether or not the zone holds it; false where there is no room.
    fn number(&mut self, part: &Polygon<f64>, zone: usize) -> bool {
        let lines = vec![((self.labels.keyed.len() + 1).to_string(), NUMBER_SIZE)];
        let seat = Seat::of(&lines, part, self.letters);
        let done = self.settle(lines, seat);
        if done {
            self.labels.keyed.push(zone);
        }
        done
    }

    fn settle(&mut self, lines: Lines, seat: Seat) -> bool {
        let Some(space) = seat.space.filter(|space| !self.taken.iter().any(|other| overlap(other, space)))
        else {
            return false;
        };
        self.labels.placed.push(Label { lines, centre: space.center() });
        self.taken.push(space);
        true
    }
}

fn overlap(a: &Rect<f64>, b: &Rect<f64>) -> bool {
    a.min().x < b.max().x && b.min().x < a.max().x && a.min().y < b.max().y && b.min().y < a.max().y
}

/// The labels, each line centred.
pub(super) fn draw(labels: &[Label]) -> String {
    labels.iter().map(draw_one).collect()
}

fn draw_one(label: &Label) -> String {
    let mut top = label.centre.y - height(&label.lines) / 2.0;
    let mut drawing = String::new();
    for (words, size) in &label.lines {
        // Hanzi fill the em from 0.12 below the baseline to 0.88 above; half the leading stands above.
        let baseline = top + size * (0.88 + (LEADING - 1.0) / 2.0);
        drawing += &ink::text(label.centre.x, baseline, *size, Anchor::Middle, Hand::Rimmed, words);
        top += size * LEADING;
    }
    drawing
}
