//! Figure: rows of one quantity with their intervals: indices or effects by axis, or means by design row.

use super::font;
use super::frame::{self, BODY_TOP};
use super::scale::linear_ticks;
use super::sheet::{Align, Sheet};
use super::style::{AXIS, Colour, GRID, HEIGHT, INK, LABEL, MARGIN, MUTED, NOTE, SERIES, WIDTH};
use crate::report::number::{short, typeset};

/// Most rows that can be read; what is beyond is counted.
const MOST_ROWS: usize = 24;
const NAMES_END: f64 = 520.0;
const PLOT_END: f64 = WIDTH - MARGIN - 60.0;

/// A value and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dot {
    /// Value.
    pub value: f64,
    /// Interval, where there is one.
    pub interval: Option<[f64; 2]>,
}

/// A row: its label, and a dot for each measure that it has.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is about.
    pub label: String,
    /// By measure.
    pub dots: Vec<Option<Dot>>,
}

/// What a figure says apart from its rows.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    /// Title.
    pub title: &'a str,
    /// What it shows, in a sentence.
    pub reading: &'a str,
    /// Names of the measures, in the order of a row's dots.
    pub measures: &'a [&'a str],
    /// What the horizontal axis is.
    pub axis: &'a str,
    /// What the intervals are.
    pub note: &'a str,
}

/// Draws the figure.
#[must_use]
pub fn draw(words: &Words<'_>, rows: &[Row]) -> Sheet {
    let mut sheet = frame::titled(words.title, words.reading);
    if rows.iter().all(|row| row.dots.iter().all(Option::is_none)) {
        frame::nothing(&mut sheet, "No row has a value.");
        return sheet;
    }
    let shown = &rows[..rows.len().min(MOST_ROWS)];
    let (top, bottom) = (BODY_TOP + 62.0, HEIGHT - 118.0);
    let pitch = ((bottom - top) / shown.len() as f64).min(96.0);
    let bottom = top + pitch * shown.len() as f64;
    let axis = Axis::of(shown);
    axis.grid(&mut sheet, top - 6.0, bottom);
    key(&mut sheet, words.measures, top - 34.0);
    for (index, row) in shown.iter().enumerate() {
        let y = top + pitch * (index as f64 + 0.5);
        if index > 0 {
            let line = y - pitch / 2.0;
            sheet.line(vec![(MARGIN, line), (WIDTH - MARGIN, line)], 1.0, AXIS.faded(0.3));
        }
        let name = font::shorten(&row.label, LABEL, NAMES_END - MARGIN - 20.0);
        sheet.text((NAMES_END - 18.0, y), &name, LABEL, Align::Right, INK);
        let step = (pitch * 0.5 / row.dots.len().max(1) as f64).min(16.0);
        for (measure, dot) in row.dots.iter().enumerate() {
            let Some(dot) = dot else { continue };
            let offset = (measure as f64 - (row.dots.len() - 1) as f64 / 2.0) * step;
            mark(&mut sheet, &axis, *dot, measure, y + offset, step.clamp(5.0, 8.0));
        }
    }
    sheet.text((NAMES_END, bottom + 58.0), words.axis, LABEL, Align::Left, INK);
    if shown.len() < rows.len() {
        let more = format!("{} more rows in the table", rows.len() - shown.len());
        sheet.text((WIDTH - MARGIN, bottom + 58.0), &more, NOTE, Align::Right, MUTED);
    }
    frame::footer(&mut sheet, words.note);
    sheet
}

fn colour(measure: usize) -> Colour {
    SERIES[measure % SERIES.len()]
}

/// Names of the measures in their colours; one measure needs no key.
fn key(sheet: &mut Sheet, measures: &[&str], y: f64) {
    if measures.len() < 2 {
        return;
    }
    let mut x = NAMES_END;
    for (index, name) in measures.iter().enumerate() {
        sheet.disc((x + 7.0, y), 7.0, colour(index));
        sheet.text((x + 22.0, y), name, LABEL, Align::Left, INK);
        x += 22.0 + font::width(name, LABEL, false) + 34.0;
    }
}

