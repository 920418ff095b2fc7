//! The colours of the map and the few SVG elements it is made of.

use std::fmt::Write;

/// Letters and lines that carry weight.
pub(super) const INK: &str = "#1d2621";
/// Letters and lines that stand back.
pub(super) const FAINT: &str = "#5c665f";
/// The five classes, light to dark: even steps of lightness (OKLCH 0.965 to 0.49), yellow green to green, so that
/// they stay apart for the colour-blind and in grey print.
pub(super) const RAMP: [&str; super::breaks::CLASSES] =
    ["#f4f7d5", "#cedf9c", "#96c371", "#599e56", "#2c713f"];
/// The fill of a zone without a value; [`HATCH`] defines it.
pub(super) const NO_DATA: &str = "url(#hatch)";
/// Grey hatching on white.
pub(super) const HATCH: &str = concat!(
    r##"<defs><pattern id="hatch" patternUnits="userSpaceOnUse" width="1.8" height="1.8" "##,
    r##"patternTransform="rotate(45)"><rect width="1.8" height="1.8" fill="#ffffff"/>"##,
    r##"<rect width="0.36" height="1.8" fill="#b4bab6"/></pattern></defs>"##
);

/// How letters stand.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Hand {
    /// In ink.
    Plain,
    /// In the receding colour.
    Faint,
    /// In ink, thickened by a stroke: the embedded font has one weight.
    Bold,
    /// In ink on a white rim, readable on every colour of the map.
    Rimmed,
}

/// Which end of the text its `x` is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Anchor {
    /// Left.
    Start,
    /// Centre.
    Middle,
    /// Right.
    End,
}

/// One line of text, its baseline at `y`.
pub(super) fn text(x: f64, y: f64, size: f64, anchor: Anchor, hand: Hand, words: &str) -> String {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    let manner = match hand {
        Hand::Plain => format!(r#"fill="{INK}""#),
        Hand::Faint => format!(r#"fill="{FAINT}""#),
        Hand::Bold => format!(r#"fill="{INK}" stroke="{INK}" stroke-width="{:.3}""#, size * 0.03),
        Hand::Rimmed => format!(
            r##"fill="{INK}" stroke="#ffffff" stroke-width="{:.3}" stroke-linejoin="round" paint-order="stroke""##,
            size * 0.22
        ),
    };
    format!(
        r#"<text x="{x:.2}" y="{y:.2}" font-size="{size:.2}" text-anchor="{anchor}" xml:space="preserve" {manner}>{}</text>"#,
        escape(words)
    )
}

/// A rectangle; `manner` holds its fill and stroke.
pub(super) fn rect(x: f64, y: f64, width: f64, height: f64, manner: &str) -> String {
    format!(r#"<rect x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" {manner}/>"#)
}

/// Text made safe for XML; characters that XML 1.0 does not know (control characters) become blanks.
pub(super) fn escape(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

/// Adds `M…L…Z` for one ring to path data, to a hundredth of a millimetre.
pub(super) fn ring(data: &mut String, ring: &geo::LineString<f64>) {
    let open = ring.0.len().saturating_sub(1);
    for (i, c) in ring.0.iter().take(open).enumerate() {
        let command = if i == 0 { 'M' } else { 'L' };
        // Writing to a string cannot fail.
        let _ = write!(data, "{command}{:.2} {:.2}", c.x, c.y);
    }
    if open > 0 {
        data.push('Z');
    }
}

#[cfg(test)]
mod tests {
    use super::RAMP;

    /// Relative luminance of `#rrggbb` (IEC 61966-2-1), then lightness L* (CIE 1976).
    fn lightness(colour: &str) -> f64 {
        let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        let linear = |v: f64| if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) };
        let y = 0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5));
        116.0 * y.cbrt() - 16.0
    }

    #[test]
    fn classes_stay_apart_in_grey_print() {
        for pair in RAMP.windows(2) {
            assert!(lightness(pair[0]) - lightness(pair[1]) > 8.0, "{pair:?}");
        }
    }
}
