//! Standard output has the result and nothing else; notes go to standard error.

use super::failure::Failure;
use std::io::{ErrorKind, Write};

/// Writes a text to standard output. A reader that has seen enough (`| head`) is no failure.
///
/// # Errors
/// When it cannot be written for another reason, such as a full disk.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("error: cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// Writes a note to standard error; when that is closed nobody is left to be told.
pub fn note(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// A value as pretty JSON with a line break at its end.
pub fn json(value: &serde_json::Value) -> String {
    format!("{value:#}\n")
}

/// Rows as columns two spaces apart, every line indented by two.
pub fn columns(rows: &[Vec<&str>]) -> String {
    aligned(rows, |_| true)
}

/// The same with numbers below one another: columns to the right but for those that are `left`.
pub fn aligned<T: AsRef<str>>(rows: &[Vec<T>], left: impl Fn(usize) -> bool) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.as_ref().chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            let cell = cell.as_ref();
            line.push_str(&if left(column) {
                format!("  {cell:<width$}")
            } else {
                format!("  {cell:>width$}")
            });
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{aligned, columns};

    #[test]
    fn columns_line_up_and_lines_end_without_blanks() {
        let rows = [vec!["a", "long", "x"], vec!["bbb", "c"]];
        assert_eq!(columns(&rows), "  a    long  x\n  bbb  c\n");
    }

    #[test]
    fn numbers_stand_below_one_another() {
        let rows = [vec!["a", "1"], vec!["bb", "200"]];
        assert_eq!(aligned(&rows, |column| column == 0), "  a     1\n  bb  200\n");
    }
}
