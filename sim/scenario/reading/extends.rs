//! Following `extends` and `catalogues`: which files a scenario is made of, lowest first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use toml::de::DeTable;

use super::document::Draft;
use super::problem::{Finding, PROBLEM_LIMIT};
use super::source::{Files, SIZE_LIMIT, Source, too_large};
use super::tree::{Kind, Node, Origin, Planting, set_layer};

/// How many files a chain of `extends` may have. Assumed: three is usual.
const CHAIN_LIMIT: usize = 16;

/// How many catalogues a scenario may name, its bases included. Assumed: two are usual.
const CATALOGUE_LIMIT: usize = 64;

/// Reads files into layers and collects what is wrong with them.
pub(super) struct Loader<'f> {
    files: &'f dyn Files,
    pub sources: Vec<Arc<Source>>,
    pub problems: Vec<Draft>,
    /// Syntax errors beyond the limit: counted, not kept.
    pub uncounted: usize,
}

/// A path named in a file, and where.
struct Mention {
    path: PathBuf,
    at: Origin,
    key: String,
}

impl<'f> Loader<'f> {
    pub fn new(files: &'f dyn Files) -> Self {
        Self { files, sources: Vec::new(), problems: Vec::new(), uncounted: 0 }
    }

    /// The layers of the scenario, lowest first: catalogues of the base, ..., of the scenario, then the base, ..., the
    /// scenario. All catalogues lie below all files, so that naming a catalogue again undoes no override of a base.
    pub fn chain(&mut self, name: &str, text: &str) -> Vec<Node> {
        let mut files = Vec::new();
        let mut catalogues = Vec::new();
        let mut visited = vec![(self.files.identity(Path::new(name)), name.to_owned())];
        let mut current = Some(self.plant(name, text));
        while let Some(mut node) = current.take() {
            let base = self.take_extends(&mut node);
            catalogues.push(self.take_catalogues(&mut node));
            files.push(node);
            current = base.and_then(|base| self.step(&base, &mut visited));
        }
        let mut layers = self.load_catalogues(catalogues);
        layers.extend(files.into_iter().rev());
        for (rank, layer) in layers.iter_mut().enumerate() {
            set_layer(layer, rank);
        }
        layers
    }

    /// Loads the file that `base` names, unless the chain runs in a circle or too long.
    fn step(&mut self, base: &Mention, visited: &mut Vec<(PathBuf, String)>) -> Option<Node> {
        let identity = self.files.identity(&base.path);
        let name = base.path.display().to_string();
        if let Some(first) = visited.iter().position(|(seen, _)| *seen == identity) {
            let mut names: Vec<&str> = visited[first..].iter().map(|(_, n)| n.as_str()).collect();
            names.push(names[0]);
            let message = format!("`extends` runs in a circle: {}", names.join(" -> "));
            self.refuse(base, message, "let one of these files stand alone");
            return None;
        }
        if visited.len() >= CHAIN_LIMIT {
            let message = format!("`extends` is more than {CHAIN_LIMIT} files long");
            self.refuse(base, message, "merge some of them");
            return None;
        }
        visited.push((identity, name));
        self.fetch(base)
    }

    /// Catalogues, the base's first; one named twice counts where it is nearest to the scenario.
    fn load_catalogues(&mut self, per_file: Vec<Vec<Mention>>) -> Vec<Node> {
        let mut named: Vec<(PathBuf, Mention)> = Vec::new();
        for mention in per_file.into_iter().rev().flatten() {
            let identity = self.files.identity(&mention.path);
            named.retain(|(seen, _)| *seen != identity);
            named.push((identity, mention));
        }
        if let Some((_, extra)) = named.get(CATALOGUE_LIMIT) {
            let message = format!("more than {CATALOGUE_LIMIT} catalogues");
            let draft = complaint(extra, message, "merge some of them");
            self.problems.push(draft);
            named.truncate(CATALOGUE_LIMIT);
        }
        let mut layers = Vec::new();
        for (_, mention) in &named {
            if let Some(mut node) = self.fetch(mention) {
                self.refuse_nesting(&mut node);
                layers.push(node);
            }
        }
        layers
    }

    /// A catalogue is rows only.
    fn refuse_nesting(&mut self, node: &mut Node) {
        for key in ["extends", "catalogues"] {
            if let Some(entry) = entries_mut(node).remove(key) {
                let finding = Finding {
                    path: key.to_owned(),
                    message: format!("a catalogue has no `{key}`"),
                    hint: Some("name the other file in the scenario instead".to_owned()),
                    ..Finding::default()
                };
                self.problems.push(Draft::at(entry.key_at, finding));
            }
        }
    }

