//! Figure: the return of each cohort with its spread.

use super::font;
use super::frame::{self, BODY_TOP};
use super::scale::linear_ticks;
use super::sheet::{Align, Sheet};
use super::style::{AXIS, Colour, FAKE, GRID, HEIGHT, HONEST, INK, LABEL, MARGIN, MUTED, NOTE, WIDTH};
use crate::measure::record::Record;
use crate::measure::statistics::half_width;
use crate::report::cohorts::{Cohort, gather};
use crate::report::number::{percent, short, signed_percent, typeset};

const MOST_ROWS: usize = 14;
const KEY: &str = "Bar: median. Box: quartiles. Line: 10th to 90th percentile. Diamond: each dollar counted once. Ring: median expectation at entry.";
const NAMES_END: f64 = 330.0;
const PLOT_END: f64 = 1000.0;
const COLUMNS: [(&str, f64); 4] =
    [("accounts", 1132.0), ("median", 1322.0), ("per dollar", 1440.0), ("expected", 1552.0)];

/// Draws the figure: median, quartile box and 10th to 90th percentile of accounts; a diamond where each
/// dollar counts once; a ring at what the median account expected when it decided.
#[must_use]
pub fn draw(records: &[Record]) -> Sheet {
    let mut rows: Vec<Cohort> = gather(records).into_iter().filter(|c| !c.returns.is_empty()).collect();
    let mut sheet = frame::titled("Returns: who came out ahead", &reading(&rows));
    if rows.is_empty() {
        frame::nothing(&mut sheet, "No account of this run has a return.");
        return sheet;
    }
    let hidden = keep_largest(&mut rows);
    let axis = Axis::of(&rows);
    let (top, bottom) = (BODY_TOP + 46.0, HEIGHT - 128.0);
    let pitch = ((bottom - top) / rows.len() as f64).min(92.0);
    let bottom = top + pitch * rows.len() as f64;
    axis.grid(&mut sheet, top - 8.0, bottom);
    for (name, right) in COLUMNS {
        sheet.text((right, top - 26.0), name, NOTE, Align::Right, MUTED);
    }
    for (index, row) in rows.iter().enumerate() {
        draw_row(&mut sheet, &axis, row, top + pitch * (index as f64 + 0.5), pitch);
    }
    let about = "return on what was spent, each account counted once";
    sheet.text((NAMES_END, bottom + 58.0), about, LABEL, Align::Left, INK);
    let aside = aside(&axis, hidden, records.len());
    sheet.text((WIDTH - MARGIN, bottom + 58.0), &aside, NOTE, Align::Right, MUTED);
    frame::footer(&mut sheet, KEY);
    sheet
}

/// Keeps the cohorts that spent most, in their order; gives how many went.
fn keep_largest(rows: &mut Vec<Cohort>) -> usize {
    let mut spent: Vec<f64> = rows.iter().map(|r| r.spent_usd).collect();
    spent.sort_by(|a, b| b.total_cmp(a));
    let before = rows.len();
    if let Some(least) = spent.get(MOST_ROWS - 1).copied() {
        rows.retain(|r| r.spent_usd >= least);
        rows.truncate(MOST_ROWS);
    }
    before - rows.len()
}

/// The horizontal axis: from total loss to a gain that still lets losses be read.
struct Axis {
    low: f64,
    high: f64,
    clipped: bool,
}

impl Axis {
    fn of(rows: &[Cohort]) -> Self {
        let ends = |p: f64| rows.iter().filter_map(move |r| r.quantile(p));
        let wanted = ends(0.9).chain(rows.iter().filter_map(|r| r.by_dollar));
        let wanted = wanted.chain(rows.iter().filter_map(|r| r.expected)).fold(0.25, f64::max);
        let low = ends(0.1).fold(-0.25, f64::min).max(-2.0);
        let high = wanted.min(3.0);
        let room = (high - low) * 0.04;
        Self { low: low - room, high: high + room, clipped: wanted > high }
    }

    fn x(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        NAMES_END + share * (PLOT_END - NAMES_END)
    }

    fn grid(&self, sheet: &mut Sheet, top: f64, bottom: f64) {
        let ticks = linear_ticks(self.low, self.high, 9);
        let step = if ticks.len() > 1 { ticks[1] - ticks[0] } else { 1.0 };
        let text = |value: f64| typeset(&signed_percent(value)).replace("0.0%", "0");
        let widest = ticks.iter().map(|v| font::width(&text(*v), LABEL, false)).fold(0.0, f64::max);
        let crowded = self.x(step) - self.x(0.0) < widest + 16.0;
        for value in ticks {
            let x = self.x(value).round();
            let zero = value.abs() < 1e-9;
            let (colour, width) = if zero { (INK, 2.5) } else { (GRID, 1.5) };
            sheet.line(vec![(x, top), (x, bottom)], width, colour);
            // Every second tick from zero keeps its label where all would touch.
            if !crowded || (value / step).round() as i64 % 2 == 0 {
                sheet.text((x, bottom + 24.0), &text(value), LABEL, Align::Middle, MUTED);
            }
        }
    }

