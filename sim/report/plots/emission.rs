//! Figure: a schedule of emission alone, what each epoch releases above and what all have released below.

use super::bands::Band;
use super::frame::{self, BODY_TOP, EndLabel, Panel};
use super::scale::{Scale, tick_text};
use super::sheet::{Align, Sheet};
use super::style::{AXIS, Colour, HEIGHT, LABEL, LINE, MARGIN, MUTED, SERIES, WIDTH};
use crate::measure::emission::{Stop, Walk};
use crate::report::calendar::{Date, length};
use crate::report::number::{self, short, typeset};
use depin_protocol::units::{Amount, Span};
use std::io;
use std::path::{Path, PathBuf};

/// Writes `emission.png` and `emission.svg` into a folder that exists; gives the paths.
///
/// # Errors
/// When a file cannot be written.
pub fn write(folder: &Path, name: &str, start: i64, walk: &Walk) -> io::Result<[PathBuf; 2]> {
    super::save(folder, "emission", &draw(name, start, walk))
}

/// Draws the figure of a walk whose first epoch begins at `start`, in seconds since 1970.
#[must_use]
pub fn draw(name: &str, start: i64, walk: &Walk) -> Sheet {
    let (whole, silent) = (walk.walked, walk.falls_silent());
    let walk = &walk.without_dust();
    let clock = Clock { start, epoch: walk.epoch };
    let kind = walk.schedule.replace('_', " ");
    let mut sheet = frame::titled(&format!("{name}: emission ({kind})"), &reading(walk, clock, silent));
    if walk.points.is_empty() {
        frame::nothing(&mut sheet, "The schedule has no epoch.");
        return sheet;
    }
    let amounts = steps(walk, clock);
    let sums = sums(walk, clock, "released", |point| point.cumulative);
    let supply = sums_of_supply(walk, clock);
    let time = frame::time_span([&amounts, &sums].into_iter());
    let cap = walk.cap.map(|cap| number::whole(cap, walk.decimals));
    let mut labels = vec![end_label(&sums, SERIES[0])];
    labels.extend(supply.as_ref().map(|band| end_label(band, SERIES[1])));
    let above = vec![end_label(&amounts, SERIES[0])];
    let room = frame::label_room(labels.iter().chain(&above), 300.0);
    let middle = f64::midpoint(BODY_TOP + 34.0, HEIGHT - 92.0);
    let panel = |top: f64, bottom: f64, scale: Scale| Panel {
        left: 130.0,
        right: WIDTH - MARGIN - room,
        top,
        bottom,
        time,
        scale,
    };
    let upper = panel(BODY_TOP + 34.0, middle - 38.0, Scale::for_counts(amounts.extent()));
    let logarithmic = matches!(upper.scale, Scale::Log { .. });
    let how = if logarithmic { " (logarithmic; the lowest step leads to zero)" } else { "" };
    upper.caption(&mut sheet, &format!("tokens per epoch of {}{how}", length(walk.epoch.seconds())), 0.0);
    // The step to zero is half as high as the others: no room for its label.
    let label = |value: f64| if logarithmic && value == 0.0 { String::new() } else { tick_text(value) };
    upper.axes(&mut sheet, label);
    upper.dates(&mut sheet, false);
    upper.line(&mut sheet, &amounts, LINE, SERIES[0]);
    upper.ends(&mut sheet, above, room);

    let others = supply.iter().flat_map(Band::extent).chain(cap);
    let lower = panel(middle + 38.0, HEIGHT - 92.0, Scale::from_zero(sums.extent().chain(others)));
    lower.caption(&mut sheet, "tokens in all", 0.0);
    lower.axes(&mut sheet, tick_text);
    lower.dates(&mut sheet, true);
    if let Some(cap) = cap {
        limit(&mut sheet, &lower, cap);
    }
    for (band, colour) in supply.iter().map(|band| (band, SERIES[1])).chain([(&sums, SERIES[0])]) {
        lower.line(&mut sheet, band, LINE, colour);
    }
    lower.ends(&mut sheet, labels, room);
    frame::footer(&mut sheet, &foot(walk, whole));
    sheet
}

/// When an epoch begins.
#[derive(Clone, Copy)]
struct Clock {
    start: i64,
    epoch: Span,
}

impl Clock {
    fn unix_s(self, passed: u64) -> i64 {
        let seconds = u128::from(passed) * u128::from(self.epoch.0) / u128::from(Span::SECOND.0);
        self.start.saturating_add(i64::try_from(seconds).unwrap_or(i64::MAX))
    }
}

/// A line of one value per instant.
fn band(group: &str, samples: impl Iterator<Item = (i64, f64)>) -> Band {
    let (unix_s, mean): (Vec<i64>, Vec<f64>) = samples.unzip();
    Band { group: group.into(), unit: "tokens", low: mean.clone(), high: mean.clone(), mean, unix_s }
}

/// What each epoch releases, level from its beginning to the next point's.
fn steps(walk: &Walk, clock: Clock) -> Band {
    let ends = walk.points.iter().skip(1).map(|next| next.passed).chain([walk.walked]);
    let corners = walk.points.iter().zip(ends).flat_map(|(point, end)| {
        let value = number::whole(point.amount, walk.decimals);
        [(clock.unix_s(point.passed), value), (clock.unix_s(end), value)]
    });
    band("", corners)
}