/// Interval as a line, value as a disc.
fn mark(sheet: &mut Sheet, axis: &Axis, dot: Dot, measure: usize, y: f64, radius: f64) {
    let colour = colour(measure);
    if let Some([low, high]) = dot.interval {
        let (from, to) = (axis.x(low), axis.x(high));
        sheet.rectangle((from, y - 1.5), (to.max(from + 1.0), y + 1.5), colour);
    }
    sheet.disc((axis.x(dot.value), y), radius, colour);
}

/// The horizontal axis: zero is on it wherever it is near.
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    fn of(rows: &[Row]) -> Axis {
        let dots = rows.iter().flat_map(|row| row.dots.iter().flatten());
        let ends = dots.flat_map(|dot| dot.interval.unwrap_or([dot.value; 2]).into_iter().chain([dot.value]));
        let finite: Vec<f64> = ends.filter(|end| end.is_finite()).collect();
        let low = finite.iter().copied().fold(f64::INFINITY, f64::min);
        let high = finite.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        // A dot has no length that would lie about its size, but zero gives the eye a hold.
        let low = if low > 0.0 && low < high * 0.6 { 0.0 } else { low };
        let high = if high < 0.0 && high > low * 0.6 { 0.0 } else { high };
        let room = if high > low { (high - low) * 0.04 } else { high.abs().max(1.0) * 0.5 };
        let pad = |end: f64, room: f64| if end == 0.0 { 0.0 } else { end + room };
        Axis { low: pad(low, -room), high: pad(high, room) }
    }

    fn x(&self, value: f64) -> f64 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        NAMES_END + share * (PLOT_END - NAMES_END)
    }

    fn grid(&self, sheet: &mut Sheet, top: f64, bottom: f64) {
        for value in linear_ticks(self.low, self.high, 7) {
            let x = self.x(value).round();
            let zero = value.abs() < (self.high - self.low) * 1e-9;
            let (colour, width) = if zero { (INK, 2.5) } else { (GRID, 1.5) };
            sheet.line(vec![(x, top), (x, bottom)], width, colour);
            let text = if zero { "0".to_owned() } else { typeset(&short(value)) };
            sheet.text((x, bottom + 24.0), &text, LABEL, Align::Middle, MUTED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WORDS: Words<'static> =
        Words { title: "t", reading: "r", measures: &["S1", "ST"], axis: "share of variance", note: "n" };

    #[test]
    fn each_row_and_measure_is_drawn_and_what_is_beyond_is_told() {
        let dot = |value| Some(Dot { value, interval: Some([value - 0.1, value + 0.1]) });
        let rows: Vec<Row> =
            (0..30).map(|i| Row { label: format!("axis{i}"), dots: vec![dot(0.2), dot(0.5)] }).collect();
        let sheet = draw(&WORDS, &rows);
        for text in ["axis0", "axis23", "S1", "ST", "6 more rows in the table", "share of variance"] {
            assert!(sheet.texts.iter().any(|t| t.text == text), "{text}");
        }
        assert!(!sheet.texts.iter().any(|t| t.text == "axis24"));
        let none = draw(&WORDS, &[Row { label: "x".into(), dots: vec![None] }]);
        assert!(none.texts.iter().any(|t| t.text.starts_with("No row")));
    }

    #[test]
    fn the_axis_holds_zero_where_it_is_near() {
        let axis = |low: f64, high: f64| {
            let dots = [low, high].map(|value| Some(Dot { value, interval: None })).to_vec();
            Axis::of(&[Row { label: String::new(), dots }])
        };
        assert_eq!(axis(1.0, 10.0).low, 0.0);
        assert!(axis(9.0, 10.0).low > 8.0);
        assert_eq!(axis(-10.0, -1.0).high, 0.0);
        assert!(axis(5.0, 5.0).low < 5.0 && axis(5.0, 5.0).high > 5.0);
    }
}
