//! The coverage map: every zone (乡镇) in the colour of its share, on an A4 sheet fit for handing in.
//!
//! In: titles, zones with shapes in a projected plane and a share each, as plain values. Out: the same picture as
//! SVG and as PNG. Guarantees: the same bytes from the same input, whatever fonts a machine has, since letters come
//! from one embedded font and leave as outlines; a character that the font lacks is named, not fatal. Absences: no
//! file, no clock, no overlay; shapes are drawn as they come. On the sheet all measures are millimetres, y downward.

mod breaks;
mod centre;
mod error;
mod grounds;
mod ink;
mod key;
mod label;
mod legend;
mod lettering;
mod outline;
mod scale;
mod sheet;

pub use breaks::Breaks;
pub use centre::{Spot, widest_spot};
pub use error::MapError;
pub use grounds::MapGround;

use geo::MultiPolygon;

use crate::words;
use crate::words::{Lang, Words};

/// Everything the map says and shows.
#[derive(Debug, Clone)]
pub struct MapInput {
    /// The heading, one line; a long one is set smaller.
    pub title: String,
    /// A few lines below the heading, such as the county's own figure and the date.
    pub subtitle: Vec<String>,
    /// What is drawn, in the order it is drawn.
    pub zones: Vec<MapZone>,
    /// What the colours mean, such as 林木覆盖率.
    pub legend_title: String,
    /// What kind of value that is, such as "per cent of the town's ground"; may be empty.
    pub legend_note: String,
    /// Metres in one unit of the zones' coordinates.
    pub metres_per_unit: f64,
    /// The coordinate system, for the foot of the sheet; may be empty.
    pub crs: String,
    /// Where the figures come from, for the foot of the sheet; may be empty.
    pub sources: String,
    /// The program and its version; may be empty.
    pub generated_by: String,
    /// The language of the map's own words.
    pub lang: Lang,
}

/// One zone on the map.
#[derive(Debug, Clone)]
pub struct MapZone {
    /// Its code, by which messages name it.
    pub code: String,
    /// Its name, as drawn.
    pub name: String,
    /// Its ground in a projected plane: x east, y north.
    pub shape: MultiPolygon<f64>,
    /// Its share as a fraction of one; `None`, or a number that is not finite, is drawn as "no data".
    pub value: Option<f64>,
}

impl MapZone {
    /// The share, where there is a number to draw.
    fn share(&self) -> Option<f64> {
        self.value.filter(|v| v.is_finite())
    }

    /// What stands where there is none.
    fn no_data() -> Words {
        words!("no data", "无数据")
    }
}

/// The finished map.
#[derive(Debug, Clone)]
pub struct Map {
    /// SVG, A4 landscape, without text elements: every letter is an outline.
    pub svg: Vec<u8>,
    /// PNG of the same picture, [`PNG_WIDTH`] pixels wide.
    pub png: Vec<u8>,
    /// Characters that the embedded font lacks, in code order; each stands on the map as an empty box.
    pub missing_glyphs: Vec<char>,
    /// Codes of the zones too small or too crowded to be named on the sheet, in the order of the zones.
    pub unlabelled: Vec<String>,
}

pub use lettering::{PNG_HEIGHT, PNG_WIDTH};

/// Draws grounds in their own colours under the outlines of the zones.
///
/// Errors as [`choropleth`].
pub fn grounds_map(input: &MapInput, grounds: &[MapGround]) -> Result<Map, MapError> {
    let words = MapInput {
        legend_note: grounds.iter().fold(input.legend_note.clone(), |all, ground| all + &ground.name),
        ..input.clone()
    };
    let letters = lettering::Lettering::new(&words)?;
    let sheet = sheet::Sheet::new(input, &letters)?;
    let outlines = outline::on_sheet(&input.zones, &sheet);
    let drawing = sheet.open()
        + &grounds::draw(grounds, &sheet)
        + &grounds::borders(&outlines)
        + &sheet.furniture(input, &letters)
        + &grounds::key(grounds, input, &sheet, &letters)
        + &scale::draw(&sheet, input.lang)
        + "</svg>";
    let lettering::Picture { svg, png, missing_glyphs } = letters.picture(&drawing)?;
    Ok(Map { svg, png, missing_glyphs, unlabelled: Vec::new() })
}

/// Draws the map: place the zones on the sheet, colour them, name them, and set the furniture around.
///
/// Errors only where no picture can be made: a coordinate or a unit that cannot be.
pub fn choropleth(input: &MapInput) -> Result<Map, MapError> {
    let letters = lettering::Lettering::new(input)?;
    let sheet = sheet::Sheet::new(input, &letters)?;
    let breaks = Breaks::of(input.zones.iter().filter_map(MapZone::share));
    let outlines = outline::on_sheet(&input.zones, &sheet);
    let key = key::Key::new(input, &sheet, &letters);
    let labels = label::place(input, &outlines, key.capacity(), &letters);
    let drawing = sheet.open()
        + &outline::draw(&input.zones, &outlines, breaks.as_ref())
        + &label::draw(&labels.placed)
        + &sheet.furniture(input, &letters)
        + &legend::draw(input, breaks.as_ref(), &sheet, &letters)
        + &key.draw(input, &labels, &sheet, &letters)
        + &scale::draw(&sheet, input.lang)
        + "</svg>";
    let picture = letters.picture(&drawing)?;
    Ok(Map {
        svg: picture.svg,
        png: picture.png,
        missing_glyphs: picture.missing_glyphs,
        unlabelled: labels.unlabelled,
    })
}
