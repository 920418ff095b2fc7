//! The A4 sheet: where titles, frame, map, side column and foot lie, and how ground comes onto it.

use geo::{BoundingRect, Coord, CoordsIter, Rect};

use super::ink::{self, Anchor, HATCH, Hand, INK};
use super::lettering::Lettering;
use super::{MapError, MapInput, scale};
use crate::words;

/// A4 landscape, mm.
const WIDTH: f64 = 297.0;
const HEIGHT: f64 = 210.0;
/// From the sheet's edge to the frame, mm.
const MARGIN: f64 = 12.0;
/// Width of the column for arrow, legend and scale bar, mm.
const SIDE: f64 = 58.0;
/// From the frame to the zones, mm.
const INSET: f64 = 7.0;
const TITLE_SIZE: f64 = 8.0;
const SUBTITLE_SIZE: f64 = 3.7;
const FOOT_SIZE: f64 = 2.6;
const FOOT_LEADING: f64 = 3.9;
/// No projected coordinate is farther out, whatever its unit; what is not a number is not nearer either.
const FARTHEST: f64 = 1e12;
/// However many lines stand above and below, the frame keeps this height, mm.
const LEAST_FRAME: f64 = 90.0;

/// The laid-out sheet.
pub(super) struct Sheet {
    /// The frame around map and side column.
    pub frame: Rect<f64>,
    /// The side column inside the frame.
    pub side: Rect<f64>,
    /// The scale denominator: 1 mm on the sheet is this many millimetres on the ground; `None` without zones.
    pub denominator: Option<f64>,
    /// Sheet millimetres per unit of the ground's coordinates.
    mm_per_unit: f64,
    /// The middle of the ground, in its own coordinates, and where it comes to lie.
    ground_centre: Coord<f64>,
    map_centre: Coord<f64>,
    /// The foot, line by line.
    foot: Vec<String>,
}

impl Sheet {
    /// Lays the sheet out. Errors: a coordinate that no projected ground has, or a unit without a
    /// length.
    pub fn new(input: &MapInput, letters: &Lettering) -> Result<Self, MapError> {
        if !(input.metres_per_unit.is_finite() && input.metres_per_unit > 0.0) {
            return Err(MapError::UnitLength { metres: input.metres_per_unit });
        }
        let ground = extent(input)?;
        let foot = foot(input, letters);
        let frame = frame(input.subtitle.len(), foot.len());
        let side = Rect::new((frame.max().x - SIDE, frame.min().y), (frame.max().x, frame.max().y));
        let map = Rect::new(
            (frame.min().x + INSET, frame.min().y + INSET),
            (side.min().x - INSET / 2.0, frame.max().y - INSET),
        );
        let denominator = ground.map(|g| {
            let tightest = (g.width() / map.width()).max(g.height() / map.height());
            scale::round_denominator(tightest * input.metres_per_unit * 1000.0)
        });
        Ok(Self {
            frame,
            side,
            denominator,
            mm_per_unit: denominator.map_or(1.0, |d| input.metres_per_unit * 1000.0 / d),
            ground_centre: ground.map_or(Coord::zero(), |g| g.center()),
            map_centre: map.center(),
            foot,
        })
    }

    /// A point of the ground on the sheet, mm.
    pub fn place(&self, ground: Coord<f64>) -> Coord<f64> {
        Coord {
            x: self.map_centre.x + (ground.x - self.ground_centre.x) * self.mm_per_unit,
            y: self.map_centre.y - (ground.y - self.ground_centre.y) * self.mm_per_unit,
        }
    }

    /// The opening of the drawing: paper and patterns.
    pub fn open(&self) -> String {
        let paper = ink::rect(0.0, 0.0, WIDTH, HEIGHT, r##"fill="#ffffff""##);
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" viewBox="0 0 {WIDTH} {HEIGHT}">{HATCH}{paper}"#
        )
    }

    /// Titles, frame, north arrow and foot.
    pub fn furniture(&self, input: &MapInput, letters: &Lettering) -> String {
        let mut drawing = self.titles(input, letters) + &self.lines_of_frame();
        drawing += &if self.denominator.is_some() { self.north(input) } else { self.nothing(input) };
        for (i, line) in self.foot.iter().enumerate() {
            let y = self.frame.max().y + 4.8 + FOOT_LEADING * i as f64;
            drawing += &ink::text(self.frame.min().x, y, FOOT_SIZE, Anchor::Start, Hand::Faint, line);
        }
        let y = self.frame.max().y + 4.8;
        drawing + &ink::text(self.frame.max().x, y, FOOT_SIZE, Anchor::End, Hand::Faint, &input.generated_by)
    }

