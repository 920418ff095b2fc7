//! Belt continuity (环城林带连续性): runs and gaps of forest along lines around the city. Asked by no standard.

use super::{Found, Work};
use crate::analysis::tally::off_the_map;
use crate::attribute::Value;
use crate::measure::{MeasureError, along};
use crate::project::settings::Figure;

/// Looks along the lines that the project names.
pub(super) fn belt(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    let under = work.under(&[Figure::Forest]);
    let Some(lines) = work.inputs.further.belt.as_ref().filter(|_| !under.is_empty()) else { return Ok(()) };
    let counts = |source: usize, value: &Value| under.counts(Figure::Forest, source, value);
    let request = along::Request { lines: &**lines, covers: &under.sources(), counts: &counts };
    let (looked, findings) = along::measure(&request, &work.plane, work.watch)?;
    found.findings.extend(findings);
    found.findings.extend(off_the_map(&looked.off_the_map, lines.name()));
    found.belt = looked.lines;
    Ok(())
}
