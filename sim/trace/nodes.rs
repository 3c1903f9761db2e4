//! Lists of hosts, and of their order among equals.

use super::source::{Source, TraceError};
use std::collections::BTreeMap;
use std::path::Path;

/// A host as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Name.
    pub name: String,
    /// Processor thousandths.
    pub cpu_milli: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// Cards.
    pub cards: u16,
    /// Model of its cards.
    pub model: Option<String>,
    /// Place among hosts of equal merit.
    pub rank: Option<u32>,
}

/// Reads a list of hosts (sn, cpu_milli, memory_mib, gpu, model) and, if given, their ranks (sn, rank).
///
/// # Errors
/// The first thing that is wrong, with its line.
pub fn read(path: &Path, ranks: Option<&Path>) -> Result<Vec<Node>, TraceError> {
    let ranks = ranks.map(read_ranks).transpose()?;
    let source = Source::open(path)?;
    let mut nodes = Vec::new();
    for (line, [name, cpu, memory, cards, model]) in
        source.rows(["sn", "cpu_milli", "memory_mib", "gpu", "model"])?
    {
        let number = |name: &str, text: &str, most: u64| source.whole_number(line, name, text, most);
        let rank = ranks.as_ref().map(|ranks| {
            ranks.get(&name).copied().ok_or_else(|| source.at(line, format!("host {name}"), "a rank for it"))
        });
        nodes.push(Node {
            cpu_milli: number("cpu_milli", &cpu, u64::from(u32::MAX))? as u32,
            memory_mib: number("memory_mib", &memory, u64::from(u32::MAX))? as u32,
            cards: number("gpu", &cards, 64)? as u16,
            model: (!model.is_empty()).then_some(model),
            rank: rank.transpose()?,
            name,
        });
    }
    Ok(nodes)
}

fn read_ranks(path: &Path) -> Result<BTreeMap<String, u32>, TraceError> {
    let source = Source::open(path)?;
    let rows = source.rows(["sn", "rank"])?;
    let rank = |line, text: &str| source.whole_number(line, "rank", text, u64::from(u32::MAX));
    rows.into_iter().map(|(line, [name, text])| Ok((name, rank(line, &text)? as u32))).collect()
}
