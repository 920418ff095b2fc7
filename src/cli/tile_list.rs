//! Lists of tiles or towns, one a line: `tile 512 2710` or `town 441624100`. Empty lines and lines that begin with `#`
//! are passed over.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write;

use crate::analysis::places::Places;
use crate::measure::task::Allotment;
use crate::outputs::partial_file::refused::Refused;
use crate::words;
use crate::words::Words;

/// All tiles.
pub fn tiles(places: &Places) -> Vec<String> {
    places.zones.tiles().map(|tile| format!("tile {} {}", tile.column, tile.row)).collect()
}

/// All towns.
pub fn towns(places: &Places) -> Vec<String> {
    places.zones.zones()[..places.towns].iter().map(|town| format!("town {}", town.id())).collect()
}

/// Lines as one text.
pub fn text(lines: &[String]) -> String {
    lines.iter().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "{line}");
        text
    })
}

/// Reads a list; `file` names it in errors.
pub fn read(file: &str, text: &str, places: &Places) -> Result<Allotment, Refused> {
    let wrong = |line: usize, what: Words| Refused::List { file: file.to_owned(), line: line + 1, what };
    let numbered = |lines: Vec<String>| lines.into_iter().zip(0..).collect::<HashMap<String, usize>>();
    let (tile_at, town_at) = (numbered(self::tiles(places)), numbered(self::towns(places)));
    let of_places: Vec<_> = places.zones.tiles().collect();
    let (mut tiles, mut towns) = (BTreeSet::new(), BTreeSet::new());
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        match line.split_once(char::is_whitespace).map_or(line, |(kind, _)| kind) {
            kind if kind.is_empty() || kind.starts_with('#') => {}
            "tile" => {
                let known = tile_at.get(line).map(|at| of_places[*at]);
                tiles.insert(known.ok_or_else(|| wrong(number, unknown(line)))?);
            }
            "town" => {
                let known = town_at.get(line).map(|at| *at as u32);
                towns.insert(known.ok_or_else(|| wrong(number, unknown(line)))?);
            }
            _ => {
                return Err(wrong(
                    number,
                    words!(
                        "neither `tile COLUMN ROW` nor `town CODE`: {line}",
                        "既不是 `tile 列 行` 也不是 `town 代码`：{line}"
                    ),
                ));
            }
        }
        if !tiles.is_empty() && !towns.is_empty() {
            return Err(wrong(number, words!("tiles and towns in one list", "同一清单中既有块又有乡镇")));
        }
    }
    match (tiles.is_empty(), towns.is_empty()) {
        (false, _) => Ok(Allotment::Tiles(tiles)),
        (_, false) => Ok(Allotment::Zones(towns)),
        _ => Err(wrong(0, words!("the list names no tile and no town", "清单中没有块也没有乡镇"))),
    }
}

fn unknown(line: &str) -> Words {
    words!("the project has no {line}", "项目中没有 {line}")
}
