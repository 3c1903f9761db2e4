//! A comparison as a page of text: a table per variant.

use super::results::{Results, word};
use crate::cli::output::aligned;
use crate::measure::comparison::{Comparison, Verdict};
use crate::report::number::short;
use crate::report::plots::sheet::printable;

/// The text, with a line break at its end.
pub fn of(results: &Results) -> String {
    let mut text = format!("baseline  {}\n", printable(&results.names[0]));
    for (variant, name) in results.names[1..].iter().enumerate() {
        text.push_str(&format!("\n{}\n", printable(name)));
        if results.identical(variant) {
            text.push_str("  does exactly what the baseline does: every digest is the same\n");
        }
        let mut rows: Vec<Vec<String>> = vec![
            ["", "baseline", "variant", "difference", "interval", "", "variance saved"]
                .map(str::to_owned)
                .to_vec(),
        ];
        for row in &results.rows {
            rows.push(cells(&row.metric, row.unit, &row.comparisons[variant], results.pairs));
        }
        text.push_str(&aligned(&rows, |column| column == 0 || column == 5));
    }
    text.push_str(&format!("\n{}\n", results.note()));
    text.push_str(
        "differs: the interval leaves zero out; undecided: more replications would tell; same: zero in every pair.\n\
         variance saved: what common random numbers took away of it, and how many independent pairs one pair is worth.\n",
    );
    text
}

fn cells(metric: &str, unit: &str, comparison: &Comparison, pairs: usize) -> Vec<String> {
    let shown = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), short);
    let (difference, interval) = match comparison.verdict {
        Verdict::Same => ("0".to_owned(), "exactly".to_owned()),
        _ => (
            comparison.difference.map_or_else(|| "-".to_owned(), signed),
            comparison
                .interval
                .map_or_else(String::new, |[low, high]| format!("[{}, {}]", signed(low), signed(high))),
        ),
    };
    let mut verdict = word(comparison.verdict).to_owned();
    if comparison.pairs < pairs && comparison.pairs > 0 {
        verdict.push_str(&format!(", {} pairs", comparison.pairs));
    }
    let saved = match (comparison.variance_reduction, comparison.worth()) {
        (Some(share), Some(worth)) => format!("{:.1}% (x {})", share * 100.0, short(worth)),
        _ => String::new(),
    };
    vec![
        format!("{metric} ({unit})"),
        shown(comparison.baseline),
        shown(comparison.variant),
        difference,
        interval,
        verdict,
        saved,
    ]
}

fn signed(value: f64) -> String {
    let text = short(value);
    if value > 0.0 && text != "0" { format!("+{text}") } else { text }
}
