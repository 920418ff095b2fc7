//! `--pieces`: the audit trail as CSV, one row for every feature in every zone, in file order, then zone order.
//!
//! `gross_m2` is the feature's ground in the zone, `area_m2` what of it no earlier feature of its class covers. Both
//! have six decimals, so n rows add up to the table within n half millionths of a square metre: to its `area_m2`, of a
//! project to the `net_m2` of `coverage.csv`. Rows go out as they are made; none is kept. Of a feature that is covered
//! whole, rounding may leave a millionth, also below nought. Of a project, `place` and `zone` are those of
//! `coverage.csv`, and so are `stratum` and `class`.

use std::io::{self, Write};

use crate::analysis::pieces::Pieces;
use crate::geometry::area::AreaSum;
use crate::outputs::m2;
use crate::outputs::wording::place_key;
use crate::project::settings::AreaKind;

const OF_TABLE: [&str; 6] = ["zone", "class", "layer", "feature", "gross_m2", "area_m2"];
const OF_PROJECT: [&str; 8] =
    ["place", "zone", "stratum", "class", "layer", "feature", "gross_m2", "area_m2"];

/// Writes all rows.
pub fn write(pieces: &Pieces, kind: AreaKind, to: &mut dyn Write) -> io::Result<()> {
    let (mut rows, of_project) = (csv::Writer::from_writer(to), pieces.are_of_project());
    if of_project {
        rows.write_record(OF_PROJECT)?;
    } else {
        rows.write_record(OF_TABLE)?;
    }
    for piece in &pieces.trail.pieces {
        let names = pieces.named(piece);
        let (gross, area) = (decimals(piece.gross, kind), decimals(piece.area, kind));
        let figures = [names.layer, &piece.id, &gross, &area];
        if of_project {
            let place = names.place.map_or("", place_key);
            rows.write_record([place, names.zone, names.stratum, names.class].iter().chain(&figures))?;
        } else {
            rows.write_record([names.zone, names.class].iter().chain(&figures))?;
        }
    }
    rows.flush()
}

/// Six decimals, and no sign before a nought.
fn decimals(sum: AreaSum, kind: AreaKind) -> String {
    let text = format!("{:.6}", m2(sum.area(), kind));
    if text == "-0.000000" { text[1..].to_owned() } else { text }
}
