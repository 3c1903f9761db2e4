//! Reading a recording line by line, whatever its packing: plain, zstd or Parquet. Damage is said with its line.

use super::columns::Columns;
use super::line::{self, Header, LAST_INSTANT, Said};
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

/// Longest line that is read: a round of challenges to ten million devices is shorter.
const LONGEST: u64 = 1 << 28;

/// Why a recording cannot be read on, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Trouble {
    /// Line, counted from 1; 0 when there is none yet.
    pub line: u64,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            return f.write_str(&self.message);
        }
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for Trouble {}

enum Packing {
    Text(Box<dyn BufRead>),
    Columns(Box<Columns>),
}

/// Lines of a recording, whatever they say.
pub struct Lines {
    packing: Packing,
    /// Lines handed out.
    number: u64,
}

impl Lines {
    /// Opens a file; what it is follows from its first bytes, not from its name.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> Result<Lines, Trouble> {
        let trouble = |error: std::io::Error| Trouble { line: 0, message: error.to_string() };
        let mut file = File::open(path).map_err(trouble)?;
        let mut magic = Vec::new();
        file.by_ref().take(4).read_to_end(&mut magic).map_err(trouble)?;
        file.rewind().map_err(trouble)?;
        let packing = match magic.as_slice() {
            [0x28, 0xB5, 0x2F, 0xFD] => {
                let decoder = zstd::Decoder::new(file).map_err(trouble)?;
                Packing::Text(Box::new(BufReader::with_capacity(1 << 16, decoder)))
            }
            b"PAR1" => Packing::Columns(Box::new(
                Columns::open(file).map_err(|message| Trouble { line: 0, message })?,
            )),
            _ => Packing::Text(Box::new(BufReader::new(file))),
        };
        Ok(Lines { packing, number: 0 })
    }

    /// The next line without its line break, and whether it had one; `None` at the end.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&mut self) -> Result<Option<(Vec<u8>, bool)>, Trouble> {
        let line = self.number + 1;
        let found = match &mut self.packing {
            Packing::Text(input) => text_line(input.as_mut()),
            Packing::Columns(columns) => columns.read().map(|line| line.map(|line| (line, true))),
        };
        let found = found.map_err(|message| Trouble { line, message })?;
        self.number += u64::from(found.is_some());
        Ok(found)
    }
}

fn text_line(input: &mut dyn BufRead) -> Result<Option<(Vec<u8>, bool)>, String> {
    let mut line = Vec::new();
    let read = input.take(LONGEST).read_until(b'\n', &mut line);
    if let Err(error) = read {
        return Err(format!("the file is cut short or damaged: {error}"));
    }
    if line.is_empty() {
        return Ok(None);
    }
    let whole = line.last() == Some(&b'\n');
    if whole {
        line.pop();
    } else if line.len() as u64 == LONGEST {
        return Err(format!("the line is longer than {LONGEST} bytes"));
    }
    Ok(Some((line, whole)))
}

/// A recording being read: header first, then what each line says, with the hash of all that came before.
pub struct Reader {
    lines: Lines,
    header: Header,
    hash: blake3::Hasher,
    at: u64,
    ended: bool,
}

impl Reader {
    /// Opens a recording and reads its header.
    ///
    /// # Errors
    /// When it is no recording of this version.
    pub fn open(path: &Path) -> Result<Reader, Trouble> {
        let mut lines = Lines::open(path)?;
        let Some((first, whole)) = lines.read()? else {
            return Err(Trouble { line: 1, message: "the file is empty".to_owned() });
        };
        let header =
            line::header(&first).map_err(|message| Trouble { line: 1, message: cut(whole, message) })?;
        let mut hash = blake3::Hasher::new();
        hash.update(&first);
        hash.update(b"\n");
        Ok(Reader { lines, header, hash, at: 0, ended: false })
    }

    /// The first line.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Number of the line that was read last.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.lines.number
    }

    /// The hash of all lines before the next one.
    #[must_use]
    pub fn hash(&self) -> &blake3::Hasher {
        &self.hash
    }

    /// The next line's instant, what it says, and the hash of all lines before it; `None` after the end.
    ///
    /// # Errors
    /// When the line is torn, senseless, or lies before the one above it, or when the recording has no end.
    pub fn read(&mut self) -> Result<Option<(u64, Said, blake3::Hasher)>, Trouble> {
        let Some((text, whole)) = self.lines.read()? else {
            let line = self.line() + 1;
            let message = "the recording has no end: it is cut short".to_owned();
            return if self.ended { Ok(None) } else { Err(Trouble { line, message }) };
        };
        let line = self.line();
        let trouble = |message: String| Trouble { line, message };
        if self.ended {
            return Err(trouble("something follows the end of the recording".to_owned()));
        }
        let (at, said) = line::read(&text).map_err(|message| trouble(cut(whole, message)))?;
        if at < self.at {
            return Err(trouble(format!("time runs backward, from {} ns to {at} ns", self.at)));
        }
        if at > LAST_INSTANT {
            return Err(trouble(format!("{at} ns lies beyond the last instant, {LAST_INSTANT} ns")));
        }
        self.at = at;
        self.ended = matches!(said, Said::End(_));
        let before = self.hash.clone();
        self.hash.update(&text);
        self.hash.update(b"\n");
        Ok(Some((at, said, before)))
    }
}

fn cut(whole: bool, message: String) -> String {
    if whole { message } else { format!("half a line, the recording is cut short ({message})") }
}
