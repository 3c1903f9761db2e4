//! What the user asks of a run, and the same request as a command.

use super::asked::Asked;
use crate::cli::failure::Failure;
use crate::cli::{Format, shell};
use crate::experiment::precision::Precision;
use crate::measure::metrics::explain;
use crate::scenario::Scenario;
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim run scenarios/small.toml                          summary here, files in output/small/<run id>/
  depin-sim run mine.toml --seed 7 --replications 20          20 independent runs, with intervals
  depin-sim run mine.toml --until rewards.gini=5%             as many runs as it takes, 100 at most
  depin-sim run mine.toml --replications 100 --chance 'rewards.share_to_fakes>0.2' --quantile economics.roi.honest@0.1
  depin-sim run mine.toml --set run.scale=0.01                a hundredth of everything, in seconds
  depin-sim run mine.toml --set protocol.verification.metadata_only={}
  depin-sim run mine.toml --quiet --out now                   nothing printed, all of it in now/
  depin-sim run mine.toml --format json --no-plots | jq .metrics

Ctrl-C keeps the replications that are whole; a second one ends at once.
Exit codes: 0 fine; 2 it could not run, or was stopped.";

/// Simulate a scenario: summary on standard output, tables and plots in a folder
///
/// The digest in the summary depends on the scenario and the seed alone.
#[derive(Debug, Default, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Run {
    /// Scenario file
    pub(super) scenario: PathBuf,
    /// Change a value of the scenario; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE", allow_hyphen_values = true)]
    sets: Vec<String>,
    /// Master seed, as --set run.seed=SEED
    #[arg(long, allow_hyphen_values = true)]
    seed: Option<String>,
    /// Independent repetitions, as --set run.replications=N
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    replications: Option<String>,
    /// Repeat until the 95 % interval of METRIC is within SHARE of its mean; may be repeated. Replications are then the
    /// most it may take [default then: 100]
    #[arg(long, value_name = "METRIC=SHARE", value_parser = precision)]
    pub(super) until: Vec<Precision>,
    #[command(flatten)]
    pub(super) asked: Asked,
    /// Threads to work on; results do not depend on it [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// The folder for the results [default: output/SCENARIO/RUN-ID]
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// What is printed: a summary to read, or summary.json
    #[arg(long, value_enum, default_value_t)]
    pub(super) format: Format,
    /// Print nothing but errors
    #[arg(long)]
    pub(super) quiet: bool,
    /// Write the tables as CSV too
    #[arg(long)]
    pub(super) csv: bool,
    /// Draw no plots
    #[arg(long)]
    pub(super) no_plots: bool,
}

impl Run {
    /// All changes as `--set` arguments.
    ///
    /// # Errors
    /// When `--seed` or `--replications` meets a `--set` of the same key.
    pub(super) fn overrides(&self) -> Result<Vec<String>, Failure> {
        let mut sets = self.sets.clone();
        for (option, key, value) in
            [("--seed", "run.seed", &self.seed), ("--replications", "run.replications", &self.replications)]
        {
            let Some(value) = value else { continue };
            if let Some(other) = self.sets.iter().find(|set| touches(set, key)) {
                let message = format!("error: {option} {value} and --set {other} both set {key}");
                return Err(Failure::new(message).hint("keep one of them").again(self.again()));
            }
            sets.push(format!("{key}={value}"));
        }
        let says_how_often = sets.iter().any(|set| touches(set, "run.replications"));
        if !self.until.is_empty() && !says_how_often {
            sets.push(format!("run.replications={BUDGET}"));
        }
        Ok(sets)
    }

