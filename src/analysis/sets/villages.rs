//! The greening of villages (村庄绿化) under the readings that are not judged: no standard that was read says whether it is
//! what vegetation covers, what trees do, or what crowns do.

use super::{Sheet, Teller, Told};
use crate::fact::Place;
use crate::project::settings::Figure;
use crate::words;

const ITEM: &str = "village-coverage";

impl Teller<'_> {
    pub(super) fn villages(&self, told: &mut Told) {
        let Some(villages) = &self.project.scopes.villages else { return };
        let readings = [
            (Figure::Green, words!("green coverage", "绿化覆盖率")),
            (Figure::TreeCover, words!("tree coverage", "林木覆盖率")),
            (Figure::Canopy, words!("tree canopy cover", "树冠覆盖率")),
        ];
        for row in self.rows.all().filter(|row| matches!(row.place, Place::Villages(_))) {
            let mut sheet = Sheet { item: ITEM, place: &row.place, lines: &mut told.lines };
            for (figure, what) in readings.iter().filter(|(figure, _)| *figure != villages.figure) {
                if let Some(m2) = self.figure(row, *figure) {
                    sheet.share(what.clone(), m2, self.ground(row));
                }
            }
        }
    }
}
