//! What is wrong with a scenario and where: problems as data, and their rendering in the manner of rustc.

use std::fmt;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Origin as Place, Renderer, Snippet};

use super::source::Source;
use super::tree::Origin;

/// The most problems a report carries; the count goes on. Assumed: nobody reads a thousand.
pub(super) const PROBLEM_LIMIT: usize = 1000;

/// A longer line is named but not drawn.
const LINE_LIMIT: usize = 2000;

/// One thing that is wrong, with its place and what to do about it.
#[derive(Clone, Debug)]
pub struct Problem {
    source: Arc<Source>,
    origin: Option<Origin>,
    finding: Box<Finding>,
}

/// The words of a problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Finding {
    /// Key path, `supply.gamers.count`; empty for a whole file.
    pub path: String,
    /// The headline.
    pub message: String,
    /// What stood there.
    pub found: Option<String>,
    /// What should stand there.
    pub expected: Option<String>,
    /// What the key means.
    pub note: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Finding {
    /// The words under the caret.
    fn label(&self) -> Option<String> {
        let expected = self.expected.as_ref()?;
        Some(match self.found {
            Some(_) => format!("expected {expected}"),
            None => "missing here".to_owned(),
        })
    }
}

impl Problem {
    pub(super) fn new(source: &Arc<Source>, origin: Option<Origin>, finding: Box<Finding>) -> Self {
        Self { source: Arc::clone(source), origin, finding }
    }

    /// The file's name as it was given, or `--set`.
    pub fn file(&self) -> &str {
        &self.source.name
    }

    /// Line, from 1. A problem of a file as a whole stands at 1:1.
    pub fn line(&self) -> usize {
        self.position().0
    }

    /// Column in characters, from 1.
    pub fn column(&self) -> usize {
        self.position().1
    }

    /// The key path, such as `supply.gamers.count`; empty for a whole file.
    pub fn path(&self) -> &str {
        &self.finding.path
    }

    /// The headline: what is wrong, in one sentence.
    pub fn message(&self) -> &str {
        &self.finding.message
    }

    /// What was found, with its literal text, when a value has the wrong type or size.
    pub fn found(&self) -> Option<&str> {
        self.finding.found.as_deref()
    }

    /// What was expected, when a value has the wrong type or size or is missing.
    pub fn expected(&self) -> Option<&str> {
        self.finding.expected.as_deref()
    }

    /// What the key means, from the documentation of its read.
    pub fn note(&self) -> Option<&str> {
        self.finding.note.as_deref()
    }

    /// What to do about it, when that can be guessed.
    pub fn hint(&self) -> Option<&str> {
        self.finding.hint.as_deref()
    }

    fn position(&self) -> (usize, usize) {
        self.origin.map_or((1, 1), |at| self.source.position(at.start))
    }

    /// Draws the problem with its source line.
    fn draw(&self, renderer: &Renderer) -> String {
        let finding = &self.finding;
        let title = Level::ERROR.primary_title(finding.message.as_str());
        let drawn = self.origin.map(|at| (at, self.source.line(at.start)));
        let mut group = match drawn {
            Some((at, (number, start, line))) if line.len() <= LINE_LIMIT => {
                let from = at.start.saturating_sub(start).min(line.len());
                // A value over several lines is underlined on its first one.
                let to = at.end.saturating_sub(start).clamp(from, line.len());
                let label = finding.label();
                let mark = AnnotationKind::Primary.span(from..to).label(label);
                let snippet = Snippet::source(line).line_start(number).path(self.source.name.as_str());
                title.element(snippet.annotation(mark))
            }
            Some((at, _)) => {
                let (line, column) = self.source.position(at.start);
                let place = Place::path(self.source.name.as_str());
                title.element(place.line(line).char_column(column))
            }
            None => title.element(Place::path(self.source.name.as_str())),
        };
        if let Some(note) = &finding.note {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        if let Some(hint) = &finding.hint {
            group = group.element(Level::HELP.message(hint.as_str()));
        }
        renderer.render(&[group])
    }
}

/// Every problem of a scenario, by file and position.
#[derive(Clone, Debug)]
pub struct Report {
    file: String,
    problems: Vec<Problem>,
    total: usize,
}

impl Report {
    /// Sorts, drops exact repeats, keeps the first [`PROBLEM_LIMIT`]. `uncounted`: those found beyond a limit.
    pub(super) fn new(file: &str, mut problems: Vec<Problem>, uncounted: usize) -> Self {
        problems.sort_by(|a, b| {
            let key = |p: &Problem| p.origin.map(|at| (at.source, at.start));
            (key(a), &a.finding.message).cmp(&(key(b), &b.finding.message))
        });
        problems.dedup_by(|a, b| a.origin == b.origin && a.finding == b.finding);
        let total = problems.len() + uncounted;
        problems.truncate(PROBLEM_LIMIT);
        Self { file: file.to_owned(), problems, total }
    }

    /// The name of the scenario the report is about.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The problems, by file (the scenario first, then what it extends, catalogues, `--set`) and position;
    /// at most a thousand.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// How many problems there are, those beyond the first thousand included.
    pub fn total(&self) -> usize {
        self.total
    }

    /// The report as text; `colour` writes ANSI escapes, which only a terminal wants.
    pub fn render(&self, colour: bool) -> String {
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let mut text = String::new();
        for problem in &self.problems {
            text.push_str(&problem.draw(&renderer));
            text.push_str("\n\n");
        }
        text.push_str(&self.closing_line());
        text
    }

    fn closing_line(&self) -> String {
        let noun = if self.total == 1 { "problem" } else { "problems" };
        let mut line = format!("{} {noun} in {}", self.total, self.file);
        let mut others: Vec<&str> = Vec::new();
        for problem in &self.problems {
            if problem.file() != self.file && !others.contains(&problem.file()) {
                others.push(problem.file());
            }
        }
        if !others.is_empty() {
            line.push_str(&format!(" (with {})", others.join(", ")));
        }
        if self.total > self.problems.len() {
            line.push_str(&format!(", the first {} shown", self.problems.len()));
        }
        line
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Report {}
