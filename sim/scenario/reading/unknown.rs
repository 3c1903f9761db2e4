//! The keys that no read asked for, each with the key that was probably meant.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{Asked, Draft, Log};
use super::nearest::{nearest, other_unit, unit_in_words};
use super::problem::{Finding, PROBLEM_LIMIT};
use super::tree::{Kind, Node, join, shown_key};

/// How many known keys a hint lists.
const LISTED: usize = 20;

/// The recorded problems and one for every unread key, with the number of those beyond the limit.
pub(super) fn complete(root: &Node, log: &Log) -> (Vec<Draft>, usize) {
    let mut search = Search { log, found: Log::default(), explained: BTreeSet::new() };
    search.visit(root, "");
    let is_new = |draft: &&Draft| {
        let missing = draft.missing.as_ref();
        missing.is_none_or(|path| !search.explained.contains(path))
    };
    let mut drafts: Vec<Draft> = log.problems.iter().filter(is_new).cloned().collect();
    drafts.extend(search.found.problems);
    (drafts, log.uncounted + search.found.uncounted)
}

struct Search<'l> {
    log: &'l Log,
    found: Log,
    /// Required keys that an unknown key is a misspelling of: one problem, not two.
    explained: BTreeSet<String>,
}

impl Search<'_> {
    /// Descends only into tables that were opened: inside an unknown table everything is unknown.
    fn visit(&mut self, node: &Node, path: &str) {
        match &node.kind {
            Kind::Table(entries) => {
                let Some(asked) = self.log.asked.get(path) else {
                    return;
                };
                for (key, child) in entries {
                    if asked.open_names || asked.known.contains(key.as_str()) {
                        self.visit(child, &join(path, key));
                    } else {
                        self.unknown(path, key, child, asked, entries);
                    }
                }
            }
            Kind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.visit(item, &format!("{path}[{index}]"));
                }
            }
            _ => {}
        }
    }

    fn unknown(
        &mut self,
        table: &str,
        key: &str,
        node: &Node,
        asked: &Asked,
        siblings: &BTreeMap<String, Node>,
    ) {
        if self.found.problems.len() >= PROBLEM_LIMIT {
            self.found.uncounted += 1;
            return;
        }
        let path = join(table, key);
        let finding = Finding {
            message: format!("unknown key `{path}`"),
            hint: Some(self.hint(table, key, asked, siblings)),
            path,
            ..Finding::default()
        };
        self.found.record(Draft::at(node.key_at, finding));
    }

    fn hint(&mut self, table: &str, key: &str, asked: &Asked, siblings: &BTreeMap<String, Node>) -> String {
        let known = || asked.known.iter().copied();
        // A key that already stands in the table was not meant a second time, unless nothing else is near.
        let absent = || known().filter(|key| !siblings.contains_key(*key));
        if let Some(other) = other_unit(key, absent()).or_else(|| other_unit(key, known())) {
            let required = self.explain(table, other);
            let unit = unit_in_words(other);
            return match unit.is_empty() {
                true => format!("the key here is `{other}`{required}"),
                false => format!("the key here is `{other}`: give it in {unit}{required}"),
            };
        }
        if let Some(other) = nearest(key, absent()).or_else(|| nearest(key, known())) {
            let required = self.explain(table, other);
            return format!("did you mean `{other}`?{required}");
        }
        if let Some(home) = self.home_of(key, &asked.pattern) {
            return format!("`{}` is a key of {home}", shown_key(key));
        }
        let list: Vec<&str> = known().take(LISTED).collect();
        let more = if asked.known.len() > LISTED { ", ..." } else { "" };
        match list.is_empty() {
            true => "this table has no keys".to_owned(),
            false => format!("known here: {}{more}", list.join(", ")),
        }
    }

    /// Notes that the absence of `known` is explained; words for it when it is.
    fn explain(&mut self, table: &str, known: &str) -> &'static str {
        let path = join(table, known);
        let required = |draft: &Draft| draft.missing.as_ref() == Some(&path);
        if self.log.problems.iter().any(required) {
            self.explained.insert(path);
            return " (it is required)";
        }
        ""
    }

    /// Another table that knows the key: in TOML a key under the wrong header is the commonest slip.
    fn home_of(&self, key: &str, here: &str) -> Option<String> {
        let mut places = self.log.register.keys();
        let (table, _) = places.find(|(table, known)| known == key && table != here)?;
        Some(match table.as_str() {
            "" => "the top of the file".to_owned(),
            table => format!("[{table}]"),
        })
    }
}
