//! A text that a scenario is made of (a file or a `--set` argument), and how files are fetched within their limits.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The largest file that is read: 4 MiB. Assumed: a thousand times a long scenario.
pub const SIZE_LIMIT: u64 = 4 << 20;

/// Where files come from: the disk, nowhere, or a test's own map.
pub trait Files {
    /// The text of `path`, or a sentence saying why it cannot be had.
    ///
    /// # Errors
    /// A sentence without a full stop, such as "there is no such file".
    fn text(&self, path: &Path) -> Result<String, String>;

    /// One spelling per file, so that a cycle is seen through `a/../a`.
    fn identity(&self, path: &Path) -> PathBuf;
}

/// The machine's own files: regular ones of at most [`SIZE_LIMIT`] bytes.
#[derive(Clone, Copy, Debug)]
pub struct Disk;

impl Files for Disk {
    fn text(&self, path: &Path) -> Result<String, String> {
        let about = fs::metadata(path).map_err(|error| reason(&error))?;
        if !about.is_file() {
            return Err("it is not a regular file".to_owned());
        }
        let file = fs::File::open(path).map_err(|error| reason(&error))?;
        // One byte more than allowed: a file may grow between the look at its size and the reading.
        let mut bytes = Vec::new();
        if about.len() <= SIZE_LIMIT {
            file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes).map_err(|error| reason(&error))?;
        }
        if about.len() > SIZE_LIMIT || bytes.len() as u64 > SIZE_LIMIT {
            return Err(too_large());
        }
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            format!("it is not UTF-8 text: the byte at offset {at} is not part of a character")
        })
    }

    fn identity(&self, path: &Path) -> PathBuf {
        fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
    }
}

/// No files at all: for shipped strings and tests.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl Files for NoFiles {
    fn text(&self, _: &Path) -> Result<String, String> {
        Err("a scenario given as text has no folder to look in".to_owned())
    }

    fn identity(&self, path: &Path) -> PathBuf {
        path.to_path_buf()
    }
}

/// The sentence for a text above [`SIZE_LIMIT`].
pub(super) fn too_large() -> String {
    format!("it is larger than {} MiB", SIZE_LIMIT >> 20)
}

/// Our own words for the common failures: the system's differ between platforms.
fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        other => other.to_string(),
    }
}

/// One text with its name and the places of its lines.
#[derive(Debug)]
pub(super) struct Source {
    /// As shown in `--> name:line:column`.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// The folder that relative paths in this text start from; `None` for `--set` and for texts without a file.
    pub folder: Option<PathBuf>,
    line_starts: Vec<usize>,
}

impl Source {
    /// Indexes the lines of `text`.
    pub fn new(name: &str, text: &str, folder: Option<PathBuf>) -> Self {
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        let line_starts = std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { name: name.to_owned(), text: text.to_owned(), folder, line_starts }
    }

    /// Line and column of a byte offset, both from 1, the column in characters.
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let (line, start) = self.line_start(offset);
        let before = &self.text[start..self.boundary(offset)];
        (line, before.chars().count() + 1)
    }

    /// The line holding `offset`: its number from 1, the offset where it starts, its text without the line break.
    pub fn line(&self, offset: usize) -> (usize, usize, &str) {
        let (line, start) = self.line_start(offset);
        let end = self.line_starts.get(line).map_or(self.text.len(), |next| next - 1);
        (line, start, self.text[start..end].trim_end_matches('\r'))
    }

    /// The text between two offsets, whatever they are.
    pub fn slice(&self, start: usize, end: usize) -> &str {
        let start = self.boundary(start);
        &self.text[start..self.boundary(end).max(start)]
    }

    fn line_start(&self, offset: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        (line, self.line_starts[line - 1])
    }

    /// The nearest character boundary at or before `offset`.
    fn boundary(&self, offset: usize) -> usize {
        let mut at = offset.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }
}
