//! The analysis of a sweep as files and as a page of text.

use super::analysis::{self, About, Analysis, Finding};
use super::figures;
use super::folder::Opened;
use crate::cli::output;
use crate::experiment::design::Method;
use crate::report::number::short;
use crate::report::replace;
use std::io;
use std::path::PathBuf;

/// Design rows that are shown.
const MOST_ROWS: usize = 40;
/// Metrics that fit side by side.
const MOST_COLUMNS: usize = 4;
/// Axes that are shown of a metric: those that matter most.
const MOST_AXES: usize = 12;

/// Writes `analysis.json`, `sensitivity.csv` where the design says something of axes, and `points.csv` where its rows
/// are not too many; with `plots`, a figure per metric.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write(
    opened: &Opened,
    analysis: &Analysis,
    plots: bool,
    written: &mut Vec<PathBuf>,
) -> io::Result<()> {
    let mut table = |name: &str, rows: &mut dyn Iterator<Item = Vec<String>>| -> io::Result<()> {
        let place = opened.path.join(name);
        replace::with(&place, |temporary| {
            let mut out = csv::Writer::from_path(temporary).map_err(io::Error::other)?;
            for row in &mut *rows {
                out.write_record(row).map_err(io::Error::other)?;
            }
            out.flush()
        })?;
        written.push(place);
        Ok(())
    };
    let said = analysis.metrics.iter().any(|about| about.findings.as_ref().is_ok_and(|all| !all.is_empty()));
    if said {
        table("sensitivity.csv", &mut sensitivity(analysis))?;
    }
    let settings = analysis::settings(opened)?;
    if !settings.is_empty() {
        table("points.csv", &mut points(opened, analysis, &settings))?;
    }
    let place = opened.path.join("analysis.json");
    replace::with(&place, |temporary| std::fs::write(temporary, output::json(&analysis.data())))?;
    written.push(place);
    if plots {
        written.extend(figures::write(opened, analysis, &settings)?);
    }
    Ok(())
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn sensitivity(analysis: &Analysis) -> impl Iterator<Item = Vec<String>> {
    let header = words(&["metric", "unit", "axis", "measure", "value", "low95", "high95"]);
    let rows = analysis.metrics.iter().flat_map(|about| {
        let findings = about.findings.as_ref().map_or(&[][..], Vec::as_slice);
        findings.iter().map(|finding| {
            let mut row = words(&[&about.metric, about.unit, &finding.axis, finding.measure]);
            row.push(finding.value.to_string());
            row.push(cell(finding.interval.map(|[low, _]| low)));
            row.push(cell(finding.interval.map(|[_, high]| high)));
            row
        })
    });
    std::iter::once(header).chain(rows)
}

fn points<'a>(
    opened: &'a Opened,
    analysis: &'a Analysis,
    settings: &'a [Vec<String>],
) -> impl Iterator<Item = Vec<String>> + 'a {
    let mut header = words(&["design_row"]);
    header.extend(opened.sweep.design.axes().iter().map(|axis| format!("param_{}", axis.name)));
    header.extend(words(&["metric", "unit", "runs", "mean", "low95", "high95"]));
    let rows = settings.iter().enumerate().flat_map(|(row, settings)| {
        analysis.metrics.iter().map(move |about| {
            let mean = &about.rows[row];
            let mut cells = vec![row.to_string()];
            cells.extend(settings.iter().cloned());
            cells.extend(words(&[&about.metric, about.unit, &mean.count.to_string()]));
            let bound = |sign: f64| cell(mean.mean.zip(mean.half).map(|(mean, half)| mean + sign * half));
            cells.extend([cell(mean.mean), bound(-1.0), bound(1.0)]);
            cells
        })
    });
    std::iter::once(header).chain(rows)
}