fn sums(
    walk: &Walk,
    clock: Clock,
    group: &str,
    of: impl Fn(&crate::measure::emission::Point) -> Amount,
) -> Band {
    let after = walk.points.iter().map(|point| (clock.unix_s(point.passed + 1), of(point)));
    let from = if group == "supply" { walk.starting_supply } else { 0 };
    let all = std::iter::once((clock.unix_s(0), from)).chain(after);
    band(group, all.map(|(at, amount)| (at, number::whole(amount, walk.decimals))))
}

/// The supply, where it is something else than what was released.
fn sums_of_supply(walk: &Walk, clock: Clock) -> Option<Band> {
    let differs = walk.points.iter().any(|point| point.supply != point.cumulative);
    differs.then(|| sums(walk, clock, "supply", |point| point.supply))
}

fn end_label(band: &Band, colour: Colour) -> EndLabel {
    let at = band.last().unwrap_or((0, 0.0));
    EndLabel { at, name: band.group.clone(), value: typeset(&short(at.1)), colour }
}

/// A thin line at the cap, with its name.
fn limit(sheet: &mut Sheet, panel: &Panel, cap: f64) {
    let y = panel.y(cap).round();
    sheet.line(vec![(panel.left, y), (panel.right, y)], 2.0, AXIS);
    let text = format!("cap {}", typeset(&short(cap)));
    sheet.text((panel.right - 10.0, y - LABEL * 0.8), &text, LABEL, Align::Right, MUTED);
}

/// One sentence: what is released in all, and when half of it was.
fn reading(walk: &Walk, clock: Clock, silent: bool) -> String {
    let tokens = |amount| short(number::whole(amount, walk.decimals));
    let total = tokens(walk.total);
    let half =
        walk.points.iter().find(|point| point.cumulative >= walk.total - point.cumulative && walk.total > 0);
    let Some(half) = half else {
        return "It releases nothing.".into();
    };
    let month = |passed| {
        let date = Date::at(clock.unix_s(passed));
        format!("{} {}", date.month_name(), date.year)
    };
    let what = match walk.stop {
        Stop::End => format!("{total} tokens to its end"),
        Stop::Cap => format!("{total} tokens to its cap"),
        Stop::Horizon if silent => format!("{total} tokens"),
        Stop::Asked | Stop::Horizon => format!("{total} tokens in what is shown"),
    };
    format!(
        "It releases {what}, half of them by {}: {} in the first epoch, {} in the last, {}.",
        month(half.passed),
        tokens(walk.first.amount),
        tokens(walk.last.amount),
        month(walk.last.epoch - walk.first.epoch),
    )
}

fn foot(walk: &Walk, whole: u64) -> String {
    let end = match walk.stop {
        _ if walk.walked < whole => "What comes after all but a millionth of the sum is left out.",
        Stop::Horizon => "It has no end; a part is shown.",
        Stop::Asked => "It goes on; a part is shown.",
        Stop::Cap => "The last epoch is what was left to the cap.",
        Stop::End => "",
    };
    format!("The schedule alone, without a network. {end}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::emission::{Moment, Point};

    fn walk(amounts: &[Amount]) -> Walk {
        let mut cumulative = 0;
        let points: Vec<Point> = (0..)
            .zip(amounts)
            .map(|(passed, &amount)| {
                cumulative += amount;
                Point { passed, amount, cumulative, supply: cumulative }
            })
            .collect();
        let last = Moment { epoch: amounts.len() as u64 - 1, amount: amounts[amounts.len() - 1], cumulative };
        Walk {
            schedule: "test",
            decimals: 0,
            epoch: Span::DAY,
            cap: Some(100),
            starting_supply: 0,
            walked: amounts.len() as u64,
            stop: Stop::Cap,
            first: Moment { epoch: 0, amount: amounts[0], cumulative: amounts[0] },
            last,
            total: cumulative,
            supply: cumulative,
            cap_epoch: None,
            at: None,
            years: Vec::new(),
            points,
        }
    }

    #[test]
    fn an_epoch_is_level_and_the_sum_stands_where_it_ends() {
        let walk = walk(&[60, 40]);
        let clock = Clock { start: 0, epoch: Span::DAY };
        let day = |n: i64| n * 86_400;
        let steps = steps(&walk, clock);
        assert_eq!(steps.unix_s, [day(0), day(1), day(1), day(2)]);
        assert_eq!(steps.mean, [60.0, 60.0, 40.0, 40.0]);
        let sums = sums(&walk, clock, "released", |point| point.cumulative);
        assert_eq!((sums.unix_s, sums.mean), (vec![day(0), day(1), day(2)], vec![0.0, 60.0, 100.0]));
    }

    #[test]
    fn the_figure_says_the_total_and_draws_the_cap() {
        let sheet = draw("mine", 0, &walk(&[60, 40]));
        assert!(sheet.subtitle.contains("100 tokens to its cap"), "{}", sheet.subtitle);
        assert!(sheet.texts.iter().any(|text| text.text == "cap 100"));
        assert!(draw("none", 0, &walk(&[0])).subtitle.contains("nothing"));
    }
}
