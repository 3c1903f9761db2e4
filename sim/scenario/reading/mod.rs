//! How a scenario is read: every problem of a file at once, each with its place, and nothing silently ignored.
//!
//! A [`Document`] is the file, its `extends` chain, its catalogues and the `--set` arguments, merged; every value keeps
//! the place it came from. A [`Table`] is a cursor over one table of it. A read that fails records a problem and hands
//! back a placeholder, so that reading goes on; [`Document::finish`] adds the keys that nobody asked for and answers
//! with the whole [`Report`].

mod canonical;
mod dates;
mod document;
mod durations;
mod extends;
mod keys;
mod law;
mod money;
mod nearest;
mod overrides;
mod parsed;
mod policy;
mod problem;
mod raw;
mod reader;
mod scalars;
mod source;
mod spelling;
mod tree;
mod unknown;
mod value;

#[cfg(test)]
mod tests;

pub use dates::Instant;
pub use document::Document;
pub use durations::{Days, Hours, Minutes, Seconds};
pub use keys::{KeyDoc, Presence, Shape};
pub use money::{FineTokens, SignedTokens, SignedUsd, Tokens, Usd};
pub(super) use nearest::nearest;
pub use overrides::Assignment;
pub use parsed::Mistake;
pub use problem::{Problem, Report};
pub use raw::Raw;
pub use reader::Table;
pub use scalars::{Count, FilePath, NonNegative, Positive, Share};
pub use source::{Disk, Files, NoFiles, SIZE_LIMIT};
pub use tree::DEPTH_LIMIT;
pub use value::Value;
