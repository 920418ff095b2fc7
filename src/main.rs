//! The program `sencheng`; everything it does is in the library.

fn main() -> std::process::ExitCode {
    sencheng::cli::run()
}
