//! A resolved scenario: its texts, its merged tree, and the log of what was read and what was wrong.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::canonical;
use super::extends::Loader;
use super::keys::{KeyDoc, Presence, Shape};
use super::overrides::{self, Assignment};
use super::problem::{Finding, PROBLEM_LIMIT, Problem, Report};
use super::reader::Table;
use super::source::{Disk, Files, NoFiles, Source};
use super::tree::{Node, Origin, join};
use super::unknown;

/// A scenario with its `extends` chain, catalogues and `--set` arguments merged, every value keeping its origin.
///
/// Merging: tables merge key by key and the nearer file wins; any other value, lists and arrays of tables included,
/// is replaced whole. Catalogues lie below every scenario file, `--set` above. See [`Table::choose`] for policies.
#[derive(Debug)]
pub struct Document {
    pub(super) sources: Vec<Arc<Source>>,
    pub(super) root: Node,
    pub(super) top_layer: usize,
    pub(super) nothing: BTreeMap<String, Node>,
    pub(super) log: RefCell<Log>,
}

/// What reading has learned so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Log {
    pub problems: Vec<Draft>,
    /// Problems beyond the limit: counted, not kept.
    pub uncounted: usize,
    /// Per opened table: the keys that were asked for.
    pub asked: BTreeMap<String, Asked>,
    /// Paths of values that could not be read: what follows from their placeholders is no news.
    pub failed: BTreeSet<String>,
    /// Policies of a base that a nearer file replaced.
    pub dropped: BTreeSet<String>,
    /// Values as their type writes them.
    pub forms: BTreeMap<String, String>,
    pub register: BTreeMap<(String, String), KeyDoc>,
    /// Files that values name.
    pub files: BTreeSet<PathBuf>,
}

/// What was asked of one table.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// Path pattern of the table.
    pub pattern: String,
    pub known: BTreeSet<&'static str>,
    /// True when the user chooses the keys.
    pub open_names: bool,
}

/// A problem before its place is looked up.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub origin: Option<Origin>,
    pub finding: Box<Finding>,
    /// The path of a required key that is not there: a misspelling beside it is the same problem.
    pub missing: Option<String>,
}

impl Document {
    /// Reads `path` from the disk, with everything it extends, its catalogues and the `--set` arguments.
    ///
    /// # Errors
    /// What keeps a tree from being built: files that cannot be read, circles, and one syntax error per line.
    /// Everything else waits for [`Document::finish`].
    pub fn load(path: &Path, sets: &[String]) -> Result<Document, Report> {
        let name = path.display().to_string();
        match Disk.text(path) {
            Ok(text) => Self::from_text_with(&name, &text, sets, &Disk),
            Err(why) => {
                let finding =
                    Finding { message: format!("cannot read the scenario: {why}"), ..Finding::default() };
                let source = Arc::new(Source::new(&name, "", None));
                let problem = Problem::new(&source, None, Box::new(finding));
                Err(Report::new(&name, vec![problem], 0))
            }
        }
    }

    /// Reads a scenario given as text, for tests and shipped strings; it cannot extend files.
    ///
    /// # Errors
    /// As [`Document::load`].
    pub fn from_text(name: &str, text: &str, sets: &[String]) -> Result<Document, Report> {
        Self::from_text_with(name, text, sets, &NoFiles)
    }

    /// Reads a scenario given as text, with `files` to fetch what it extends, relative to the folder of `name`.
    ///
    /// # Errors
    /// As [`Document::load`].
    pub fn from_text_with(
        name: &str,
        text: &str,
        sets: &[String],
        files: &dyn Files,
    ) -> Result<Document, Report> {
        let mut loader = Loader::new(files);
        let layers = loader.chain(name, text);
        if !loader.problems.is_empty() {
            let problems = loader.problems.iter();
            let placed = problems.map(|draft| draft.place(&loader.sources));
            return Err(Report::new(name, placed.collect(), loader.uncounted));
        }
        let mut document = Self::merged(loader.sources, layers);
        document.register_preamble();
        overrides::apply_sets(&mut document, sets);
        Ok(document)
    }

    /// The same scenario with values assigned on top, as a `[[timeline]]` or an experiment does; nothing read yet.
    /// The values keep their places, so a wrong one is underlined where it stands.
    pub fn with(&self, assignments: &[Assignment]) -> Document {
        let mut document = self.unread();
        overrides::assign(&mut document, assignments);
        document
    }

    /// The same scenario with further `--set` arguments on top; nothing read yet.
    pub fn with_sets(&self, sets: &[String]) -> Document {
        let mut document = self.unread();
        overrides::apply_sets(&mut document, sets);
        document
    }

