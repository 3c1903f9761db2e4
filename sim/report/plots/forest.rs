//! Figure: what variants change, metric by metric, with intervals: a forest plot.

use super::font;
use super::frame::{self, BODY_TOP};
use super::scale::linear_ticks;
use super::sheet::{Align, Sheet};
use super::style::{AXIS, Colour, GRID, HEIGHT, INK, LABEL, MARGIN, MUTED, NOTE, SERIES, WIDTH};
use crate::report::number::{signed_percent, typeset};
use std::io;
use std::path::{Path, PathBuf};

/// Most rows that can be read; what is beyond is counted.
const MOST_ROWS: usize = 24;
const NAMES_END: f64 = 560.0;
const PLOT_END: f64 = 1310.0;
/// Beyond this an axis hides everything else; arrows show what lies there.
const WIDEST: f64 = 3.0;

/// A row: one metric of one variant, relative to the baseline.
#[derive(Clone, Debug)]
pub struct Row {
    /// Metric.
    pub metric: String,
    /// Index of the variant, from 0.
    pub variant: usize,
    /// Difference / size of the baseline.
    pub value: f64,
    /// Interval, where there is one.
    pub interval: Option<[f64; 2]>,
}

/// Writes `forest.png` and `forest.svg` into a folder that exists; gives the paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, sheet: &Sheet) -> io::Result<[PathBuf; 2]> {
    super::save(folder, "forest", sheet)
}

/// Draws the figure: `variants` are names, `rows` ordered as they shall stand, `note` says what the intervals are.
#[must_use]
pub fn draw(baseline: &str, variants: &[String], rows: &[Row], note: &str) -> Sheet {
    let apart = rows.iter().filter(|row| excludes_zero(row)).count();
    let reading =
        format!("{apart} of {} differences are told apart from zero; the others may be chance.", rows.len());
    let mut sheet = frame::titled(&format!("What changes against {baseline}"), &reading);
    if rows.is_empty() {
        frame::nothing(&mut sheet, "No metric has a difference that is a share of the baseline.");
        return sheet;
    }
    let shown = &rows[..rows.len().min(MOST_ROWS)];
    let (top, bottom) = (BODY_TOP + 62.0, HEIGHT - 118.0);
    let pitch = ((bottom - top) / shown.len() as f64).min(64.0);
    let bottom = top + pitch * shown.len() as f64;
    let axis = Axis::of(shown);
    axis.grid(&mut sheet, top - 6.0, bottom);
    key(&mut sheet, variants, top - 34.0);
    let mut last = "";
    for (index, row) in shown.iter().enumerate() {
        let y = top + pitch * (index as f64 + 0.5);
        if row.metric != last {
            if index > 0 {
                let line = y - pitch / 2.0;
                sheet.line(vec![(MARGIN, line), (WIDTH - MARGIN, line)], 1.0, AXIS.faded(0.3));
            }
            let name = font::shorten(&row.metric, LABEL, NAMES_END - MARGIN - 20.0);
            sheet.text((NAMES_END - 18.0, y), &name, LABEL, Align::Right, INK);
            last = &row.metric;
        }
        mark(&mut sheet, &axis, row, y, pitch);
    }
    let about = "difference as a share of the baseline";
    sheet.text((NAMES_END, bottom + 58.0), about, LABEL, Align::Left, INK);
    let mut parts = Vec::new();
    if axis.clipped {
        parts.push("arrow: beyond the axis".to_owned());
    }
    if shown.len() < rows.len() {
        parts.push(format!("{} more rows in the table", rows.len() - shown.len()));
    }
    sheet.text((WIDTH - MARGIN, bottom + 58.0), &parts.join("; "), NOTE, Align::Right, MUTED);
    frame::footer(&mut sheet, note);
    sheet
}

fn excludes_zero(row: &Row) -> bool {
    row.interval.is_some_and(|[low, high]| low > 0.0 || high < 0.0)
}

fn colour(variant: usize) -> Colour {
    SERIES[variant % SERIES.len()]
}

