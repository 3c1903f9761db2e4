//! `[demand.trace]` and `[hardware.nodes]`: jobs read from a file, and the machines of the cluster that ran them.

use super::market::{Hardware, Site, refer};
use super::reading::{Count, FilePath, NonNegative, Table};
use crate::trace::nodes::{self, Node};
use crate::trace::{self, FORMATS, TimeUnit, Trace};
use std::sync::Arc;

/// What the path of a trace is.
const PATH: &str = "file of jobs, .gz read directly; left to whoever runs the scenario when absent";

/// Most hosts of a cluster. Assumed: well above the largest published traces.
const MOST_NODES: u64 = 200_000;

/// Median time between failures of a host must reach this. Assumed: a second, so that a day has no more than some hundred
/// thousand failures of it.
const SHORTEST_SPELL_HOURS: f64 = 1.0 / 3600.0;

/// A host of the cluster.
#[derive(Clone, Debug)]
pub struct Host {
    /// Name, as `jobs.csv` prints it.
    pub name: String,
    /// Processor thousandths.
    pub cpu_milli: u32,
    /// Memory in MiB.
    pub memory_mib: u32,
    /// Cards.
    pub cards: u16,
    /// Model of its cards, by index.
    pub hardware: usize,
    /// Its place among hosts of equal merit, lowest first; drawn anew for each replication where absent.
    pub rank: Option<u32>,
}

/// How the hosts of a cluster fail and are mended.
#[derive(Clone, Copy, Debug)]
pub struct Upkeep {
    /// Kind of place that they stand in, by index: its laws say when they fail.
    pub site: usize,
    /// Hands that mend dropped workers, a host each; without any number every worker returns by itself.
    pub technicians: Option<u32>,
}

/// Jobs from outside.
#[derive(Clone, Debug)]
pub struct TraceDemand {
    /// The jobs, by time of submission.
    pub trace: Arc<Trace>,
    /// Unit of the file's times, in which `jobs.csv` answers.
    pub unit: TimeUnit,
    /// Work is redrawn from the trace until it asks for this share of all cards; nothing is redrawn where absent.
    pub load: Option<f64>,
    /// A job that cannot start at once is lost.
    pub lost: bool,
    /// Jobs hold their devices until the end of the run.
    pub forever: bool,
}

/// A cluster and the jobs it is to run.
#[derive(Clone, Debug, Default)]
pub struct Cluster {
    /// Hosts in order of their ids.
    pub hosts: Vec<Host>,
    /// What befalls them; nothing when absent.
    pub upkeep: Option<Upkeep>,
    /// What a host asks per card and hour, micro-dollars.
    pub ask: u32,
    /// The jobs.
    pub demand: Option<TraceDemand>,
    /// True when the scenario leaves the file of jobs to whoever runs it.
    pub wants_path: bool,
}

impl Cluster {
    /// Reads both tables; nothing when neither is there.
    pub(super) fn read(root: &Table<'_>, hardware: &[Hardware], sites: &[Site]) -> Cluster {
        let supply = root.section("hardware", "GPU models, and the hosts of a cluster");
        let hosts = supply.table("nodes", "hosts of a cluster, listed from the start");
        let upkeep = hosts.as_ref().and_then(|t| read_upkeep(t, sites));
        let ask = hosts.as_ref().map_or(0, read_ask);
        let hosts = hosts.map_or_else(Vec::new, |t| read_hosts(&t, hardware));
        let asked = root.section("demand", "who asks for devices");
        let demand = asked.table("trace", "jobs from a file");
        let wants_path = demand.as_ref().is_some_and(|t| t.optional::<FilePath>("path", PATH).is_none());
        let demand = demand.and_then(|t| read_trace(&t, &hosts, hardware));
        if demand.is_some() && hosts.is_empty() && !wants_path {
            root.problem(
                "hardware",
                "[demand.trace] has jobs and [hardware.nodes] no host to run them",
                "say [hardware.nodes] count = 128, or the path of a list of hosts",
            );
        }
        Cluster { hosts, upkeep, ask, demand, wants_path }
    }
}

impl Cluster {
    /// Models that a job accepts, as bits of the network's table; zero for any.
    #[must_use]
    pub fn models_of(&self, names: &[String], hardware: &[Hardware]) -> u128 {
        let places = names.iter().filter_map(|name| hardware.iter().position(|h| h.name == *name));
        places.fold(0, |bits, place| bits | 1u128.checked_shl(place as u32).unwrap_or(0))
    }
}

fn read_upkeep(t: &Table<'_>, sites: &[Site]) -> Option<Upkeep> {
    let site: Option<String> = t.optional("site", "which [site.NAME] says how hosts fail; never when absent");
    let doc = "hands that mend dropped workers, one host each at a time; each returns by itself when absent";
    let technicians = t.optional::<Count>("technicians", doc).map(|n| u32::try_from(n.0).unwrap_or(u32::MAX));
    let Some(site) = site else {
        if technicians.is_some() {
            t.problem(
                "technicians",
                "these hosts never fail",
                "say which [site.NAME] they stand in: site = \"NAME\"",
            );
        }
        return None;
    };
    if technicians == Some(0) {
        t.problem("technicians", "nobody would ever mend anything", "give at least 1, or leave it out");
    }
    let names: Vec<&str> = sites.iter().map(|site| site.name.as_str()).collect();
    let site = refer(t, "site", &site, &names, "site");
    // Hosts return as fast as their laws say, so nothing else bounds the number of failures.
    if sites.get(site).is_some_and(|site| site.uptime.sample(0.5) < SHORTEST_SPELL_HOURS) {
        t.problem(
            "site",
            "half of the spells between failures there are shorter than a second",
            "give the site's uptime_hours a longer law",
        );
    }
    Some(Upkeep { site, technicians })
}

