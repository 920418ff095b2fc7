mod encoding;
mod shared;
mod table;
