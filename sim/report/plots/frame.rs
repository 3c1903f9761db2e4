//! What figures share around their data: titles, footers, panels with axes, lines, bands and line labels.

use super::bands::Band;
use super::font;
use super::scale::{Scale, time_ticks};
use super::sheet::{Align, Point, Sheet};
use super::style::{
    AXIS, BAND, Colour, GRID, HEIGHT, INK, LABEL, LINE, MARGIN, MUTED, NOTE, SUBTITLE, TITLE, WIDTH,
};

/// A sheet with its title and, below it in at most two lines, what the reader should see.
#[must_use]
pub fn titled(title: &str, subtitle: &str) -> Sheet {
    let mut sheet = Sheet::new();
    let limit = WIDTH - 2.0 * MARGIN;
    let shown = font::fit(title, TITLE, true, limit);
    sheet.bold((MARGIN, 50.0), &shown, TITLE, Align::Left, INK);
    for (index, line) in font::wrap(subtitle, SUBTITLE, limit, 2).iter().enumerate() {
        sheet.text((MARGIN, 92.0 + 30.0 * index as f64), line, SUBTITLE, Align::Left, MUTED);
    }
    sheet.title = title.into();
    sheet.subtitle = subtitle.into();
    sheet
}

/// First pixel row below title and subtitle.
pub const BODY_TOP: f64 = 150.0;

/// The line at the foot of a sheet.
pub fn footer(sheet: &mut Sheet, text: &str) {
    let shown = font::fit(text, NOTE, false, WIDTH - 2.0 * MARGIN);
    sheet.text((MARGIN, HEIGHT - 26.0), &shown, NOTE, Align::Left, MUTED);
}

/// Says in the middle of an empty sheet why there is nothing to see.
pub fn nothing(sheet: &mut Sheet, why: &str) {
    sheet.text((WIDTH / 2.0, HEIGHT / 2.0), why, SUBTITLE, Align::Middle, MUTED);
}

/// A rectangle of the sheet with a time axis and a vertical scale.
#[derive(Clone, Copy, Debug)]
pub struct Panel {
    /// Left edge.
    pub left: f64,
    /// Right edge.
    pub right: f64,
    /// Upper edge.
    pub top: f64,
    /// Lower edge.
    pub bottom: f64,
    /// First and last instant, in seconds since 1970.
    pub time: (i64, i64),
    /// Vertical scale.
    pub scale: Scale,
}

impl Panel {
    /// Pixel column of an instant.
    #[must_use]
    pub fn x(&self, unix_s: i64) -> f64 {
        let share = (unix_s - self.time.0) as f64 / (self.time.1 - self.time.0) as f64;
        self.left + share * (self.right - self.left)
    }

    /// Pixel row of a value.
    #[must_use]
    pub fn y(&self, value: f64) -> f64 {
        self.bottom - self.scale.unit(value) * (self.bottom - self.top)
    }

    /// What the vertical axis measures, above the panel and `above` pixels of other things.
    pub fn caption(&self, sheet: &mut Sheet, measures: &str, above: f64) {
        sheet.text((self.left, self.top - above - 24.0), measures, LABEL, Align::Left, INK);
    }

    /// Grid and vertical ticks.
    pub fn axes(&self, sheet: &mut Sheet, text: impl Fn(f64) -> String) {
        let wanted = ((self.bottom - self.top) / 48.0).clamp(3.0, 7.0) as usize;
        for value in self.scale.ticks(wanted) {
            let y = self.y(value).round();
            let colour = if value == 0.0 { AXIS } else { GRID };
            sheet.line(vec![(self.left, y), (self.right, y)], 1.5, colour);
            sheet.text((self.left - 12.0, y), &text(value), LABEL, Align::Right, MUTED);
        }
    }

