//! Texts in a language of their own: what is wrong inside one is shown at its place in the file.

use std::ops::Range;

use super::canonical;
use super::document::Draft;
use super::keys::{Presence, Shape};
use super::problem::Finding;
use super::raw::Raw;
use super::reader::{Table, note, rewritten};
use super::spelling::written;
use super::tree::Origin;

/// Something wrong inside a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Which bytes of the text; empty where something is missing.
    pub span: Range<usize>,
    /// What stands there, in words that follow "found".
    pub found: String,
    /// What should stand there, in words that follow "expected".
    pub expected: String,
    /// What to do about it.
    pub hint: Option<String>,
}

impl Table<'_> {
    /// A text that must be there and that `parse` reads, with every mistake in it. `expected` is the language in words
    /// that follow "expected": "a formula in quotes". `None` after a problem.
    pub fn parsed<T>(
        &self,
        key: &'static str,
        expected: &'static str,
        doc: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Vec<Mistake>>,
    ) -> Option<T> {
        self.ask_text(key, Shape::Value, expected, &[], Presence::Required, doc);
        let Some(raw) = self.raw(key) else {
            self.missing(key, expected, doc);
            return None;
        };
        let Some(text) = raw.text() else {
            self.invalid(&raw, expected, raw.describe(), rewritten::<String>(&raw), doc);
            return None;
        };
        let read = parse(text);
        let mut log = self.doc.log.borrow_mut();
        match read {
            Ok(value) => {
                log.forms.insert(raw.path.clone(), canonical::text(text));
                Some(value)
            }
            Err(mistakes) => {
                log.failed.insert(raw.path.clone());
                mistakes.into_iter().for_each(|mistake| log.record(raw.mistaken(mistake, doc)));
                None
            }
        }
    }
}

impl Raw<'_> {
    fn mistaken(&self, mistake: Mistake, doc: &'static str) -> Draft {
        let finding = Finding {
            path: self.path.clone(),
            message: format!("`{}`: expected {}, found {}", self.path, mistake.expected, mistake.found),
            found: Some(mistake.found),
            expected: Some(mistake.expected),
            note: note(&self.path, doc),
            hint: mistake.hint,
        };
        Draft::at(self.inside(&mistake.span), finding)
    }

    /// The place of a part of the text; the whole value's, should it be spelt in a way that is not understood.
    fn inside(&self, span: &Range<usize>) -> Origin {
        let at = self.node.at;
        let literal = self.doc.sources[at.source].slice(at.start, at.end);
        let part = self.text().and_then(|text| written(literal, text, span));
        part.map_or(at, |part| Origin { start: at.start + part.start, end: at.start + part.end, ..at })
    }
}
