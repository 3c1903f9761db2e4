//! A file appears whole or not at all: written under a temporary name in the same folder, then renamed.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

/// Lets `write` fill a temporary file beside `path`, then gives it its name. On failure the temporary file
/// is removed and an older file of that name is left as it was. The temporary name keeps the ending, by
/// which writers of pictures choose their format.
///
/// # Errors
/// Those of `write`, and of renaming.
pub fn with(path: &Path, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<()> {
    let temporary = temporary(path);
    let result = write(&temporary).and_then(|()| std::fs::rename(&temporary, path));
    if result.is_err() {
        let _ = std::fs::remove_file(&temporary);
    }
    result
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".unfinished-");
    name.push(path.file_name().unwrap_or_default());
    path.with_file_name(name)
}
