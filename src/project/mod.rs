//! What the user asked for: the project file, the `--where` language and the code schemes, as plain values.
//!
//! In: the bytes of a project file ([`Project::parse`]), the text of a condition ([`Filter::parse`]), the
//! values of a field ([`ClassMap::read`]). Out: settings with every default resolved and every name checked,
//! or a [`ProjectError`] that names file, line, key, cause and cure.
//! This room knows text only: it opens no file, so paths stay as written, and whether a field or a layer
//! exists is found out by those who read it.

pub mod class_map;
pub mod decode;
pub mod error;
pub mod expression;
pub mod filter;
pub mod further;
pub mod inventory;
pub mod native;
pub mod origin;
mod read;
pub mod scheme;
pub mod scopes;
pub mod sets;
pub mod settings;
mod source;
pub mod syntax;
mod table;

pub use class_map::{ClassMap, Reading};
pub use error::ProjectError;
pub use filter::{Filter, FilterError};
pub use settings::Project;
