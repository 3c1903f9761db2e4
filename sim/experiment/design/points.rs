//! Design points made elsewhere (SALib, scipy, EMA Workbench): a CSV with a column for each axis.

use super::Axis;
use serde::{Deserialize, Serialize};

/// Most cells of a table of points. Assumed: some hundreds of megabytes.
pub const CELL_LIMIT: u64 = 10_000_000;

/// Settings as texts, one row per design point, one column per axis.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Points {
    columns: usize,
    cells: Vec<String>,
}

/// Something wrong in the text: line and column from 1, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of the CSV, from 1.
    pub line: u64,
    /// Column of the table, from 1; 0 for the whole line.
    pub column: usize,
    /// What is wrong.
    pub text: String,
}

impl Points {
    /// Reads a CSV with a header. Columns are found by the axes' names or paths, in any order; a column `design_row` is
    /// passed over, any other is a fault.
    ///
    /// # Errors
    /// Everything wrong with it, at most a hundred.
    pub fn read(text: &str, axes: &[(String, String)]) -> Result<Points, Vec<Fault>> {
        let mut reader =
            csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
        let fault = |line, column, text: String| Fault { line, column, text };
        let header = match reader.headers() {
            Ok(header) => header.clone(),
            Err(error) => return Err(vec![fault(1, 0, error.to_string())]),
        };
        let mut faults = Vec::new();
        let of = |name: &str| axes.iter().position(|(axis, path)| name == axis || name == path);
        let mut places: Vec<Option<usize>> = vec![None; axes.len()];
        for (column, name) in header.iter().enumerate() {
            match of(name) {
                Some(axis) if places[axis].is_some() => {
                    faults.push(fault(1, column + 1, format!("`{name}` stands twice")));
                }
                Some(axis) => places[axis] = Some(column),
                None if name == "design_row" => {}
                None => faults.push(fault(1, column + 1, format!("`{}` is no axis", name.escape_debug()))),
            }
        }
        for ((name, path), _) in axes.iter().zip(&places).filter(|(_, place)| place.is_none()) {
            faults.push(fault(1, 0, format!("no column is called `{name}` or `{path}`")));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let places: Vec<usize> = places.into_iter().flatten().collect();
        let mut points = Points { columns: axes.len(), cells: Vec::new() };
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    faults.push(fault(error.position().map_or(0, csv::Position::line), 0, error.to_string()));
                    break;
                }
            };
            let line = record.position().map_or(0, csv::Position::line);
            if record.len() != header.len() {
                let text = format!("{} fields, the header has {}", record.len(), header.len());
                faults.push(fault(line, 0, text));
                continue;
            }
            for &place in &places {
                let cell = &record[place];
                if cell.is_empty() {
                    faults.push(fault(line, place + 1, format!("`{}` is empty", &header[place])));
                }
                points.cells.push(cell.to_owned());
            }
            if points.cells.len() as u64 > CELL_LIMIT {
                faults.push(fault(line, 0, format!("more than {CELL_LIMIT} cells")));
            }
            if faults.len() >= 100 || points.cells.len() as u64 > CELL_LIMIT {
                break;
            }
        }
        if faults.is_empty() && points.cells.is_empty() {
            faults.push(fault(1, 0, "there is no row below the header".to_owned()));
        }
        if faults.is_empty() { Ok(points) } else { Err(faults) }
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        (self.cells.len() / self.columns.max(1)) as u64
    }

    /// One row: a setting per axis.
    pub(super) fn row(&self, row: u64) -> &[String] {
        let from = row as usize * self.columns;
        &self.cells[from..from + self.columns]
    }

    /// The table as CSV, with the axes' names above.
    #[must_use]
    pub fn text(&self, axes: &[Axis]) -> String {
        let mut out = csv::Writer::from_writer(Vec::new());
        let cannot_fail = "writing to memory does not fail";
        out.write_record(axes.iter().map(|axis| axis.name.as_str())).expect(cannot_fail);
        for row in self.cells.chunks(self.columns.max(1)) {
            out.write_record(row).expect(cannot_fail);
        }
        String::from_utf8(out.into_inner().expect(cannot_fail)).expect("texts are UTF-8")
    }

    /// Whether all settings of a column are plain numbers.
    #[must_use]
    pub fn numeric(&self, column: usize) -> bool {
        let mut cells = self.cells.iter().skip(column).step_by(self.columns.max(1));
        cells.all(|cell| super::axis::number(cell).is_some())
    }
}
