//! Dated happenings: thin numbered lines through the panels and a numbered list below them.

use super::font;
use super::frame::Panel;
use super::sheet::{Align, Sheet};
use super::style::{AXIS, Colour, FAKE, INK, MARGIN, MUTED, NOTE, WIDTH};
use crate::measure::record::{Mark, Record};
use crate::report::calendar::Date;

const COLUMNS: usize = 3;
const MOST_ROWS: usize = 6;
const ROW: f64 = 27.0;

/// The marks of a set of replications: those of the first one, within the time shown, in order. Outside
/// and team dates are the same in all; triggers may fall on other days in others.
#[must_use]
pub fn of(records: &[Record], (from, to): (i64, i64)) -> Vec<Mark> {
    let all = records.first().map(|r| r.marks.as_slice()).unwrap_or_default();
    let mut kept: Vec<Mark> = all.iter().filter(|m| (from..=to).contains(&m.unix_s)).cloned().collect();
    kept.sort_by_key(|m| m.unix_s);
    kept
}

/// Height that the list below the panels needs.
#[must_use]
pub fn list_height(marks: &[Mark]) -> f64 {
    if marks.is_empty() { 0.0 } else { rows(marks.len()) as f64 * ROW + 12.0 }
}

/// Height that the numbers above a panel need.
#[must_use]
pub fn number_height(marks: &[Mark]) -> f64 {
    if marks.is_empty() { 0.0 } else { LANE * MOST_LANES as f64 }
}

fn rows(count: usize) -> usize {
    count.div_ceil(COLUMNS).min(MOST_ROWS)
}

fn colour(mark: &Mark) -> Colour {
    match mark.kind {
        "trigger" => FAKE,
        "team" => INK,
        _ => MUTED,
    }
}

const LANE: f64 = 22.0;
const MOST_LANES: usize = 2;

/// Draws the lines through a panel and, with `numbers`, their numbers above it.
pub fn lines(sheet: &mut Sheet, panel: &Panel, marks: &[Mark], numbers: bool) {
    for mark in marks {
        let x = panel.x(mark.unix_s).round();
        sheet.line(vec![(x, panel.top), (x, panel.bottom)], 1.5, colour(mark).faded(0.35));
    }
    if !numbers {
        return;
    }
    for (label, x, lane) in placed(marks, panel) {
        let y = panel.top - 11.0 - LANE * lane as f64;
        if lane > 0 {
            sheet.line(vec![(x, y + 11.0), (x, panel.top)], 1.5, AXIS.faded(0.35));
        }
        sheet.plate((x, y), &label, NOTE, Align::Middle);
        sheet.text((x, y), &label, NOTE, Align::Middle, INK);
    }
}

/// Numbers with their column and lane; neighbours are joined (`3-5`) until all find room.
fn placed(marks: &[Mark], panel: &Panel) -> Vec<(String, f64, usize)> {
    let mut join = 6.0;
    loop {
        let mut groups: Vec<(usize, usize)> = Vec::new();
        for index in 0..marks.len() {
            match groups.last_mut() {
                Some((first, last))
                    if panel.x(marks[index].unix_s) - panel.x(marks[*first].unix_s) < join =>
                {
                    *last = index;
                }
                _ => groups.push((index, index)),
            }
        }
        if let Some(result) = lanes(&groups, marks, panel) {
            return result;
        }
        join *= 1.6;
    }
}

fn lanes(groups: &[(usize, usize)], marks: &[Mark], panel: &Panel) -> Option<Vec<(String, f64, usize)>> {
    let mut free = [f64::NEG_INFINITY; MOST_LANES];
    let mut result = Vec::new();
    for (first, last) in groups {
        let label = match last - first {
            0 => format!("{}", first + 1),
            1 => format!("{},{}", first + 1, last + 1),
            _ => format!("{}\u{2013}{}", first + 1, last + 1),
        };
        let x = (panel.x(marks[*first].unix_s) + panel.x(marks[*last].unix_s)) / 2.0;
        let half = font::width(&label, NOTE, false) / 2.0;
        let lane = free.iter().position(|end| x - half > *end)?;
        free[lane] = x + half + 8.0;
        result.push((label, x, lane));
    }
    Some(result)
}

/// Draws the numbered list with its top at a pixel row; what does not fit is counted.
pub fn list(sheet: &mut Sheet, top: f64, marks: &[Mark]) {
    let rows = rows(marks.len());
    let wide = (WIDTH - 2.0 * MARGIN) / COLUMNS as f64;
    let room = rows * COLUMNS;
    for (index, mark) in marks.iter().enumerate().take(room) {
        let x = MARGIN + wide * (index / rows) as f64;
        let y = top + ROW * (index % rows) as f64 + ROW / 2.0;
        if index + 1 == room && marks.len() > room {
            let text = format!("and {} more", marks.len() - index);
            sheet.text((x + 36.0, y), &text, NOTE, Align::Left, MUTED);
            return;
        }
        let number = format!("{}", index + 1);
        sheet.bold((x + 26.0, y), &number, NOTE, Align::Right, colour(mark));
        let text = format!("{}: {}", Date::at(mark.unix_s).short(), mark.note);
        let shown = font::fit(&text, NOTE, false, wide - 52.0);
        sheet.text((x + 36.0, y), &shown, NOTE, Align::Left, colour(mark));
    }
}
