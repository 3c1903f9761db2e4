//! Figure: the four counts of supply that a network can see, and the fifth that it cannot.

use super::bands::{Band, bands, legend};
use super::frame::{self, BODY_TOP, EndLabel, Panel, THIN};
use super::marks;
use super::scale::{Scale, tick_text};
use super::sheet::Sheet;
use super::style::{Colour, HEIGHT, INK, LINE, MARGIN, SERIES, WIDTH};
use crate::measure::record::Record;
use crate::report::calendar::Date;
use crate::report::number::{short, typeset};

const COUNTS: [(&str, &str, Colour); 5] = [
    ("supply.displayed", "displayed", SERIES[1]),
    ("supply.connected", "connected", SERIES[0]),
    ("supply.verified", "verified", SERIES[2]),
    ("supply.deployable", "deployable", SERIES[3]),
    ("supply.real", "real", INK),
];

/// Draws the figure. The axis is logarithmic when counts span more than a factor of thirty: the gap
/// between displayed and real is a ratio, and a linear axis would press every honest count to the floor.
#[must_use]
pub fn draw(records: &[Record]) -> Sheet {
    let lines: Vec<(&str, Colour, Band)> = COUNTS
        .iter()
        .filter_map(|(metric, name, colour)| {
            bands(records, metric).into_iter().next().map(|band| (*name, *colour, band))
        })
        .collect();
    let mut sheet = frame::titled("Supply: what was shown, what was there", &reading(&lines));
    if lines.is_empty() {
        frame::nothing(&mut sheet, "No supply was sampled in this run.");
        return sheet;
    }
    let time = frame::time_span(lines.iter().map(|l| &l.2));
    let marks = marks::of(records, time);
    let labels: Vec<EndLabel> = lines.iter().filter_map(end_label).collect();
    let room = frame::label_room(labels.iter(), 300.0);
    let panel = Panel {
        left: 130.0,
        right: WIDTH - MARGIN - room,
        top: BODY_TOP + 34.0 + marks::number_height(&marks),
        bottom: HEIGHT - 92.0 - marks::list_height(&marks),
        time,
        scale: Scale::for_counts(lines.iter().flat_map(|l| l.2.extent())),
    };
    let measures = match panel.scale {
        Scale::Log { .. } => "cards (logarithmic; the lowest step leads to zero)",
        Scale::Linear { .. } => "cards",
    };
    // The caption stands above the numbers of the marks, not among them.
    panel.caption(&mut sheet, measures, marks::number_height(&marks));
    panel.axes(&mut sheet, tick_text);
    marks::lines(&mut sheet, &panel, &marks, true);
    panel.dates(&mut sheet, true);
    for (_, colour, band) in lines.iter().filter(|_| records.len() > 1) {
        panel.band(&mut sheet, band, *colour);
    }
    for (name, colour, band) in &lines {
        panel.line(&mut sheet, band, if *name == "real" { LINE * 1.25 } else { THIN * 1.15 }, *colour);
    }
    panel.ends(&mut sheet, labels, room);
    marks::list(&mut sheet, panel.bottom + 48.0, &marks);
    frame::footer(&mut sheet, &foot(records));
    sheet
}

fn end_label((name, colour, band): &(&str, Colour, Band)) -> Option<EndLabel> {
    let at = band.last()?;
    let value = typeset(&short(at.1));
    Some(EndLabel { at, name: (*name).into(), value, colour: *colour })
}

fn foot(records: &[Record]) -> String {
    let coloured = "Marks: grey outside events, black team decisions, orange the team's answers.";
    let shown = records.first().is_some_and(|r| !r.marks.is_empty());
    format!("{}{}", legend(records), if shown { coloured } else { "" })
}

/// One sentence: when the page was furthest from the truth, and by how much.
fn reading(lines: &[(&str, Colour, Band)]) -> String {
    let find = |wanted| lines.iter().find(|l| l.0 == wanted).map(|l| &l.2);
    let (Some(shown), Some(real)) = (find("displayed"), find("real")) else {
        return "Cards that the network counts, and cards that exist.".into();
    };
    let Some((at, peak)) = shown.peak() else {
        return String::new();
    };
    let there = real.pairs().find(|p| p.0 == at).map_or(f64::NAN, |p| p.1);
    let ratio = peak / there;
    let date = Date::at(at).long();
    let [peak, there] = [peak, there].map(short);
    if ratio.is_finite() && ratio >= 1.05 {
        let times = short(if ratio >= 10.0 { ratio.round() } else { (ratio * 10.0).round() / 10.0 });
        format!(
            "At its height, on {date}, the public page showed {peak} cards; {there} were real: {times} shown for each real one."
        )
    } else {
        format!("At its height, on {date}, the public page showed {peak} cards, and {there} were real.")
    }
}