    /// Threads to work on: what was asked for, or one per core.
    pub(super) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.threads.map_or_else(cores, usize::from)
    }

    /// The command that was given.
    pub(super) fn again(&self) -> String {
        let scenario = self.scenario.display().to_string();
        let threads = self.threads.map(|n| n.to_string());
        let out = self.out.as_ref().map(|path| path.display().to_string());
        let mut words = self.what(&scenario);
        for (option, value) in [("--threads", &threads), ("--out", &out)] {
            if let Some(value) = value {
                words.extend([option.to_owned(), value.clone()]);
            }
        }
        if self.format == Format::Json {
            words.extend(["--format", "json"].map(str::to_owned));
        }
        for (option, given) in [("--quiet", self.quiet), ("--csv", self.csv), ("--no-plots", self.no_plots)] {
            words.extend(given.then(|| option.to_owned()));
        }
        shell::line(words.iter().map(String::as_str))
    }

    /// The command without paths of this machine and without what leaves the results alone.
    pub(super) fn command_anywhere(&self) -> String {
        let name = self.scenario.file_name().unwrap_or_default().to_string_lossy();
        shell::line(self.what(&name).iter().map(String::as_str))
    }

    fn what(&self, scenario: &str) -> Vec<String> {
        let mut words = ["depin-sim", "run", scenario].map(str::to_owned).to_vec();
        words.extend(self.sets.iter().flat_map(|set| ["--set".to_owned(), set.clone()]));
        for (option, value) in [("--seed", &self.seed), ("--replications", &self.replications)] {
            if let Some(value) = value {
                words.extend([option.to_owned(), value.clone()]);
            }
        }
        for precision in &self.until {
            words.extend(["--until".to_owned(), format!("{}={}", precision.metric, precision.relative)]);
        }
        words.extend(self.asked.words());
        words
    }

    /// What is said before the first event.
    pub(super) fn opening(&self, scenario: &Scenario, threads: usize, folder: &Path) -> String {
        let mut options = vec![match self.format {
            Format::Text => "text",
            Format::Json => "json",
        }];
        options.push("parquet");
        options.extend(self.csv.then_some("csv"));
        options.extend((!self.no_plots).then_some("plots"));
        let mut lines = format!(
            "scenario      {} ({})\nseed          {}\nreplications  {}\nthreads       {threads}\n\
             options       {}\nfolder        {}\n",
            scenario.name,
            self.scenario.display(),
            scenario.run.seed,
            scenario.run.replications,
            options.join(", "),
            folder.display(),
        );
        for set in &self.sets {
            lines.push_str(&format!("set           {set}\n"));
        }
        lines
    }
}

/// Most replications of a run that ends by precision, where nobody says. Assumed: minutes for a small scenario.
const BUDGET: u32 = 100;

/// `rewards.gini=0.05` or `rewards.gini=5%`.
fn precision(text: &str) -> Result<Precision, String> {
    let (metric, share) = text.split_once('=').ok_or("expected METRIC=SHARE, such as rewards.gini=5%")?;
    let (number, unit) = match share.strip_suffix('%') {
        Some(percent) => (percent, 100.0),
        None => (share, 1.0),
    };
    let relative =
        number.trim().parse::<f64>().map_err(|_| format!("expected a share, found '{share}'"))? / unit;
    if !(1e-6..=10.0).contains(&relative) {
        return Err("expected a share from 0.000001 to 10".to_owned());
    }
    match explain(metric) {
        Some(_) => Ok(Precision { metric: metric.to_owned(), relative }),
        None => Err(format!("no metric is called {metric}; depin-sim list metrics says them all")),
    }
}

/// True when a `--set` argument assigns the key, or the table it stands in.
fn touches(set: &str, key: &str) -> bool {
    let path = set.split('=').next().unwrap_or_default();
    let segments: Vec<&str> = path.split('.').map(str::trim).collect();
    let path = segments.join(".");
    path == key || key.starts_with(&format!("{path}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_touches_its_key_and_whatever_stands_in_its_table() {
        for set in ["run.seed=3", " run . seed =3", "run={ seed = 3 }"] {
            assert!(touches(set, "run.seed"), "{set}");
        }
        for set in ["run.seeds=3", "run.scale=3", "ru=3", "x=run.seed"] {
            assert!(!touches(set, "run.seed"), "{set}");
        }
    }

    #[test]
    fn the_command_of_the_manifest_names_no_folder_and_nothing_that_leaves_results_alone() {
        let request = Run {
            scenario: PathBuf::from("some/where/small.toml"),
            sets: vec!["run.scale=0.5".to_owned()],
            seed: Some("7".to_owned()),
            out: Some(PathBuf::from("some/folder")),
            threads: Some(2),
            quiet: true,
            ..Run::default()
        };
        assert_eq!(request.command_anywhere(), "depin-sim run small.toml --set run.scale=0.5 --seed 7");
        assert_eq!(
            request.again(),
            "depin-sim run some/where/small.toml --set run.scale=0.5 --seed 7 --threads 2 --out some/folder --quiet"
        );
    }
}
