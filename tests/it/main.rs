mod project;
mod encoding;
mod shared;
mod table;
