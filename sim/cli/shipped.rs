//! The scenarios that come with the program, compiled in so that they are there wherever it runs.

use crate::scenario::Scenario;
use crate::scenario::reading::{Document, Files, Report};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// A file under `scenarios/`.
#[derive(Debug)]
pub struct File {
    /// Path in that folder, with `/`.
    pub path: &'static str,
    /// Its text.
    pub text: &'static str,
}

macro_rules! shipped {
    ($($path:literal),* $(,)?) => {
        &[$(File { path: $path, text: include_str!(concat!("../../scenarios/", $path)) }),*]
    };
}

/// Scenarios that run by themselves.
pub const SCENARIOS: &[File] = shipped![
    "churn.toml",
    "emission/aethir-checkers.toml",
    "emission/aethir-edge.toml",
    "emission/akash-bme.toml",
    "emission/bitcoin.toml",
    "emission/bittensor.toml",
    "emission/filecoin-baseline.toml",
    "emission/filecoin-simple.toml",
    "emission/helium-hip20.toml",
    "emission/ionet-dollar-target.toml",
    "emission/ionet-dollar-target-demand-55.toml",
    "emission/ionet-dollar-target-price-50.toml",
    "emission/ionet-hourly.toml",
    "emission/ionet-monthly-a.toml",
    "emission/ionet-monthly-b.toml",
    "emission/ionet-monthly-literal.toml",
    "emission/ionet-monthly-table.toml",
    "emission/livepeer.toml",
    "emission/nosana.toml",
    "emission/render.toml",
    "ionet-ignition.toml",
    "linkage.toml",
    "rules/additive.toml",
    "rules/aethir.toml",
    "rules/baseline-power.toml",
    "rules/block-reward.toml",
    "rules/burn-and-mint-helium.toml",
    "rules/burn-and-mint-render.toml",
    "rules/capped-share.toml",
    "rules/concave-share.toml",
    "rules/dollar-target.toml",
    "rules/render-compute-clients.toml",
    "rules/render-compute.toml",
    "rules/render-nodes.toml",
    "rules/rnp-004.toml",
    "rules/rnp-006.toml",
    "rules/uptime-share.toml",
    "rules/work-share.toml",
    "rules/world.toml",
    "small.toml",
    "staking.toml",
    "stress/ionet-ide.toml",
    "stress/ionet-ide-demand.toml",
    "stress/ionet-ide-price.toml",
    "theory/checkpoint.toml",
    "theory/erlang-a.toml",
    "theory/erlang-b.toml",
    "theory/machine-repair.toml",
    "theory/mg1.toml",
    "theory/mmc.toml",
    "theory/mmck.toml",
    "theory/occupancy.toml",
    "theory/priority.toml",
    "theory/renewal.toml",
    "theory/restart.toml",
    "traces/batsim-conservative.toml",
    "traces/batsim-easy.toml",
    "traces/jsonl-least-attained.toml",
    "traces/openb-bestfit.toml",
    "traces/openb-fgd.toml",
    "traces/openb-packing.toml",
    "traces/openb-random.toml",
    "traces/swf-conservative.toml",
    "traces/swf-easy.toml",
    "traces/swf-fcfs.toml",
];

/// Experiments, which name a scenario and a design.
pub const EXPERIMENTS: &[File] = shipped![
    "experiments/farm-indices.toml",
    "experiments/farm-screening.toml",
    "experiments/hope.toml",
    "experiments/ishigami.toml",
    "experiments/rules-and-pool.toml",
];

/// Files that scenarios name.
pub const PARTS: &[File] =
    shipped!["catalogues/clouds.toml", "catalogues/gpus.toml", "catalogues/sites.toml"];

impl File {
    /// The name that a user gives: the file's stem.
    pub fn name(&self) -> &'static str {
        let file = self.path.rsplit_once('/').map_or(self.path, |(_, file)| file);
        file.trim_end_matches(".toml")
    }

    /// Reads it as a scenario, and says which other shipped files it is made of.
    ///
    /// # Panics
    /// When it has problems: the tests read every shipped scenario.
    pub fn scenario(&self) -> (Scenario, Vec<&'static File>) {
        let shelf = Shelf::default();
        let read = self.read(&[], &shelf);
        let scenario = read.unwrap_or_else(|report| panic!("a shipped scenario has problems:\n{report}"));
        let taken = shelf.taken.into_inner();
        let parts = SCENARIOS.iter().chain(PARTS);
        (scenario, parts.filter(|file| taken.contains(file.path)).collect())
    }

    /// Reads it as a scenario with `--set` arguments.
    ///
    /// # Errors
    /// Every problem at once.
    pub fn with(&self, sets: &[String]) -> Result<Scenario, Report> {
        self.read(sets, &Shelf::default())
    }

    fn read(&self, sets: &[String], shelf: &Shelf) -> Result<Scenario, Report> {
        let document = Document::from_text_with(self.path, self.text, sets, shelf)?;
        Scenario::read(self.name(), &document)
    }
}

