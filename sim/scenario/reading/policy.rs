//! Reading a choice: a policy named in a table's path, or one word out of a list.

use super::document::Draft;
use super::keys::{KeyDoc, Presence, Shape};
use super::nearest::nearest;
use super::problem::Finding;
use super::reader::Table;
use super::tree::Node;

impl<'d> Table<'d> {
    /// The one policy `[path.key.NAME]` out of `choices`, with the cursor over its parameters; `None` when none is
    /// named. Two of them are a problem, unless a nearer file names another policy than its base: then the nearer one
    /// replaces the base's. `--set path.key.NAME={}` replaces too; `--set path.key.NAME.parameter=1` alone does not, and
    /// is a problem when another policy stands.
    pub fn choose(
        &self,
        key: &'static str,
        choices: &[&'static str],
        doc: &'static str,
    ) -> Option<(&'static str, Table<'d>)> {
        let expected = format!("a table named {}", one_of(choices));
        self.ask_text(key, Shape::Choice, &expected, choices, Presence::Optional, doc);
        let raw = self.raw(key)?;
        let Some(outer) = raw.table() else {
            let hint = format!(
                "the policy's name stands in the header: [{}.{}]",
                raw.path,
                raw.text().and_then(|text| choices.iter().find(|choice| **choice == text)).unwrap_or(&"NAME")
            );
            self.invalid(&raw, &expected, raw.describe(), Some(hint), doc);
            return None;
        };
        outer.choose_here(choices, doc)
    }

    /// The form of a policy that has several, `[path.POLICY.FORM]`, chosen as by [`Table::choose`] with the cursor on the
    /// policy.
    pub fn form(&self, choices: &[&'static str], doc: &'static str) -> Option<(&'static str, Table<'d>)> {
        let (table, key) = self.pattern.rsplit_once('.').unwrap_or(("", &self.pattern));
        let entry = KeyDoc {
            table: table.to_owned(),
            key: key.to_owned(),
            shape: Shape::Choice,
            expected: format!("a table named {}", one_of(choices)),
            choices: choices.to_vec(),
            presence: Presence::Optional,
            doc,
        };
        self.doc.log.borrow_mut().note(entry);
        self.choose_here(choices, doc)
    }

    /// As [`Table::choose`], with the candidates in this very table.
    pub(super) fn choose_here(
        &self,
        choices: &[&'static str],
        doc: &'static str,
    ) -> Option<(&'static str, Table<'d>)> {
        let mut log = self.doc.log.borrow_mut();
        let asked = log.asked.entry(self.path.clone()).or_default();
        asked.known.extend(choices);
        drop(log);

        let there = |name: &&'static str| self.entries.get(*name).map(|node| (*name, node));
        let candidates: Vec<(&'static str, &Node)> = choices.iter().filter_map(there).collect();
        let standing = self.standing(&candidates);
        if standing.len() > 1 {
            self.complain_of_several(&standing);
        }
        let (name, _) = *standing.first()?;
        let raw = self.raw(name)?;
        let table = self.sub_table(&raw, doc)?;
        Some((name, table))
    }

    /// The candidates of the nearest layer; the others are replaced and leave the canonical text.
    fn standing<'n>(&self, candidates: &[(&'static str, &'n Node)]) -> Vec<(&'static str, &'n Node)> {
        // A table that `--set` only implied neither replaces nor yields.
        if candidates.iter().any(|(_, node)| node.implied) {
            return candidates.to_vec();
        }
        let top = candidates.iter().map(|(_, node)| node.layer).max();
        let (standing, replaced): (Vec<_>, Vec<_>) =
            candidates.iter().partition(|(_, node)| Some(node.layer) == top);
        for (name, node) in replaced {
            let path = super::tree::join(&self.path, name);
            if let Some((stray, stands)) = newer_than(node, top).zip(standing.first()) {
                self.complain_of_stray(&path, stray, stands.0);
            }
            self.doc.log.borrow_mut().dropped.insert(path);
        }
        standing
    }

    /// A value was set inside a policy that is not in force: dropping it in silence would mislead.
    fn complain_of_stray(&self, path: &str, stray: &Node, stands: &str) {
        let message = format!("`{path}` is not in force: `{}` is `{stands}`", self.path);
        let finding = Finding {
            path: path.to_owned(),
            message,
            hint: Some(format!("to put it in force, set the whole table: --set '{path}={{ ... }}'")),
            ..Finding::default()
        };
        self.doc.record(Draft::at(stray.key_at, finding));
    }

    fn complain_of_several(&self, standing: &[(&'static str, &Node)]) {
        let names: Vec<String> = standing.iter().map(|(n, _)| format!("`{n}`")).collect();
        let last = standing.iter().max_by_key(|(_, node)| node.key_at);
        let Some((name, node)) = last else { return };
        let path = super::tree::join(&self.path, name);
        let hint = if node.implied {
            format!("to replace the other one, set the whole table: --set '{path}={{ ... }}'")
        } else {
            "keep one of them".to_owned()
        };
        let message = format!("`{}` names several: {}", self.path, names.join(" and "));
        let finding = Finding { path: self.path.clone(), message, hint: Some(hint), ..Finding::default() };
        self.doc.record(Draft::at(node.key_at, finding));
    }

    /// One word out of `choices`. Missing without a default, or unknown: a problem, and the default or the first choice.
    pub fn word(
        &self,
        key: &'static str,
        choices: &'static [&'static str],
        default: Option<&'static str>,
        doc: &'static str,
    ) -> &'static str {
        let expected = one_of(choices);
        let presence = match default {
            Some(word) => Presence::Default(super::canonical::text(word)),
            None => Presence::Required,
        };
        self.ask_text(key, Shape::Word, &expected, choices, presence, doc);
        let fallback = default.or(choices.first().copied()).unwrap_or("");
        let Some(raw) = self.raw(key) else {
            if default.is_none() {
                self.missing(key, &expected, doc);
            }
            return fallback;
        };
        let written = raw.text();
        if let Some(word) = choices.iter().find(|word| Some(**word) == written) {
            let form = super::canonical::text(word);
            self.doc.log.borrow_mut().forms.insert(raw.path, form);
            return word;
        }
        let near = written.and_then(|written| nearest(written, choices.iter().copied()));
        let hint = near.map(|word| format!("did you mean \"{word}\"?"));
        self.invalid(&raw, &expected, raw.describe(), hint, doc);
        fallback
    }
}

/// The first value inside `node` that a layer above `top` wrote.
fn newer_than(node: &Node, top: Option<usize>) -> Option<&Node> {
    if Some(node.layer) > top {
        return Some(node);
    }
    let mut children = node.entries()?.values();
    children.find_map(|child| newer_than(child, top))
}

/// The choices in words: `one of "a", "b"`.
fn one_of(choices: &[&str]) -> String {
    let quoted: Vec<String> = choices.iter().map(|word| format!("\"{word}\"")).collect();
    format!("one of {}", quoted.join(", "))
}
