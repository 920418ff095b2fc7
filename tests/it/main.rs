mod cli;
mod shared;
mod workbench;
