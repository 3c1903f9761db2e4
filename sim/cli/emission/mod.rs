//! `emission`: a schedule of emission alone, walked without a network.

mod progress;
mod text;

use super::failure::{Failure, colours};
use super::{Format, output, shell, shipped};
use crate::measure::emission::{self, MOST_YEARS, Moment, Question, Trouble, Walk};
use crate::report::plots;
use crate::scenario::Scenario;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim emission bitcoin                             first, last, total, epoch at the cap, and year by year
  depin-sim emission ionet-hourly --at 8760              one epoch's amount, and the sum up to and including it
  depin-sim emission filecoin-simple --years 6           no further than six years of 365 days
  depin-sim emission mine.toml --out figures             drawn as emission.png and emission.svg
  depin-sim emission ionet-monthly-b --set protocol.emission.cap_tokens=300000000 --format json

Epochs are counted as the schedule's source counts them, from 0 or from 1.
Exit codes: 0 fine; 2 it could not be walked.";

/// Say what a schedule of emission releases, without running anything
///
/// The schedule is [protocol.emission.NAME] of the scenario; what it asks of the network stands in
/// [protocol.emission.assumed]. JSON is in base units, integers above 2^53 as text.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Emission {
    /// Scenario file, or the name of a shipped one
    scenario: PathBuf,
    /// One epoch: its amount, and the sum up to and including it
    #[arg(long, value_name = "EPOCH")]
    at: Option<u64>,
    /// Walk so many years of 365 days [default: to the end; 200 years or 10 million epochs where there is none]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_YEARS)))]
    years: Option<u32>,
    /// Change a value of the scenario; may be repeated
    #[arg(long = "set", value_name = "PATH=VALUE", allow_hyphen_values = true)]
    sets: Vec<String>,
    /// How it is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Draw it into this folder, as emission.png and emission.svg
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Emission {
    /// Walks the schedule and prints what it found.
    ///
    /// # Errors
    /// When the scenario has problems, the schedule cannot be walked, or the figure cannot be written.
    pub fn call(self) -> Result<(), Failure> {
        self.answer().map_err(|failure| failure.again(self.again()))
    }

    fn answer(&self) -> Result<(), Failure> {
        let scenario = self.load()?;
        let Some(rule) = scenario.rules.emission() else {
            return self.pool(&scenario);
        };
        let question = Question { at: self.at, years: self.years };
        let (length, _) = emission::length(rule, question).map_err(|trouble| refusal(&trouble))?;
        let meter = progress::Meter::new(length);
        let walk = emission::walk(rule, question, &|walked| meter.reached(walked));
        meter.finish();
        let walk = walk.map_err(|trouble| refusal(&trouble))?;
        let mut text = match self.format {
            Format::Text => text::of(&scenario, &walk),
            Format::Json => output::json(&data(&walk)),
        };
        if let Some(folder) = &self.out {
            let written = draw(folder, &scenario, &walk).map_err(|error| {
                Failure::new(format!("error: cannot write into {}: {error}", folder.display()))
            })?;
            if self.format == Format::Text {
                text.push('\n');
                text.extend(written.iter().map(|path| format!("written {}\n", path.display())));
            }
        }
        output::print(&text)
    }

    fn load(&self) -> Result<Scenario, Failure> {
        let name = self.scenario.to_string_lossy();
        let read = match shipped::named(&name).filter(|_| !self.scenario.exists()) {
            Some(file) => file.with(&self.sets),
            None => Scenario::load(&self.scenario, &self.sets),
        };
        read.map_err(|problems| Failure::new(problems.render(colours())))
    }

    /// A network without a schedule: seasons draw on a pool.
    fn pool(&self, scenario: &Scenario) -> Result<(), Failure> {
        if self.at.is_some() || self.years.is_some() || self.out.is_some() {
            let message =
                format!("error: {} has a pool and no schedule: nothing is released by epoch", scenario.name);
            return Err(
                Failure::new(message).hint("add [protocol.emission.NAME]; depin-sim list rules says which")
            );
        }
        output::print(&match self.format {
            Format::Text => text::of_pool(scenario),
            Format::Json => output::json(&json!({
                "decimals": text::POOL_DECIMALS,
                "first": null,
                "last": null,
                "total": integer(scenario.rules.pool()),
                "cap_epoch": null,
                "at": null,
            })),
        })
    }

    fn again(&self) -> String {
        let scenario = self.scenario.display().to_string();
        let mut words = vec!["depin-sim".to_owned(), "emission".to_owned(), scenario];
        let numbers = [("--at", self.at), ("--years", self.years.map(u64::from))];
        for (option, value) in numbers {
            words.extend(value.into_iter().flat_map(|value| [option.to_owned(), value.to_string()]));
        }
        words.extend(self.sets.iter().flat_map(|set| ["--set".to_owned(), set.clone()]));
        if self.format == Format::Json {
            words.extend(["--format".to_owned(), "json".to_owned()]);
        }
        words.extend(self.out.iter().flat_map(|path| ["--out".to_owned(), path.display().to_string()]));
        shell::line(words.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

fn draw(folder: &Path, scenario: &Scenario, walk: &Walk) -> std::io::Result<[PathBuf; 2]> {
    std::fs::create_dir_all(folder)?;
    plots::emission::write(folder, &scenario.name, scenario.run.start, walk)
}

fn refusal(trouble: &Trouble) -> Failure {
    let failure = Failure::new(format!("error: {trouble}"));
    match trouble {
        Trouble::BeforeFirst { .. } => failure.hint("epochs are counted as the schedule's source does"),
        Trouble::TooLong { .. } => {
            failure.hint("say how far with --years, or lengthen protocol.emission.epoch_seconds")
        }
        Trouble::NothingAssumed { .. } => {
            failure.hint("say what the network does in an epoch, and where that is from")
        }
    }
}

/// The published shape, in base units.
fn data(walk: &Walk) -> Value {
    let moment = |moment: Moment| {
        json!({
            "epoch": integer(moment.epoch.into()),
            "amount": integer(moment.amount),
            "cumulative": integer(moment.cumulative),
        })
    };
    json!({
        "decimals": walk.decimals,
        "first": integer(walk.first.amount),
        "last": integer(walk.last.amount),
        "total": integer(walk.total),
        "cap_epoch": walk.cap_epoch.map(|epoch| integer(epoch.into())),
        "at": walk.at.map(moment),
    })
}

/// An integer that becomes text above 2^53, as in every file of results.
fn integer(value: i128) -> Value {
    match u64::try_from(value) {
        Ok(small) => crate::report::manifest::SafeInteger(small).into(),
        Err(_) => value.to_string().into(),
    }
}
