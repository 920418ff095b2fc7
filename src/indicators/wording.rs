//! Quantities, places and lists as people call them.

use std::collections::BTreeMap;
use std::fmt;

use super::formula::Formula;
use crate::fact::{Place, Quantity, Unit};
use crate::words;
use crate::words::Words;

/// A quantity for people.
pub fn quantity_words(quantity: Quantity) -> Words {
    match quantity {
        Quantity::Ground => words!("ground", "土地面积"),
        Quantity::Forest => words!("forest", "森林覆盖面积"),
        Quantity::TreeCover => words!("tree cover", "林木覆盖面积"),
        Quantity::Green => words!("green cover", "绿化覆盖面积"),
        Quantity::Canopy => words!("tree canopy", "树冠覆盖面积"),
        Quantity::Park => words!("public park ground", "公园绿地面积"),
        Quantity::VillageGreenery => words!("greened ground of villages", "村庄绿化面积"),
        Quantity::Residents => words!("residents", "人口"),
        Quantity::NearPark => words!("ground near a park", "公园服务范围面积"),
        Quantity::NearRecreation => {
            words!("ground near a large recreation place", "生态休闲场所服务范围面积")
        }
        Quantity::Roads => words!("roads fit for greening", "适宜绿化道路长度"),
        Quantity::GreenedRoads => words!("greened roads", "已绿化道路长度"),
        Quantity::ShadedRoads => words!("shaded roads", "林荫道路长度"),
        Quantity::Shore => words!("shore", "水岸长度"),
        Quantity::NaturalShore => words!("natural shore", "自然水岸长度"),
        Quantity::FitShore => words!("shore fit for greening", "适宜绿化水岸长度"),
        Quantity::GreenedShore => words!("greened shore", "已绿化水岸长度"),
        Quantity::Restored => words!("restored ground", "已修复面积"),
        Quantity::Greenways => words!("greenways", "绿道长度"),
        Quantity::Trees => words!("trees", "树木株数"),
        Quantity::CommonestSpecies => words!("trees of the commonest species", "最多树种株数"),
        Quantity::NativeTrees => words!("trees of native species", "乡土树种株数"),
        Quantity::OldTrees => words!("old and famous trees", "古树名木株数"),
        Quantity::ProtectedOldTrees => words!("protected old and famous trees", "已保护古树名木株数"),
        Quantity::GreenSpace => words!("green space", "绿地面积"),
        Quantity::GroundLessWetland => words!("ground less deducted wetland", "扣除自然湿地后的土地面积"),
        Quantity::FourSideTrees => words!("trees of the four sides", "四旁树株数"),
        Quantity::LeisureParks => words!("leisure parks", "休闲公园数"),
        Quantity::LandscapePatches => words!("forest patches of 500 mu and more", "500 亩以上森林斑块数"),
    }
}

/// A place for people; a town by its name where `names` (code to name) has it, else by its code.
pub fn place_words(place: &Place, names: &BTreeMap<String, String>) -> Words {
    let name = |code: &str| names.get(code).cloned().unwrap_or_else(|| code.to_owned());
    match place {
        Place::County => words!("county", "县域"),
        Place::Urban => words!("urban area", "城区"),
        Place::Town(code) => named_town(code, names),
        Place::TownBuiltUp(code) => words!("built-up area of {}", "{}镇区", name(code)),
        Place::Villages(code) => words!("villages of {}", "{}村庄", name(code)),
        Place::WaterSource(id) => words!("water source {id}", "水源地 {id}"),
        Place::CarParks => words!("surface car parks", "地面停车场"),
        Place::DamagedLand => words!("damaged land", "受损弃置地"),
        Place::Village(code) => words!("village {}", "{}村", name(code)),
        Place::Streets => words!("urban streets", "街道用地"),
        Place::Suburbs => words!("suburbs", "郊区"),
        Place::Ring { from_m, to_m } => {
            words!("{from_m} to {to_m} m from the urban area", "距城区 {from_m}–{to_m} 米")
        }
        Place::Sector { from_m, to_m, number, of } => {
            let degrees = |number: u32| f64::from(number) * 360.0 / f64::from(*of);
            let (from, to) = (degrees(*number), degrees(number + 1));
            words!(
                "{from_m} to {to_m} m from the urban area, azimuth {from}° to {to}°",
                "距城区 {from_m}–{to_m} 米，方位角 {from}°–{to}°"
            )
        }
    }
}

/// A bare code is never left alone: a spreadsheet would take it for a number.
fn named_town(code: &str, names: &BTreeMap<String, String>) -> Words {
    match names.get(code) {
        Some(name) => words!("{name}", "{name}"),
        None => words!("town {code}", "乡镇 {code}"),
    }
}

/// The unit of an operand for people.
pub fn unit_words(unit: Unit) -> Words {
    match unit {
        Unit::SquareMetres => words!("m²", "平方米"),
        Unit::Persons => words!("persons", "人"),
        Unit::Metres => words!("m", "米"),
        Unit::Trees => words!("trees", "株"),
        Unit::Places => words!("places", "处"),
    }
}

/// A formula for people: "forest / ground", or the quantity that is counted by itself.
pub fn formula_words(formula: Formula) -> Words {
    let above = quantity_words(formula.numerator);
    let Some(below) = formula.denominator.map(quantity_words) else { return above };
    Words::new(format!("{} / {}", above.en, below.en), format!("{} ÷ {}", above.zh, below.zh))
}

/// Lists for people: English commas, Chinese enumeration marks.
pub(super) fn listed<T: fmt::Display>(items: impl Iterator<Item = T>, mark: &str) -> String {
    items.map(|item| item.to_string()).collect::<Vec<_>>().join(mark)
}
