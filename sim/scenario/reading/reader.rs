//! The cursor over one table: every read says what it wants, what it is for, and what holds without it.

use std::collections::BTreeMap;

use super::canonical::float;
use super::document::{Document, Draft};
use super::keys::{KeyDoc, Presence, Shape};
use super::nearest::nearest;
use super::overrides::Assignment;
use super::problem::Finding;
use super::raw::Raw;
use super::tree::{Kind, Node, Origin, bare, join};
use super::value::Value;

/// The longest name a user may choose. Assumed: fits a column of a table.
const NAME_LIMIT: usize = 64;

/// A reading cursor over one table of a [`Document`]. Problems gather in the document; reads take `&self`, so several
/// tables can be read side by side.
#[derive(Clone, Debug)]
pub struct Table<'d> {
    pub(super) doc: &'d Document,
    pub(super) entries: &'d BTreeMap<String, Node>,
    /// Its header; `None` for the root.
    pub(super) at: Option<Origin>,
    pub(super) path: String,
    pub(super) pattern: String,
    /// It stands in for something broken that was already reported.
    pub(super) silent: bool,
}

impl<'d> Table<'d> {
    /// Opens a table: from now on its keys must be asked for.
    pub(super) fn open(
        doc: &'d Document,
        entries: &'d BTreeMap<String, Node>,
        at: Option<Origin>,
        path: String,
        pattern: String,
    ) -> Self {
        let mut log = doc.log.borrow_mut();
        let asked = log.asked.entry(path.clone()).or_default();
        asked.pattern = pattern.clone();
        Self { doc, entries, at, path, pattern, silent: false }
    }

    /// A value that must be there. Missing or invalid: a problem, and a placeholder so that reading goes on.
    pub fn require<T: Value>(&self, key: &'static str, doc: &'static str) -> T {
        self.ask::<T>(key, Shape::Value, Presence::Required, doc);
        match self.raw(key) {
            Some(raw) => self.read(&raw, doc).unwrap_or_else(T::placeholder),
            None => {
                self.missing(key, T::EXPECTED, doc);
                T::placeholder()
            }
        }
    }

    /// A value that may be absent. Invalid: a problem, and a placeholder, because something was meant.
    pub fn optional<T: Value>(&self, key: &'static str, doc: &'static str) -> Option<T> {
        self.ask::<T>(key, Shape::Value, Presence::Optional, doc);
        let raw = self.raw(key)?;
        Some(self.read(&raw, doc).unwrap_or_else(T::placeholder))
    }

    /// A value with a default. `doc` says what it is, and the default's source or "assumed".
    pub fn or<T: Value>(&self, key: &'static str, default: T, doc: &'static str) -> T {
        let text = default.write().unwrap_or_else(|| "see the text".to_owned());
        self.ask::<T>(key, Shape::Value, Presence::Default(text), doc);
        match self.raw(key) {
            Some(raw) => self.read(&raw, doc).unwrap_or(default),
            None => default,
        }
    }

    /// A list of values; absent means empty. Each wrong element is a problem of its own and is left out.
    pub fn list<T: Value>(&self, key: &'static str, doc: &'static str) -> Vec<T> {
        self.ask::<T>(key, Shape::List, Presence::Default("[]".to_owned()), doc);
        let Some(raw) = self.raw(key) else {
            return Vec::new();
        };
        let Some(elements) = raw.elements() else {
            let expected = format!("a list, each element {}", T::EXPECTED);
            self.invalid(&raw, &expected, raw.describe(), None, doc);
            return Vec::new();
        };
        let read = |raw: &Raw<'_>| self.read::<T>(raw, doc);
        elements.iter().filter_map(read).collect()
    }

