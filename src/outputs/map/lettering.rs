//! The embedded font: how wide text is, and the picture with every letter turned into its outline.
//!
//! Only the embedded font is ever looked at, so the machine's own fonts cannot change the picture.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use resvg::{tiny_skia, usvg};

use super::{MapError, MapInput, ink};

/// Noto Sans SC Regular, cut to the characters of Chinese place names (`src/outputs/fonts/subset.py`; SIL OFL 1.1).
static FONT: &[u8] = include_bytes!("../fonts/NotoSansSC-Regular-subset.ttf");
/// The family name inside the font.
const FAMILY: &str = "Noto Sans SC";
/// Width of the PNG in pixels: 205 dots an inch on A4.
pub const PNG_WIDTH: u32 = 2400;
/// Height of the PNG in pixels: A4 landscape.
pub const PNG_HEIGHT: u32 = 1697;

/// The font, with the widths of the characters that the map will set.
pub(super) struct Lettering {
    options: usvg::Options<'static>,
    /// Width in ems.
    widths: BTreeMap<char, f64>,
}

/// A drawing turned into bytes.
pub(super) struct Picture {
    pub svg: Vec<u8>,
    pub png: Vec<u8>,
    pub missing_glyphs: Vec<char>,
}

impl Lettering {
    /// Loads the font and measures every character of the input.
    pub fn new(input: &MapInput) -> Result<Self, MapError> {
        let mut options = usvg::Options { font_family: FAMILY.to_owned(), ..Default::default() };
        options.fontdb_mut().load_font_source(usvg::fontdb::Source::Binary(Arc::new(FONT)));
        let mut letters = Self { options, widths: BTreeMap::new() };
        letters.widths = letters.measure(&characters(input))?;
        Ok(letters)
    }

    /// Width of one line in millimetres at `size` millimetres an em. The font has no kerning and no ligatures
    /// (its layout tables are cut), so widths add. Characters of the map's own words are hanzi, one em each.
    pub fn width(&self, words: &str, size: f64) -> f64 {
        words.chars().map(|c| self.widths.get(&c).copied().unwrap_or(1.0)).sum::<f64>() * size
    }

    /// The size at which one line is no wider than `room`, at most `size`.
    pub fn fit(&self, words: &str, size: f64, room: f64) -> f64 {
        let width = self.width(words, size);
        if width > room { size * room / width } else { size }
    }

    /// Lines no wider than `room`: broken at blanks, and anywhere beside a hanzi; a longer word stays whole.
    pub fn wrap(&self, words: &str, size: f64, room: f64) -> Vec<String> {
        let mut lines = vec![String::new()];
        for piece in pieces(words) {
            let Some(line) = lines.last_mut() else { break };
            if !line.is_empty() && self.width(&format!("{line}{}", piece.trim_end()), size) > room {
                lines.push(piece.to_owned());
            } else {
                line.push_str(piece);
            }
        }
        lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
    }

    /// The drawing as SVG and PNG.
    pub fn picture(&self, drawing: &str) -> Result<Picture, MapError> {
        let tree = self.tree(drawing)?;
        let mut missing = BTreeSet::new();
        gather_missing(tree.root(), &mut missing);
        let options = usvg::WriteOptions {
            preserve_text: false,
            coordinates_precision: 3,
            indent: usvg::Indent::None,
            ..Default::default()
        };
        Ok(Picture {
            svg: tree.to_string(&options).into_bytes(),
            png: paint(&tree)?,
            missing_glyphs: missing.into_iter().collect(),
        })
    }

    fn tree(&self, drawing: &str) -> Result<usvg::Tree, MapError> {
        usvg::Tree::from_str(drawing, &self.options)
            .map_err(|error| MapError::Picture { cause: error.to_string() })
    }

    /// Sets each character between two bars, at 100 units an em, and subtracts the bars: so blanks count too.
    fn measure(&self, characters: &BTreeSet<char>) -> Result<BTreeMap<char, f64>, MapError> {
        let line = |id: usize, words: &str| {
            let words = ink::escape(words);
            format!(r#"<text id="c{id}" y="99" font-size="100" xml:space="preserve">|{words}|</text>"#)
        };
        let mut drawing = String::from(r#"<svg xmlns="http://www.w3.org/2000/svg" width="99" height="99">"#);
        drawing += &line(0, "");
        for (i, c) in characters.iter().enumerate() {
            drawing += &line(i + 1, c.encode_utf8(&mut [0; 4]));
        }
        let tree = self.tree(&(drawing + "</svg>"))?;
        let width =
            |id: usize| tree.node_by_id(&format!("c{id}")).map(|n| f64::from(n.bounding_box().width()));
        let bars = width(0).unwrap_or(0.0);
        let ems = |i: usize| width(i + 1).map_or(1.0, |w| (w - bars) / 100.0);
        Ok(characters.iter().enumerate().map(|(i, &c)| (c, ems(i))).collect())
    }
}

/// Every character of the input, and ASCII.
fn characters(input: &MapInput) -> BTreeSet<char> {
    let names = input.zones.iter().map(|zone| &zone.name);
    [&input.title, &input.legend_title, &input.legend_note, &input.crs, &input.sources, &input.generated_by]
        .into_iter()
        .chain(&input.subtitle)
        .chain(names)
        .flat_map(|words| words.chars())
        .chain(' '..='~')
        .collect()
}

/// The text cut where a line may end.
fn pieces(words: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before = None;
    for (at, c) in words.char_indices() {
        if before.is_some_and(|b| may_break(b, c)) {
            pieces.push(&words[start..at]);
            start = at;
        }
        before = Some(c);
    }
    pieces.push(&words[start..]);
    pieces
}

/// Whether a line may end between two characters; never before closing punctuation nor after an opening bracket.
fn may_break(before: char, after: char) -> bool {
    const CLOSING: &str = "，。、；：？！）》」』】”’,.;:?!)]%％ ";
    const OPENING: &str = "（《「『【“‘([";
    let wide = |c: char| c >= '\u{2e80}';
    !CLOSING.contains(after)
        && !OPENING.contains(before)
        && (before == ' ' || before == '-' || wide(before) || wide(after))
}

/// Collects the characters set with glyph 0, the box that stands for "not in this font".
fn gather_missing(group: &usvg::Group, missing: &mut BTreeSet<char>) {
    for node in group.children() {
        match node {
            usvg::Node::Group(inner) => gather_missing(inner, missing),
            usvg::Node::Text(text) => missing.extend(
                text.layouted()
                    .iter()
                    .flat_map(|span| &span.positioned_glyphs)
                    .filter(|glyph| glyph.id.0 == 0)
                    .flat_map(|glyph| glyph.text.chars()),
            ),
            _ => {}
        }
    }
}

fn paint(tree: &usvg::Tree) -> Result<Vec<u8>, MapError> {
    let mut pixels = tiny_skia::Pixmap::new(PNG_WIDTH, PNG_HEIGHT)
        .ok_or_else(|| MapError::Picture { cause: "no pixels".to_owned() })?;
    let (x, y) = (PNG_WIDTH as f32 / tree.size().width(), PNG_HEIGHT as f32 / tree.size().height());
    resvg::render(tree, tiny_skia::Transform::from_scale(x, y), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| MapError::Picture { cause: error.to_string() })
}
