//! What the design says: indices, effects, correlations, or the mean of each design row, metric by metric.

use super::folder::Opened;
use super::{finish, tables};
use crate::cli::compare::chosen::USUAL;
use crate::experiment::design::{Design, Method};
use crate::experiment::sensitivity::correlation::spearman;
use crate::experiment::sensitivity::{Estimate, morris, sobol};
use crate::experiment::sweep::fits;
use crate::measure::metrics::explain;
use crate::measure::statistics::{half_width, mean};
use crate::report::tables::batch::Cells;
use crate::report::tables::stored::Stored;
use serde_json::{Value, json};
use std::io;

/// Metrics that are analysed where the experiment does not choose them.
const MOST_METRICS: usize = 12;
/// Design rows that are listed with their means, and of which correlations are taken.
pub const MOST_ROWS: u64 = 10_000;

/// What the design says of each metric.
pub struct Analysis {
    /// By metric.
    pub metrics: Vec<About>,
}

/// What it says of one.
pub struct About {
    /// Its name.
    pub metric: String,
    /// Its unit.
    pub unit: &'static str,
    /// How the axes move it; why that cannot be said.
    pub findings: Result<Vec<Finding>, String>,
    /// By design row, where they are not too many: how many replications define it, their mean and its half width.
    pub rows: Vec<Mean>,
}

/// A measure of one axis, or of a pair.
pub struct Finding {
    /// The axis; a pair with `*` between.
    pub axis: String,
    /// `S1`, `ST`, `S2`, `mu`, `mu_star`, `sigma` or `spearman`.
    pub measure: &'static str,
    /// Its value.
    pub value: f64,
    /// Its interval of 95 %, where it has one.
    pub interval: Option<[f64; 2]>,
}

/// The mean of a design row's replications.
pub struct Mean {
    /// How many define it.
    pub count: usize,
    /// Their mean.
    pub mean: Option<f64>,
    /// Half width of its 95 % interval (Student).
    pub half: Option<f64>,
}

/// Analyses a sweep that is gathered.
///
/// # Errors
/// When its table cannot be read.
pub fn of(opened: &Opened) -> io::Result<Analysis> {
    let stored = Stored::open(&finish::results(&opened.path))?;
    let mut metrics = Vec::new();
    for column in chosen(opened, &stored)? {
        metrics.push(about(opened, &stored, column)?);
    }
    Ok(Analysis { metrics })
}

/// The columns that are analysed: those that the experiment keeps, or the usual dozen.
fn chosen(opened: &Opened, stored: &Stored) -> io::Result<Vec<usize>> {
    let first = stored.find("error").ok_or_else(|| io::Error::other("the table has no column `error`"))? + 1;
    let all = first..stored.fields().len();
    let asked = &opened.manifest.metrics;
    let mut columns: Vec<usize> = if asked.is_empty() {
        USUAL.iter().filter_map(|name| stored.find(name)).collect()
    } else {
        // In the order in which they are asked for.
        let rank =
            |column: &usize| asked.iter().position(|pattern| fits(pattern, &stored.fields()[*column].name));
        let mut kept: Vec<usize> = all.clone().collect();
        kept.sort_by_key(rank);
        kept
    };
    if columns.is_empty() {
        columns = all.collect();
    }
    columns.truncate(MOST_METRICS);
    Ok(columns)
}

fn about(opened: &Opened, stored: &Stored, column: usize) -> io::Result<About> {
    let metric = stored.fields()[column].name.to_string();
    let unit = explain(&metric).map_or("", |metric| metric.unit);
    let replications = opened.sweep.replications as usize;
    let values = stored.numbers(column, read(opened))?;
    let few = opened.sweep.design.rows() <= MOST_ROWS;
    let rows = values.chunks(replications).filter(|_| few).map(row_mean).collect();
    // A row counts when each of its replications defines it.
    let means: Vec<f64> = values.chunks(replications).map(|runs| mean(runs).unwrap_or(f64::NAN)).collect();
    drop(values);
    let findings = findings(opened, stored, &means)?;
    Ok(About { metric, unit, findings, rows })
}

/// How many runs are looked at. Indices and effects need all of them; what a sample of ten thousand rows does not tell,
/// more of them would not either, and memory shall not grow with them.
fn read(opened: &Opened) -> usize {
    match opened.sweep.design.method() {
        Method::Saltelli { .. } | Method::Morris { .. } => usize::MAX,
        _ => (MOST_ROWS * u64::from(opened.sweep.replications)) as usize,
    }
}

fn row_mean(runs: &[f64]) -> Mean {
    let defined: Vec<f64> = runs.iter().copied().filter(|value| value.is_finite()).collect();
    Mean { count: defined.len(), mean: mean(&defined), half: half_width(&defined, 0.95) }
}