fn read_ask(t: &Table<'_>) -> u32 {
    let usd = t.or("ask_usd_hour", NonNegative(0.0), "what a host asks per card and hour").0;
    t.range("ask_usd_hour", usd, 0.0, 4000.0);
    (usd.min(4000.0) * 1e6 + 0.5) as u32
}

fn read_hosts(t: &Table<'_>, hardware: &[Hardware]) -> Vec<Host> {
    let path: Option<FilePath> = t.optional("path", "list of hosts: sn, cpu_milli, memory_mib, gpu, model");
    let rank: Option<FilePath> = t.optional("tie_rank", "order of hosts of equal merit: sn, rank");
    let count = t.or("count", Count(0), "so many equal hosts, when there is no list").0;
    let cards = t.or("cards", Count(1), "cards of each of them").0;
    t.range("count", count as f64, 0.0, MOST_NODES as f64);
    t.range("cards", cards as f64, 1.0, 64.0);
    let Some(path) = path else {
        let equal = |i: u64| Host {
            name: i.to_string(),
            cpu_milli: u32::MAX,
            memory_mib: u32::MAX,
            cards: cards.clamp(1, 64) as u16,
            hardware: 0,
            rank: None,
        };
        return (0..count.min(MOST_NODES)).map(equal).collect();
    };
    match nodes::read(&path.resolved, rank.as_ref().map(|r| r.resolved.as_path())) {
        Err(error) => {
            t.problem("path", error.to_string(), "mend the file, or name another");
            Vec::new()
        }
        Ok(all) => all.into_iter().filter_map(|node| host(t, node, hardware)).collect(),
    }
}

fn host(t: &Table<'_>, node: Node, hardware: &[Hardware]) -> Option<Host> {
    let name = node.model.clone().unwrap_or_default();
    let Some(model) = hardware.iter().position(|h| h.name == name) else {
        if node.cards > 0 {
            let message =
                format!("host {} has cards of \"{name}\", which no [hardware.NAME] names", node.name);
            t.problem("path", message, "add the model to the scenario");
        }
        return None;
    };
    Some(Host {
        name: node.name,
        cpu_milli: node.cpu_milli,
        memory_mib: node.memory_mib,
        cards: node.cards.min(1024) as u16,
        hardware: model,
        rank: node.rank,
    })
}

fn read_trace(t: &Table<'_>, hosts: &[Host], hardware: &[Hardware]) -> Option<TraceDemand> {
    let path: Option<FilePath> = t.optional("path", PATH);
    let unit: String = t.or("time_unit", "1s".to_owned(), "length of one unit of the file's times");
    let format: Option<String> =
        t.optional("format", "swf, openb, gavel, philly, batsim or jsonl; guessed from the name when absent");
    let load = t.optional::<NonNegative>("load", "redraw jobs until they ask for this share of all cards");
    let lost = t.or("lost_if_blocked", false, "true: a job that cannot start at once is lost");
    let forever = t.or("nothing_departs", false, "true: jobs hold their devices until the end");
    let unit = match unit.parse::<TimeUnit>() {
        Ok(unit) => unit,
        Err(message) => {
            t.problem("time_unit", message.to_string(), "such as \"1s\", \"10us\" or \"0.5s\"");
            return None;
        }
    };
    let named = |name: &str| FORMATS.iter().find(|(known, _)| *known == name).map(|(_, format)| *format);
    if let Some(name) = format.as_deref().filter(|name| named(name).is_none()) {
        t.problem("format", format!("no format \"{name}\""), "swf, openb, gavel, philly, batsim or jsonl");
        return None;
    }
    let throughputs: Option<FilePath> =
        t.optional("throughputs", "Gavel's measured throughputs; looked for beside the trace when absent");
    let gpu = t.optional("gpu", "the card on which Gavel's jobs run; v100 when absent");
    if let Some(load) = load {
        t.range("load", load.0, 0.01, 10.0);
    }
    let machine: u64 = hosts.iter().map(|host| u64::from(host.cards)).sum();
    let machine = u32::try_from(machine).ok().filter(|cards| *cards > 0);
    let path = path?;
    let options = trace::Options {
        format: format.as_deref().and_then(named),
        unit,
        machine,
        throughputs: throughputs.map(|path| path.resolved),
        gpu,
    };
    let trace = match trace::read(&path.resolved, &options) {
        Ok(trace) => trace,
        Err(error) => {
            t.problem("path", error.to_string(), "mend the file, or name another");
            return None;
        }
    };
    if let Some(load) = load {
        let asked: u64 = trace.jobs.iter().map(trace::inflate::card_milli).sum();
        let target = f64::from(machine.unwrap_or(0)) * 1000.0 * load.0;
        let copies = target / asked.max(1) as f64 * trace.jobs.len() as f64;
        if asked == 0 || copies > 1e7 {
            t.problem("load", "this load would take more than ten million jobs", "lower it");
            return None;
        }
    }
    let mut unknown: Vec<&str> = Vec::new();
    for job in &trace.jobs {
        for model in &job.models {
            if !hardware.iter().any(|h| h.name == *model) && !unknown.contains(&model.as_str()) {
                unknown.push(model);
            }
        }
    }
    if !unknown.is_empty() {
        let message = format!("jobs ask for {}, which no [hardware.NAME] names", unknown.join(", "));
        t.problem("path", message, "add the models to the scenario");
    }
    Some(TraceDemand { trace: Arc::new(trace), unit, load: load.map(|l| l.0), lost, forever })
}
