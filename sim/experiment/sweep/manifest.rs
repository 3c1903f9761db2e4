//! All of an experiment in one value: what its manifest holds, and what its name follows from.

use super::subject::Subject;
use super::{RUN_LIMIT, Sweep};
use crate::MODEL_VERSION;
use crate::experiment::design::{Axis, Design, Method, Problem};
use crate::experiment::sensitivity::functions::Function;
use crate::scenario::reading::{Disk, Document, Report};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// An experiment, resolved: nothing else is needed to run it but the files in [`inputs`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its name: the file's stem.
    pub name: String,
    /// What it asks, for the reader.
    pub question: String,
    /// What each run runs.
    pub what: What,
    /// What varies.
    pub axes: Vec<Axis>,
    /// How design rows are chosen.
    pub method: Method,
    /// Runs of each design row.
    pub replications: u32,
    /// Master seed of design and runs.
    pub seed: u64,
    /// Metrics kept; all where there are none.
    pub metrics: Vec<String>,
    /// Version of the model.
    pub model_version: u32,
}

/// What each run runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// A scenario.
    Scenario {
        /// Its name.
        name: String,
        /// Its resolved text.
        text: String,
    },
    /// A known function.
    Function(Function),
}

/// Why a manifest cannot be run.
#[derive(Debug)]
pub enum Refusal {
    /// The design.
    Design(Vec<Problem>),
    /// The scenario.
    Scenario(Box<Report>),
    /// It was made by another version of the model.
    Model(u32),
    /// It says what no experiment file can say.
    Senseless(&'static str),
}

impl Manifest {
    /// Twelve hexadecimal digits that name the experiment.
    #[must_use]
    pub fn id(&self) -> String {
        let text = serde_json::to_string(self).expect("texts and numbers are JSON");
        blake3::hash(text.as_bytes()).to_hex()[..12].to_owned()
    }

    /// What tells another experiment from this one, in a word or two; `None` when they are the same.
    #[must_use]
    pub fn difference(&self, other: &Manifest) -> Option<&'static str> {
        let differs = [
            (self.model_version != other.model_version, "the version of the model"),
            (self.what != other.what, "the scenario"),
            (self.axes != other.axes, "what varies"),
            (self.method != other.method, "the design"),
            (self.replications != other.replications, "the replications"),
            (self.seed != other.seed, "the seed"),
            (self.metrics != other.metrics, "the metrics kept"),
            (self != other, "its name or question"),
        ];
        differs.into_iter().find_map(|(differs, what)| differs.then_some(what))
    }

    /// The sweep that it describes, in this folder.
    ///
    /// # Errors
    /// When it was tampered with, or made by another version of the model.
    pub fn sweep(&self, folder: &Path) -> Result<Sweep, Refusal> {
        if self.model_version != MODEL_VERSION {
            return Err(Refusal::Model(self.model_version));
        }
        if self.replications == 0 {
            return Err(Refusal::Senseless("each design row has no runs"));
        }
        let subject = match &self.what {
            What::Function(function) => Subject::Function(function.clone()),
            What::Scenario { name, .. } if name.contains(['/', '\\', '\0']) => {
                return Err(Refusal::Senseless("the scenario's name is a path"));
            }
            What::Scenario { name, text } => {
                let path = inputs(folder).join(format!("{name}.toml"));
                let document = Document::from_text_with(&path.display().to_string(), text, &[], &Disk);
                let document = document.map_err(|report| Refusal::Scenario(Box::new(report)))?;
                Subject::Scenario(name.clone(), Box::new(Mutex::new(document)))
            }
        };
        let design =
            Design::new(self.axes.clone(), self.method.clone(), self.seed).map_err(Refusal::Design)?;
        if design.rows().saturating_mul(self.replications.into()) > RUN_LIMIT {
            return Err(Refusal::Senseless("there are too many runs"));
        }
        let (replications, metrics) = (self.replications, self.metrics.clone());
        Ok(Sweep { subject, design, replications, seed: self.seed, metrics })
    }
}

/// Where the files that a scenario reads lie, each under the hash of its content.
#[must_use]
pub fn inputs(folder: &Path) -> PathBuf {
    folder.join("inputs")
}
