//! Task lists of Alibaba's openb cluster: processor, memory, cards or a share of one, and the models accepted.
//!
//! Source: alibaba/clusterdata, cluster-trace-gpu-v2023 (Weng et al., USENIX ATC 2023). Some lists have no column of
//! models or of times; such tasks accept any model and come at the first instant.

use super::decimal::TimeUnit;
use super::source::{Source, TraceError};
use super::{MOST_JOBS, TraceJob};

/// Reads all tasks.
pub(super) fn read(source: &Source, unit: TimeUnit) -> Result<Vec<TraceJob>, TraceError> {
    let rows = source.rows(["name", "cpu_milli", "memory_mib", "num_gpu", "gpu_milli"])?;
    let optional = |name: &str| source.rows([name]).ok();
    let (models, from, to) = (optional("gpu_spec"), optional("creation_time"), optional("deletion_time"));
    if rows.len() > MOST_JOBS {
        return Err(source.whole("too many tasks", "at most ten million tasks"));
    }
    let text = |column: &Option<Vec<(u64, [String; 1])>>, row: usize| {
        column.as_ref().map_or(String::new(), |rows| rows[row].1[0].clone())
    };
    let mut jobs = Vec::with_capacity(rows.len());
    for (row, (line, [name, cpu, memory, cards, share])) in rows.into_iter().enumerate() {
        let number = |name: &str, text: &str, most: u64| source.whole_number(line, name, text, most);
        let time = |text: &str| unit.to_ns(if text.is_empty() { "0" } else { text });
        let (from, to) = (text(&from, row), text(&to, row));
        let (Some(submit), Some(end)) = (time(&from), time(&to)) else {
            return Err(source.at(
                line,
                format!("times \"{from}\" and \"{to}\""),
                "decimal numbers at least 0",
            ));
        };
        let procs = number("num_gpu", &cards, 1024)? as u32;
        let share = number("gpu_milli", &share, 1000)? as u16;
        let run = end.saturating_sub(submit).max(1);
        jobs.push(TraceJob {
            id: name,
            submit,
            run,
            estimate: run,
            procs,
            card_milli: if procs > 0 { share } else { 0 },
            cpu_milli: number("cpu_milli", &cpu, u64::from(u32::MAX))? as u32,
            memory_mib: number("memory_mib", &memory, u64::from(u32::MAX))? as u32,
            models: text(&models, row).split('|').filter(|m| !m.is_empty()).map(str::to_owned).collect(),
        });
    }
    Ok(jobs)
}
