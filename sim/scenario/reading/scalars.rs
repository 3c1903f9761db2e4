//! Numbers with a meaning (shares, positive numbers, counts) and paths of files.

use std::path::PathBuf;

use super::canonical;
use super::raw::Raw;
use super::value::{Value, real, whole};

/// A share, from 0 to 1 inclusive.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Share(pub f64);

/// A number above zero.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Positive(pub f64);

/// A number of at least zero.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct NonNegative(pub f64);

/// How many of something: at most a thousand million, so that no scenario allocates the machine away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Count(pub u64);

/// A file named in a scenario. Its relative path starts from the folder of the file that says it, or from the working
/// directory when `--set` says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilePath {
    /// As written.
    pub written: String,
    /// Where it is to be opened.
    pub resolved: PathBuf,
}

/// The largest [`Count`]. Assumed: more than five hundred times the 1.8 million fake GPUs that tried to join io.net in
/// April 2024 (its founder, in The Block).
const COUNT_LIMIT: i128 = 1_000_000_000;

/// Before the hash of a file's content, where a canonical text names the file.
const HASHED: &str = "blake3:";

impl Value for Share {
    const EXPECTED: &'static str = "a share from 0 to 1";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        real(raw, 0.0, 1.0).map(Self)
    }

    fn placeholder() -> Self {
        Self(0.5)
    }

    fn write(&self) -> Option<String> {
        Some(canonical::float(self.0))
    }
}

impl Value for Positive {
    const EXPECTED: &'static str = "a number above 0";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        let value = real(raw, f64::MIN, f64::MAX)?;
        if value <= 0.0 {
            return Err(format!("{}, which is not above 0", raw.describe()));
        }
        Ok(Self(value))
    }

    fn placeholder() -> Self {
        Self(1.0)
    }

    fn write(&self) -> Option<String> {
        Some(canonical::float(self.0))
    }
}

impl Value for NonNegative {
    const EXPECTED: &'static str = "a number of at least 0";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        real(raw, 0.0, f64::MAX).map(Self)
    }

    fn placeholder() -> Self {
        Self(1.0)
    }

    fn write(&self) -> Option<String> {
        Some(canonical::float(self.0))
    }
}

impl Value for Count {
    const EXPECTED: &'static str = "a count from 0 to 1000000000";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        let value = whole(raw, 0, i128::MAX)?;
        match u64::try_from(value) {
            Ok(count) if value <= COUNT_LIMIT => Ok(Self(count)),
            _ => Err(format!("{}, an impossible size", raw.describe())),
        }
    }

    fn placeholder() -> Self {
        Self(1)
    }

    fn write(&self) -> Option<String> {
        Some(self.0.to_string())
    }
}

impl Value for FilePath {
    const EXPECTED: &'static str = "the path of a file";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        let written = raw.text().ok_or_else(|| raw.describe())?;
        if written.is_empty() {
            return Err("an empty text".to_owned());
        }
        // A canonical text names a file by its hash: it then lies beside the text, under that name.
        let name = written.strip_prefix(HASHED).unwrap_or(written);
        let resolved = match raw.folder() {
            Some(folder) => folder.join(name),
            None => PathBuf::from(name),
        };
        raw.doc.log.borrow_mut().files.insert(resolved.clone());
        Ok(Self { written: written.to_owned(), resolved })
    }

    fn placeholder() -> Self {
        Self { written: String::new(), resolved: PathBuf::new() }
    }

    fn write(&self) -> Option<String> {
        // What the file holds names a run, not where it lies.
        // A device or a pipe has no content that could name anything, and may have no end.
        let regular = std::fs::metadata(&self.resolved).is_ok_and(|about| about.is_file());
        let read =
            if regular { std::fs::read(&self.resolved) } else { Err(std::io::ErrorKind::Unsupported.into()) };
        let text = match read {
            Ok(bytes) => format!("{HASHED}{}", blake3::hash(&bytes).to_hex()),
            Err(_) => self.written.clone(),
        };
        Some(canonical::text(&text))
    }
}
