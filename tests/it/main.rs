mod bad_input;
mod batch;
mod buffers;
mod carriageways;
mod chance;
mod cli;
mod crowns;
#[cfg(feature = "gdal")]
mod crs;
mod differential;
mod ellipsoid;
mod encoding;
mod engine;
#[cfg(feature = "gdal")]
mod formats;
mod fractions;
mod further;
#[cfg(feature = "gdal")]
mod further_recorded;
mod geometry;
mod geotiff;
mod golden;
mod gone;
mod indicators;
mod inventory;
mod kerbs;
mod laws;
#[cfg(not(feature = "gdal"))]
mod lean;
#[cfg(feature = "gdal")]
mod lines;
mod map;
mod measures;
mod mixed;
mod mutants;
#[cfg(feature = "gdal")]
mod nasty;
mod neighbours;
mod oracle;
mod overlaps;
#[cfg(all(feature = "gdal", feature = "parquet"))]
mod parquet;
mod partials;
mod pieces;
mod pieces_of_runs;
mod pile;
#[cfg(feature = "gdal")]
mod points;
mod project;
mod properties;
mod raster_covers;
mod raster_evidence;
mod raster_masks;
#[cfg(feature = "gdal")]
mod rasters;
#[cfg(feature = "gdal")]
mod readers;
mod real;
mod sample;
mod sets;
mod shared;
mod table;
mod tidy;
mod town;
mod town_codes;
mod waysides;
mod wkt;
mod workbench;
#[cfg(feature = "gdal")]
mod written;
mod zonal;
mod zonal_parts;
#[cfg(feature = "gdal")]
mod zonal_recorded;