    /// The time axis below the panel; labels that would touch are left out.
    pub fn dates(&self, sheet: &mut Sheet, labels: bool) {
        sheet.line(vec![(self.left, self.bottom), (self.right, self.bottom)], 1.5, AXIS);
        let mut free_from = self.left - 80.0;
        for (at, text) in time_ticks(self.time.0, self.time.1, 9) {
            let x = self.x(at).round();
            sheet.line(vec![(x, self.bottom), (x, self.bottom + 8.0)], 1.5, AXIS);
            let half = font::width(&text, LABEL, false) / 2.0;
            if labels && x - half > free_from {
                sheet.text((x, self.bottom + 26.0), &text, LABEL, Align::Middle, MUTED);
                free_from = x + half + 14.0;
            }
        }
    }

    /// A band, for more than one replication.
    pub fn band(&self, sheet: &mut Sheet, band: &Band, colour: Colour) {
        for (start, end) in runs(band) {
            let edge = |values: &[f64], high: bool| -> Vec<Point> {
                let points = (start..end).map(|i| (self.x(band.unix_s[i]), self.y(values[i])));
                thinned(points, Some(high))
            };
            let mut outline = edge(&band.high, true);
            outline.extend(edge(&band.low, false).into_iter().rev());
            sheet.fill(outline, colour.faded(BAND));
        }
    }

    /// The mean line, broken where it is undefined.
    pub fn line(&self, sheet: &mut Sheet, band: &Band, width: f64, colour: Colour) {
        for (start, end) in runs(band) {
            let points = (start..end).map(|i| (self.x(band.unix_s[i]), self.y(band.mean[i])));
            sheet.line(thinned(points, None), width, colour);
        }
    }

    /// Names beside the ends of lines: shifted apart where they would touch, with a thin lead.
    pub fn ends(&self, sheet: &mut Sheet, mut labels: Vec<EndLabel>, limit: f64) {
        labels.sort_by(|a, b| self.y(a.at.1).total_cmp(&self.y(b.at.1)));
        let wanted: Vec<f64> = labels.iter().map(|l| self.y(l.at.1)).collect();
        let rows = spread(&wanted, LABEL * 1.25, (self.top - 6.0, self.bottom + 6.0));
        for (label, row) in labels.iter().zip(rows) {
            let from = self.x(label.at.0) + 6.0;
            let to = self.right + 26.0;
            sheet.line(vec![(from, self.y(label.at.1)), (to - 6.0, row)], 1.5, label.colour.faded(0.6));
            // The name gives way before the value does.
            let room = limit - 30.0 - font::width(&label.value, LABEL, false) - 7.0;
            let name = font::shorten(&label.name, LABEL, room);
            let text = format!("{name} {}", label.value);
            let text = text.trim_start();
            sheet.text((to, row), text, LABEL, Align::Left, label.colour);
        }
    }
}

/// A name at the end of a line.
#[derive(Clone, Debug)]
pub struct EndLabel {
    /// Where the line ends: instant and value.
    pub at: (i64, f64),
    /// What the line is; may be empty.
    pub name: String,
    /// Where it stands at the end.
    pub value: String,
    /// Colour of the line.
    pub colour: Colour,
}

/// Width that the longest of some labels needs beside a panel, within `limit`.
#[must_use]
pub fn label_room<'a>(labels: impl Iterator<Item = &'a EndLabel>, limit: f64) -> f64 {
    let widest =
        labels.map(|l| font::width(&format!("{} {}", l.name, l.value), LABEL, false)).fold(0.0, f64::max);
    (widest + 34.0).min(limit)
}

/// First and last instant of some bands, widened when they are one instant only.
#[must_use]
pub fn time_span<'a>(bands: impl Iterator<Item = &'a Band>) -> (i64, i64) {
    let times = bands.flat_map(|b| b.unix_s.first().into_iter().chain(b.unix_s.last()));
    let (low, high) = times.fold((i64::MAX, i64::MIN), |(a, b), t| (a.min(*t), b.max(*t)));
    match low.cmp(&high) {
        std::cmp::Ordering::Less => (low, high),
        std::cmp::Ordering::Equal => (low - 43_200, high + 43_200),
        std::cmp::Ordering::Greater => (0, 86_400),
    }
}

