//! What stands beside roads and shores: all of it is looked for at once, so that the covers are read once.

use super::{Found, Work, roads, shade, shore};
use crate::measure::{MeasureError, beside};
use crate::project::settings::Figure;

/// Roads of the county and of the towns, shaded roads, shores and streams.
pub(super) fn waysides(work: &Work<'_, '_>, found: &mut Found) -> Result<(), MeasureError> {
    let roads = [roads::roads(work)?, roads::town_roads(work)?];
    let shore = shore::shore(work)?;
    let of_roads = roads.iter().flatten().map(roads::Asked::figure);
    let figures: Vec<Figure> = of_roads.chain(shore.as_ref().map(shore::Asked::figure)).collect();
    let under = work.under(&figures);
    let of_roads = roads.iter().flatten().map(|asked| asked.request(&under));
    let requests = of_roads.chain(shore.iter().flat_map(|asked| asked.requests(&under)));
    let requests: Vec<_> = requests.collect();
    let answers = beside::measure(&requests, &under.sources(), &work.plane, work.watch)?;
    let mut answers = answers.into_iter();
    for (asked, answer) in roads.iter().flatten().zip(answers.by_ref()) {
        asked.tell(work, &under, answer, found)?;
    }
    shade::shaded_roads(work, found)?;
    if let Some((asked, answer)) = shore.as_ref().zip(answers.next()) {
        asked.tell(&under, answer, answers.next(), found)?;
    }
    Ok(())
}
