//! `jobs.csv`: what became of each job of a trace, in the trace's own unit of time.

use crate::measure::record::JobRow;
use std::io;
use std::path::Path;

/// Writes `job_id,submit,start,finish,procs,devices`, in order of submission. A job that never started has no start, no
/// finish and no devices; hosts stand as `host:card+card`, a space between two.
///
/// # Errors
/// When the file cannot be written.
pub fn write(path: &Path, jobs: &[JobRow]) -> io::Result<()> {
    let mut out = ::csv::Writer::from_path(path).map_err(io::Error::other)?;
    out.write_record(["job_id", "submit", "start", "finish", "procs", "devices"])
        .map_err(io::Error::other)?;
    for job in jobs {
        let host = |(name, cards): &(String, Vec<u16>)| {
            let cards: Vec<String> = cards.iter().map(u16::to_string).collect();
            format!("{name}:{}", cards.join("+"))
        };
        let devices: Vec<String> = job.devices.iter().map(host).collect();
        let (procs, devices) = (job.procs.to_string(), devices.join(" "));
        let fields = [&job.id, &job.submit, &job.start, &job.finish, &procs, &devices];
        out.write_record(fields).map_err(io::Error::other)?;
    }
    out.flush()
}