    fn unread(&self) -> Document {
        let mut document = Document {
            sources: self.sources.clone(),
            root: self.root.clone(),
            top_layer: self.top_layer,
            nothing: BTreeMap::new(),
            log: RefCell::default(),
        };
        document.register_preamble();
        document
    }

    /// The files that values name, such as traces, where they are to be opened. Call it after reading.
    pub fn files(&self) -> Vec<PathBuf> {
        self.log.borrow().files.iter().cloned().collect()
    }

    fn merged(sources: Vec<Arc<Source>>, layers: Vec<Node>) -> Self {
        let top_layer = layers.len();
        let start = Origin { source: 0, start: 0, end: 0 };
        let mut root = Node::empty(start, 0);
        for layer in layers {
            super::tree::overlay(&mut root, layer);
        }
        Self { sources, root, top_layer, nothing: BTreeMap::new(), log: RefCell::default() }
    }

    /// The cursor over the whole scenario.
    pub fn root(&self) -> Table<'_> {
        let entries = self.root.entries().expect("the root is a table");
        Table::open(self, entries, None, String::new(), String::new())
    }

    /// The resolved scenario as canonical TOML: keys sorted, `extends` and `catalogues` resolved away, policies that a
    /// nearer file replaced left out. Call it after reading: a value that was read is written as its type writes it,
    /// so that `400`, `"400.00"` and `--set fee_usd=400` are one; an unread one is kept as written. Defaults are not
    /// part of it. It is itself a valid scenario with the same canonical text.
    pub fn canonical(&self) -> String {
        canonical::document(&self.root, &self.log.borrow())
    }

    /// Every key read so far, sorted by table and key.
    pub fn keys(&self) -> Vec<KeyDoc> {
        self.log.borrow().register.values().cloned().collect()
    }

    /// Ends the reading: all problems, with one for every key that no read asked for.
    ///
    /// # Errors
    /// The report, when there is at least one problem.
    pub fn finish(&self) -> Result<(), Report> {
        let log = self.log.borrow();
        let (drafts, uncounted) = unknown::complete(&self.root, &log);
        if drafts.is_empty() && uncounted == 0 {
            return Ok(());
        }
        let placed = drafts.iter().map(|draft| draft.place(&self.sources));
        Err(Report::new(&self.sources[0].name, placed.collect(), uncounted))
    }

    pub(super) fn record(&self, draft: Draft) {
        self.log.borrow_mut().record(draft);
    }

    /// `extends` and `catalogues` are read before there is a cursor, yet belong to the known keys.
    fn register_preamble(&mut self) {
        let log = self.log.get_mut();
        let root = log.asked.entry(String::new()).or_default();
        root.known.extend(["extends", "catalogues"]);
        let mut add = |key: &str, shape, expected: &str, doc| {
            let entry = KeyDoc {
                table: String::new(),
                key: key.to_owned(),
                shape,
                expected: expected.to_owned(),
                choices: Vec::new(),
                presence: Presence::Optional,
                doc,
            };
            log.register.insert((String::new(), key.to_owned()), entry);
        };
        add(
            "extends",
            Shape::Value,
            "the path of a file",
            "the scenario that this one builds on, relative to this file",
        );
        add(
            "catalogues",
            Shape::List,
            "the path of a file",
            "files of rows (GPU models, cloud offers) that this scenario may override, relative to this file",
        );
    }
}

impl Log {
    pub fn record(&mut self, draft: Draft) {
        if self.problems.len() < PROBLEM_LIMIT {
            self.problems.push(draft);
        } else {
            self.uncounted += 1;
        }
    }

    /// Notes that `key` was asked of the table at `path`.
    pub fn ask(&mut self, path: &str, key: &'static str, entry: KeyDoc) {
        if let Some(asked) = self.asked.get_mut(path) {
            asked.known.insert(key);
        }
        self.note(entry);
    }

    /// Enters a key into the register.
    pub fn note(&mut self, entry: KeyDoc) {
        let place = (entry.table.clone(), entry.key.clone());
        self.register.entry(place).or_insert(entry);
    }

    /// True when the value of `key` in the table at `path` could not be read.
    pub fn has_failed(&self, path: &str, key: &str) -> bool {
        self.failed.contains(&join(path, key))
    }
}

impl Draft {
    /// A problem of a value that is there.
    pub fn at(origin: Origin, finding: Finding) -> Self {
        Self { origin: Some(origin), finding: Box::new(finding), missing: None }
    }

    /// Looks up the source. A problem without an origin belongs to the scenario's own file.
    pub fn place(&self, sources: &[Arc<Source>]) -> Problem {
        let source = self.origin.map_or(0, |at| at.source);
        Problem::new(&sources[source], self.origin, self.finding.clone())
    }
}
