//! Plain JSON lines, one job each: `{"id":"a","submit":0,"run":5,"estimate":6,"procs":2}`.
//!
//! `id`, `submit` and `run` must be there. Left out, `estimate` is the run, `procs` 1, `card_milli` 1000,
//! the rest zero or empty. `models` is a list of text, `user` is text. An unknown key is an error.

use super::TraceJob;
use super::draft::{Draft, count, lasting};
use super::error::Fault;
use super::json;
use super::source::{Lines, utf8};
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Job<'a> {
    #[serde(borrow)]
    id: &'a RawValue,
    #[serde(borrow)]
    submit: &'a RawValue,
    #[serde(borrow)]
    run: &'a RawValue,
    #[serde(borrow)]
    estimate: Option<&'a RawValue>,
    #[serde(borrow)]
    procs: Option<&'a RawValue>,
    #[serde(borrow)]
    card_milli: Option<&'a RawValue>,
    #[serde(borrow)]
    cpu_milli: Option<&'a RawValue>,
    #[serde(borrow)]
    memory_mib: Option<&'a RawValue>,
    #[serde(default)]
    models: Vec<String>,
    user: Option<String>,
}

/// Reads all jobs into the draft.
pub(super) fn read(bytes: &[u8], draft: &mut Draft) -> Result<(), Fault> {
    let mut lines = Lines::of(bytes);
    while let Some((number, line)) = lines.next()? {
        let text = utf8(number, line)?.trim();
        if !text.is_empty() {
            let job: Job<'_> = serde_json::from_str(text).map_err(|error| {
                json::fault(&error, number - 1, "one JSON object with id, submit and run")
            })?;
            let job = self::job(number, job, draft)?;
            draft.push(number, job)?;
        }
    }
    Ok(())
}

fn job(line: u64, job: Job<'_>, draft: &mut Draft) -> Result<TraceJob, Fault> {
    let number = |field: &str, raw: Option<&RawValue>, most: u32, none: u32| {
        raw.map_or(Ok(none), |raw| count(line, field, raw.get(), most))
    };
    let run = lasting(draft.time(line, "run", job.run.get())?);
    let estimate = match job.estimate {
        Some(raw) => draft.time(line, "estimate", raw.get())?,
        None => run,
    };
    if estimate == 0 {
        return Err(Fault::field(line, "estimate", "0", "an estimate above zero"));
    }
    Ok(TraceJob {
        id: json::label(line, "id", job.id.get())?,
        submit: draft.time(line, "submit", job.submit.get())?,
        run: run.min(estimate),
        estimate,
        procs: job.procs.map_or(Ok(1), |raw| json::at_least_one(line, "procs", raw.get()))?,
        card_milli: u16::try_from(number("card_milli", job.card_milli, 1000, 1000)?).unwrap_or(1000),
        cpu_milli: number("cpu_milli", job.cpu_milli, u32::MAX, 0)?,
        memory_mib: number("memory_mib", job.memory_mib, u32::MAX, 0)?,
        models: job.models,
        user: job.user,
    })
}
