//! Real layers that nobody here made, against the tables of the oracle: Paris by land use (a zipped shapefile in
//! another CRS), farms of Swellendam both ways (some invalid), the parks of Gent (some without geometry).

use std::process::Command;

use crate::golden::{agrees, rows};
use crate::shared;

fn tabulated(test: &str, zones: &str, id: &str, cover: &str, by: &[&str], oracle: &str) {
    let Some(folder) = shared::data(test) else { return };
    let output = Command::new(env!("CARGO_BIN_EXE_sencheng"))
        .args(["-q", "tabulate", "--format", "csv", "--zone-id", id, "--zones"])
        .arg(folder.join(zones))
        .arg("--cover")
        .arg(folder.join(cover))
        .args(by)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    agrees(&rows(&String::from_utf8(output.stdout).unwrap(), &["zone", "class"]), oracle);
}

/// Its land use lies in an archive, which takes GDAL to read.
#[cfg(feature = "gdal")]
#[test]
fn paris_by_land_use_agrees_with_the_oracle() {
    let (zones, cover) = ("paris/paris_districts.geojson", "paris/paris_land_use.zip");
    tabulated(
        "paris_by_land_use_agrees_with_the_oracle",
        zones,
        "id",
        cover,
        &["--by", "class"],
        "paris.csv",
    );
}

#[test]
fn farms_in_the_town_of_swellendam_agree_with_the_oracle() {
    let (urban, farms) = ("swellendam/urban_33S.shp", "swellendam/farms_33S.shp");
    let test = "farms_in_the_town_of_swellendam_agree_with_the_oracle";
    tabulated(test, urban, "AG_CAD_ID", farms, &[], "swellendam.csv");
}

#[test]
fn the_town_on_two_thousand_farms_agrees_with_the_oracle() {
    let (urban, farms) = ("swellendam/urban_33S.shp", "swellendam/farms_33S.shp");
    let test = "the_town_on_two_thousand_farms_agrees_with_the_oracle";
    tabulated(test, farms, "AG_CAD_ID", urban, &[], "swellendam_farms.csv");
}

#[test]
fn the_parks_of_gent_agree_with_the_oracle() {
    let (zones, parks) = ("gent/gent.geojson", "gent/parken-gent.geojson");
    tabulated("the_parks_of_gent_agree_with_the_oracle", zones, "NISCODE", parks, &[], "gent.csv");
}