    fn take_extends(&mut self, node: &mut Node) -> Option<Mention> {
        let entry = entries_mut(node).remove("extends")?;
        self.mention(&entry, "extends")
    }

    fn take_catalogues(&mut self, node: &mut Node) -> Vec<Mention> {
        let Some(entry) = entries_mut(node).remove("catalogues") else {
            return Vec::new();
        };
        let Kind::List(items) = &entry.kind else {
            self.refuse_kind(&entry, "catalogues", "a list of paths of files");
            return Vec::new();
        };
        let indexed = items.iter().enumerate();
        indexed.filter_map(|(index, item)| self.mention(item, &format!("catalogues[{index}]"))).collect()
    }

    fn mention(&mut self, node: &Node, key: &str) -> Option<Mention> {
        let Kind::Text(written) = &node.kind else {
            self.refuse_kind(node, key, "the path of a file, in quotes");
            return None;
        };
        let folder = self.sources[node.at.source].folder.as_deref();
        Some(Mention {
            path: folder.unwrap_or(Path::new("")).join(written),
            at: node.at,
            key: key.to_owned(),
        })
    }

    fn fetch(&mut self, mention: &Mention) -> Option<Node> {
        match self.files.text(&mention.path) {
            Ok(text) => Some(self.plant(&mention.path.display().to_string(), &text)),
            Err(why) => {
                let message = format!("cannot read `{}`: {why}", mention.path.display());
                let hint = "a path is relative to the folder of the file that names it";
                self.refuse(mention, message, hint);
                None
            }
        }
    }

    /// Parses a text into a tree; of its syntax errors one per line, since the parser stumbles on after each.
    fn plant(&mut self, name: &str, text: &str) -> Node {
        let folder = Path::new(name).parent().map(Path::to_path_buf);
        let index = self.sources.len();
        let start = Origin { source: index, start: 0, end: 0 };
        if text.len() as u64 > SIZE_LIMIT {
            self.sources.push(Arc::new(Source::new(name, "", folder)));
            let finding =
                Finding { message: format!("cannot read `{name}`: {}", too_large()), ..Finding::default() };
            self.problems.push(Draft::at(start, finding));
            return Node::empty(start, 0);
        }
        // A byte order mark is no part of the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let source = Arc::new(Source::new(name, text, folder));
        self.sources.push(Arc::clone(&source));
        let (table, mut errors) = DeTable::parse_recoverable(text);
        errors.sort_by_key(|error| error.span().map(|span| span.start));
        errors.dedup_by_key(|error| error.span().map(|span| source.line(span.start).0));
        self.uncounted += errors.len().saturating_sub(PROBLEM_LIMIT);
        for error in errors.iter().take(PROBLEM_LIMIT) {
            let span = error.span().unwrap_or(0..0);
            let at = Origin { source: index, start: span.start, end: span.end };
            let finding =
                Finding { message: format!("this is not TOML: {}", error.message()), ..Finding::default() };
            self.problems.push(Draft::at(at, finding));
        }
        let mut refused = Vec::new();
        let mut planting = Planting { source: index, layer: 0, shift: 0, refused: &mut refused };
        let entries = planting.table(table.get_ref(), 0);
        for refusal in refused {
            let finding = Finding { message: refusal.message, ..Finding::default() };
            self.problems.push(Draft::at(refusal.at, finding));
        }
        Node::new(start, 0, Kind::Table(entries))
    }

    fn refuse(&mut self, mention: &Mention, message: String, hint: &str) {
        self.problems.push(complaint(mention, message, hint));
    }

    fn refuse_kind(&mut self, node: &Node, key: &str, expected: &str) {
        let at = node.at;
        let found = self.sources[at.source].slice(at.start, at.end);
        let found: String = found.chars().take(40).collect();
        let finding = Finding {
            path: key.to_owned(),
            message: format!("`{key}`: expected {expected}, found `{found}`"),
            found: Some(format!("`{found}`")),
            expected: Some(expected.to_owned()),
            ..Finding::default()
        };
        self.problems.push(Draft::at(at, finding));
    }
}

fn complaint(mention: &Mention, message: String, hint: &str) -> Draft {
    let finding =
        Finding { path: mention.key.clone(), message, hint: Some(hint.to_owned()), ..Finding::default() };
    Draft::at(mention.at, finding)
}

fn entries_mut(node: &mut Node) -> &mut BTreeMap<String, Node> {
    match &mut node.kind {
        Kind::Table(entries) => entries,
        _ => unreachable!("a file is a table"),
    }
}
