//! Turns an analysis into documents: bytes with a name. Formats, rounding and wording live here; disk and terminal do not.

pub mod tabulation;
