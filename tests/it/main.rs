mod geometry;
mod oracle;
mod shared;
mod wkt;