    /// The table `[path.key]`, when it is there.
    pub fn table(&self, key: &'static str, doc: &'static str) -> Option<Table<'d>> {
        self.ask_text(key, Shape::Table, "a table", &[], Presence::Optional, doc);
        let raw = self.raw(key)?;
        self.sub_table(&raw, doc)
    }

    /// The table `[path.key]`, or an empty one in its place, so that its defaults hold and its required keys are
    /// reported one by one.
    pub fn section(&self, key: &'static str, doc: &'static str) -> Table<'d> {
        let present = self.table(key, doc);
        present.clone().unwrap_or_else(|| Table {
            silent: self.silent || self.entries.contains_key(key),
            ..Table::open(
                self.doc,
                &self.doc.nothing,
                self.at,
                join(&self.path, key),
                join(&self.pattern, key),
            )
        })
    }

    /// The tables `[path.key.NAME]` with names that the user chose, sorted by name. A name has 1 to 64 letters, digits,
    /// `_` or `-`. `--set` may change such a table and may add a whole one, but a key alone adds none: that is a typo.
    pub fn named(&self, key: &'static str, doc: &'static str) -> Vec<(String, Table<'d>)> {
        self.named_but(key, &[], doc)
    }

    /// The same, but for tables whose names mean something else.
    pub fn named_but(
        &self,
        key: &'static str,
        others: &'static [&'static str],
        doc: &'static str,
    ) -> Vec<(String, Table<'d>)> {
        self.ask_text(key, Shape::Named, "tables", &[], Presence::Optional, doc);
        let Some(raw) = self.raw(key) else {
            return Vec::new();
        };
        let Some(outer) = self.sub_table(&raw, doc) else {
            return Vec::new();
        };
        outer.open_names(others, doc)
    }

    /// The tables `[path.NAME]` with names that the user chose, in this very table, as [`Table::named`].
    pub fn named_here(&self, doc: &'static str) -> Vec<(String, Table<'d>)> {
        self.open_names(&[], doc)
    }

    fn open_names(&self, others: &'static [&'static str], doc: &'static str) -> Vec<(String, Table<'d>)> {
        self.doc.log.borrow_mut().asked.entry(self.path.clone()).or_default().open_names = true;
        let pattern = format!("{}.*", self.pattern);
        let open = |(name, node): (&'d String, &'d Node)| {
            let raw = Raw { doc: self.doc, node, path: join(&self.path, name), pattern: pattern.clone() };
            let named = self.name_allowed(name, node);
            let table = named.then(|| self.sub_table(&raw, doc)).flatten()?;
            Some((name.clone(), table))
        };
        let ours = self.entries.iter().filter(|(name, _)| !others.contains(&name.as_str()));
        ours.filter_map(open).collect()
    }

    /// The tables of the array `[[path.key]]`, in order.
    pub fn each(&self, key: &'static str, doc: &'static str) -> Vec<Table<'d>> {
        let expected = "an array of tables";
        self.ask_text(key, Shape::Tables, expected, &[], Presence::Optional, doc);
        let Some(raw) = self.raw(key) else {
            return Vec::new();
        };
        let Some(elements) = raw.elements() else {
            let hint = format!("write its header with two brackets: [[{}]]", raw.path);
            self.invalid(&raw, expected, raw.describe(), Some(hint), doc);
            return Vec::new();
        };
        let open = |raw: &Raw<'d>| self.sub_table(raw, doc);
        elements.iter().filter_map(open).collect()
    }

    /// The entries of the table `key` as assignments `"path.to.key" = value`, to be applied with [`Document::with`].
    pub fn assignments(&self, key: &'static str, doc: &'static str) -> Vec<Assignment> {
        let expected = "a table of \"path.to.key\" = value";
        self.ask_text(key, Shape::Table, expected, &[], Presence::Optional, doc);
        let Some(table) = self.raw(key).and_then(|raw| self.sub_table(&raw, doc)) else {
            return Vec::new();
        };
        let mut log = self.doc.log.borrow_mut();
        log.asked.entry(table.path).or_default().open_names = true;
        table.entries.iter().map(Assignment::new).collect()
    }

    /// True when the key is there. Not a read: a key that is only looked for stays unknown.
    pub fn has(&self, key: &str) -> bool {
        self.entries.contains_key(key)
    }

    /// The key path of the table, `supply.gamers`; empty for the root.
    pub fn path(&self) -> String {
        self.path.clone()
    }

    /// A semantic problem at the value of `key`, or at the table's header when the key is absent or empty. Says nothing
    /// when that value could not be read: what follows from a placeholder is no news.
    pub fn problem(&self, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        if self.silent || self.doc.log.borrow().has_failed(&self.path, key) {
            return;
        }
        let path = match key {
            "" => self.path.clone(),
            key => join(&self.path, key),
        };
        let hint = hint.into();
        let finding = Finding {
            message: format!("`{path}`: {}", message.into()),
            path,
            hint: (!hint.is_empty()).then_some(hint),
            ..Finding::default()
        };
        self.doc.record(Draft {
            origin: self.entries.get(key).map(|node| node.at).or(self.at),
            finding: Box::new(finding),
            missing: None,
        });
    }

    /// A problem when `value`, read from `key`, lies outside `low..=high`.
    pub fn range(&self, key: &str, value: f64, low: f64, high: f64) {
        if !(low..=high).contains(&value) {
            let message = format!("{value} is outside the range from {low} to {high}");
            self.problem(key, message, "");
        }
    }

    pub(super) fn raw(&self, key: &str) -> Option<Raw<'d>> {
        let node = self.entries.get(key)?;
        Some(Raw { doc: self.doc, node, path: join(&self.path, key), pattern: join(&self.pattern, key) })
    }

    pub(super) fn sub_table(&self, raw: &Raw<'d>, doc: &'static str) -> Option<Table<'d>> {
        let table = raw.table();
        if table.is_none() {
            let hint = format!("a table has a header of its own: [{}]", raw.path);
            self.invalid(raw, "a table", raw.describe(), Some(hint), doc);
        }
        table
    }

    /// Reads a value; on failure records the problem with a hint and answers `None`.
    fn read<T: Value>(&self, raw: &Raw<'_>, doc: &'static str) -> Option<T> {
        match T::read(raw) {
            Ok(value) => {
                if let Some(form) = value.write() {
                    let mut log = self.doc.log.borrow_mut();
                    log.forms.insert(raw.path.clone(), form);
                }
                Some(value)
            }
            Err(found) => {
                self.invalid(raw, T::EXPECTED, found, rewritten::<T>(raw), doc);
                None
            }
        }
    }

    pub(super) fn invalid(
        &self,
        raw: &Raw<'_>,
        expected: &str,
        found: String,
        hint: Option<String>,
        doc: &'static str,
    ) {
        let finding = Finding {
            path: raw.path.clone(),
            message: format!("`{}`: expected {expected}, found {found}", raw.path),
            found: Some(found),
            expected: Some(expected.to_owned()),
            note: note(&raw.path, doc),
            hint,
        };
        let mut log = self.doc.log.borrow_mut();
        log.failed.insert(raw.path.clone());
        log.record(Draft::at(raw.node.at, finding));
    }

    pub(super) fn missing(&self, key: &str, expected: &str, doc: &'static str) {
        if self.silent {
            return;
        }
        let path = join(&self.path, key);
        let finding = Finding {
            message: format!("`{path}` is missing: expected {expected}"),
            expected: Some(expected.to_owned()),
            note: note(&path, doc),
            path: path.clone(),
            ..Finding::default()
        };
        let mut log = self.doc.log.borrow_mut();
        log.failed.insert(path.clone());
        log.record(Draft { origin: self.at, finding: Box::new(finding), missing: Some(path) });
    }

    fn ask<T: Value>(&self, key: &'static str, shape: Shape, presence: Presence, doc: &'static str) {
        self.ask_text(key, shape, T::EXPECTED, &[], presence, doc);
    }

    pub(super) fn ask_text(
        &self,
        key: &'static str,
        shape: Shape,
        expected: &str,
        choices: &[&'static str],
        presence: Presence,
        doc: &'static str,
    ) {
        let entry = KeyDoc {
            table: self.pattern.clone(),
            key: key.to_owned(),
            shape,
            expected: expected.to_owned(),
            choices: choices.to_vec(),
            presence,
            doc,
        };
        self.doc.log.borrow_mut().ask(&self.path, key, entry);
    }

    /// Refuses names that cannot stand in a metric, and tables that `--set` made up by naming a key inside them.
    fn name_allowed(&self, name: &str, node: &Node) -> bool {
        let path = join(&self.path, name);
        let (message, hint) = if !bare(name) || name.len() > NAME_LIMIT {
            let hint = "a name has 1 to 64 letters, digits, `_` or `-`".to_owned();
            (format!("`{path}` is not a name"), hint)
        } else if node.implied {
            let others = self.entries.iter().filter(|(_, other)| !other.implied);
            let hint = match nearest(name, others.map(|(other, _)| other.as_str())) {
                Some(other) => format!("did you mean `{}`?", join(&self.path, other)),
                None => format!("to add it, set the whole table: --set '{path}={{ ... }}'"),
            };
            (format!("there is no `{path}` to set a key of"), hint)
        } else {
            return true;
        };
        let finding = Finding { path, message, hint: Some(hint), ..Finding::default() };
        self.doc.record(Draft::at(node.key_at, finding));
        false
    }
}

