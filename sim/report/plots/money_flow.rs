//! Figure: where the dollars went, from payers on the left to payees on the right (Sankey).

use super::font;
use super::frame::{self, BODY_TOP, spread};
use super::sheet::{Align, Point, Sheet};
use super::style::{Colour, HEIGHT, INK, LABEL, MUTED, NOTE, OTHER, SERIES};
use crate::measure::record::Record;
use crate::report::flows::{Flow, usd_by_group};
use crate::report::number::{percent, usd};

const LEFT: f64 = 400.0;
const RIGHT: f64 = 1200.0;
const BAR: f64 = 20.0;
const GAP: f64 = 16.0;
/// Parties below this share of all dollars are folded together.
const SMALL: f64 = 0.012;
const MOST_NODES: usize = 10;

/// Draws the figure.
#[must_use]
pub fn draw(records: &[Record]) -> Sheet {
    let flows = usd_by_group(records);
    let total: f64 = flows.iter().map(|f| f.usd).sum();
    let mut sheet = frame::titled("Money: who paid, who was paid", &reading(&flows, total));
    if total <= 0.0 {
        frame::nothing(&mut sheet, "No dollars moved in this run.");
        return sheet;
    }
    let payers = Side::of(&flows, total, |f| &f.payer);
    let payees = Side::of(&flows, total, |f| &f.payee);
    let mut cells = vec![vec![0.0; payees.nodes.len()]; payers.nodes.len()];
    for flow in &flows {
        cells[payers.index(&flow.payer)][payees.index(&flow.payee)] += flow.usd;
    }
    let (top, bottom) = (BODY_TOP + 40.0, HEIGHT - 64.0);
    let gaps = GAP * (payers.nodes.len().max(payees.nodes.len()) - 1) as f64;
    let per_usd = (bottom - top - gaps) / total;
    let from = payers.tops(top, bottom, per_usd);
    let to = payees.tops(top, bottom, per_usd);
    ribbons(&mut sheet, &payers, &cells, (&from, &to), per_usd);
    for (side, tops, x) in [(&payers, &from, LEFT), (&payees, &to, RIGHT - BAR)] {
        bars(&mut sheet, side, tops, x, per_usd);
    }
    labels(&mut sheet, &payers, &from, (LEFT - 16.0, Align::Right), (per_usd, total));
    labels(&mut sheet, &payees, &to, (RIGHT + 16.0, Align::Left), (per_usd, total));
    sheet.bold((LEFT - 16.0, BODY_TOP + 8.0), "paid", LABEL, Align::Right, MUTED);
    sheet.bold((RIGHT + 16.0, BODY_TOP + 8.0), "received", LABEL, Align::Left, MUTED);
    frame::footer(&mut sheet, &foot(records.len()));
    sheet
}

/// Parties of one side, largest first, the folded ones last.
struct Side {
    nodes: Vec<(String, f64)>,
    folded: bool,
}

impl Side {
    fn of(flows: &[Flow], total: f64, party: impl Fn(&Flow) -> &String) -> Self {
        let mut nodes: Vec<(String, f64)> = Vec::new();
        for flow in flows {
            match nodes.iter_mut().find(|n| n.0 == *party(flow)) {
                Some(node) => node.1 += flow.usd,
                None => nodes.push((party(flow).clone(), flow.usd)),
            }
        }
        nodes.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let large = nodes.iter().take(MOST_NODES).filter(|n| n.1 >= SMALL * total).count();
        let rest = nodes.split_off(large);
        // One small party keeps its name: folding it would only hide it.
        let folded = rest.len() > 1;
        if folded {
            nodes.push((format!("{} others", rest.len()), rest.iter().map(|n| n.1).sum()));
        } else {
            nodes.extend(rest);
        }
        Self { nodes, folded }
    }

    fn index(&self, name: &str) -> usize {
        self.nodes.iter().position(|n| n.0 == name).unwrap_or(self.nodes.len() - 1)
    }

    fn tops(&self, top: f64, bottom: f64, per_usd: f64) -> Vec<f64> {
        let wanted: f64 = self.nodes.iter().map(|n| n.1 * per_usd).sum();
        let spaces = (self.nodes.len().max(2) - 1) as f64;
        // Both sides fill the height, so the side with fewer parties has wider gaps; one alone is centred.
        let gap = if self.nodes.len() == 1 { 0.0 } else { ((bottom - top - wanted) / spaces).min(90.0) };
        let mut y = top + (bottom - top - wanted - gap * (self.nodes.len() - 1) as f64) / 2.0;
        self.nodes
            .iter()
            .map(|node| {
                let here = y;
                y += node.1 * per_usd + gap;
                here
            })
            .collect()
    }

