mod project;
mod encoding;
mod shared;
mod table;
mod map;
