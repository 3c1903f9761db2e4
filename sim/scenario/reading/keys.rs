//! The register of every key that was read: what a JSON Schema and the list of parameters are made from.

/// What kind of thing a key holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// One value.
    Value,
    /// A list of values.
    List,
    /// One word out of [`KeyDoc::choices`].
    Word,
    /// A table `[key]`.
    Table,
    /// Tables with names that the user chooses, `[key.NAME]`.
    Named,
    /// An array of tables, `[[key]]`.
    Tables,
    /// One table out of [`KeyDoc::choices`], `[key.CHOICE]`.
    Choice,
}

/// Whether a key may be left out, and what holds then.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Presence {
    /// It must be given.
    Required,
    /// Without it the feature is absent.
    Optional,
    /// Without it this value holds, in the syntax of a scenario.
    Default(String),
}

/// One key as it was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyDoc {
    /// Path pattern of its table: `supply.*` for user-chosen names, `timeline[]` for arrays of tables, empty for the root.
    pub table: String,
    /// The key.
    pub key: String,
    /// What kind of thing it holds.
    pub shape: Shape,
    /// The type in words, from [`Value::EXPECTED`](super::Value::EXPECTED).
    pub expected: String,
    /// The words or policies allowed, when the shape is `Word` or `Choice`.
    pub choices: Vec<&'static str>,
    /// Required, optional, or its default.
    pub presence: Presence,
    /// What it is, and the default's source or "assumed".
    pub doc: &'static str,
}
