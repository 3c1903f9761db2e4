//! A table of expected results: `name,kind,params,metric,expected,source`, with `key=value;key=value` as parameters.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

/// Largest table that is read, in bytes. Assumed.
const LIMIT: u64 = 1 << 24;

/// One expected result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Name.
    pub name: String,
    /// Which model or function.
    pub kind: String,
    /// Its parameters as they stand.
    pub params: String,
    /// What of it.
    pub metric: String,
    /// What it should be.
    pub expected: String,
    /// Who says so.
    pub source: String,
}

/// Parameters of a row by name.
pub struct Parameters<'r>(BTreeMap<&'r str, &'r str>);

const COLUMNS: [&str; 6] = ["name", "kind", "params", "metric", "expected", "source"];

/// Reads a table.
///
/// # Errors
/// When it cannot be read, or is no such table.
pub fn read(path: &Path) -> io::Result<Vec<Row>> {
    let about = fs::metadata(path)?;
    if !about.is_file() || about.len() > LIMIT {
        return Err(io::Error::other(format!("it is no regular file of at most {LIMIT} bytes")));
    }
    parse(&fs::read_to_string(path)?)
}

/// Reads a table from its text.
///
/// # Errors
/// When it is no such table.
pub fn parse(text: &str) -> io::Result<Vec<Row>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().map_err(io::Error::other)?.clone();
    let place = |name: &str| header.iter().position(|column| column.trim() == name);
    let places: Vec<Option<usize>> = COLUMNS.iter().map(|name| place(name)).collect();
    if let Some((missing, _)) =
        COLUMNS.iter().zip(&places).find(|(name, place)| place.is_none() && **name != "source")
    {
        return Err(io::Error::other(format!(
            "it has no column `{missing}`; its columns are {}",
            COLUMNS.join(", ")
        )));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(io::Error::other)?;
        let cell = |number: usize| {
            places[number].and_then(|at| record.get(at)).unwrap_or_default().trim().to_owned()
        };
        rows.push(Row {
            name: cell(0),
            kind: cell(1),
            params: cell(2),
            metric: cell(3),
            expected: cell(4),
            source: cell(5),
        });
    }
    Ok(rows)
}

impl Row {
    /// Its parameters.
    pub fn parameters(&self) -> Parameters<'_> {
        Parameters(self.params.split(';').filter_map(|pair| pair.trim().split_once('=')).collect())
    }
}

impl<'r> Parameters<'r> {
    /// A parameter that must be there.
    ///
    /// # Errors
    /// When it is not.
    pub fn text(&self, name: &str) -> Result<&'r str, String> {
        self.0.get(name).copied().ok_or_else(|| format!("the parameter `{name}` is missing"))
    }

    /// A parameter that may be absent.
    pub fn optional(&self, name: &str) -> Option<&'r str> {
        self.0.get(name).copied()
    }

    /// A number, or a fraction such as `1/3`.
    ///
    /// # Errors
    /// When it is not there, or none.
    pub fn number(&self, name: &str) -> Result<f64, String> {
        number(self.text(name)?)
    }

    /// A whole number.
    ///
    /// # Errors
    /// When it is not there, or none.
    pub fn whole<T: std::str::FromStr>(&self, name: &str) -> Result<T, String> {
        let text = self.text(name)?;
        text.parse().map_err(|_| format!("`{name}` is no whole number: {text}"))
    }

    /// Numbers with commas between; `a..b` counts from a to b, and `countxvalue` repeats.
    ///
    /// # Errors
    /// When it is not there, or one is none.
    pub fn list(&self, name: &str) -> Result<Vec<f64>, String> {
        list(self.text(name)?)
    }
}

/// Most numbers of a list. Assumed.
const MOST: usize = 1_000_000;

fn list(text: &str) -> Result<Vec<f64>, String> {
    let mut numbers = Vec::new();
    for part in text.split(',') {
        let (first, step, count) = if let Some((from, to)) = part.split_once("..") {
            let (from, to) = (number(from)?, number(to)?);
            (from, 1.0, to - from + 1.0)
        } else if let Some((count, value)) = part.split_once('x') {
            (number(value)?, 0.0, number(count)?)
        } else {
            (number(part)?, 0.0, 1.0)
        };
        // Judged before anything is allocated; a count that is no number is too long as well.
        if !(0.0..=(MOST - numbers.len()) as f64).contains(&count) {
            return Err(format!("{part} is no part of a list of at most {MOST} numbers"));
        }
        numbers.extend((0..count as usize).map(|place| first + step * place as f64));
    }
    Ok(numbers)
}

/// A number, or a fraction.
///
/// # Errors
/// When it is none.
pub fn number(text: &str) -> Result<f64, String> {
    let plain = |text: &str| text.trim().parse::<f64>().map_err(|_| format!("`{text}` is no number"));
    match text.split_once('/') {
        Some((over, under)) => Ok(plain(over)? / plain(under)?),
        None => plain(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_parameters_are_read_in_every_form() {
        let rows = parse("name,kind,params,metric,expected,source\nn,k,\"x=1..3,2x7;p=1/4\",m,5,s\n")
            .expect("a table");
        let given = rows[0].parameters();
        assert_eq!(given.list("x"), Ok(vec![1.0, 2.0, 3.0, 7.0, 7.0]));
        assert_eq!((given.number("p"), given.whole::<u32>("p").is_err()), (Ok(0.25), true));
        assert!(given.text("y").is_err());
        for long in ["1..99999999", "1e9x1", "nanx1", "3..1", "1e300..1e300,1", "600000x1,600000x1", "1..inf"]
        {
            let numbers = list(long);
            assert!(numbers.is_err() || numbers.is_ok_and(|n| n.len() == 2), "{long}");
        }
        assert!(list("600000x1,600000x1").is_err() && list("3..1").is_err());
        assert!(parse("name,kind\n").is_err_and(|error| error.to_string().contains("no column `params`")));
    }
}