fn findings(opened: &Opened, stored: &Stored, y: &[f64]) -> io::Result<Result<Vec<Finding>, String>> {
    let (design, seed) = (&opened.sweep.design, opened.sweep.seed);
    Ok(match design.method() {
        Method::Saltelli { .. } => sobol::indices(design, y, seed)
            .map(|found| of_indices(design, &found))
            .map_err(|why| why.to_string()),
        Method::Morris { .. } => morris::effects(design, y, seed)
            .map(|found| of_effects(design, &found))
            .map_err(|why| why.to_string()),
        Method::Random { .. } | Method::LatinHypercube { .. } | Method::Sobol { .. } | Method::Points(_) => {
            correlations(opened, stored, y)?
        }
        Method::Grid | Method::List | Method::OneAtATime => Ok(Vec::new()),
    })
}

fn finding(axis: impl Into<String>, measure: &'static str, estimate: Estimate) -> Finding {
    let Estimate { value, low, high } = estimate;
    Finding { axis: axis.into(), measure, value, interval: Some([low, high]) }
}

fn of_indices(design: &Design, found: &sobol::Indices) -> Vec<Finding> {
    let name = |axis: usize| design.axes()[axis].name.as_str();
    let mut findings = Vec::new();
    for axis in 0..design.axes().len() {
        findings.push(finding(name(axis), "S1", found.first[axis]));
        findings.push(finding(name(axis), "ST", found.total[axis]));
    }
    for ((one, other), estimate) in &found.second {
        findings.push(finding(format!("{}*{}", name(*one), name(*other)), "S2", *estimate));
    }
    findings
}

fn of_effects(design: &Design, found: &[morris::Effect]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (axis, effect) in design.axes().iter().zip(found) {
        let plain = |measure, value| Finding { axis: axis.name.clone(), measure, value, interval: None };
        findings.push(finding(&axis.name, "mu_star", effect.mu_star));
        findings.push(plain("mu", effect.mu));
        findings.push(plain("sigma", effect.sigma));
    }
    findings
}

fn correlations(opened: &Opened, stored: &Stored, y: &[f64]) -> io::Result<Result<Vec<Finding>, String>> {
    let mut findings = Vec::new();
    for (number, axis) in opened.sweep.design.axes().iter().enumerate() {
        // Words have no ranks.
        if !tables::numeric(&opened.sweep, number) {
            continue;
        }
        let column = stored.find(&format!("{}{}", tables::PARAMETER, axis.name));
        let column = column
            .ok_or_else(|| io::Error::other(format!("the table has no column of axis {}", axis.name)))?;
        let x: Vec<f64> = stored
            .numbers(column, read(opened))?
            .into_iter()
            .step_by(opened.sweep.replications as usize)
            .collect();
        match spearman(&x, y) {
            Ok(estimate) => findings.push(finding(&axis.name, "spearman", estimate)),
            Err(why) => return Ok(Err(why.to_string())),
        }
    }
    Ok(Ok(findings))
}

impl Analysis {
    /// For programs.
    pub fn data(&self) -> Value {
        let metrics = self.metrics.iter().map(|about| {
            let findings = about.findings.as_ref().map(|all| all.iter().map(datum).collect::<Vec<_>>());
            json!({
                "metric": about.metric,
                "unit": about.unit,
                "findings": findings.as_ref().ok(),
                "refused": findings.as_ref().err(),
            })
        });
        json!({ "schema": 1, "confidence": 0.95, "metrics": metrics.collect::<Vec<_>>() })
    }
}

fn datum(finding: &Finding) -> Value {
    json!({
        "axis": finding.axis,
        "measure": finding.measure,
        "value": finding.value,
        "interval": finding.interval,
    })
}

/// The settings of each design row that is listed, as the table has them.
///
/// # Errors
/// When the table cannot be read.
pub fn settings(opened: &Opened) -> io::Result<Vec<Vec<String>>> {
    if opened.sweep.design.rows() > MOST_ROWS {
        return Ok(Vec::new());
    }
    let stored = Stored::open(&finish::results(&opened.path))?;
    let mut columns = Vec::new();
    for axis in opened.sweep.design.axes() {
        let column = stored.find(&format!("{}{}", tables::PARAMETER, axis.name));
        let column = column
            .ok_or_else(|| io::Error::other(format!("the table has no column of axis {}", axis.name)))?;
        let mut cells = Vec::new();
        for group in 0..stored.groups() {
            match stored.cells(group, column)? {
                Cells::Text(texts) => cells.extend(texts.into_iter().map(|text| text.into_owned())),
                Cells::Number(numbers) => cells.extend(numbers.iter().map(f64::to_string)),
                _ => return Err(io::Error::other(format!("axis {} is of a strange type", axis.name))),
            }
        }
        columns.push(cells);
    }
    let rows = (0..opened.sweep.design.rows() as usize).map(|row| row * opened.sweep.replications as usize);
    Ok(rows.map(|run| columns.iter().map(|cells| cells[run].clone()).collect()).collect())
}
