//! Designs of experiments: which settings each run of a sweep has.
//!
//! A design is a rule, never a list: [`Design::point`] computes any row from the seed and the row's number, so that a
//! sweep of a million runs, or one machine's share of it, holds no more than one of ten. A coordinate is a number from
//! 0 to 1; an [`Axis`] turns it into a setting, by the quantile of its range.

mod axis;
mod grid;
mod latin_hypercube;
mod morris;
mod points;
mod random;
mod saltelli;
mod sobol;
#[cfg(test)]
mod tests;

pub use axis::{Axis, Law, Range};
pub use points::Points;
pub use saltelli::Part;

use crate::engine::streams::{EntityKey, Purpose, Seed, Stream, Streams};
use serde::{Deserialize, Serialize};
use sobol::Directions;

/// Most rows of a design. Assumed: at a thousand runs a second, a week and a half.
pub const ROW_LIMIT: u64 = 1_000_000_000;
/// Most axes of a design. Assumed: half the dimensions that Joe and Kuo's standard table has.
pub const AXIS_LIMIT: usize = 500;

/// How rows are chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Every combination of the axes' levels; the last axis changes fastest.
    Grid,
    /// The axes' levels side by side: row i has the i-th of each.
    List,
    /// Row 0 has the first level of every axis; each other row changes one axis to another of its levels.
    OneAtATime,
    /// Independent uniform coordinates.
    Random {
        /// How many.
        rows: u64,
    },
    /// In each axis, one row in each of `rows` strata of equal probability (McKay, Beckman and Conover 1979).
    LatinHypercube {
        /// How many.
        rows: u64,
    },
    /// The Sobol sequence with the direction numbers of Joe and Kuo (2008), in Gray-code order.
    Sobol {
        /// How many; a power of two keeps its balance.
        rows: u64,
        /// True: moved by a random digital shift, so that no coordinate is 0. False: scipy's unscrambled points.
        shift: bool,
    },
    /// Saltelli's design for Sobol indices, laid out as by SALib: a base row of A, one for each axis with that axis from
    /// B, for second order one for each axis of B with that axis from A, and a row of B.
    Saltelli {
        /// Base points; a power of two keeps their balance.
        base: u64,
        /// Whether pairs of axes are wanted too.
        second_order: bool,
    },
    /// Trajectories that change one axis after the other by half the levels (Morris 1991).
    Morris {
        /// How many; each has a row more than there are axes.
        trajectories: u64,
        /// Levels of each axis, even.
        levels: u32,
    },
    /// Rows made elsewhere.
    Points(Points),
}

impl Method {
    /// Its name in experiment files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Method::Grid => "grid",
            Method::List => "list",
            Method::OneAtATime => "one_at_a_time",
            Method::Random { .. } => "random",
            Method::LatinHypercube { .. } => "latin_hypercube",
            Method::Sobol { .. } => "sobol",
            Method::Saltelli { .. } => "saltelli",
            Method::Morris { .. } => "morris",
            Method::Points(_) => "points",
        }
    }

    /// Whether rows are made of levels, and not of coordinates.
    #[must_use]
    pub fn takes_levels(&self) -> bool {
        matches!(self, Method::Grid | Method::List | Method::OneAtATime)
    }
}

/// Something wrong with a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The axis that it is about, by number.
    pub axis: Option<usize>,
    /// The key that says it; empty for the whole.
    pub key: &'static str,
    /// What is wrong.
    pub text: String,
    /// What to do.
    pub hint: String,
}

/// A design that has been checked.
#[derive(Clone, Debug)]
pub struct Design {
    axes: Vec<Axis>,
    method: Method,
    rows: u64,
    streams: Vec<Stream>,
    directions: Directions,
}

const PURPOSE: Purpose = Purpose::new("experiment.design");

