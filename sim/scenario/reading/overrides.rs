//! Values laid over a scenario: `--set path.to.key=value` arguments and assignments of a timeline.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use toml::de::DeValue;

use super::document::{Document, Draft};
use super::problem::Finding;
use super::source::Source;
use super::tree::{DEPTH_LIMIT, Kind, Node, Origin, Planting, bare, overlay, set_layer};

/// A value meant for a path, with the place where the user wrote it.
#[derive(Clone, Debug)]
pub struct Assignment {
    path: String,
    node: Node,
}

impl Assignment {
    pub(super) fn new((path, node): (&String, &Node)) -> Self {
        Self { path: path.clone(), node: node.clone() }
    }

    /// The path it is meant for, `token.listing.date`.
    pub fn path(&self) -> &str {
        &self.path
    }
}

/// A `--set` argument or an assignment, taken apart.
struct Change {
    /// The segments of the path, with where each stands.
    segments: Vec<(String, Origin)>,
    value: Node,
}

/// Applies the `--set` arguments in order; what is wrong with one is recorded in the document.
pub(super) fn apply_sets(doc: &mut Document, sets: &[String]) {
    doc.top_layer += 1;
    let mut given: BTreeMap<String, usize> = BTreeMap::new();
    for (index, argument) in sets.iter().enumerate() {
        let source = doc.sources.len();
        doc.sources.push(Arc::new(Source::new("--set", argument, None)));
        let outcome = parse(argument, source, doc.top_layer).and_then(|change| {
            let names: Vec<&str> = change.segments.iter().map(|(s, _)| s.as_str()).collect();
            let path = names.join(".");
            if given.insert(path.clone(), index).is_some() {
                let at = span_of(&change.segments);
                return Err(wrong(at, &path, "is set twice", "keep one --set of it"));
            }
            place(&mut doc.root, &change, doc.top_layer)
        });
        if let Err(draft) = outcome {
            doc.record(draft);
        }
    }
}

/// Applies assignments in order, as one layer.
pub(super) fn assign(doc: &mut Document, assignments: &[Assignment]) {
    doc.top_layer += 1;
    for assignment in assignments {
        let mut value = assignment.node.clone();
        set_layer(&mut value, doc.top_layer);
        let at = value.key_at;
        let names = assignment.path.split('.');
        let segments = names.map(|name| (name.trim().to_owned(), at)).collect();
        let change = Change { segments, value };
        let outcome = check(&change.segments, &assignment.path)
            .and_then(|()| place(&mut doc.root, &change, doc.top_layer));
        if let Err(draft) = outcome {
            doc.record(draft);
        }
    }
}

/// Takes `path.to.key=value` apart. The value is TOML when it parses; its raw text is kept for keys that hold text.
fn parse(argument: &str, source: usize, layer: usize) -> Result<Change, Draft> {
    let whole = origin(source, 0..argument.len());
    let Some(equals) = argument.find('=') else {
        let hint = "write it as path.to.key=value";
        return Err(wrong(whole, argument, "has no `=`", hint));
    };
    let mut segments = Vec::new();
    let mut start = 0;
    for part in argument[..equals].split('.') {
        let span = trimmed(argument, start..start + part.len());
        segments.push((argument[span.clone()].to_owned(), origin(source, span)));
        start += part.len() + 1;
    }
    check(&segments, argument[..equals].trim())?;
    let value = parse_value(argument, equals + 1, source, layer)?;
    Ok(Change { segments, value })
}

fn parse_value(argument: &str, from: usize, source: usize, layer: usize) -> Result<Node, Draft> {
    let span = trimmed(argument, from..argument.len());
    let text = &argument[span.clone()];
    let at = origin(source, span.clone());
    let mut refused = Vec::new();
    let mut node = match DeValue::parse(text) {
        Ok(value) => Planting { source, layer, shift: span.start, refused: &mut refused }.value(&value, 1),
        Err(_) => Node::new(at, layer, Kind::Word),
    };
    if let Some(refusal) = refused.into_iter().next() {
        let path = argument[..from - 1].trim();
        return Err(wrong(refusal.at, path, &refusal.message, ""));
    }
    // A quoted text is a text already; anything else may have been meant as one.
    if !matches!(node.kind, Kind::Text(_)) {
        node.argument = Some(text.to_owned());
    }
    node.at = at;
    node.key_at = at;
    Ok(node)
}

