//! Figure: how a quantity answers to one axis, a line for each setting of the others, with intervals.

use super::font;
use super::frame::{self, BODY_TOP};
use super::scale::Scale;
use super::sheet::{Align, Sheet};
use super::style::{AXIS, Colour, GRID, HEIGHT, INK, LABEL, LINE, MARGIN, MUTED, SERIES, WIDTH};
use crate::report::number::{short, typeset};

const LEFT: f64 = 150.0;

/// A point of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Setting of the axis.
    pub x: f64,
    /// Mean.
    pub y: f64,
    /// Half width of its interval, where it has one.
    pub half: Option<f64>,
}

/// A line: its label, and its points by rising setting.
#[derive(Clone, Debug)]
pub struct Line {
    /// Settings of the other axes.
    pub label: String,
    /// Points.
    pub points: Vec<Point>,
}

/// Lines that can be told apart.
pub const MOST_LINES: usize = SERIES.len();

/// Draws the figure: what is measured, along which axis.
#[must_use]
pub fn draw(title: &str, reading: &str, (quantity, axis): (&str, &str), lines: &[Line], note: &str) -> Sheet {
    let mut sheet = frame::titled(title, reading);
    let points = || lines.iter().flat_map(|line| &line.points);
    let xs = points().map(|point| point.x);
    let (low, high) = xs.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
    if low > high {
        frame::nothing(&mut sheet, "No design row has a value.");
        return sheet;
    }
    let room = lines.iter().map(|line| font::width(&line.label, LABEL, false)).fold(0.0, f64::max).min(420.0);
    let right = WIDTH - MARGIN - room - 40.0;
    let (top, bottom) = (BODY_TOP + 40.0, HEIGHT - 150.0);
    let half = |point: &Point| point.half.unwrap_or(0.0);
    let scale = Scale::from_zero(points().flat_map(|point| [point.y - half(point), point.y + half(point)]));
    let y = |value: f64| bottom - scale.unit(value) * (bottom - top);
    // Settings that span decades stand by their logarithm, as they were chosen.
    let logarithmic = low > 0.0 && high / low >= 30.0;
    let along = |x: f64| if logarithmic { libm::log(x) } else { x };
    let span = along(high) - along(low);
    let place = |x: f64| {
        let share = if span > 0.0 { (along(x) - along(low)) / span } else { 0.5 };
        LEFT + 30.0 + share * (right - LEFT - 60.0)
    };
    for tick in scale.ticks(6) {
        let at = y(tick);
        sheet.line(vec![(LEFT, at), (right, at)], 1.5, GRID);
        sheet.text((LEFT - 14.0, at), &typeset(&short(tick)), LABEL, Align::Right, MUTED);
    }
    sheet.text((MARGIN, top - 28.0), quantity, LABEL, Align::Left, INK);
    sheet.line(vec![(LEFT, bottom), (right, bottom)], 2.0, AXIS);
    settings(&mut sheet, points().map(|point| point.x).collect(), place, bottom);
    let by = if logarithmic { format!("{axis} (logarithmic)") } else { axis.to_owned() };
    sheet.text(((LEFT + right) / 2.0, bottom + 64.0), &by, LABEL, Align::Middle, INK);
    for (index, line) in lines.iter().enumerate() {
        let colour = colour(index);
        let path: Vec<(f64, f64)> = line.points.iter().map(|point| (place(point.x), y(point.y))).collect();
        // Lines that would hide one another's whiskers stand a little apart.
        let shift = (index as f64 - (lines.len() - 1) as f64 / 2.0) * 5.0;
        for point in &line.points {
            let (x, half) = (place(point.x) + shift, half(point));
            sheet.line(vec![(x, y(point.y - half)), (x, y(point.y + half))], 2.5, colour.faded(0.7));
            sheet.disc((x, y(point.y)), 6.0, colour);
        }
        if path.len() > 1 {
            sheet.line(path.iter().map(|(x, y)| (x + shift, *y)).collect(), LINE * 0.65, colour);
        }
    }
    names(&mut sheet, lines, |line| y(line.points.last().map_or(0.0, |point| point.y)), right, (top, bottom));
    frame::footer(&mut sheet, note);
    sheet
}

fn colour(line: usize) -> Colour {
    SERIES[line % SERIES.len()]
}

/// The settings below the axis, as many as have room.
fn settings(sheet: &mut Sheet, mut all: Vec<f64>, place: impl Fn(f64) -> f64, bottom: f64) {
    all.sort_by(f64::total_cmp);
    all.dedup();
    let mut free = 0.0;
    for x in all {
        let (at, text) = (place(x), typeset(&short(x)));
        let half = font::width(&text, LABEL, false) / 2.0;
        sheet.line(vec![(at, bottom), (at, bottom + 8.0)], 2.0, AXIS);
        if at - half >= free {
            sheet.text((at, bottom + 28.0), &text, LABEL, Align::Middle, MUTED);
            free = at + half + 18.0;
        }
    }
}

/// The lines' names at their right ends, kept apart.
fn names(sheet: &mut Sheet, lines: &[Line], y: impl Fn(&Line) -> f64, right: f64, within: (f64, f64)) {
    let mut ends: Vec<(usize, f64)> = lines.iter().map(y).enumerate().collect();
    ends.sort_by(|a, b| a.1.total_cmp(&b.1));
    let wanted: Vec<f64> = ends.iter().map(|end| end.1).collect();
    let places = frame::spread(&wanted, LABEL * 1.35, within);
    for ((index, _), at) in ends.into_iter().zip(places) {
        let text = font::shorten(&lines[index].label, LABEL, WIDTH - MARGIN - right - 20.0);
        sheet.text((right + 16.0, at), &text, LABEL, Align::Left, colour(index));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_drawn_with_their_names_and_settings() {
        let point = |x| Point { x, y: x / 10.0, half: Some(1.0) };
        let mut lines =
            ["low", "high"].map(|label| Line { label: label.into(), points: vec![point(10.0), point(20.0)] });
        lines[1].points[1].y = 9.0;
        let sheet = draw("t", "r", ("tokens", "pool"), &lines, "n");
        let at = |name: &str| sheet.texts.iter().find(|t| t.text == name).expect("it is named").at.1;
        assert!(at("high") < at("low"), "each name stands at the end of its line");
        for text in ["low", "high", "10", "20", "pool", "tokens"] {
            assert!(sheet.texts.iter().any(|t| t.text == text), "{text}");
        }
        let decades = [Line { label: "x".into(), points: vec![point(1.0), point(1000.0)] }];
        let sheet = draw("t", "r", ("tokens", "pool"), &decades, "n");
        assert!(sheet.texts.iter().any(|t| t.text == "pool (logarithmic)"));
        assert!(draw("t", "r", ("a", "b"), &[], "n").texts.iter().any(|t| t.text.starts_with("No design")));
    }
}