    /// Draws an arrow head at the right edge for a value beyond it.
    fn beyond(&self, sheet: &mut Sheet, value: f64, y: f64, colour: Colour) {
        if value > self.high {
            let tip = PLOT_END + 16.0;
            sheet.fill(vec![(PLOT_END, y - 10.0), (tip, y), (PLOT_END, y + 10.0)], colour);
        }
    }
}

fn draw_row(sheet: &mut Sheet, axis: &Axis, row: &Cohort, y: f64, pitch: f64) {
    let colour = if row.honest { HONEST } else { FAKE };
    let name = font::shorten(&row.name, LABEL, NAMES_END - MARGIN - 20.0);
    sheet.text((NAMES_END - 18.0, y), &name, LABEL, Align::Right, if row.honest { INK } else { FAKE });
    let at = |p: f64| row.quantile(p).unwrap_or(f64::NAN);
    let half = (pitch * 0.24).min(18.0);
    let [p10, p25, p50, p75, p90] = [0.1, 0.25, 0.5, 0.75, 0.9].map(|p| axis.x(at(p)));
    if at(0.1) > axis.high {
        axis.beyond(sheet, at(0.1), y, colour);
    } else {
        sheet.rectangle((p10, y - 1.5), (p90.max(p10 + 1.0), y + 1.5), colour);
        sheet.rectangle((p25, y - half), (p75.max(p25 + 3.0), y + half), colour.faded(0.38));
        axis.beyond(sheet, at(0.9), y, colour);
    }
    if at(0.5) <= axis.high {
        sheet.rectangle((p50 - 2.5, y - half - 3.0), (p50 + 2.5, y + half + 3.0), colour);
    }
    if let Some(hope) = row.expected.filter(|v| *v <= axis.high) {
        sheet.ring((axis.x(hope), y), 8.0, 2.5, MUTED);
    }
    if let Some(value) = row.by_dollar.filter(|v| *v <= axis.high) {
        sheet.diamond((axis.x(value), y), 11.0, super::style::PAPER);
        sheet.diamond((axis.x(value), y), 9.0, INK);
    }
    let optional = |value: Option<f64>| value.map_or("n/a".into(), |v| typeset(&signed_percent(v)));
    let texts = [short(row.accounts as f64), median(row), optional(row.by_dollar), optional(row.expected)];
    for ((_, right), text) in COLUMNS.iter().zip(texts) {
        sheet.text((*right, y), &text, LABEL, Align::Right, INK);
    }
    sheet.line(vec![(MARGIN, y + pitch / 2.0), (WIDTH - MARGIN, y + pitch / 2.0)], 1.0, AXIS.faded(0.3));
}

fn median(row: &Cohort) -> String {
    let value = typeset(&signed_percent(row.quantile(0.5).unwrap_or(f64::NAN)));
    match half_width(&row.medians, 0.95) {
        Some(half) => format!("{value} \u{b1}{}", percent(half).trim_end_matches('%')),
        None => value,
    }
}

/// What the arrow and the interval mean, below the table and beside the name of the axis.
fn aside(axis: &Axis, hidden: usize, replications: usize) -> String {
    let mut parts = Vec::new();
    if axis.clipped {
        parts.push("arrow: beyond the axis".to_string());
    }
    if replications > 1 {
        parts.push(format!("\u{b1}: 95% interval over {replications} runs"));
    }
    if hidden > 0 {
        parts.push(format!("{hidden} smaller cohorts left out"));
    }
    parts.join("; ")
}

fn reading(rows: &[Cohort]) -> String {
    let losing = rows.iter().filter(|r| r.honest && r.quantile(0.5).is_some_and(|v| v < 0.0)).count();
    let honest = rows.iter().filter(|r| r.honest).count();
    let best = rows.iter().filter_map(|r| r.quantile(0.5).map(|v| (r, v)));
    let Some((best, value)) = best.reduce(|a, b| if b.1 > a.1 { b } else { a }) else {
        return "The return of each cohort, with its spread over accounts.".into();
    };
    let lost = match (losing, honest) {
        (_, 0) => "No honest cohort took part".to_string(),
        (0, n) => format!("The median account gained in all {n} honest cohorts"),
        (k, n) => format!("In {k} of {n} honest cohorts the median account lost money"),
    };
    format!(
        "{lost}; the best median return was that of {} ({}).",
        font::shorten(&best.name, 23.0, 420.0),
        typeset(&signed_percent(value))
    )
}
