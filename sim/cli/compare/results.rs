//! What came of a comparison: by metric and variant, as data, as a table of every pair, and as a figure.

use crate::MODEL_VERSION;
use crate::experiment::variants::Outcome;
use crate::measure::comparison::{Comparison, Verdict, each_of};
use crate::measure::digest::hex;
use crate::report::{plots, replace};
use serde_json::{Value, json};
use std::io;
use std::path::{Path, PathBuf};

/// All comparisons of a set of variants with the first.
#[derive(Debug)]
pub struct Results {
    /// Names; the baseline first.
    pub names: Vec<String>,
    digests: Vec<[u8; 32]>,
    /// Metrics in order.
    pub rows: Vec<Row>,
    /// Confidence with which all intervals hold together.
    pub confidence: f64,
    /// Confidence of each.
    pub each: f64,
    /// How many intervals hold together.
    pub count: usize,
    /// Replications of each variant.
    pub pairs: usize,
}

/// One metric, with one comparison per variant but the baseline.
#[derive(Debug)]
pub struct Row {
    /// Name.
    pub metric: String,
    /// Unit.
    pub unit: &'static str,
    /// By variant, the baseline left out.
    pub comparisons: Vec<Comparison>,
    /// By variant, then replication; the baseline first.
    values: Vec<Vec<Option<f64>>>,
}

impl Results {
    /// Compares every outcome with the first.
    pub fn of(names: Vec<String>, outcomes: &[Outcome], metrics: &[String], confidence: f64) -> Results {
        let pairs = outcomes[0].metrics.values().map(|values| values.of.len()).max().unwrap_or(0);
        let count = metrics.len() * (outcomes.len() - 1);
        let each = each_of(count, confidence);
        let row = |metric: &String| {
            let found = |outcome: &Outcome| outcome.metrics.get(metric).cloned();
            let unit = outcomes.iter().find_map(found).map_or("", |values| values.unit);
            let of = |outcome| found(outcome).map_or_else(|| vec![None; pairs], |values| values.of);
            let values: Vec<Vec<Option<f64>>> = outcomes.iter().map(of).collect();
            let against = values[1..].iter().map(|after| Comparison::of(&values[0], after, each));
            Row { metric: metric.clone(), unit, comparisons: against.collect(), values }
        };
        let rows = metrics.iter().map(row).collect();
        let digests = outcomes.iter().map(|outcome| outcome.digest).collect();
        Results { names, digests, rows, confidence, each, count, pairs }
    }

    /// True when a variant did in every replication what the baseline did, by digest.
    pub fn identical(&self, variant: usize) -> bool {
        self.digests[variant + 1] == self.digests[0]
    }

    /// As JSON.
    pub fn data(&self) -> Value {
        let variants = self.names.iter().zip(&self.digests);
        let variants: Vec<Value> =
            variants.map(|(name, digest)| json!({ "name": name, "digest": hex(digest) })).collect();
        let rows = self.rows.iter().flat_map(|row| {
            let names = self.names[1..].iter();
            names.zip(&row.comparisons).map(|(name, comparison)| datum(row, name, comparison))
        });
        json!({
            "schema": 1,
            "model_version": MODEL_VERSION,
            "baseline": self.names[0],
            "variants": variants,
            "replications": self.pairs,
            "confidence": self.confidence,
            "confidence_each": self.each,
            "comparisons": rows.collect::<Vec<Value>>(),
        })
    }

    /// Writes `comparison.json`, `comparison.csv` (every value of every pair) and the forest plot; gives the paths.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<PathBuf>> {
        std::fs::create_dir_all(folder)?;
        let data = folder.join("comparison.json");
        let text = crate::cli::output::json(&self.data());
        replace::with(&data, |temporary| std::fs::write(temporary, &text))?;
        let table = folder.join("comparison.csv");
        replace::with(&table, |temporary| self.table(temporary))?;
        let mut written = vec![data, table];
        written.extend(plots::forest::write(folder, &self.figure())?);
        Ok(written)
    }

    /// One row per metric, variant and replication; an undefined value is empty.
    fn table(&self, path: &Path) -> io::Result<()> {
        let mut table = csv::Writer::from_path(path).map_err(io::Error::other)?;
        table.write_record(["metric", "unit", "variant", "replication", "value", "difference"])?;
        let shown = |value: Option<f64>| value.map_or_else(String::new, |value| value.to_string());
        for row in &self.rows {
            for (name, values) in self.names.iter().zip(&row.values) {
                for (replication, (before, value)) in row.values[0].iter().zip(values).enumerate() {
                    let difference = before.zip(*value).map(|(before, value)| value - before);
                    let replication = replication.to_string();
                    let cells =
                        [&row.metric, row.unit, name, &replication, &shown(*value), &shown(difference)];
                    table.write_record(cells)?;
                }
            }
        }
        table.flush()
    }

    fn figure(&self) -> plots::sheet::Sheet {
        let rows = self.rows.iter().flat_map(|row| {
            let each = row.comparisons.iter().enumerate();
            each.filter_map(|(variant, comparison)| {
                let (value, interval) = comparison.relative()?;
                Some(plots::forest::Row { metric: row.metric.clone(), variant, value, interval })
            })
        });
        let rows: Vec<plots::forest::Row> = rows.collect();
        plots::forest::draw(&self.names[0], &self.names[1..], &rows, &self.note())
    }

    /// What the intervals are.
    pub fn note(&self) -> String {
        format!(
            "{} pairs on common random numbers; all {} intervals hold together with confidence {} (Bonferroni), each at {:.4}.",
            self.pairs, self.count, self.confidence, self.each
        )
    }
}

fn datum(row: &Row, variant: &str, comparison: &Comparison) -> Value {
    json!({
        "metric": row.metric,
        "unit": row.unit,
        "variant": variant,
        "pairs": comparison.pairs,
        "baseline_mean": comparison.baseline,
        "variant_mean": comparison.variant,
        "difference": comparison.difference,
        "interval": comparison.interval,
        "variance_reduction": comparison.variance_reduction,
        "verdict": word(comparison.verdict),
    })
}

/// The verdict in a word or two.
pub fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "same",
        Verdict::Differs => "differs",
        Verdict::Undecided => "undecided",
        Verdict::Undefined => "undefined",
    }
}
