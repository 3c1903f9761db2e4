//! The tree of values a scenario is made of, each with its origin; how TOML becomes it and how two trees merge.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};
use toml::value::Datetime;

/// How deep tables and lists may nest. Assumed: a scenario needs about six.
pub const DEPTH_LIMIT: usize = 32;

/// The place a key or a value was written at: bytes `start..end` of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Origin {
    pub source: usize,
    pub start: usize,
    pub end: usize,
}

/// A value without its place.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Integer(i128),
    /// The literal without underscores, so that money can be taken exactly.
    Float(String),
    Text(String),
    Flag(bool),
    Date(Datetime),
    /// A `--set` value that is not TOML: its text stands in the node's `argument`.
    Word,
    List(Vec<Node>),
    Table(BTreeMap<String, Node>),
}

/// A value, where it was written, and by which layer of the scenario.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Where its key stands (for an element of a list: the element).
    pub key_at: Origin,
    /// Where its value stands; for a table its header.
    pub at: Origin,
    /// Rank of the file or argument that wrote it last; a later layer wins.
    pub layer: usize,
    /// A table that exists only because `--set` named a key inside it.
    pub implied: bool,
    /// The raw text of a `--set` value: a text key takes it as it stands.
    pub argument: Option<String>,
    pub kind: Kind,
}

impl Node {
    /// A value written in a file, with its key and value at the same place until told otherwise.
    pub fn new(at: Origin, layer: usize, kind: Kind) -> Self {
        Self { key_at: at, at, layer, implied: false, argument: None, kind }
    }

    /// An empty table.
    pub fn empty(at: Origin, layer: usize) -> Self {
        Self::new(at, layer, Kind::Table(BTreeMap::new()))
    }

    /// The entries, when it is a table.
    pub fn entries(&self) -> Option<&BTreeMap<String, Node>> {
        match &self.kind {
            Kind::Table(entries) => Some(entries),
            _ => None,
        }
    }
}

/// A value that cannot become part of the tree, and why.
pub(super) struct Refused {
    pub at: Origin,
    pub message: String,
}

/// Turns parsed TOML into a tree, keeping spans shifted by where the text starts in its source.
pub(super) struct Planting<'r> {
    pub source: usize,
    pub layer: usize,
    pub shift: usize,
    pub refused: &'r mut Vec<Refused>,
}

impl Planting<'_> {
    fn origin(&self, span: &std::ops::Range<usize>) -> Origin {
        Origin { source: self.source, start: span.start + self.shift, end: span.end + self.shift }
    }

    /// The entries of a table at `depth` (the root is 0).
    pub fn table(&mut self, table: &DeTable<'_>, depth: usize) -> BTreeMap<String, Node> {
        let mut entries = BTreeMap::new();
        for (key, value) in table.iter() {
            let mut node = self.value(value, depth + 1);
            node.key_at = self.origin(&key.span());
            entries.insert(key.get_ref().to_string(), node);
        }
        entries
    }

    /// One value standing at `depth`.
    pub fn value(&mut self, value: &Spanned<DeValue<'_>>, depth: usize) -> Node {
        let at = self.origin(&value.span());
        let kind = match value.get_ref() {
            DeValue::Array(_) | DeValue::Table(_) if depth > DEPTH_LIMIT => {
                self.refuse(at, format!("nested deeper than {DEPTH_LIMIT} levels"));
                Kind::List(Vec::new())
            }
            DeValue::Array(items) => {
                Kind::List(items.iter().map(|item| self.value(item, depth + 1)).collect())
            }
            DeValue::Table(table) => Kind::Table(self.table(table, depth)),
            DeValue::String(text) => Kind::Text(text.to_string()),
            DeValue::Integer(number) => self.integer(number, at),
            DeValue::Float(number) => Kind::Float(number.as_str().replace('_', "")),
            DeValue::Boolean(flag) => Kind::Flag(*flag),
            DeValue::Datetime(date) => Kind::Date(*date),
        };
        Node::new(at, self.layer, kind)
    }

    fn integer(&mut self, number: &DeInteger<'_>, at: Origin) -> Kind {
        let digits = number.as_str().replace('_', "");
        match i128::from_str_radix(&digits, number.radix()) {
            Ok(value) => Kind::Integer(value),
            // Left to the typed read: a real number may be that large, a count says so in its own words.
            Err(_) if number.radix() == 10 => Kind::Float(digits),
            Err(_) => {
                self.refuse(at, "an integer too large for any quantity".to_owned());
                Kind::Integer(0)
            }
        }
    }

    fn refuse(&mut self, at: Origin, message: String) {
        self.refused.push(Refused { at, message });
    }
}

/// Lays `upper` over `lower`: tables merge key by key, everything else (lists and arrays of tables too) is replaced.
pub(super) fn overlay(lower: &mut Node, upper: Node) {
    match (&mut lower.kind, upper.kind) {
        (Kind::Table(below), Kind::Table(above)) => {
            for (key, node) in above {
                match below.get_mut(&key) {
                    Some(old) => overlay(old, node),
                    None => {
                        below.insert(key, node);
                    }
                }
            }
            lower.key_at = upper.key_at;
            lower.at = upper.at;
            lower.layer = upper.layer;
            lower.implied = upper.implied;
            lower.argument = upper.argument;
        }
        (_, kind) => *lower = Node { kind, ..upper },
    }
}

/// Gives a value and everything in it the rank of the file that wrote it.
pub(super) fn set_layer(node: &mut Node, layer: usize) {
    node.layer = layer;
    match &mut node.kind {
        Kind::Table(entries) => entries.values_mut().for_each(|n| set_layer(n, layer)),
        Kind::List(items) => items.iter_mut().for_each(|n| set_layer(n, layer)),
        _ => {}
    }
}

/// A key as it is shown in a path: bare when TOML allows, else quoted, never longer than 64 characters.
pub(super) fn shown_key(key: &str) -> String {
    if bare(key) && key.len() <= 64 {
        return key.to_owned();
    }
    let short: String = key.chars().take(64).collect();
    let dots = if short.len() < key.len() { "..." } else { "" };
    format!("\"{}{dots}\"", short.escape_debug())
}

/// True when TOML lets the key stand without quotes.
pub(super) fn bare(key: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    !key.is_empty() && key.bytes().all(plain)
}

/// The path of `key` inside the table at `path`.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { shown_key(key) } else { format!("{path}.{}", shown_key(key)) }
}
