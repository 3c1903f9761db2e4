//! Lists of machines: openb's node list, and the order among equals that a scheduler gave them.

use super::draft::count;
use super::error::{Fault, TraceError};
use super::sheet::Sheet;
use super::source;
use std::collections::BTreeMap;
use std::path::Path;

/// A machine of a cluster.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// Its serial name.
    pub name: String,
    /// Thousandths of a CPU core.
    pub cpu_milli: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// GPUs.
    pub cards: u32,
    /// Model of its GPUs.
    pub model: Option<String>,
    /// Among nodes of equal score the lowest rank wins.
    pub rank: Option<u32>,
}

/// Reads a node list (`sn,cpu_milli,memory_mib,gpu,model`) in its order and, where given, ranks (`sn,rank`).
/// Ranks of machines that the list does not have are left aside.
///
/// # Errors
/// When a file cannot be read, a cell is not what it should be, or a machine stands there twice.
pub fn read(path: &Path, ranks: Option<&Path>) -> Result<Vec<Node>, TraceError> {
    let load = |path: &Path| source::load(path).map_err(|fault| fault.in_file(path));
    let mut nodes = nodes(&load(path)?).map_err(|fault| fault.in_file(path))?;
    if let Some(path) = ranks {
        let ranks = self::ranks(&load(path)?).map_err(|fault| fault.in_file(path))?;
        for node in &mut nodes {
            node.rank = ranks.get(&node.name).copied();
        }
    }
    Ok(nodes)
}

pub(super) fn nodes(bytes: &[u8]) -> Result<Vec<Node>, Fault> {
    let mut sheet = Sheet::of(bytes)?;
    let [name, cpu, memory, cards] = ["sn", "cpu_milli", "memory_mib", "gpu"].map(|name| sheet.column(name));
    let (name, cpu, memory, cards) = (name?, cpu?, memory?, cards?);
    let model = sheet.find("model");
    let mut seen = BTreeMap::new();
    let mut nodes = Vec::new();
    while let Some((line, row)) = sheet.next()? {
        once(&mut seen, line, &row[name])?;
        let number = |at: usize, field: &str| count(line, field, &row[at], u32::MAX);
        nodes.push(Node {
            name: row[name].to_owned(),
            cpu_milli: number(cpu, "cpu_milli")?,
            memory_mib: number(memory, "memory_mib")?,
            cards: number(cards, "gpu")?,
            model: model.map(|at| row[at].to_owned()).filter(|model| !model.is_empty()),
            rank: None,
        });
    }
    Ok(nodes)
}

pub(super) fn ranks(bytes: &[u8]) -> Result<BTreeMap<String, u32>, Fault> {
    let mut sheet = Sheet::of(bytes)?;
    let (name, rank) = (sheet.column("sn")?, sheet.column("rank")?);
    let mut seen = BTreeMap::new();
    let mut ranks = BTreeMap::new();
    while let Some((line, row)) = sheet.next()? {
        once(&mut seen, line, &row[name])?;
        ranks.insert(row[name].to_owned(), count(line, "rank", &row[rank], u32::MAX)?);
    }
    Ok(ranks)
}

fn once(seen: &mut BTreeMap<String, u64>, line: u64, name: &str) -> Result<(), Fault> {
    match seen.insert(name.to_owned(), line) {
        None => Ok(()),
        Some(first) => {
            Err(Fault::field(line, "sn", name, format!("a machine not yet named on line {first}")))
        }
    }
}
