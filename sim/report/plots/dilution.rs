//! Figure: the score of the whole network grows, and an honest card's part of it shrinks.

use super::bands::{Band, bands, legend};
use super::frame::{self, BODY_TOP, EndLabel, Panel};
use super::marks;
use super::scale::{Scale, tick_text};
use super::sheet::{Align, Sheet};
use super::style::{Colour, FAKE, HEIGHT, HONEST, INK, LABEL, LINE, MARGIN, WIDTH};
use crate::measure::record::Record;
use crate::report::calendar::Date;
use crate::report::number::{percent, short, typeset};

/// Draws the figure. Two panels share a time axis: two quantities on two vertical axes would cross where
/// the scales happen to make them cross.
#[must_use]
pub fn draw(records: &[Record]) -> Sheet {
    let total = bands(records, "points.per_day").into_iter().next();
    let card = bands(records, "points.per_honest_card").into_iter().next();
    let words = reading(total.as_ref(), card.as_ref());
    let mut sheet =
        frame::titled("Dilution: the network's score, and what one honest card earns of it", &words);
    if total.is_none() && card.is_none() {
        frame::nothing(&mut sheet, "No points were sampled in this run.");
        return sheet;
    }
    let time = frame::time_span(total.iter().chain(&card));
    let marks = marks::of(records, time);
    let numbers = marks::number_height(&marks);
    let (top, bottom) = (BODY_TOP + 34.0 + numbers, HEIGHT - 92.0 - marks::list_height(&marks));
    let middle = top + (bottom - top) * 0.5;
    let scale = |band: Option<&Band>| Scale::from_zero(band.into_iter().flat_map(Band::extent));
    let upper = Panel {
        left: 130.0,
        right: WIDTH - MARGIN - 130.0,
        top,
        bottom: middle - 36.0,
        time,
        scale: scale(total.as_ref()),
    };
    // A card's part falls by orders of magnitude: logarithmic when it spans them.
    let part = Scale::for_counts(card.iter().flat_map(Band::extent));
    let lower = Panel { top: middle + 22.0, bottom, scale: part, ..upper };
    let unit = |band: Option<&Band>| band.map_or("points", |b| b.unit).to_string();
    let caption = format!("score of a day, all cards ({})", unit(total.as_ref()));
    upper.caption(&mut sheet, &caption, numbers);
    upper.axes(&mut sheet, tick_text);
    marks::lines(&mut sheet, &upper, &marks, true);
    upper.dates(&mut sheet, false);
    curve(&mut sheet, &upper, total.as_ref(), FAKE, records.len() > 1);
    let steps = if matches!(part, Scale::Log { .. }) { "; logarithmic" } else { "" };
    let caption = format!("what one honest card earned of it ({}{steps})", unit(card.as_ref()));
    lower.caption(&mut sheet, &caption, 0.0);
    lower.axes(&mut sheet, tick_text);
    marks::lines(&mut sheet, &lower, &marks, false);
    lower.dates(&mut sheet, true);
    curve(&mut sheet, &lower, card.as_ref(), HONEST, records.len() > 1);
    marks::list(&mut sheet, lower.bottom + 48.0, &marks);
    frame::footer(&mut sheet, &legend(records));
    sheet
}

fn curve(sheet: &mut Sheet, panel: &Panel, band: Option<&Band>, colour: Colour, several: bool) {
    let Some(band) = band else {
        let at = ((panel.left + panel.right) / 2.0, (panel.top + panel.bottom) / 2.0);
        sheet.text(at, "not defined in this scenario", LABEL, Align::Middle, INK);
        return;
    };
    if several {
        panel.band(sheet, band, colour);
    }
    panel.line(sheet, band, LINE, colour);
    if let Some(at) = band.last() {
        let value = typeset(&short(at.1));
        panel.ends(sheet, vec![EndLabel { at, name: String::new(), value, colour }], 130.0);
    }
}

/// One sentence: how far a card's points fell from their height, and what the total did meanwhile.
fn reading(total: Option<&Band>, card: Option<&Band>) -> String {
    const PLAIN: &str = "The score of all cards in a day, and the part of it that one honest card earns.";
    let (Some(total), Some(card)) = (total, card) else {
        return PLAIN.into();
    };
    let (Some((from, peak)), Some((to, last))) = (card.peak(), card.last()) else {
        return PLAIN.into();
    };
    let at = |when: i64| total.pairs().find(|p| p.0 == when).map_or(f64::NAN, |p| p.1);
    let growth = at(to) / at(from);
    if last >= peak * 0.98 || !growth.is_finite() {
        return PLAIN.into();
    }
    format!(
        "From its height on {} to the end on {}, one honest card's part of a day's score changed by {}; the score itself is {} times what it was.",
        Date::at(from).long(),
        Date::at(to).long(),
        typeset(&percent(last / peak - 1.0)),
        short(growth)
    )
}
