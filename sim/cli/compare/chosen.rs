//! Which metrics are compared: those asked for, or a dozen that tell most stories.

use crate::cli::failure::Failure;
use crate::experiment::variants::Outcome;
use crate::measure::metrics::{METRICS, could_be};

/// Shown without being asked for.
pub const USUAL: [&str; 12] = [
    "supply.connected_peak",
    "supply.verified_peak",
    "supply.uptime_mean",
    "rewards.share_to_fakes",
    "rewards.gini",
    "rewards.nakamoto_by_owner",
    "economics.roi.honest",
    "economics.cloud_revenue_usd",
    "economics.subsidy_per_revenue_usd",
    "verification.detected_share",
    "demand.fill_rate",
    "protocol.revenue_usd",
];

/// Whether each name asked for can exist, so that a typo is known before anything runs.
///
/// # Errors
/// The first that no metric answers to, with the nearest that does.
pub fn patterns(asked: &[String]) -> Result<(), Failure> {
    let unknown = asked.iter().find(|name| !could_be(name));
    let Some(name) = unknown else { return Ok(()) };
    let nearest = METRICS.iter().map(|m| (strsim::damerau_levenshtein(m.pattern, name), m.pattern)).min();
    let hint = nearest.map_or_else(String::new, |(_, near)| format!("did you mean {near}? "));
    let failure = Failure::new(format!("error: no metric is called {name}"));
    Err(failure.hint(format!("{hint}depin-sim list metrics says them all")))
}

/// Names of the metrics to compare that some variant has, in the order asked for.
///
/// # Errors
/// When a name asked for is no metric of any variant, such as one of a cohort that is not there.
pub fn metrics(asked: &[String], outcomes: &[Outcome]) -> Result<Vec<String>, Failure> {
    let has = |name: &str| outcomes.iter().any(|outcome| outcome.metrics.contains_key(name));
    if asked.is_empty() {
        return Ok(USUAL.iter().filter(|name| has(name)).map(|&name| name.to_owned()).collect());
    }
    let mut chosen: Vec<String> = Vec::new();
    for name in asked {
        let before = chosen.len();
        match name.strip_suffix('*') {
            Some(start) => {
                let all = outcomes.iter().flat_map(|outcome| outcome.metrics.keys());
                let mut found: Vec<String> = all.filter(|name| name.starts_with(start)).cloned().collect();
                found.sort();
                found.dedup();
                chosen.extend(found);
            }
            None => chosen.extend(has(name).then(|| name.clone())),
        }
        if chosen.len() == before {
            let failure = Failure::new(format!("error: no variant has the metric {name}"));
            return Err(
                failure.hint("the part after the last dot is a cohort, farm or cloud of the scenario")
            );
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    chosen.retain(|name| seen.insert(name.clone()));
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_metric_exists() {
        assert!(patterns(&USUAL.map(str::to_owned)).is_ok());
    }

    #[test]
    fn a_typo_is_known_before_anything_runs() {
        let asked = ["economics.roi.*", "economics.roi.gamers", "rewards.gini"].map(str::to_owned);
        assert!(patterns(&asked).is_ok());
        assert!(patterns(&["rewards.ginni".to_owned()]).is_err());
        assert!(patterns(&["rewads.*".to_owned()]).is_err());
    }
}
