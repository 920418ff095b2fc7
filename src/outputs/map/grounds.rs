//! Grounds on the map, each in a colour of its own, under the outlines of the zones.

use geo::{MapCoords, MultiPolygon};

use super::ink::{self, Anchor, Hand, INK};
use super::lettering::Lettering;
use super::outline::{path_data, thin};
use super::sheet::Sheet;
use super::{MapInput, legend, scale};

/// One ground.
#[derive(Debug, Clone)]
pub struct MapGround {
    /// What it is, as the legend says.
    pub name: String,
    /// Its colour, `#rrggbb`.
    pub colour: String,
    /// Its outline in the plane of the zones.
    pub shape: MultiPolygon<f64>,
}

const BOX_WIDTH: f64 = 9.0;
/// Height of a line of the legend where there is room, and of what stands in it, mm.
const LINE: f64 = 6.4;
const SIZE: f64 = 2.9;

/// The grounds in the order in which they come, later ones over earlier ones.
pub(super) fn draw(grounds: &[MapGround], sheet: &Sheet) -> String {
    let path = |ground: &MapGround| {
        let data = path_data(&thin(&ground.shape.map_coords(|c| sheet.place(c))));
        format!(r#"<path fill="{}" d="{data}"/>"#, ink::escape(&ground.colour))
    };
    format!(r#"<g fill-rule="evenodd">{}</g>"#, grounds.iter().map(path).collect::<String>())
}

/// The outlines of the zones over them.
pub(super) fn borders(outlines: &[MultiPolygon<f64>]) -> String {
    let paths = outlines.iter().map(|outline| format!(r#"<path d="{}"/>"#, path_data(outline)));
    format!(
        r#"<g fill="none" stroke="{INK}" stroke-width="0.22" stroke-linejoin="round">{}</g>"#,
        paths.collect::<String>()
    )
}

/// The legend; its lines move together where there are many.
pub(super) fn key(grounds: &[MapGround], input: &MapInput, sheet: &Sheet, letters: &Lettering) -> String {
    let (x, top) = (sheet.side_left(), legend::ramp_top(input, sheet));
    let line = LINE.min((scale::top(sheet) - top - 2.0) / grounds.len().max(1) as f64);
    let mut drawing = legend::heading(input, sheet, letters);
    for (i, ground) in grounds.iter().enumerate() {
        let y = top + line * i as f64;
        let manner = format!(r#"fill="{}" stroke="{INK}" stroke-width="0.18""#, ink::escape(&ground.colour));
        drawing += &ink::rect(x, y, BOX_WIDTH, line * 0.72, &manner);
        let left = x + BOX_WIDTH + 2.4;
        let size = letters.fit(&ground.name, SIZE.min(line * 0.6), sheet.side_right() - left);
        drawing += &ink::text(left, y + line * 0.55, size, Anchor::Start, Hand::Plain, &ground.name);
    }
    drawing
}
