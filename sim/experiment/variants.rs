//! Several scenarios on common random numbers, of which only the metrics are kept.

use super::{Crash, Progress, run};
use crate::measure::digest;
use crate::measure::record::Record;
use crate::scenario::Scenario;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// One metric of a variant: its unit, and its value in each replication, `None` where it is undefined.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// Unit.
    pub unit: &'static str,
    /// By replication.
    pub of: Vec<Option<f64>>,
}

/// What a variant came to.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Digest of all its replications.
    pub digest: [u8; 32],
    /// By name.
    pub metrics: BTreeMap<String, Values>,
}

impl Outcome {
    fn of(records: &[Record]) -> Outcome {
        let digests: Vec<[u8; 32]> = records.iter().map(|record| record.digest).collect();
        let mut metrics: BTreeMap<String, Values> = BTreeMap::new();
        for (index, record) in records.iter().enumerate() {
            for (name, metric) in &record.metrics {
                let values = metrics
                    .entry(name.clone())
                    .or_insert_with(|| Values { unit: metric.unit, of: vec![None; records.len()] });
                values.of[index] = metric.value.filter(|value| value.is_finite());
            }
        }
        Outcome { digest: digest::combine(&digests), metrics }
    }
}

/// Runs a variant whole; `None` when `stop` was raised before it was. Streams are named by what draws from them and by
/// seed and replication, so two variants with one seed meet the same chances wherever they do the same.
///
/// # Errors
/// As [`run`].
pub fn outcome(
    scenario: &Arc<Scenario>,
    threads: usize,
    stop: &AtomicBool,
    progress: Progress<'_>,
) -> Result<Option<Outcome>, Crash> {
    let records = run(scenario, threads, stop, progress)?;
    let whole = records.len() == scenario.run.replications as usize;
    Ok(whole.then(|| Outcome::of(&records)))
}
