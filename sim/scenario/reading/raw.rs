//! One value as it was written, before a type has looked at it.

use std::path::Path;

use toml::value::Datetime;

use super::document::Document;
use super::reader::Table;
use super::tree::{Kind, Node};

/// How much of a value's text a message shows.
const SHOWN_CHARS: usize = 40;

/// A value with its place and its path. A [`Value`](super::Value) reads itself from one.
#[derive(Clone, Debug)]
pub struct Raw<'d> {
    pub(super) doc: &'d Document,
    pub(super) node: &'d Node,
    pub(super) path: String,
    pub(super) pattern: String,
}

impl<'d> Raw<'d> {
    /// The integer, when one was written.
    pub fn integer(&self) -> Option<i128> {
        match self.node.kind {
            Kind::Integer(value) => Some(value),
            _ => None,
        }
    }

    /// The number, when an integer or a float was written; `inf` and `nan` come through for the type to refuse.
    pub fn number(&self) -> Option<f64> {
        match &self.node.kind {
            Kind::Integer(value) => Some(*value as f64),
            Kind::Float(literal) => literal.parse().ok(),
            _ => None,
        }
    }

    /// The decimal text of an integer, a float or a quoted number, with no digit changed.
    pub fn decimal(&self) -> Option<String> {
        match &self.node.kind {
            Kind::Integer(value) => Some(value.to_string()),
            Kind::Float(literal) => Some(literal.clone()),
            _ => self.text().map(str::to_owned),
        }
    }

    /// The text, when a quoted text was written; of a `--set` argument its raw text, whatever else it could be.
    pub fn text(&self) -> Option<&str> {
        match &self.node.kind {
            Kind::Text(text) => Some(text),
            _ => self.node.argument.as_deref(),
        }
    }

    /// True or false, when one was written.
    pub fn flag(&self) -> Option<bool> {
        match self.node.kind {
            Kind::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// The date or time, when one was written without quotes.
    pub fn datetime(&self) -> Option<Datetime> {
        match self.node.kind {
            Kind::Date(date) => Some(date),
            _ => None,
        }
    }

    /// The elements, when a list was written.
    pub fn elements(&self) -> Option<Vec<Raw<'d>>> {
        let Kind::List(items) = &self.node.kind else {
            return None;
        };
        let element = |(index, node)| Raw {
            doc: self.doc,
            node,
            path: format!("{}[{index}]", self.path),
            pattern: format!("{}[]", self.pattern),
        };
        Some(items.iter().enumerate().map(element).collect())
    }

    /// A cursor over the value, when a table was written. Its unread keys become problems.
    pub fn table(&self) -> Option<Table<'d>> {
        let entries = self.node.entries()?;
        let (path, pattern) = (self.path.clone(), self.pattern.clone());
        Some(Table::open(self.doc, entries, Some(self.node.at), path, pattern))
    }

    /// The key path, `supply.gamers.count`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The folder that a relative path in this value starts from; `None`: the working directory.
    pub fn folder(&self) -> Option<&Path> {
        self.doc.sources[self.node.at.source].folder.as_deref()
    }

    /// The value's own text as the user wrote it, whole.
    pub fn written(&self) -> &'d str {
        let at = self.node.at;
        self.doc.sources[at.source].slice(at.start, at.end)
    }

    /// The value's own text as the user wrote it, its first line, shortened.
    pub fn literal(&self) -> String {
        let at = self.node.at;
        let written = self.doc.sources[at.source].slice(at.start, at.end);
        let first = written.lines().next().unwrap_or_default();
        let mut shown = String::new();
        for letter in first.chars().take(SHOWN_CHARS) {
            match letter.is_control() {
                true => shown.extend(letter.escape_default()),
                false => shown.push(letter),
            }
        }
        if shown.len() < written.len() {
            shown.push_str("...");
        }
        shown
    }

    /// What was written, in words that follow "found": "the text `"many"`".
    pub fn describe(&self) -> String {
        let kind = match &self.node.kind {
            Kind::Integer(_) => "the integer",
            Kind::Float(_) => "the number",
            Kind::Text(_) | Kind::Word => "the text",
            Kind::Flag(_) => "the flag",
            Kind::Date(_) => "the date",
            Kind::List(_) => "the list",
            Kind::Table(_) => "the table",
        };
        format!("{kind} `{}`", self.literal())
    }
}
