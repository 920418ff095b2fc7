mod bad_input;
mod cli;
mod formats;
mod nasty;
mod shared;
mod tidy;
mod workbench;