    fn colour(&self, index: usize) -> Colour {
        if self.folded && index + 1 == self.nodes.len() { OTHER } else { SERIES[index % SERIES.len()] }
    }
}

fn bars(sheet: &mut Sheet, side: &Side, tops: &[f64], x: f64, per_usd: f64) {
    for (index, ((_, amount), top)) in side.nodes.iter().zip(tops).enumerate() {
        let high = (amount * per_usd).max(1.5);
        let colour = if x < RIGHT - BAR { side.colour(index) } else { INK.faded(0.75) };
        sheet.rectangle((x, *top), (x + BAR, top + high), colour);
    }
}

fn labels(
    sheet: &mut Sheet,
    side: &Side,
    tops: &[f64],
    (x, align): (f64, Align),
    (per_usd, total): (f64, f64),
) {
    let middles: Vec<f64> = side.nodes.iter().zip(tops).map(|(n, top)| top + n.1 * per_usd / 2.0).collect();
    let rows = spread(&middles, 27.0, (BODY_TOP + 40.0, HEIGHT - 56.0));
    for (((name, amount), middle), row) in side.nodes.iter().zip(&middles).zip(rows) {
        if (row - middle).abs() > 6.0 {
            let inner = if align == Align::Right { x + 14.0 } else { x - 14.0 };
            let outer = if align == Align::Right { x + 3.0 } else { x - 3.0 };
            sheet.line(vec![(inner, *middle), (outer, row)], 1.5, OTHER);
        }
        let tail = format!(" {} ({})", usd(*amount), percent(amount / total));
        let wide = font::width(&tail, LABEL, false);
        let shown = font::shorten(name, LABEL, LEFT - 70.0 - wide);
        sheet.text((x, row), &format!("{shown}{tail}"), LABEL, align, INK);
    }
}

fn ribbons(sheet: &mut Sheet, payers: &Side, cells: &[Vec<f64>], (from, to): (&[f64], &[f64]), per_usd: f64) {
    let mut entered = to.to_vec();
    let mut amounts = Vec::new();
    for (payer, row) in cells.iter().enumerate() {
        let mut leaving = from[payer];
        let several = row.iter().filter(|a| **a > 0.0).count() > 1;
        let colour = payers.colour(payer);
        for (payee, amount) in row.iter().enumerate().filter(|(_, a)| **a > 0.0) {
            let high = amount * per_usd;
            ribbon(sheet, (leaving, entered[payee]), high, colour.faded(0.36));
            if several && high >= 20.0 {
                amounts.push(((LEFT + BAR + 10.0, leaving + high / 2.0), usd(*amount)));
            }
            leaving += high;
            entered[payee] += high;
        }
    }
    for (at, text) in amounts {
        sheet.text(at, &text, NOTE, Align::Left, INK);
    }
}

/// A band of constant height along a cubic curve with level ends.
fn ribbon(sheet: &mut Sheet, (from, to): (f64, f64), high: f64, colour: Colour) {
    const STEPS: u32 = 48;
    let (left, right) = (LEFT + BAR, RIGHT - BAR);
    let at = |step: u32| -> Point {
        let t = f64::from(step) / f64::from(STEPS);
        let x = left + (right - left) * (1.5 * t * (1.0 - t) + t * t * t);
        (x, from + (to - from) * t * t * (3.0 - 2.0 * t))
    };
    let upper = (0..=STEPS).map(at);
    let lower = (0..=STEPS).rev().map(at).map(|(x, y)| (x, y + high.max(1.0)));
    sheet.fill(upper.chain(lower).collect(), colour);
}

fn foot(replications: usize) -> String {
    let mean =
        if replications > 1 { format!(" Mean of {replications} replications.") } else { String::new() };
    format!(
        "US dollars; parties are added up by group, small ones together.{mean} Token and points are left out."
    )
}

fn reading(flows: &[Flow], total: f64) -> String {
    let largest = flows.iter().reduce(|a, b| if b.usd > a.usd { b } else { a });
    match largest {
        Some(flow) if total > 0.0 => format!(
            "{} changed hands; the widest stream, {} of it, ran from {} to {} ({}).",
            usd(total),
            percent(flow.usd / total),
            font::shorten(&flow.payer, 23.0, 300.0),
            font::shorten(&flow.payee, 23.0, 300.0),
            flow.category
        ),
        _ => "Dollars by payer and payee.".into(),
    }
}
