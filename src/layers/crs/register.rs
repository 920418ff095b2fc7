//! The EPSG register as far as the program knows it itself: a code to a definition, a definition to its code.

use std::ops::RangeInclusive;

use super::definition::Definition;
use super::reading;

/// What the register writes behind the name of an entry that another has replaced; GDAL takes that other one.
const DEPRECATED: &str = "(deprecated)";

/// Entries that the register has corrected since, or that are wrong here: another ellipsoid, another method. They are
/// GDAL's. `tests/it/crs.rs` holds all others against PROJ.
const DISPUTED: [u32; 40] = [
    2163, 3064, 3065, 3408, 3409, 4035, 4228, 4234, 4260, 4268, 4291, 4296, 4635, 4640, 4645, 4670, 4685,
    4731, 4983, 5340, 5342, 5343, 5344, 5345, 5346, 5347, 5348, 5349, 6871, 6956, 6957, 6958, 6959, 6980,
    6987, 7408, 7804, 22700, 29333, 32006,
];

/// A definition by its code; none of a code that is no longer to be used.
pub(super) fn by_code(code: u32) -> Option<Definition> {
    let entry =
        crs_definitions::from_code(u16::try_from(code).ok()?).filter(|_| !DISPUTED.contains(&code))?;
    let definition = reading::from_text(entry.wkt).filter(|known| !known.name.ends_with(DEPRECATED))?;
    Some(Definition { code: Some(code), ..definition })
}

/// What layers of this country mostly are in: CGCS2000, WGS 84, Xian 1980, Beijing 1954, UTM, Web Mercator. Looked at
/// before all others, so that nobody waits for the whole register.
const USUAL: [RangeInclusive<u16>; 9] = [
    4490..=4554,
    4326..=4326,
    4610..=4610,
    4214..=4214,
    2327..=2442,
    21413..=21463,
    32601..=32660,
    32701..=32760,
    3857..=3857,
];

/// The code of the CRS in the register that is the same; the usual ones first, then the least.
pub(super) fn code_of(definition: &Definition) -> Option<u32> {
    let same = |code: &u16| by_code(u32::from(*code)).is_some_and(|known| known.same_ground(definition));
    let code = USUAL.into_iter().flatten().find(same).or_else(|| (2000..=32767).find(same));
    code.map(u32::from)
}
