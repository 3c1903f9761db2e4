//! Bytes of a trace file: gzip opened, sizes bounded, lines one at a time.

use super::error::Fault;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Most bytes of a file, stored and again unpacked: 2 GiB. Assumed to be more than any trace.
pub const MOST_BYTES: u64 = 2 << 30;

/// Longest line in bytes. Assumed.
const MOST_LINE: u64 = 1 << 20;

/// A file's bytes as stored.
pub(super) fn load(path: &Path) -> Result<Vec<u8>, Fault> {
    let unreadable = |error: io::Error| Fault::whole(error.to_string(), "a file that can be read");
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(too_large());
    }
    Ok(bytes)
}

fn too_large() -> Fault {
    Fault::whole("more than 2 GiB", "at most 2 GiB, unpacked").hint("cut the trace to the part you need")
}

/// The blake3 hash of bytes, hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// The text of stored bytes: unpacked when they begin as gzip does.
pub(super) fn open(bytes: &[u8]) -> Box<dyn BufRead + '_> {
    open_within(bytes, MOST_BYTES)
}

pub(super) fn open_within(bytes: &[u8], most: u64) -> Box<dyn BufRead + '_> {
    if bytes.starts_with(&[0x1F, 0x8B]) {
        Box::new(BufReader::with_capacity(1 << 16, Bounded { inner: MultiGzDecoder::new(bytes), left: most }))
    } else {
        Box::new(bytes)
    }
}

/// A reader that fails when more than `left` bytes come.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.left = self.left.checked_sub(got as u64).ok_or_else(|| io::Error::other(Overfull))?;
        Ok(got)
    }
}

#[derive(Debug)]
struct Overfull;

impl std::fmt::Display for Overfull {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("more than 2 GiB once unpacked")
    }
}

impl std::error::Error for Overfull {}

/// What a failed read of an opened file means.
pub(super) fn torn(error: &io::Error) -> Fault {
    if error.get_ref().is_some_and(|inner| inner.is::<Overfull>()) {
        return too_large();
    }
    Fault::whole(format!("damaged data ({error})"), "a whole gzip file")
        .hint("the file looks cut short or altered; fetch it again")
}

/// The whole text at once, for formats that are one value.
pub(super) fn text(bytes: &[u8]) -> Result<String, Fault> {
    let mut out = Vec::new();
    open(bytes).read_to_end(&mut out).map_err(|error| torn(&error))?;
    String::from_utf8(out).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Fault::at(line_at(error.as_bytes(), at), "bytes that are not UTF-8", "text in UTF-8")
    })
}

/// Number of the line on which byte `at` stands.
pub(super) fn line_at(bytes: &[u8], at: usize) -> u64 {
    let before = bytes.get(..at).unwrap_or(bytes);
    1 + before.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Number of the line of `text` on which `part`, a slice of it, begins.
pub(super) fn line_of(text: &str, part: &str) -> u64 {
    line_at(text.as_bytes(), (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize))
}

/// Lines one at a time, each at most a MiB.
pub(super) struct Lines<'a> {
    reader: Box<dyn BufRead + 'a>,
    buffer: Vec<u8>,
    number: u64,
}

impl<'a> Lines<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        Self { reader: open(bytes), buffer: Vec::new(), number: 0 }
    }

    /// The next line with its number, without its end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &[u8])>, Fault> {
        self.buffer.clear();
        let mut part = (&mut self.reader).take(MOST_LINE + 1);
        let got = part.read_until(b'\n', &mut self.buffer).map_err(|error| torn(&error))?;
        if got == 0 {
            return Ok(None);
        }
        self.number += 1;
        if got as u64 > MOST_LINE {
            return Err(Fault::at(self.number, "a line of more than 1 MiB", "shorter lines"));
        }
        Ok(Some((self.number, self.buffer.trim_ascii_end())))
    }
}

/// A line as text.
pub(super) fn utf8(number: u64, line: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(line).map_err(|_| Fault::at(number, "bytes that are not UTF-8", "text in UTF-8"))
}
