mod bad_input;
mod cli;
mod shared;
mod workbench;
