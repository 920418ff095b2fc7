//! What gives a quantity: the tables, columns and classes, as far as they are not there.

use super::{Asked, Table};
use crate::fact::Quantity;
use crate::indicators::Scope;
use crate::project::further::BesideSettings;
use crate::project::settings::Figure;
use crate::words;
use crate::words::Words;

fn table(key: &'static str, is_written: bool, about: Words) -> Vec<Words> {
    vec![Table { key, is_written, about }.needed()]
}

impl Asked<'_> {
    /// What gives a quantity that is missing at all places of a scope.
    pub(super) fn needed(&self, quantity: Quantity, scope: Scope) -> Vec<Words> {
        match quantity {
            Quantity::Ground | Quantity::GroundLessWetland | Quantity::FourSideTrees => Vec::new(),
            Quantity::Forest | Quantity::LandscapePatches => self.cover(Figure::Forest),
            Quantity::TreeCover => self.cover(Figure::TreeCover),
            Quantity::Green => self.cover(Figure::Green),
            Quantity::Canopy => self.cover(Figure::Canopy),
            Quantity::VillageGreenery => {
                let villages = self.inputs.project.scopes.villages.as_ref();
                self.cover(villages.map_or(Figure::Green, |villages| villages.figure))
            }
            Quantity::Park => self.cover(Figure::Park),
            Quantity::GreenSpace => vec![words!(
                "a cover whose classes are green spaces (those of [green_rate])",
                "含各类绿地的覆盖图层（[green_rate] 所列类别）"
            )],
            Quantity::Residents => vec![self.residents(scope)],
            Quantity::NearPark | Quantity::NearRecreation | Quantity::Restored => self.near(quantity),
            Quantity::Roads | Quantity::GreenedRoads | Quantity::ShadedRoads => self.roads(scope),
            Quantity::FitShore | Quantity::GreenedShore | Quantity::Shore | Quantity::NaturalShore => {
                self.shore(quantity)
            }
            Quantity::Trees | Quantity::CommonestSpecies | Quantity::NativeTrees => self.trees(quantity),
            Quantity::OldTrees | Quantity::ProtectedOldTrees => self.old_trees(scope),
            Quantity::Greenways => self.greenways(scope),
            Quantity::LeisureParks => self.leisure_parks(scope),
        }
    }

    fn residents(&self, scope: Scope) -> Words {
        let settings = &self.inputs.project.residents;
        if scope == Scope::Urban {
            words!(
                "the residents of the urban area (urban_residents in [residents])",
                "城区人口（[residents] 的 urban_residents）"
            )
        } else if settings.table.is_some() {
            words!(
                "the residents of every town: the table of [residents] lacks some",
                "每个乡镇的人口（[residents] 的表格不全）"
            )
        } else {
            words!("a table with the residents of every town ([residents])", "各乡镇人口表（[residents]）")
        }
    }

    fn near(&self, quantity: Quantity) -> Vec<Words> {
        let further = &self.inputs.project.further;
        match quantity {
            Quantity::NearRecreation => table(
                "recreation",
                further.recreation.is_some(),
                words!("recreation places of 20 ha and more", "20 公顷及以上的生态休闲场所"),
            ),
            Quantity::Restored => table(
                "restored",
                further.restored.is_some(),
                words!("what of it is restored", "其中已修复的范围"),
            ),
            _ if self.has_figure(Figure::Park) || self.inputs.further.parks.is_some() => Vec::new(),
            _ => vec![words!(
                "public parks: a cover with classes that count as park, or a layer of parks ([park_service])",
                "公园绿地：含计入 park 类别的覆盖图层，或公园图层（[park_service]）"
            )],
        }
    }

    fn roads(&self, scope: Scope) -> Vec<Words> {
        let further = &self.inputs.project.further;
        let beside = |settings: &Option<BesideSettings>| {
            settings.as_ref().map_or(Figure::TreeCover, |settings| settings.figure.0)
        };
        let (key, is_written, figure, about) = match scope {
            Scope::Urban => (
                "shaded_roads",
                further.shaded_roads.is_some(),
                further.shaded_roads.as_ref().map_or(Figure::Canopy, |settings| settings.figure),
                words!("the main and secondary roads of the urban area", "城区主干路、次干路"),
            ),
            Scope::TownBuiltUp => (
                "town_roads",
                further.town_roads.is_some(),
                beside(&further.town_roads),
                words!("the roads of the towns", "乡镇道路"),
            ),
            _ => (
                "road_greening",
                further.road_greening.is_some(),
                beside(&further.road_greening),
                words!("railways and roads of county grade and above", "铁路和县级以上公路"),
            ),
        };
        self.layer_and_cover(Table { key, is_written, about }, figure)
    }

    fn shore(&self, quantity: Quantity) -> Vec<Words> {
        let waterside = self.inputs.project.further.waterside.as_ref();
        if matches!(quantity, Quantity::Shore | Quantity::NaturalShore) {
            let is_written = waterside.is_some_and(|settings| settings.shore.is_some());
            let about = words!(
                "the shore as lines, with a condition for what is natural",
                "岸线图层及自然岸线的判别条件"
            );
            return table("waterside.shore", is_written, about);
        }
        let figure = waterside.map_or(Figure::TreeCover, |settings| settings.figure.0);
        let about = words!("waters as polygons", "水体面图层");
        self.layer_and_cover(Table { key: "waterside", is_written: waterside.is_some(), about }, figure)
    }

    /// A layer and the cover that stands beside it. Where the layer is there and the cover is not, only this is told.
    fn layer_and_cover(&self, layer: Table, figure: Figure) -> Vec<Words> {
        let cover = self.cover(figure);
        let layer = (cover.is_empty() || !layer.is_written).then(|| layer.needed());
        layer.into_iter().chain(cover).collect()
    }

    fn trees(&self, quantity: Quantity) -> Vec<Words> {
        match (&self.inputs.project.inventory.trees, quantity) {
            (Some(trees), Quantity::NativeTrees) if trees.native.is_none() => vec![words!(
                "the list of native species (native in [trees])",
                "乡土树种名录（[trees] 的 native）"
            )],
            (trees, _) => {
                let about = words!("the urban trees with their species", "城区树木及其树种");
                table("trees", trees.is_some(), about)
            }
        }
    }

    fn old_trees(&self, scope: Scope) -> Vec<Words> {
        match &self.inputs.project.inventory.old_trees {
            Some(old) if scope == Scope::Town && old.records.is_table() && old.town.is_none() => {
                vec![words!(
                    "the column with the town of each old tree (town in [old_trees])",
                    "古树名木表的乡镇列（[old_trees] 的 town）"
                )]
            }
            old => {
                let about = words!("old and famous trees with their protection", "古树名木及其保护状况");
                table("old_trees", old.is_some(), about)
            }
        }
    }

    fn greenways(&self, scope: Scope) -> Vec<Words> {
        match &self.inputs.project.inventory.greenways {
            Some(ways) if scope == Scope::Town && ways.table.is_none() && ways.layer.is_none() => {
                vec![words!(
                    "the greenways of each town: a table or a layer in [greenways], not length_km alone",
                    "各乡镇绿道（[greenways] 须为表格或图层，不能只写 length_km）"
                )]
            }
            ways => table("greenways", ways.is_some(), words!("greenways", "绿道")),
        }
    }

    fn leisure_parks(&self, scope: Scope) -> Vec<Words> {
        let parks = self.inputs.project.inventory.leisure_parks.as_ref();
        if scope == Scope::Village {
            let is_written = parks.is_some_and(|parks| parks.villages.is_some());
            let about = words!("the number of leisure greens of each village", "各村公共休闲绿地数");
            return table("leisure_parks.villages", is_written, about);
        }
        let is_written = parks.is_some_and(|parks| parks.towns.is_some());
        let about = words!("the number of leisure parks of each town", "各乡镇休闲公园数");
        table("leisure_parks.towns", is_written, about)
    }

    fn has_figure(&self, figure: Figure) -> bool {
        self.inputs.project.classes.iter().any(|class| class.counts_as.contains(&figure))
    }

    /// A cover that gives a figure, where none does.
    fn cover(&self, figure: Figure) -> Vec<Words> {
        if self.has_figure(figure) {
            return Vec::new();
        }
        let (key, Words { en, zh }) = match figure {
            Figure::Forest => ("forest", words!("forest", "森林")),
            Figure::TreeCover => ("tree_cover", words!("tree cover", "林木")),
            Figure::Green => ("green", words!("green", "绿化")),
            Figure::Canopy => ("canopy", words!("tree canopy", "树冠")),
            Figure::Park => ("park", words!("public park", "公园绿地")),
        };
        vec![words!(
            "a cover with classes that count as {en} (counts_as \"{key}\")",
            "含计入{zh}类别的覆盖图层（counts_as \"{key}\"）"
        )]
    }
}
