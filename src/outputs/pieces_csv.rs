//! `--pieces`: the audit trail as CSV, one row for every feature in every zone, in file order, then zone order.
//!
//! `gross_m2` is the feature's ground in the zone, `area_m2` what of it no earlier feature of its class covers. Both
//! have six decimals, so n rows add up to the table within n half millionths of a square metre. Rows go out as they
//! are made; none is kept. Of a feature that is covered whole, rounding may leave a millionth, also below nought.

use std::io::{self, Write};

use crate::analysis::tabulate::{Pieces, Tabulation};
use crate::geometry::area::AreaSum;
use crate::outputs::m2;
use crate::project::settings::AreaKind;

const HEADER: [&str; 6] = ["zone", "class", "layer", "feature", "gross_m2", "area_m2"];

/// Writes all rows.
pub fn write(pieces: &Pieces, tabulation: &Tabulation, kind: AreaKind, to: &mut dyn Write) -> io::Result<()> {
    let mut rows = csv::Writer::from_writer(to);
    rows.write_record(HEADER)?;
    for piece in &pieces.trail.pieces {
        let (class, layer) = pieces.named(piece);
        let zone = tabulation.zones.get(piece.zone as usize).map_or("", |zone| &zone.zone);
        let (gross, area) = (decimals(piece.gross, kind), decimals(piece.area, kind));
        rows.write_record([zone, class, layer, &piece.id, &gross, &area])?;
    }
    rows.flush()
}

/// Six decimals, and no sign before a nought.
fn decimals(sum: AreaSum, kind: AreaKind) -> String {
    let text = format!("{:.6}", m2(sum.area(), kind));
    if text == "-0.000000" { text[1..].to_owned() } else { text }
}