    fn titles(&self, input: &MapInput, letters: &Lettering) -> String {
        let room = self.frame.width();
        let line = |y: f64, size: f64, hand: Hand, words: &str| {
            ink::text(WIDTH / 2.0, y, letters.fit(words, size, room), Anchor::Middle, hand, words)
        };
        let title = line(18.0, TITLE_SIZE, Hand::Bold, &input.title);
        let below = input.subtitle.iter().enumerate();
        title
            + &below
                .map(|(i, words)| line(25.2 + 5.2 * i as f64, SUBTITLE_SIZE, Hand::Faint, words))
                .collect::<String>()
    }

    /// A heavy line outside and a fine one inside, as printed maps have.
    fn lines_of_frame(&self) -> String {
        let (f, gap) = (self.frame, 1.1);
        let outer = format!(r#"fill="none" stroke="{INK}" stroke-width="0.5""#);
        let inner = format!(r#"fill="none" stroke="{INK}" stroke-width="0.15""#);
        ink::rect(f.min().x, f.min().y, f.width(), f.height(), &outer)
            + &ink::rect(
                f.min().x + gap,
                f.min().y + gap,
                f.width() - 2.0 * gap,
                f.height() - 2.0 * gap,
                &inner,
            )
    }

    /// The note on a sheet without a map.
    fn nothing(&self, input: &MapInput) -> String {
        let note = words!("There are no zones to draw.", "没有可绘制的单元。");
        let centre = self.frame.center();
        ink::text(centre.x, centre.y, SUBTITLE_SIZE, Anchor::Middle, Hand::Faint, note.say(input.lang))
    }

    /// The north arrow. The sheet's upward direction is the grid's north, which is not quite true north.
    fn north(&self, input: &MapInput) -> String {
        let (x, top) = (self.side.center().x, self.side.min().y + 12.5);
        let half = |sign: f64, fill: &str| {
            format!(
                r#"<path d="M{x:.2} {top:.2}L{:.2} {:.2}L{x:.2} {:.2}Z" fill="{fill}" stroke="{INK}" stroke-width="0.25" stroke-linejoin="round"/>"#,
                x + sign * 3.6,
                top + 13.0,
                top + 9.8
            )
        };
        let note = words!("grid north", "坐标北");
        half(-1.0, INK)
            + &half(1.0, "#ffffff")
            + &ink::text(x, top - 1.8, 4.6, Anchor::Middle, Hand::Bold, "N")
            + &ink::text(x, top + 17.2, 2.5, Anchor::Middle, Hand::Faint, note.say(input.lang))
    }

    /// Left edge of what stands in the side column.
    pub fn side_left(&self) -> f64 {
        self.side.min().x + 4.0
    }

    /// Right edge of what stands in the side column.
    pub fn side_right(&self) -> f64 {
        self.side.max().x - 6.0
    }
}

/// The rectangle around all zones, `None` where there is no coordinate at all.
fn extent(input: &MapInput) -> Result<Option<Rect<f64>>, MapError> {
    let mut extent: Option<Rect<f64>> = None;
    for zone in &input.zones {
        if zone.shape.coords_iter().any(|c| !(c.x.abs() < FARTHEST && c.y.abs() < FARTHEST)) {
            return Err(MapError::Coordinate { zone: zone.code.clone() });
        }
        let Some(rect) = zone.shape.bounding_rect() else { continue };
        extent = Some(extent.map_or(rect, |sum| both(sum, rect)));
    }
    Ok(extent)
}

fn both(a: Rect<f64>, b: Rect<f64>) -> Rect<f64> {
    Rect::new(
        (a.min().x.min(b.min().x), a.min().y.min(b.min().y)),
        (a.max().x.max(b.max().x), a.max().y.max(b.max().y)),
    )
}

fn frame(subtitles: usize, foot_lines: usize) -> Rect<f64> {
    let top = (24.0 + 5.2 * subtitles as f64).min(HEIGHT - LEAST_FRAME - MARGIN);
    let bottom = (HEIGHT - 9.0 - FOOT_LEADING * foot_lines.max(1) as f64).max(top + LEAST_FRAME);
    Rect::new((MARGIN, top), (WIDTH - MARGIN, bottom))
}

/// Sources, broken into lines beside the program's name, then the coordinate system.
fn foot(input: &MapInput, letters: &Lettering) -> Vec<String> {
    let room = WIDTH - 2.0 * MARGIN - letters.width(&input.generated_by, FOOT_SIZE) - 8.0;
    [&input.sources, &input.crs]
        .into_iter()
        .flat_map(|words| letters.wrap(words, FOOT_SIZE, room.max(60.0)))
        .collect()
}
