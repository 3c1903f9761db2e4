//! Batsim's JSON workload: jobs with a number of hosts, a walltime and a profile of fixed delay.
//!
//! A job is stopped at its walltime. Numbers are read as decimal text, so that times are exact.
//!
//! Source: Dutot, Mercier, Poquet and Richard, "Batsim: a realistic language-independent resources and jobs management
//! systems simulator", JSSPP 2016; its documentation on workloads.

use super::decimal::TimeUnit;
use super::source::{Source, TraceError};
use super::{MOST_JOBS, TraceJob};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Workload<'a> {
    #[serde(borrow)]
    jobs: Vec<Job<'a>>,
    #[serde(borrow)]
    profiles: BTreeMap<String, Profile<'a>>,
}

#[derive(Deserialize)]
struct Job<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    subtime: &'a RawValue,
    #[serde(borrow)]
    walltime: Option<&'a RawValue>,
    res: u32,
    profile: String,
}

#[derive(Deserialize)]
struct Profile<'a> {
    r#type: String,
    #[serde(borrow)]
    delay: Option<&'a RawValue>,
}

/// Reads all jobs.
pub(super) fn read(source: &Source, unit: TimeUnit) -> Result<Vec<TraceJob>, TraceError> {
    let workload: Workload<'_> = serde_json::from_str(&source.text).map_err(|error| {
        source.at(error.line() as u64, error.to_string(), "a workload with jobs and profiles")
    })?;
    if workload.jobs.len() > MOST_JOBS {
        return Err(source.whole("too many jobs", "at most ten million jobs"));
    }
    workload.jobs.iter().map(|job| convert(source, job, &workload.profiles, unit)).collect()
}

fn convert(
    source: &Source,
    job: &Job<'_>,
    profiles: &BTreeMap<String, Profile<'_>>,
    unit: TimeUnit,
) -> Result<TraceJob, TraceError> {
    let id = job.id.get().trim_matches('"').to_owned();
    let wrong = |found: String, expected: &str| source.whole(&format!("job {id}: {found}"), expected);
    let time = |name: &str, raw: &RawValue| {
        unit.to_ns(raw.get()).ok_or_else(|| wrong(format!("{name} {}", raw.get()), "a number at least 0"))
    };
    let profile = profiles.get(&job.profile);
    let profile =
        profile.ok_or_else(|| wrong(format!("profile \"{}\"", job.profile), "a profile of the file"))?;
    let delay = profile.delay.filter(|_| profile.r#type == "delay");
    let delay =
        delay.ok_or_else(|| wrong(format!("profile of type {}", profile.r#type), "a delay profile"))?;
    let delay = time("delay", delay)?;
    let estimate = match job.walltime {
        Some(raw) if !raw.get().starts_with('-') => time("walltime", raw)?,
        _ => delay,
    };
    let estimate = estimate.max(1);
    if job.res == 0 {
        return Err(wrong("no hosts".to_owned(), "at least one"));
    }
    Ok(TraceJob {
        submit: time("subtime", job.subtime)?,
        run: delay.min(estimate),
        estimate,
        procs: job.res,
        card_milli: 1000,
        cpu_milli: 0,
        memory_mib: 0,
        models: Vec::new(),
        id,
    })
}