/// Names of the variants in their colours, in one line as far as they fit.
fn key(sheet: &mut Sheet, variants: &[String], y: f64) {
    let mut x = MARGIN;
    for (index, name) in variants.iter().enumerate() {
        let text = font::shorten(name, LABEL, 420.0);
        let end = x + 22.0 + font::width(&text, LABEL, false);
        if end > WIDTH - MARGIN {
            break;
        }
        sheet.disc((x + 7.0, y), 7.0, colour(index));
        sheet.text((x + 22.0, y), &text, LABEL, Align::Left, INK);
        x = end + 34.0;
    }
}

/// Interval as a line, mean as a disc that is filled where zero is excluded.
fn mark(sheet: &mut Sheet, axis: &Axis, row: &Row, y: f64, pitch: f64) {
    let colour = colour(row.variant);
    let radius = (pitch * 0.28).min(8.0);
    if let Some([low, high]) = row.interval {
        let (from, to) = (axis.x(low), axis.x(high));
        sheet.rectangle((from, y - 1.5), (to.max(from + 1.0), y + 1.5), colour);
    }
    if row.value.abs() > axis.size {
        let (edge, tip) =
            if row.value > 0.0 { (PLOT_END, PLOT_END + 14.0) } else { (NAMES_END, NAMES_END - 14.0) };
        sheet.fill(vec![(edge, y - 9.0), (tip, y), (edge, y + 9.0)], colour);
    } else if excludes_zero(row) {
        sheet.disc((axis.x(row.value), y), radius, colour);
    } else {
        sheet.ring((axis.x(row.value), y), radius, 2.5, colour);
    }
    let mut text = typeset(&signed_percent(row.value));
    if let Some([low, high]) = row.interval {
        text = format!("{text}  [{}, {}]", typeset(&signed_percent(low)), typeset(&signed_percent(high)));
    }
    sheet.text((WIDTH - MARGIN, y), &text, NOTE, Align::Right, INK);
}

/// The horizontal axis, as far to the left of zero as to the right.
struct Axis {
    size: f64,
    clipped: bool,
}

impl Axis {
    fn of(rows: &[Row]) -> Self {
        let ends = rows.iter().flat_map(|row| row.interval.unwrap_or([row.value; 2]));
        let widest = ends.filter(|end| end.is_finite()).fold(0.0, |most: f64, end| most.max(end.abs()));
        let size = if widest > 0.0 { widest.min(WIDEST) * 1.05 } else { 1.0 };
        Self { size, clipped: widest > WIDEST }
    }

    fn x(&self, value: f64) -> f64 {
        let share = ((value / self.size + 1.0) / 2.0).clamp(0.0, 1.0);
        NAMES_END + share * (PLOT_END - NAMES_END)
    }

    fn grid(&self, sheet: &mut Sheet, top: f64, bottom: f64) {
        for value in linear_ticks(-self.size, self.size, 7) {
            let x = self.x(value).round();
            let (colour, width) = if value.abs() < 1e-12 { (INK, 2.5) } else { (GRID, 1.5) };
            sheet.line(vec![(x, top), (x, bottom)], width, colour);
            let text = typeset(&signed_percent(value)).replace("0.0%", "0");
            sheet.text((x, bottom + 24.0), &text, LABEL, Align::Middle, MUTED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(metric: &str, value: f64, interval: [f64; 2]) -> Row {
        Row { metric: metric.into(), variant: 0, value, interval: Some(interval) }
    }

    #[test]
    fn it_says_how_many_are_told_apart_and_draws_each() {
        let rows = [row("rewards.gini", 0.2, [0.1, 0.3]), row("supply.real_peak", -0.1, [-0.3, 0.1])];
        let sheet = draw("base", &["mine".into()], &rows, "95 % together");
        assert!(sheet.subtitle.starts_with("1 of 2"), "{}", sheet.subtitle);
        for text in ["rewards.gini", "supply.real_peak", "mine"] {
            assert!(sheet.texts.iter().any(|t| t.text == text), "{text}");
        }
    }

    #[test]
    fn too_many_rows_and_huge_ones_are_told() {
        let rows: Vec<Row> = (0..40).map(|i| row(&format!("m{i}"), 90.0, [80.0, 100.0])).collect();
        let sheet = draw("base", &["mine".into()], &rows, "");
        let told = "arrow: beyond the axis; 16 more rows in the table";
        assert!(sheet.texts.iter().any(|t| t.text == told));
        assert!(draw("base", &[], &[], "").texts.iter().any(|t| t.text.starts_with("No metric")));
    }
}
