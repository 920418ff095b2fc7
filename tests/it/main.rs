mod project;
mod encoding;
mod shared;
mod table;
mod map;
mod geometry;
mod oracle;
mod wkt;
