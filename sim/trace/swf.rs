//! Standard Workload Format 2.2, normalised as the archive's users do.
//!
//! Rules: processors = the smaller of allocated and machine; estimate = the largest of requested time, run time and one
//! unit; a job is stopped at its estimate; a job without run time or processors counts as one second on the larger of
//! one and its allocated processors.
//!
//! Source: Feitelson, Tsafrir and Krakov, "Experience with using the Parallel Workloads Archive", JPDC 74(10), 2014;
//! the format's page at the archive.

use super::decimal::TimeUnit;
use super::source::{Source, TraceError};
use super::{MOST_JOBS, TraceJob};

/// Columns of a record.
const COLUMNS: usize = 18;

/// Reads all records; lines that begin with `;` are remarks.
pub(super) fn read(
    source: &Source,
    unit: TimeUnit,
    machine: Option<u32>,
) -> Result<Vec<TraceJob>, TraceError> {
    let mut jobs = Vec::new();
    for (text, number) in source.text.lines().zip(1u64..) {
        let text = text.trim();
        if text.is_empty() || text.starts_with(';') {
            continue;
        }
        if jobs.len() == MOST_JOBS {
            return Err(source.at(number, "one job more", "at most ten million jobs"));
        }
        jobs.push(record(source, number, text, unit, machine)?);
    }
    Ok(jobs)
}

fn record(
    source: &Source,
    line: u64,
    text: &str,
    unit: TimeUnit,
    machine: Option<u32>,
) -> Result<TraceJob, TraceError> {
    let fields: Vec<&str> = text.split_ascii_whitespace().collect();
    if fields.len() != COLUMNS {
        let found = format!("{} fields", fields.len());
        return Err(source.at(line, found, "the 18 fields of a record"));
    }
    // A negative number stands for unknown.
    let time = |place: usize, name: &str| -> Result<Option<u64>, TraceError> {
        let field = fields[place];
        let digits = field.strip_prefix('-');
        match unit.to_ns(digits.unwrap_or(field)) {
            Some(_) if digits.is_some() => Ok(None),
            Some(ns) => Ok(Some(ns)),
            None => {
                Err(source.at(line, format!("{name} \"{field}\""), "a decimal number, or -1 for unknown"))
            }
        }
    };
    let submit = time(1, "submit time")?;
    let submit = submit.ok_or_else(|| source.at(line, "no submit time", "a submit time at least 0"))?;
    let run = time(3, "run time")?.filter(|run| *run > 0);
    let requested = time(8, "requested time")?.unwrap_or(0);
    let allocated: i64 = fields[4].parse().map_err(|_| {
        source.at(
            line,
            format!("allocated processors \"{}\"", fields[4]),
            "a whole number, or -1 for unknown",
        )
    })?;
    let allocated = u32::try_from(allocated.max(0)).unwrap_or(u32::MAX);
    let (run, wanted) = match run {
        Some(run) if allocated > 0 => (run, allocated),
        _ => (TimeUnit::SECOND.ns(), allocated.max(1)),
    };
    let estimate = requested.max(run).max(unit.ns());
    Ok(TraceJob {
        id: fields[0].to_owned(),
        submit,
        run: run.min(estimate),
        estimate,
        procs: machine.map_or(wanted, |machine| wanted.min(machine)),
        card_milli: 1000,
        cpu_milli: 0,
        memory_mib: 0,
        models: Vec::new(),
    })
}
