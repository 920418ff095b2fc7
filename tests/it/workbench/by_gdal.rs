//! Layers written through GDAL.

use std::path::Path;

use gdal::DriverManager;
use gdal::spatial_ref::SpatialRef;
use gdal::vector::{Feature, Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};

use super::{Cell, Holds, Sheet, Workbench};

fn geometry_of(wkt: &str) -> Geometry {
    Geometry::from_wkt(wkt).unwrap_or_else(|e| panic!("{wkt}: {e}"))
}

impl Sheet {
    /// The same layer with its geometries carried into another CRS.
    pub fn carried_to(&self, crs: &str) -> Self {
        // As many digits as numbers have.
        gdal::config::set_config_option("OGR_WKT_PRECISION", "17").unwrap();
        let from = SpatialRef::from_definition(self.crs.as_deref().unwrap()).unwrap();
        let to = SpatialRef::from_definition(crs).unwrap();
        let traditional = |mut srs: SpatialRef| {
            srs.set_axis_mapping_strategy(gdal::spatial_ref::AxisMappingStrategy::TraditionalGisOrder);
            srs
        };
        let carry = gdal::spatial_ref::CoordTransform::new(&traditional(from), &traditional(to)).unwrap();
        let features = self.features.iter().map(|(cells, geometry)| {
            let carried = |wkt: &String| geometry_of(wkt).transform(&carry).unwrap().wkt().unwrap();
            (cells.clone(), geometry.as_ref().map(carried))
        });
        Self { crs: Some(crs.to_owned()), features: features.collect(), ..self.clone() }
    }
}

impl Workbench {
    /// Writes a layer with options of its driver.
    pub fn write_with(&self, name: &str, sheet: &Sheet, options: &[&str]) -> &Self {
        let ending = Path::new(name).extension().unwrap().to_str().unwrap();
        let driver = match ending {
            "geojson" => "GeoJSON",
            "shp" => "ESRI Shapefile",
            "gpkg" => "GPKG",
            "fgb" => "FlatGeobuf",
            "gdb" => "OpenFileGDB",
            "gml" => "GML",
            "kml" => "LIBKML",
            other => panic!("no driver for {other}"),
        };
        let driver = DriverManager::get_driver_by_name(driver).unwrap();
        let mut dataset = driver.create_vector_only(self.path(name)).unwrap();
        append(&mut dataset, name, sheet, options);
        dataset.close().unwrap();
        self
    }

    /// Writes several layers into one GeoPackage.
    pub fn write_several(&self, name: &str, sheets: &[Sheet]) -> &Self {
        let driver = DriverManager::get_driver_by_name("GPKG").unwrap();
        let mut dataset = driver.create_vector_only(self.path(name)).unwrap();
        sheets.iter().for_each(|sheet| append(&mut dataset, name, sheet, &[]));
        dataset.close().unwrap();
        self
    }
}

fn append(dataset: &mut gdal::Dataset, name: &str, sheet: &Sheet, options: &[&str]) {
    let srs = sheet.crs.as_deref().map(|crs| {
        let mut srs = SpatialRef::from_definition(crs).unwrap();
        srs.set_axis_mapping_strategy(gdal::spatial_ref::AxisMappingStrategy::TraditionalGisOrder);
        srs
    });
    let stem = Path::new(name).file_stem().unwrap().to_str().unwrap().to_owned();
    let layer = dataset
        .create_layer(LayerOptions {
            name: sheet.name.as_ref().unwrap_or(&stem),
            srs: srs.as_ref(),
            ty: sheet.kind.unwrap_or(OGRwkbGeometryType::wkbPolygon),
            options: (!options.is_empty()).then_some(options),
        })
        .unwrap();
    let kind = |holds| match holds {
        Holds::Text => OGRFieldType::OFTString,
        Holds::Whole => OGRFieldType::OFTInteger,
        Holds::Real => OGRFieldType::OFTReal,
    };
    let fields: Vec<_> = sheet.fields.iter().map(|(name, holds)| (*name, kind(*holds))).collect();
    layer.create_defn_fields(&fields).unwrap();
    for (cells, geometry) in &sheet.features {
        let mut feature = Feature::new(layer.defn()).unwrap();
        // Some drivers put fields of their own before these.
        for ((field, _), cell) in sheet.fields.iter().zip(cells) {
            let at = layer.defn().field_index(field).unwrap();
            match cell {
                Cell::Null => feature.set_field_null(at).unwrap(),
                Cell::Text(text) => feature.set_field_string(at, text).unwrap(),
                Cell::Whole(number) => feature.set_field_integer64(at, *number).unwrap(),
                Cell::Real(number) => feature.set_field_double(at, *number).unwrap(),
            }
        }
        if let Some(geometry) = geometry {
            feature.set_geometry(geometry_of(geometry)).unwrap();
        }
        feature.create(&layer).unwrap();
    }
}
