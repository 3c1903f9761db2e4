//! The figures of a sweep, one per metric: what the axes do to it, or its mean along an axis.

use super::analysis::{About, Analysis, Finding};
use super::folder::Opened;
use crate::experiment::design::Method;
use crate::report::plots::dots::{self, Dot, Row, Words};
use crate::report::plots::response::{self, Line, MOST_LINES, Point};
use crate::report::plots::save;
use crate::report::plots::sheet::Sheet;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;

/// Draws and writes them into `plots/`; gives the paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write(opened: &Opened, analysis: &Analysis, settings: &[Vec<String>]) -> io::Result<Vec<PathBuf>> {
    let folder = opened.path.join("plots");
    let mut written = Vec::new();
    for about in &analysis.metrics {
        let Some(sheet) = sheet(opened, about, settings) else { continue };
        fs::create_dir_all(&folder)?;
        written.extend(save(&folder, &about.metric, &sheet)?);
    }
    Ok(written)
}

fn sheet(opened: &Opened, about: &About, settings: &[Vec<String>]) -> Option<Sheet> {
    match opened.sweep.design.method() {
        Method::Saltelli { .. } => {
            let reading =
                "S1: what each axis explains alone. ST: what it has a part in, together with others too.";
            let note = "Sobol indices; lines: bootstrap intervals of 95 %.";
            of_axes(about, &["S1", "ST"], reading, "share of the variance between design rows", note)
        }
        Method::Morris { .. } => {
            let reading = "mu*: how far it moves over an axis's whole range. sigma: how much that depends on the others.";
            let note = "Elementary effects (Morris); lines: bootstrap intervals of 95 %.";
            of_axes(about, &["mu_star", "sigma"], reading, &quantity(about), note)
        }
        Method::Grid => {
            Some(along_an_axis(opened, about, settings).unwrap_or_else(|| by_row(opened, about, settings)))
        }
        Method::List | Method::OneAtATime => Some(by_row(opened, about, settings)),
        _ => {
            let reading = "Right of zero it rises with the axis, left of zero it falls.";
            let note = "Spearman's rank correlation; lines: intervals of 95 %.";
            of_axes(about, &["spearman"], reading, "rank correlation with the axis", note)
        }
    }
}

fn quantity(about: &About) -> String {
    if about.unit.is_empty() { about.metric.clone() } else { format!("{} ({})", about.metric, about.unit) }
}

/// What the axes do, those that matter most first.
fn of_axes(about: &About, measures: &[&str], reading: &str, axis: &str, note: &str) -> Option<Sheet> {
    let findings = about.findings.as_ref().ok()?;
    let mut axes: Vec<&str> = Vec::new();
    for finding in findings.iter().filter(|finding| measures.contains(&finding.measure)) {
        if !axes.contains(&finding.axis.as_str()) {
            axes.push(&finding.axis);
        }
    }
    let of = |axis: &str, measure: &str| {
        findings.iter().find(|f: &&Finding| f.axis == axis && f.measure == measure)
    };
    let leading = if measures.contains(&"ST") { "ST" } else { measures[0] };
    let weight = |axis: &str| of(axis, leading).map_or(0.0, |finding| finding.value.abs());
    axes.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let dot = |axis: &str, measure: &str| {
        of(axis, measure).map(|finding| Dot { value: finding.value, interval: finding.interval })
    };
    let rows: Vec<Row> = axes
        .iter()
        .map(|axis| Row {
            label: (*axis).to_owned(),
            dots: measures.iter().map(|measure| dot(axis, measure)).collect(),
        })
        .collect();
    let title = format!("What moves {}", about.metric);
    Some(dots::draw(&Words { title: &title, reading, measures, axis, note }, &rows))
}

fn note(opened: &Opened) -> String {
    match opened.sweep.replications {
        1 => "One run of each design row; how far chance moves it is not known.".to_owned(),
        runs => format!(
            "Means of {runs} runs; lines: their intervals of 95 % (Student). Design rows share the seed, so differences \
             between them are surer than the intervals look."
        ),
    }
}

/// Means by design row.
fn by_row(opened: &Opened, about: &About, settings: &[Vec<String>]) -> Sheet {
    let axes = opened.sweep.design.axes();
    let label = |settings: &Vec<String>| {
        let parts: Vec<String> = axes
            .iter()
            .zip(settings)
            .map(|(axis, value)| format!("{}={}", axis.name, shown(value)))
            .collect();
        parts.join(", ")
    };
    let dot = |(mean, half): (Option<f64>, Option<f64>)| {
        mean.map(|value| Dot { value, interval: half.map(|half| [value - half, value + half]) })
    };
    let rows: Vec<Row> = settings
        .iter()
        .zip(&about.rows)
        .map(|(settings, row)| Row { label: label(settings), dots: vec![dot((row.mean, row.half))] })
        .collect();
    let words = Words {
        title: &format!("{} by design row", about.metric),
        reading: &opened.manifest.question,
        measures: &["mean"],
        axis: &quantity(about),
        note: &note(opened),
    };
    dots::draw(&words, &rows)
}

/// Means along the axis of numbers that has most levels; `None` where there is none, or too many lines.
fn along_an_axis(opened: &Opened, about: &About, settings: &[Vec<String>]) -> Option<Sheet> {
    let axes = opened.sweep.design.axes();
    let levels = |axis: usize| {
        let mut all: Vec<&str> = settings.iter().map(|row| row[axis].as_str()).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    let numeric = (0..axes.len()).filter(|&axis| axes[axis].numeric() && levels(axis) > 1);
    let along = numeric.max_by_key(|&axis| levels(axis))?;
    let mut lines: BTreeMap<usize, Line> = BTreeMap::new();
    let mut labels: Vec<String> = Vec::new();
    for (row, mean) in settings.iter().zip(&about.rows) {
        let others = row.iter().enumerate().filter(|(axis, _)| *axis != along);
        let others: Vec<String> =
            others.map(|(axis, value)| named(&axes[axis].name, value, axes.len())).collect();
        let label = others.join(", ");
        let number = labels.iter().position(|known| *known == label).unwrap_or_else(|| {
            labels.push(label.clone());
            labels.len() - 1
        });
        let line = lines.entry(number).or_insert(Line { label, points: Vec::new() });
        line.points.extend(mean.mean.zip(row[along].parse().ok()).map(|(y, x)| Point {
            x,
            y,
            half: mean.half,
        }));
    }
    if lines.len() > MOST_LINES {
        return None;
    }
    let mut lines: Vec<Line> = lines.into_values().collect();
    for line in &mut lines {
        line.points.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    let title = format!("{} along {}", about.metric, axes[along].name);
    let words = (quantity(about), axes[along].path.clone());
    Some(response::draw(&title, &opened.manifest.question, (&words.0, &words.1), &lines, &note(opened)))
}

/// A setting with its axis; alone where there is one other axis only.
fn named(axis: &str, value: &str, axes: usize) -> String {
    if axes == 2 { shown(value).to_owned() } else { format!("{axis}={}", shown(value)) }
}

/// A table that names a policy and nothing else, as the policy's name.
fn shown(value: &str) -> &str {
    let inner = value.strip_prefix("{ ").and_then(|rest| rest.strip_suffix(" = {} }"));
    inner.filter(|name| !name.contains(['=', '{', ' '])).unwrap_or(value)
}