/// The line that says what a key means.
pub(super) fn note(path: &str, doc: &str) -> Option<String> {
    (!doc.is_empty()).then(|| format!("`{path}` is {doc}"))
}

/// How the same value would be right: without its quotes, in quotes, as a whole number, as a share.
pub(super) fn rewritten<T: Value>(raw: &Raw<'_>) -> Option<String> {
    let works = |kind: Kind| {
        let node = Node::new(raw.node.at, raw.node.layer, kind);
        let trial = Raw { node: &node, ..raw.clone() };
        T::read(&trial).is_ok()
    };
    match &raw.node.kind {
        Kind::Text(text) | Kind::Float(text) => {
            let plain = text.trim().trim_end_matches('%').trim_end();
            let number: f64 = plain.parse().ok()?;
            if text.trim().ends_with('%') {
                let share = float(number / 100.0);
                return works(Kind::Float(share.clone()))
                    .then(|| format!("a share of {plain} % is written {share}"));
            }
            let quotes = match raw.node.kind {
                Kind::Text(_) => " without quotes",
                _ => "",
            };
            let whole = number as i64;
            if whole as f64 == number && works(Kind::Integer(whole.into())) {
                return Some(format!("write {whole}{quotes}"));
            }
            works(Kind::Float(plain.to_owned())).then(|| format!("write {plain}{quotes}"))
        }
        Kind::Integer(_) | Kind::Flag(_) | Kind::Date(_) => {
            let literal = raw.literal();
            works(Kind::Text(literal.clone())).then(|| format!("write it in quotes: \"{literal}\""))
        }
        Kind::Word | Kind::List(_) | Kind::Table(_) => None,
    }
}
