//! Cells of a table by column, independent of the format they will be written in.

use std::borrow::Cow;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unsigned 32-bit integers.
    Count,
    /// Seconds since 1970, or null.
    Instant,
    /// Doubles; NaN and infinities are null.
    Number,
    /// Truth values.
    Flag,
    /// Text.
    Text,
    /// Exact amounts, shown in whole units.
    Amount,
    /// Integers of any size.
    Integer,
}

/// A column: its name and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Name.
    pub name: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
}

impl Field {
    /// A column.
    #[must_use]
    pub fn new(name: impl Into<Cow<'static, str>>, kind: Kind) -> Self {
        Self { name: name.into(), kind }
    }
}

/// The cells of one column in one batch.
#[derive(Clone, Debug)]
pub enum Cells<'a> {
    /// See [`Kind::Count`].
    Count(Vec<u32>),
    /// See [`Kind::Instant`].
    Instant(Vec<Option<i64>>),
    /// See [`Kind::Number`].
    Number(Vec<f64>),
    /// See [`Kind::Flag`].
    Flag(Vec<bool>),
    /// See [`Kind::Text`].
    Text(Vec<Cow<'a, str>>),
    /// Base units and decimals; see [`Kind::Amount`].
    Amount(Vec<(i128, u8)>),
    /// See [`Kind::Integer`].
    Integer(Vec<i128>),
}

impl Cells<'_> {
    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Count(cells) => cells.len(),
            Self::Instant(cells) => cells.len(),
            Self::Number(cells) => cells.len(),
            Self::Flag(cells) => cells.len(),
            Self::Text(cells) => cells.len(),
            Self::Amount(cells) => cells.len(),
            Self::Integer(cells) => cells.len(),
        }
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// One list of cells per column, all of one length.
pub type Batch<'a> = Vec<Cells<'a>>;
