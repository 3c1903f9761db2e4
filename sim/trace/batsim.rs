//! Batsim JSON workloads with `delay` profiles: <https://batsim.readthedocs.io/en/latest/input-workload.html>.
//!
//! The estimate is the walltime, the delay where there is none; a run ends at the walltime.
//! A job without a delay counts as one second, one without resources as one resource.

use super::TraceJob;
use super::draft::{Draft, count, is_unknown, lasting};
use super::error::{Fault, quoted};
use super::json;
use super::source::{line_of, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Workload<'a> {
    #[serde(borrow)]
    nb_res: Option<&'a RawValue>,
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
    res: &'a RawValue,
    #[serde(borrow)]
    walltime: Option<&'a RawValue>,
    profile: String,
}

#[derive(Deserialize)]
struct Profile<'a> {
    #[serde(rename = "type")]
    kind: String,
    #[serde(borrow)]
    delay: Option<&'a RawValue>,
}

/// Reads all jobs into the draft.
pub(super) fn read(bytes: &[u8], draft: &mut Draft) -> Result<(), Fault> {
    let text = text(bytes)?;
    let workload: Workload<'_> = serde_json::from_str(&text)
        .map_err(|error| json::fault(&error, 0, "a Batsim workload with jobs and profiles"))?;
    if let (None, Some(hosts)) = (draft.machine, workload.nb_res) {
        let line = line_of(&text, hosts.get());
        draft.machine = Some(json::at_least_one(line, "nb_res", hosts.get())?);
    }
    for job in &workload.jobs {
        let line = line_of(&text, job.id.get());
        let read = self::job(line, job, &workload.profiles, draft)?;
        draft.push(line, read)?;
    }
    Ok(())
}

fn job(
    line: u64,
    job: &Job<'_>,
    profiles: &BTreeMap<String, Profile<'_>>,
    draft: &mut Draft,
) -> Result<TraceJob, Fault> {
    let submit = draft.time(line, "subtime", job.subtime.get())?;
    let delay = lasting(draft.time(line, "delay", delay(line, &job.profile, profiles)?)?);
    let walltime = match job.walltime {
        Some(raw) if !is_unknown(raw.get()) => {
            let ns = draft.time(line, "walltime", raw.get())?;
            let wrong = || Fault::field(line, "walltime", raw.get(), "a walltime above zero, or -1 for none");
            Some((ns > 0).then_some(ns).ok_or_else(wrong)?)
        }
        _ => None,
    };
    let estimate = walltime.unwrap_or(delay);
    let procs = count(line, "res", job.res.get(), u32::MAX)?.max(1);
    Ok(TraceJob {
        submit,
        run: delay.min(estimate),
        estimate,
        procs,
        ..TraceJob::new(json::label(line, "id", job.id.get())?)
    })
}

fn delay<'a>(line: u64, name: &str, profiles: &BTreeMap<String, Profile<'a>>) -> Result<&'a str, Fault> {
    let profile = profiles
        .get(name)
        .ok_or_else(|| Fault::field(line, "profile", name, "the name of one of the profiles"))?;
    match profile.delay {
        Some(delay) if profile.kind == "delay" => Ok(delay.get()),
        _ => Err(Fault::at(
            line,
            format!("profile {} of type {}", quoted(name), quoted(&profile.kind)),
            "a profile of type delay with a delay",
        )
        .hint("computing and message profiles need a platform model, which this reader has not")),
    }
}