impl File {
    /// What an experiment asks.
    pub fn question(&self) -> String {
        let table: toml::Table = self.text.parse().expect("the tests read every shipped experiment");
        table.get("question").and_then(toml::Value::as_str).unwrap_or_default().to_owned()
    }

    /// The scenario that an experiment names, which lies in the folder above.
    pub fn subject(&self) -> Option<&'static File> {
        let table: toml::Table = self.text.parse().expect("the tests read every shipped experiment");
        let path = table.get("scenario")?.as_str()?.strip_prefix("../")?.to_owned();
        SCENARIOS.iter().find(|file| file.path == path)
    }
}

/// The scenario or experiment of a name.
pub fn named(name: &str) -> Option<&'static File> {
    SCENARIOS.iter().chain(EXPERIMENTS).find(|file| file.name() == name)
}

/// Whether a text is an experiment's and not a scenario's.
pub fn is_experiment(text: &str) -> bool {
    let mut headers = text.lines().map(str::trim_start).filter(|line| line.starts_with('['));
    headers.any(|line| {
        ["[sweep.", "[sweep]", "[sample.", "[function."].iter().any(|start| line.starts_with(start))
    })
}

/// Shipped files as a reader's source, remembering which were asked for.
#[derive(Debug, Default)]
struct Shelf {
    taken: RefCell<BTreeSet<&'static str>>,
}

impl Files for Shelf {
    fn text(&self, path: &Path) -> Result<String, String> {
        let path = self.identity(path);
        let all = SCENARIOS.iter().chain(PARTS);
        let file = all.into_iter().find(|file| Path::new(file.path) == path).ok_or("it is not shipped")?;
        self.taken.borrow_mut().insert(file.path);
        Ok(file.text.to_owned())
    }

    fn identity(&self, path: &Path) -> PathBuf {
        let mut plain = PathBuf::new();
        for part in path.components() {
            match part {
                Component::ParentDir => {
                    plain.pop();
                }
                Component::CurDir => {}
                other => plain.push(other),
            }
        }
        plain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_scenario_is_sound_and_asks_a_question() {
        for file in SCENARIOS {
            let (scenario, _) = file.scenario();
            assert!(scenario.question.ends_with('?'), "{}", file.path);
        }
    }

    #[test]
    fn every_shipped_experiment_is_sound_and_asks_a_question_of_a_shipped_scenario() {
        for file in EXPERIMENTS {
            assert!(file.question().ends_with('?') && is_experiment(file.text), "{}", file.path);
            assert_eq!(file.subject().is_some(), !file.text.contains("[function."), "{}", file.path);
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file.path);
            let read = crate::experiment::sweep::file::load(&path, &Default::default());
            assert!(read.is_ok(), "{}: {:?}", file.path, read.err());
        }
        assert!(SCENARIOS.iter().all(|file| !is_experiment(file.text)));
    }

    #[test]
    fn the_parts_of_a_scenario_are_those_it_names() {
        let (_, parts) = named("small").expect("shipped").scenario();
        let paths: Vec<&str> = parts.iter().map(|file| file.path).collect();
        assert_eq!(paths, ["catalogues/gpus.toml", "catalogues/sites.toml"]);
    }

    #[test]
    fn every_file_of_the_folder_is_compiled_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let listed = |sub: &str| -> Vec<String> {
            let entries = std::fs::read_dir(folder.join(sub)).expect("the folder is there");
            let names = entries.map(|e| e.expect("readable").file_name().to_string_lossy().into_owned());
            names.filter(|n| n.ends_with(".toml")).map(|n| format!("{sub}{n}")).collect()
        };
        let known: Vec<&str> = SCENARIOS.iter().chain(PARTS).chain(EXPERIMENTS).map(|f| f.path).collect();
        let folders = ["", "catalogues/", "emission/", "experiments/", "rules/", "stress/", "traces/"];
        for path in folders.map(listed).concat() {
            assert!(known.contains(&path.as_str()), "{path} is not compiled in");
        }
    }
}