/// Positions at least `gap` apart and within bounds where there is room, near the wanted ones (ascending).
#[must_use]
pub fn spread(wanted: &[f64], gap: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    // Blocks of touching labels move together: each sits at the mean of what its members want.
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for want in wanted {
        blocks.push((*want, 1));
        while let [.., (above, many), (below, few)] = blocks[..] {
            let reach = gap * (many + few) as f64 / 2.0;
            if below - above >= reach {
                break;
            }
            let total = many + few;
            let lift = gap * few as f64 / 2.0;
            let drop = gap * many as f64 / 2.0;
            let centre = ((above + lift) * many as f64 + (below - drop) * few as f64) / total as f64;
            blocks.truncate(blocks.len() - 2);
            blocks.push((hold(centre, gap * (total - 1) as f64 / 2.0, (top, bottom)), total));
        }
    }
    let mut rows = Vec::with_capacity(wanted.len());
    for (centre, many) in blocks {
        let half = gap * (many - 1) as f64 / 2.0;
        let first = hold(centre, half, (top, bottom)) - half;
        rows.extend((0..many).map(|i| first + gap * i as f64));
    }
    rows
}

fn hold(centre: f64, half: f64, (top, bottom): (f64, f64)) -> f64 {
    centre.min(bottom - half).max(top + half)
}

/// Stretches of samples whose mean is defined, as half-open index ranges.
fn runs(band: &Band) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (index, value) in band.mean.iter().enumerate() {
        match (value.is_finite(), start) {
            (true, None) => start = Some(index),
            (false, Some(from)) => {
                found.push((from, index));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| (from, band.mean.len())));
    found
}

/// Width of the columns by which lines are thinned; finer detail would hide below the line's own width.
const COLUMN: f64 = 2.0;

/// At most four points per column (first, lowest, highest, last), which looks the same as all of
/// them; for the edge of a band only the outermost of each column.
fn thinned(points: impl Iterator<Item = Point>, edge: Option<bool>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    let mut column: Vec<Point> = Vec::new();
    let flush = |column: &mut Vec<Point>, kept: &mut Vec<Point>| {
        let by_row = |a: &&Point, b: &&Point| a.1.total_cmp(&b.1);
        let high = column.iter().min_by(by_row).copied();
        let low = column.iter().max_by(by_row).copied();
        match edge {
            Some(true) => kept.extend(high),
            Some(false) => kept.extend(low),
            None if column.len() <= 4 => kept.append(column),
            None => kept
                .extend([column.first().copied(), high, low, column.last().copied()].into_iter().flatten()),
        }
        column.clear();
    };
    for point in points {
        if column
            .first()
            .is_some_and(|first: &Point| (first.0 / COLUMN).floor() != (point.0 / COLUMN).floor())
        {
            flush(&mut column, &mut kept);
        }
        column.push(point);
    }
    flush(&mut column, &mut kept);
    kept
}

/// Width of a line that stands behind others.
pub const THIN: f64 = LINE * 0.65;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_spread_apart_and_stay_in_order() {
        let rows = spread(&[10.0, 11.0, 12.0, 300.0], 26.0, (0.0, 400.0));
        assert!(rows.windows(2).all(|w| w[1] - w[0] >= 25.999), "{rows:?}");
        assert!(rows[0] >= 0.0 && (rows[3] - 300.0).abs() < 1e-9);
        let low = spread(&[395.0, 396.0, 399.0], 26.0, (0.0, 400.0));
        assert!(low[2] <= 400.0 && low.windows(2).all(|w| w[1] - w[0] >= 25.999), "{low:?}");
    }

    #[test]
    fn thinning_keeps_the_extremes_of_every_column() {
        let points = (0..10_000).map(|i| (f64::from(i) / 1000.0, f64::from((i * 7919) % 1009)));
        let kept = thinned(points, None);
        assert!(kept.len() <= 20);
        assert!(kept.iter().any(|p| p.1 == 0.0) && kept.iter().any(|p| p.1 == 1008.0));
    }
}