/// Every segment is a bare key or an index, and they are not too many.
fn check(segments: &[(String, Origin)], path: &str) -> Result<(), Draft> {
    let at = span_of(segments);
    if segments.len() > DEPTH_LIMIT {
        return Err(wrong(at, path, "is too deep a path", ""));
    }
    if let Some((_, at)) = segments.iter().find(|(name, _)| !bare(name)) {
        let hint = "a path is keys joined by dots, such as run.seed or timeline.0.at";
        return Err(wrong(*at, path, "is not a path of keys", hint));
    }
    if matches!(segments[0].0.as_str(), "extends" | "catalogues") {
        let hint = "which files make up a scenario is said in the file";
        return Err(wrong(at, path, "cannot be set", hint));
    }
    Ok(())
}

/// Walks to the path's parent, making tables that are not there, and lays the value over what stands.
fn place(root: &mut Node, change: &Change, layer: usize) -> Result<(), Draft> {
    let mut current = root;
    let mut walked = String::new();
    let (last, parents) = change.segments.split_last().expect("splitting a text gives at least one segment");
    for (name, at) in parents {
        current = child(current, name, *at, layer, &walked)?;
        walked = super::tree::join(&walked, name);
    }
    let (name, at) = last;
    let mut value = change.value.clone();
    value.key_at = *at;
    match &mut current.kind {
        Kind::Table(entries) => match entries.get_mut(name) {
            Some(old) => overlay(old, value),
            None => {
                entries.insert(name.clone(), value);
            }
        },
        Kind::List(_) => overlay(child(current, name, *at, layer, &walked)?, value),
        _ => return Err(not_a_table(*at, &walked)),
    }
    Ok(())
}

/// The child of a table (made when absent) or of a list (by index).
fn child<'n>(
    node: &'n mut Node,
    name: &str,
    at: Origin,
    layer: usize,
    walked: &str,
) -> Result<&'n mut Node, Draft> {
    match &mut node.kind {
        Kind::Table(entries) => Ok(entries
            .entry(name.to_owned())
            .or_insert_with(|| Node { implied: true, ..Node::empty(at, layer) })),
        Kind::List(items) => {
            let count = items.len();
            let index: Option<usize> = name.parse().ok();
            let found = index.and_then(|index| items.get_mut(index));
            found.ok_or_else(|| {
                let what = format!("has {count} elements, counted from 0");
                wrong(at, walked, &what, "name one of them")
            })
        }
        _ => Err(not_a_table(at, walked)),
    }
}

fn not_a_table(at: Origin, path: &str) -> Draft {
    wrong(at, path, "is a value and has no keys", "")
}

fn wrong(at: Origin, path: &str, what: &str, hint: &str) -> Draft {
    let finding = Finding {
        path: path.to_owned(),
        message: format!("`{}` {what}", path.escape_debug()),
        hint: (!hint.is_empty()).then(|| hint.to_owned()),
        ..Finding::default()
    };
    Draft::at(at, finding)
}

fn origin(source: usize, span: Range<usize>) -> Origin {
    Origin { source, start: span.start, end: span.end }
}

/// From the first segment to the last.
fn span_of(segments: &[(String, Origin)]) -> Origin {
    let (first, last) = (segments[0].1, segments[segments.len() - 1].1);
    Origin { end: last.end, ..first }
}

/// A span without the blanks at its ends.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let part = &text[span.clone()];
    let start = span.start + (part.len() - part.trim_start().len());
    start..start + part.trim().len()
}
