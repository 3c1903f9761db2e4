//! Pod lists of Alibaba's openb cluster (`cluster-trace-gpu-v2023`), CSV.
//!
//! A task's run is from its scheduling to its deletion; of a task that was never scheduled it is from
//! its creation, the time it was wanted. A list without times has every task at 0 for one second, in
//! the order of its lines. Tasks without a GPU have no processors and no part of a card.

use super::TraceJob;
use super::draft::{Draft, count, lasting};
use super::error::Fault;
use super::sheet::Sheet;

/// Thousandths of a card.
const CARD: u32 = 1000;

/// Reads all tasks into the draft.
pub(super) fn read(bytes: &[u8], draft: &mut Draft) -> Result<(), Fault> {
    let mut sheet = Sheet::of(bytes)?;
    let name = sheet.column("name")?;
    let sizes = ["cpu_milli", "memory_mib", "num_gpu", "gpu_milli"];
    let [cpu, memory, gpus, milli] = sizes.map(|name| sheet.column(name));
    let (cpu, memory, gpus, milli) = (cpu?, memory?, gpus?, milli?);
    let spec = sheet.find("gpu_spec");
    let times = ["creation_time", "scheduled_time", "deletion_time"].map(|name| sheet.find(name));
    let mut unplaced = 0_u64;
    while let Some((line, row)) = sheet.next()? {
        let number = |at: usize, name: &str, most: u32| count(line, name, &row[at], most);
        let procs = number(gpus, "num_gpu", u32::MAX)?;
        let card_milli = if procs == 0 { 0 } else { number(milli, "gpu_milli", CARD)? };
        let [created, scheduled, deleted] = times.map(|at| at.map_or("", |at| &row[at]));
        unplaced += u64::from(scheduled.is_empty() && !deleted.is_empty());
        let submit = if created.is_empty() { 0 } else { draft.time(line, "creation_time", created)? };
        let run = lasting(run(line, submit, scheduled, deleted, draft)?);
        let models = spec.map_or("", |at| &row[at]).split('|').filter(|model| !model.is_empty());
        let job = TraceJob {
            submit,
            run,
            estimate: run,
            procs,
            card_milli: u16::try_from(card_milli).unwrap_or(u16::MAX),
            cpu_milli: number(cpu, "cpu_milli", u32::MAX)?,
            memory_mib: number(memory, "memory_mib", u32::MAX)?,
            models: models.map(str::to_owned).collect(),
            ..TraceJob::new(row[name].to_owned())
        };
        draft.push(line, job)?;
    }
    if unplaced > 0 {
        draft
            .notes
            .push(format!("{unplaced} tasks were never scheduled; their run is from creation to deletion"));
    }
    Ok(())
}

fn run(line: u64, submit: u64, scheduled: &str, deleted: &str, draft: &mut Draft) -> Result<u64, Fault> {
    if deleted.is_empty() {
        return Ok(0);
    }
    let start = if scheduled.is_empty() { submit } else { draft.time(line, "scheduled_time", scheduled)? };
    let end = draft.time(line, "deletion_time", deleted)?;
    end.checked_sub(start)
        .ok_or_else(|| Fault::field(line, "deletion_time", deleted, "no deletion before the start"))
}
