//! Figure: what clouds and rooms asked, against the start, and how full they were.

use super::bands::{Band, bands, legend, relative_bands};
use super::frame::{self, BODY_TOP, EndLabel, Panel, THIN};
use super::marks;
use super::scale::Scale;
use super::sheet::Sheet;
use super::style::{Colour, HEIGHT, MARGIN, OTHER, SERIES, WIDTH};
use crate::measure::record::Record;
use crate::report::calendar::Date;
use crate::report::number::{percent, short, typeset};

/// Clouds with their own colour and label; the rest are grey.
const NAMED: usize = 8;

/// Draws the figure: relative quotes above, occupancy below.
#[must_use]
pub fn draw(records: &[Record]) -> Sheet {
    let mut quotes = relative_bands(records, "cloud.quote_usd_month", true);
    quotes.sort_by(|a, b| height(b).total_cmp(&height(a)));
    let full = bands(records, "cloud.occupancy");
    let mut sheet = frame::titled("Clouds: quotes and rented capacity", &reading(&quotes));
    if quotes.is_empty() && full.is_empty() {
        frame::nothing(&mut sheet, "No cloud offer was sampled in this run.");
        return sheet;
    }
    let time = frame::time_span(quotes.iter().chain(&full));
    let marks = marks::of(records, time);
    let colours = Colours::of(&quotes, &full);
    let texts = labels(&quotes, &colours, |v| format!("{v:.2}\u{d7}"));
    let other = labels(&full, &colours, percent);
    let room = frame::label_room(texts.iter().chain(&other), 380.0);
    let numbers = marks::number_height(&marks);
    let (top, bottom) = (BODY_TOP + 34.0 + numbers, HEIGHT - 92.0 - marks::list_height(&marks));
    let middle = top + (bottom - top) * 0.56;
    let scale = Scale::from_zero(quotes.iter().flat_map(Band::extent));
    let base = Panel { left: 130.0, right: WIDTH - MARGIN - room, top, bottom: middle - 44.0, time, scale };
    let lower = Panel { top: middle + 14.0, bottom, scale: OCCUPANCY, ..base };
    let several = records.len() > 1;
    base.caption(&mut sheet, "monthly quote, as a multiple of the first", numbers);
    base.axes(&mut sheet, |v| format!("{}\u{d7}", typeset(&short(v))));
    marks::lines(&mut sheet, &base, &marks, true);
    base.dates(&mut sheet, false);
    lines(&mut sheet, &base, (&quotes, texts), &colours, (several, room));
    lower.caption(&mut sheet, "share of the stock that is rented", 0.0);
    lower.axes(&mut sheet, |v| format!("{:.0}%", v * 100.0));
    marks::lines(&mut sheet, &lower, &marks, false);
    lower.dates(&mut sheet, true);
    lines(&mut sheet, &lower, (&full, other), &colours, (several, room));
    marks::list(&mut sheet, lower.bottom + 48.0, &marks);
    let grey = if colours.names.len() > NAMED { "Grey: further offers. " } else { "" };
    frame::footer(&mut sheet, &format!("{}{grey}", legend(records)));
    sheet
}

const OCCUPANCY: Scale = Scale::Linear { low: 0.0, high: 1.06 };

fn lines(
    sheet: &mut Sheet,
    panel: &Panel,
    (bands, ends): (&[Band], Vec<EndLabel>),
    colours: &Colours,
    (several, room): (bool, f64),
) {
    for band in bands.iter().filter(|_| several) {
        panel.band(sheet, band, colours.colour(&band.group));
    }
    // The most important line is drawn last, above the others.
    for band in bands.iter().rev() {
        panel.line(sheet, band, THIN * 1.15, colours.colour(&band.group));
    }
    panel.ends(sheet, ends, room);
}

/// Colours by the order in which clouds matter.
struct Colours {
    names: Vec<String>,
}

impl Colours {
    fn of(quotes: &[Band], full: &[Band]) -> Self {
        let mut names: Vec<String> = Vec::new();
        for band in quotes.iter().chain(full) {
            if !names.contains(&band.group) {
                names.push(band.group.clone());
            }
        }
        Self { names }
    }

    fn index(&self, name: &str) -> usize {
        self.names.iter().position(|n| n == name).unwrap_or(NAMED)
    }

    fn colour(&self, name: &str) -> Colour {
        SERIES.get(self.index(name)).copied().unwrap_or(OTHER.faded(0.6))
    }
}

fn height(band: &Band) -> f64 {
    band.peak().map_or(0.0, |p| p.1)
}

fn labels(bands: &[Band], colours: &Colours, text: impl Fn(f64) -> String) -> Vec<EndLabel> {
    let named = bands.iter().filter(|b| colours.index(&b.group) < NAMED);
    named
        .filter_map(|band| {
            let at = band.last()?;
            let colour = colours.colour(&band.group);
            Some(EndLabel { at, name: band.group.clone(), value: text(at.1), colour })
        })
        .collect()
}

fn reading(quotes: &[Band]) -> String {
    let Some((band, (at, peak))) = quotes.first().and_then(|b| b.peak().map(|p| (b, p))) else {
        return "What each offer asked, against its first quote, and how much of it was taken.".into();
    };
    if peak < 1.005 {
        return "No offer raised its quote above the first one.".into();
    }
    let steady = quotes.iter().filter(|b| height(b) < 1.01).count();
    let kept = match steady {
        0 => "every offer re-quoted".to_string(),
        n => format!("{n} of {} offers never raised theirs", quotes.len()),
    };
    format!(
        "Steepest rise: {} asked {peak:.1} times its first quote on {}; {kept}.",
        super::font::shorten(&band.group, 23.0, 420.0),
        Date::at(at).long()
    )
}
