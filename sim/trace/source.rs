//! A file from outside: opened, unpacked, cut into lines, with errors that say where.

use std::fmt;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Most bytes of an unpacked file. Assumed: the largest public traces are below it, and it fits in memory.
pub const MOST_BYTES: u64 = 2 << 30;

/// What is wrong with a file from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceError {
    /// The file.
    pub path: PathBuf,
    /// The line, from one.
    pub line: Option<u64>,
    /// What was found.
    pub found: String,
    /// What would have been right.
    pub expected: String,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": found {}, expected {}", self.found, self.expected)
    }
}

impl std::error::Error for TraceError {}

/// The text of a file.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// Reads a file, and unpacks it when its first bytes are those of gzip.
    ///
    /// # Errors
    /// When it cannot be read or unpacked, is too large, or is not UTF-8.
    pub fn open(path: &Path) -> Result<Source, TraceError> {
        let fail = |found: String, expected: &str| TraceError {
            path: path.to_owned(),
            line: None,
            found,
            expected: expected.to_owned(),
        };
        let file = std::fs::File::open(path).map_err(|e| fail(e.to_string(), "a file that can be read"))?;
        let mut packed = Vec::new();
        let read = file.take(MOST_BYTES + 1).read_to_end(&mut packed);
        read.map_err(|e| fail(e.to_string(), "a file that can be read"))?;
        let mut bytes = Vec::new();
        if packed.starts_with(&[0x1f, 0x8b]) {
            let unpacked =
                flate2::read::MultiGzDecoder::new(&packed[..]).take(MOST_BYTES + 1).read_to_end(&mut bytes);
            unpacked.map_err(|e| {
                let found = format!("a damaged gzip stream ({e}) after {} bytes", bytes.len());
                fail(found, "a whole gzip file")
            })?;
        } else {
            bytes = packed;
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(fail("more than 2 GiB of text".to_owned(), "a smaller file"));
        }
        let text = String::from_utf8(bytes).map_err(|e| fail(e.to_string(), "UTF-8 text"))?;
        Ok(Source { path: path.to_owned(), text })
    }

    /// A text as if it were a file, for tests.
    #[must_use]
    pub fn of(text: &str) -> Source {
        Source { path: PathBuf::from("text"), text: text.to_owned() }
    }

    /// An error about the whole file.
    #[must_use]
    pub fn whole(&self, found: &str, expected: &str) -> TraceError {
        TraceError {
            path: self.path.clone(),
            line: None,
            found: found.to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// An error in a line (from one).
    #[must_use]
    pub fn at(&self, line: u64, found: impl Into<String>, expected: &str) -> TraceError {
        TraceError { line: Some(line), found: found.into(), ..self.whole("", expected) }
    }

    /// Rows of a CSV file with the named columns, each with its line number.
    ///
    /// # Errors
    /// When a column is missing or a row is not CSV.
    pub fn rows<const N: usize>(&self, columns: [&str; N]) -> Result<Vec<(u64, [String; N])>, TraceError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(self.text.as_bytes());
        let head = reader.headers().map_err(|e| self.at(1, e.to_string(), "a row of column names"))?.clone();
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(columns) {
            *place = head.iter().position(|column| column == name).ok_or_else(|| {
                self.at(1, head.iter().collect::<Vec<_>>().join(","), &format!("a column named {name}"))
            })?;
        }
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|e| {
                let line = e.position().map_or(0, csv::Position::line);
                self.at(line, e.to_string(), "as many fields as the first line names")
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            rows.push((line, places.map(|place| record.get(place).unwrap_or("").to_owned())));
        }
        Ok(rows)
    }

    /// A whole number of a field.
    ///
    /// # Errors
    /// When it is none, or is above `most`.
    pub fn whole_number(&self, line: u64, name: &str, text: &str, most: u64) -> Result<u64, TraceError> {
        text.parse().ok().filter(|value| *value <= most).ok_or_else(|| {
            self.at(line, format!("{name} \"{text}\""), &format!("a whole number from 0 to {most}"))
        })
    }
}