/// The page of text.
pub fn text(opened: &Opened, analysis: &Analysis) -> String {
    let sweep = &opened.sweep;
    let mut text = format!(
        "{}: {} runs, {} design rows ({}), {} of each\n",
        opened.manifest.name,
        sweep.runs(),
        sweep.design.rows(),
        sweep.design.method().name(),
        sweep.replications
    );
    let samples = matches!(
        sweep.design.method(),
        Method::Random { .. } | Method::LatinHypercube { .. } | Method::Sobol { .. } | Method::Points(_)
    );
    if samples && sweep.design.rows() > analysis::MOST_ROWS {
        text.push_str(&format!("correlations are of the first {} design rows\n", analysis::MOST_ROWS));
    }
    for about in &analysis.metrics {
        match &about.findings {
            Ok(findings) if findings.is_empty() => {}
            Ok(findings) => text.push_str(&of_axes(about, findings)),
            Err(why) => text.push_str(&format!("\n{}: nothing is said of it: {why}\n", about.metric)),
        }
    }
    if sweep.design.method().takes_levels() {
        text.push_str(&of_rows(opened, analysis));
    }
    text
}

/// A metric's axes, each with its measures side by side, those that matter most first.
fn of_axes(about: &About, findings: &[Finding]) -> String {
    let mut measures: Vec<&str> = Vec::new();
    let mut axes: Vec<&str> = Vec::new();
    for finding in findings {
        if !measures.contains(&finding.measure) {
            measures.push(finding.measure);
        }
        if !axes.contains(&finding.axis.as_str()) {
            axes.push(&finding.axis);
        }
    }
    let of = |axis: &str, measure: &str| findings.iter().find(|f| f.axis == axis && f.measure == measure);
    let weight = |axis: &str| {
        let leading = ["ST", "mu_star", "spearman", "S2"].iter().find_map(|measure| of(axis, measure));
        leading.map_or(0.0, |finding| finding.value.abs())
    };
    axes.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    let shares = measures.iter().all(|measure| matches!(*measure, "S1" | "ST" | "S2" | "spearman"));
    let number = |value: f64| if shares { format!("{value:.3}") } else { short(value) };
    let mut rows = vec![std::iter::once("axis").chain(measures.iter().copied()).map(str::to_owned).collect()];
    for axis in axes.iter().take(MOST_AXES) {
        let mut row: Vec<String> = vec![(*axis).to_owned()];
        for measure in &measures {
            row.push(of(axis, measure).map_or_else(String::new, |finding| match finding.interval {
                Some([low, high]) => format!("{} [{}, {}]", number(finding.value), number(low), number(high)),
                None => number(finding.value),
            }));
        }
        rows.push(row);
    }
    let unit = if about.unit.is_empty() { String::new() } else { format!(" ({})", about.unit) };
    let more = match axes.len().saturating_sub(MOST_AXES) {
        0 => String::new(),
        more => format!("  and {more} more in sensitivity.csv\n"),
    };
    format!("\n{}{unit}\n{}{more}", about.metric, output::aligned(&rows, |column| column == 0))
}

/// Design rows with the means of some metrics.
fn of_rows(opened: &Opened, analysis: &Analysis) -> String {
    let Ok(settings) = analysis::settings(opened) else { return String::new() };
    let axes = opened.sweep.design.axes();
    let metrics = &analysis.metrics[..analysis.metrics.len().min(MOST_COLUMNS)];
    let mut rows: Vec<Vec<String>> = vec![
        axes.iter()
            .map(|axis| axis.name.clone())
            .chain(metrics.iter().map(|about| about.metric.clone()))
            .collect(),
    ];
    for (row, settings) in settings.iter().enumerate().take(MOST_ROWS) {
        let mean = |about: &About| match (about.rows[row].mean, about.rows[row].half) {
            (Some(mean), Some(half)) => format!("{} +-{}", short(mean), short(half)),
            (Some(mean), None) => short(mean),
            (None, _) => "-".to_owned(),
        };
        rows.push(settings.iter().cloned().chain(metrics.iter().map(mean)).collect());
    }
    let mut text = format!("\n{}", output::aligned(&rows, |column| column < axes.len()));
    let (hidden_rows, hidden) =
        (settings.len().saturating_sub(MOST_ROWS), analysis.metrics.len().saturating_sub(MOST_COLUMNS));
    if hidden_rows > 0 || hidden > 0 {
        text.push_str(&format!("  points.csv has {hidden_rows} more rows and {hidden} more metrics\n"));
    }
    text
}
