//! Microsoft's Philly job log (`cluster_job_log`, JSON): <https://github.com/msr-fiddle/philly-traces>.
//!
//! Dates are local, to the second; submissions are counted from the first one. A job's run is the sum of
//! its attempts that began and ended, its processors the GPUs of its widest attempt, its estimate the
//! run. An attempt that ends less than an hour before it begins ran while the clocks were set back.

use super::TraceJob;
use super::decimal::TimeUnit;
use super::draft::{Draft, lasting};
use super::error::Fault;
use super::json;
use super::source::{line_of, text};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Job<'a> {
    #[serde(borrow)]
    jobid: &'a RawValue,
    submitted_time: Option<String>,
    user: Option<String>,
    #[serde(default)]
    attempts: Vec<Attempt>,
}

#[derive(Deserialize)]
struct Attempt {
    start_time: Option<String>,
    end_time: Option<String>,
    #[serde(default)]
    detail: Vec<Server>,
}

#[derive(Deserialize)]
struct Server {
    #[serde(default)]
    gpus: Vec<IgnoredAny>,
}

/// Reads all jobs into the draft.
pub(super) fn read(bytes: &[u8], draft: &mut Draft) -> Result<(), Fault> {
    let text = text(bytes)?;
    let jobs: Vec<Job<'_>> =
        serde_json::from_str(&text).map_err(|error| json::fault(&error, 0, "a list of Philly jobs"))?;
    for job in jobs {
        let line = line_of(&text, job.jobid.get());
        let read = self::job(line, job)?;
        draft.push(line, read)?;
    }
    let start = draft.first_submit().unwrap_or(0);
    draft.count_from(start);
    Ok(())
}

fn job(line: u64, job: Job<'_>) -> Result<TraceJob, Fault> {
    let submit = date(line, "submitted_time", job.submitted_time.as_deref())?;
    let submit = submit.ok_or_else(|| Fault::field(line, "submitted_time", "", "a date"))?;
    let mut seconds = 0_u64;
    let mut procs = 1;
    for attempt in &job.attempts {
        seconds = seconds.saturating_add(length(line, attempt)?);
        procs = procs.max(attempt.detail.iter().map(|server| server.gpus.len()).sum());
    }
    let ns = seconds.checked_mul(TimeUnit::SECOND_NS).filter(|ns| *ns <= super::LONGEST);
    let run = lasting(ns.ok_or_else(|| Fault::at(line, "attempts of centuries", "a run below 292 years"))?);
    Ok(TraceJob {
        submit: submit * TimeUnit::SECOND_NS,
        run,
        estimate: run,
        procs: u32::try_from(procs).map_err(|_| Fault::at(line, "too many gpus", "fewer"))?,
        user: job.user,
        ..TraceJob::new(json::label(line, "jobid", job.jobid.get())?)
    })
}

/// Seconds of an attempt; zero where it did not begin or did not end.
fn length(line: u64, attempt: &Attempt) -> Result<u64, Fault> {
    let start = date(line, "start_time", attempt.start_time.as_deref())?;
    let end = date(line, "end_time", attempt.end_time.as_deref())?;
    let (Some(start), Some(end)) = (start, end) else {
        return Ok(0);
    };
    let later = if end < start { end + 3600 } else { end };
    later.checked_sub(start).ok_or_else(|| {
        let text = attempt.end_time.as_deref().unwrap_or_default();
        Fault::field(line, "end_time", text, "no end before the start")
    })
}

/// Seconds since 1970 of `2017-10-09 07:01:55`; none for `None`, empty or null.
fn date(line: u64, field: &str, text: Option<&str>) -> Result<Option<u64>, Fault> {
    match text {
        None | Some("" | "None") => Ok(None),
        Some(text) => seconds(text)
            .map(Some)
            .ok_or_else(|| Fault::field(line, field, text, "a date such as 2017-10-09 07:01:55")),
    }
}

fn seconds(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    let marks = [(4, b'-'), (7, b'-'), (10, b' '), (13, b':'), (16, b':')];
    if bytes.len() != 19 || marks.iter().any(|(at, mark)| bytes[*at] != *mark) {
        return None;
    }
    let part = |from: usize, to: usize| {
        bytes[from..to]
            .iter()
            .try_fold(0_u64, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u64::from(b - b'0')))
    };
    let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
    let (hour, minute, second) = (part(11, 13)?, part(14, 16)?, part(17, 19)?);
    let leap = |y: u64| y.is_multiple_of(4) && (!y.is_multiple_of(100) || y.is_multiple_of(400));
    let months = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let at = usize::try_from(month).ok()?.checked_sub(1)?;
    let valid = (1970..2200).contains(&year) && hour < 24 && minute < 60 && second < 60;
    if !valid || day == 0 || day > *months.get(at)? {
        return None;
    }
    let years: u64 = (1970..year).map(|y| if leap(y) { 366 } else { 365 }).sum();
    let days = years + months[..at].iter().sum::<u64>() + day - 1;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}
