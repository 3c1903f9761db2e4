//! Standard Workload Format of the Parallel Workloads Archive, 18 columns.
//!
//! Read as the archive's users do: processors are those allocated, within the machine; the estimate is
//! the requested time but no less than the run and one tick; a job without a run time or without
//! processors counts as one second on max(1, allocated). Columns: <https://www.cs.huji.ac.il/labs/parallel/workload/swf.html>.

use super::TraceJob;
use super::draft::{Draft, NO_RUN, count, is_unknown};
use super::error::{Fault, quoted};
use super::source::{Lines, utf8};

const COLUMNS: usize = 18;

/// Reads all jobs into the draft.
pub(super) fn read(bytes: &[u8], draft: &mut Draft) -> Result<(), Fault> {
    let asked = draft.machine;
    let mut lines = Lines::of(bytes);
    while let Some((number, line)) = lines.next()? {
        let line = line.trim_ascii_start();
        if let Some(comment) = line.strip_prefix(b";") {
            if asked.is_none() {
                header(number, comment, draft)?;
            }
        } else if !line.is_empty() {
            let job = job(number, utf8(number, line)?, draft)?;
            draft.push(number, job)?;
        }
    }
    Ok(())
}

/// Takes the size of the machine from `MaxProcs: 128`. Comments need not be UTF-8.
fn header(number: u64, comment: &[u8], draft: &mut Draft) -> Result<(), Fault> {
    let Some(value) = comment.trim_ascii().strip_prefix(b"MaxProcs:") else {
        return Ok(());
    };
    let value = utf8(number, value)?.split_ascii_whitespace().next().unwrap_or_default();
    if !is_unknown(value) {
        let procs = count(number, "MaxProcs", value, u32::MAX)?;
        let at_least_one = (procs > 0).then_some(procs);
        draft.machine =
            Some(at_least_one.ok_or_else(|| Fault::field(number, "MaxProcs", value, "at least 1"))?);
    }
    Ok(())
}

fn job(number: u64, line: &str, draft: &mut Draft) -> Result<TraceJob, Fault> {
    let columns: Vec<&str> = line.split_ascii_whitespace().take(COLUMNS + 1).collect();
    let &[id, submit, _, run, allocated, _, _, _, requested, _, _, user, ..] = columns.as_slice() else {
        return Err(wrong_width(number, line, columns.len()));
    };
    if columns.len() != COLUMNS {
        return Err(wrong_width(number, line, columns.len()));
    }
    let submit = draft.time(number, "submit time (column 2)", submit)?;
    let run = draft.known_time(number, "run time (column 4)", run)?.unwrap_or(0);
    let requested = draft.known_time(number, "requested time (column 9)", requested)?.unwrap_or(0);
    let field = "allocated processors (column 5)";
    let allocated = if is_unknown(allocated) { 0 } else { count(number, field, allocated, u32::MAX)? };
    let run = if run == 0 || allocated == 0 { NO_RUN } else { run };
    Ok(TraceJob {
        submit,
        run,
        estimate: requested.max(run).max(draft.unit.ns()),
        procs: allocated.max(1).min(draft.machine.unwrap_or(u32::MAX)),
        user: (!is_unknown(user)).then(|| user.to_owned()),
        ..TraceJob::new(id.to_owned())
    })
}

fn wrong_width(number: u64, line: &str, width: usize) -> Fault {
    let more = if width > COLUMNS { "more than 18".to_owned() } else { width.to_string() };
    Fault::at(number, format!("{more} columns in {}", quoted(line)), "18 columns between blanks")
        .hint("the Standard Workload Format has 18; was the file cut short?")
}