impl Design {
    /// Checks a design. Each axis draws from a stream of its own name: another axis beside it changes none of its
    /// random coordinates.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn new(axes: Vec<Axis>, method: Method, seed: u64) -> Result<Design, Vec<Problem>> {
        let mut problems = axis::problems(&axes, &method);
        let rows = rows(&axes, &method).unwrap_or_else(|problem| {
            problems.push(problem);
            0
        });
        if !problems.is_empty() {
            return Err(problems);
        }
        let source = Streams::new(Seed { master: seed, replication: 0 });
        let stream = |axis: &Axis| source.stream(PURPOSE, EntityKey::of("sweep", &axis.name, 0));
        let streams = axes.iter().map(stream).collect();
        let directions = match method {
            Method::Sobol { .. } => Directions::new(axes.len()),
            Method::Saltelli { .. } => Directions::new(2 * axes.len()),
            _ => Directions::default(),
        };
        Ok(Design { axes, method, rows, streams, directions })
    }

    /// How many rows it has.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// What varies.
    #[must_use]
    pub fn axes(&self) -> &[Axis] {
        &self.axes
    }

    /// How rows are chosen.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The settings of a row, one per axis, as `--set` takes them; `None`: the axis keeps the scenario's own value.
    ///
    /// # Panics
    /// When there is no such row.
    #[must_use]
    pub fn point(&self, row: u64) -> Vec<String> {
        assert!(row < self.rows, "row {row} of {}", self.rows);
        match &self.method {
            Method::Grid => self.levels(&grid::every_combination(&self.axes, row)),
            Method::List => self.levels(&vec![row; self.axes.len()]),
            Method::OneAtATime => self.levels(&grid::one_changed(&self.axes, row)),
            Method::Points(points) => points.row(row).to_vec(),
            _ => {
                let coordinates = self.coordinates(row).expect("this method has coordinates");
                self.axes.iter().zip(coordinates).map(|(axis, at)| axis.at(at)).collect()
            }
        }
    }

    fn levels(&self, numbers: &[u64]) -> Vec<String> {
        self.axes.iter().zip(numbers).map(|(axis, number)| axis.level(*number)).collect()
    }

    /// The coordinates of a row, from 0 to 1, one per axis; `None` for methods that are made of levels or given rows.
    #[must_use]
    pub fn coordinates(&self, row: u64) -> Option<Vec<f64>> {
        match self.method {
            Method::Random { .. } => Some(random::row(&self.streams, row)),
            Method::LatinHypercube { rows } => Some(latin_hypercube::row(&self.streams, rows, row)),
            Method::Sobol { shift, .. } => {
                Some(self.directions.row(row, if shift { &self.streams } else { &[] }))
            }
            Method::Saltelli { second_order, .. } => {
                Some(saltelli::row(&self.directions, &self.streams, second_order, row))
            }
            Method::Morris { levels, .. } => Some(morris::row(&self.streams, levels, row)),
            _ => None,
        }
    }

    /// Where a row stands in Saltelli's design: its base point and which matrix it is of.
    #[must_use]
    pub fn part(&self, row: u64) -> Option<(u64, Part)> {
        match self.method {
            Method::Saltelli { second_order, .. } => Some(saltelli::part(self.axes.len(), second_order, row)),
            _ => None,
        }
    }
}

/// How many rows, in checked arithmetic.
fn rows(axes: &[Axis], method: &Method) -> Result<u64, Problem> {
    let count = axes.len() as u64;
    let rows = match method {
        Method::Grid => axes.iter().try_fold(1_u64, |rows, axis| rows.checked_mul(axis.level_count())),
        Method::List => Some(axes.first().map_or(0, Axis::level_count)),
        Method::OneAtATime => {
            axes.iter().try_fold(1_u64, |rows, axis| rows.checked_add(axis.level_count().saturating_sub(1)))
        }
        Method::Random { rows } | Method::LatinHypercube { rows } | Method::Sobol { rows, .. } => Some(*rows),
        Method::Saltelli { base, second_order } => {
            base.checked_mul(saltelli::stride(axes.len(), *second_order))
        }
        Method::Morris { trajectories, .. } => trajectories.checked_mul(count + 1),
        // A table without rows has its own problem, and that was told.
        Method::Points(points) => Some(points.rows().max(1)),
    };
    let wrong = |text: String, hint: &str| Problem { axis: None, key: "", text, hint: hint.to_owned() };
    match rows {
        Some(0) => Err(wrong("the design has no rows".to_owned(), "give it at least one")),
        Some(rows) if rows <= ROW_LIMIT => Ok(rows),
        _ => Err(wrong(
            format!("the design has more than {ROW_LIMIT} rows"),
            "take fewer levels, or a sample in place of the grid",
        )),
    }
}
