//! Figure: who got the rewards, beside who spent the money.

use super::font;
use super::frame::{self, BODY_TOP};
use super::scale::linear_ticks;
use super::sheet::{Align, Sheet};
use super::style::{Colour, FAKE, GRID, HEIGHT, HONEST, INK, INSIDER, LABEL, MARGIN, MUTED, WIDTH};
use crate::measure::record::Record;
use crate::report::cohorts::{Cohort, gather};
use crate::report::number::percent;

const MOST_ROWS: usize = 14;
const NAMES_END: f64 = 360.0;
const PLOT_END: f64 = 1440.0;

/// Draws the figure; `insiders` are the names of cohorts that belong to the team or its investors.
#[must_use]
pub fn draw(records: &[Record], insiders: &[String]) -> Sheet {
    let mut rows = gather(records);
    rows.sort_by(|a, b| b.share().total_cmp(&a.share()));
    let kind = |row: &Cohort| {
        if !row.honest {
            Kind::Fake
        } else if insiders.contains(&row.name) {
            Kind::Insider
        } else {
            Kind::Honest
        }
    };
    let mut bars: Vec<Bar> = rows.iter().map(|row| Bar::of(row, kind(row))).collect();
    let mut sheet = frame::titled("Rewards: who received them, who spent", &reading(&bars));
    if bars.iter().all(|b| b.share <= 0.0 && b.spent <= 0.0) {
        frame::nothing(&mut sheet, "No rewards were paid in this run.");
        return sheet;
    }
    fold(&mut bars);
    let (top, bottom) = (BODY_TOP + 66.0, HEIGHT - 110.0);
    let pitch = ((bottom - top) / bars.len() as f64).min(80.0);
    let bottom = top + pitch * bars.len() as f64;
    let largest = bars.iter().map(|b| b.high.max(b.spent)).fold(0.02, f64::max);
    let x = |share: f64| NAMES_END + share / largest * (PLOT_END - NAMES_END);
    for value in linear_ticks(0.0, largest, 6) {
        let column = x(value).round();
        sheet.line(vec![(column, top - 6.0), (column, bottom)], 1.5, GRID);
        sheet.text(
            (column, bottom + 24.0),
            &percent(value).replace("0.0%", "0"),
            LABEL,
            Align::Middle,
            MUTED,
        );
    }
    for (index, bar) in bars.iter().enumerate() {
        draw_bar(&mut sheet, bar, &x, top + pitch * (index as f64 + 0.5), pitch);
    }
    key(&mut sheet, &bars, top - 34.0);
    let whisker = match records.len() {
        0 | 1 => String::new(),
        n => format!(" Bar: mean of {n} replications; whisker: smallest to largest."),
    };
    frame::footer(
        &mut sheet,
        &format!("Shares of all rewards, and of all dollars that suppliers spent.{whisker}"),
    );
    sheet
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Honest,
    Fake,
    Insider,
}

impl Kind {
    fn colour(self) -> Colour {
        match self {
            Self::Honest => HONEST,
            Self::Fake => FAKE,
            Self::Insider => INSIDER,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Fake => "Sybil farms",
            Self::Insider => "insiders",
        }
    }
}

struct Bar {
    name: String,
    kind: Kind,
    share: f64,
    low: f64,
    high: f64,
    spent: f64,
}

impl Bar {
    fn of(row: &Cohort, kind: Kind) -> Self {
        let share = row.share();
        Self {
            name: row.name.clone(),
            kind,
            share,
            low: row.shares.iter().copied().fold(share, f64::min),
            high: row.shares.iter().copied().fold(share, f64::max),
            spent: row.spent_share,
        }
    }
}

/// Joins the smallest bars of each kind when there are too many.
fn fold(bars: &mut Vec<Bar>) {
    if bars.len() <= MOST_ROWS {
        return;
    }
    let rest = bars.split_off(MOST_ROWS - 3);
    for kind in [Kind::Honest, Kind::Fake, Kind::Insider] {
        let members: Vec<&Bar> = rest.iter().filter(|b| b.kind == kind).collect();
        if members.is_empty() {
            continue;
        }
        let share = members.iter().map(|b| b.share).sum();
        let spent = members.iter().map(|b| b.spent).sum();
        let name = format!("{} other ({})", members.len(), kind.name());
        bars.push(Bar { name, kind, share, low: share, high: share, spent });
    }
}

fn draw_bar(sheet: &mut Sheet, bar: &Bar, x: &dyn Fn(f64) -> f64, y: f64, pitch: f64) {
    let colour = bar.kind.colour();
    let half = (pitch * 0.3).min(20.0);
    let name = font::shorten(&bar.name, LABEL, NAMES_END - MARGIN - 20.0);
    sheet.text((NAMES_END - 16.0, y), &name, LABEL, Align::Right, INK);
    sheet.rectangle((NAMES_END, y - half), (x(bar.share).max(NAMES_END + 1.5), y + half), colour);
    if bar.high - bar.low > 1e-6 {
        sheet.rectangle((x(bar.low), y - 1.5), (x(bar.high), y + 1.5), INK);
    }
    let spent = x(bar.spent);
    sheet.rectangle((spent - 4.0, y - half - 7.0), (spent + 4.0, y + half + 7.0), super::style::PAPER);
    sheet.rectangle((spent - 2.0, y - half - 6.0), (spent + 2.0, y + half + 6.0), INK);
    let end = x(bar.high).max(x(bar.share));
    // A label between bar and spending tick would touch the tick.
    let wide = font::width(&percent(bar.share), LABEL, true) + 26.0;
    let start = if spent > end && spent - end < wide { spent } else { end };
    sheet.bold((start + 14.0, y), &percent(bar.share), LABEL, Align::Left, colour);
}

fn key(sheet: &mut Sheet, bars: &[Bar], y: f64) {
    let mut x = NAMES_END;
    for kind in [Kind::Honest, Kind::Fake, Kind::Insider] {
        if bars.iter().any(|b| b.kind == kind) {
            sheet.rectangle((x, y - 9.0), (x + 26.0, y + 9.0), kind.colour());
            let text = format!("rewards, {}", kind.name());
            sheet.text((x + 36.0, y), &text, LABEL, Align::Left, INK);
            x += 36.0 + font::width(&text, LABEL, false) + 40.0;
        }
    }
    sheet.rectangle((x, y - 13.0), (x + 4.0, y + 13.0), INK);
    sheet.text((x + 16.0, y), "share of the money spent", LABEL, Align::Left, INK);
    debug_assert!(x < WIDTH);
}

fn reading(bars: &[Bar]) -> String {
    let total = |kind: Kind| -> (f64, f64) {
        let of = bars.iter().filter(|b| b.kind == kind);
        of.fold((0.0, 0.0), |sum, b| (sum.0 + b.share, sum.1 + b.spent))
    };
    let (fake, fake_spent) = total(Kind::Fake);
    let (honest, honest_spent) = total(Kind::Honest);
    let (insider, _) = total(Kind::Insider);
    let inside =
        if insider > 0.0 { format!("; insiders received {}", percent(insider)) } else { String::new() };
    if bars.iter().any(|b| b.kind == Kind::Fake) {
        format!(
            "Sybil farms spent {} of the money and received {} of the rewards; honest suppliers spent {} and received {}{inside}.",
            percent(fake_spent),
            percent(fake),
            percent(honest_spent),
            percent(honest)
        )
    } else {
        format!("A bar longer than its tick received more than its share of the spending{inside}.")
    }
}
