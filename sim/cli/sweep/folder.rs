//! The folder of a sweep: which experiment it is of, and who may work in it.

use super::super::failure::{Failure, colours};
use super::super::output;
use crate::experiment::sweep::Sweep;
use crate::experiment::sweep::file::Experiment;
use crate::experiment::sweep::manifest::{Manifest, Refusal, inputs};
use crate::report::replace;
use serde_json::{Value, json};
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The name of the manifest's file.
pub const MANIFEST: &str = "manifest.json";

/// How a folder is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// By this process and no other.
    Alone,
    /// By several, each with a shard.
    Shared,
}

/// A sweep's folder that this process may work in.
pub struct Opened {
    /// Where.
    pub path: PathBuf,
    /// All of the experiment.
    pub manifest: Manifest,
    /// What it takes, where it was planned.
    pub cost: Value,
    /// Ready to run.
    pub sweep: Sweep,
    _lock: fs::File,
}

impl Opened {
    /// The folder of an experiment: `out`, or `output/NAME/ID`; made, with its manifest, where it is not there.
    ///
    /// # Errors
    /// When it holds something else, another process holds it, or it cannot be written.
    pub fn of(experiment: Experiment, out: Option<&Path>, claim: Claim) -> Result<Opened, Failure> {
        let manifest = experiment.manifest;
        let usual = || Path::new("output").join(plain(&manifest.name)).join(manifest.id());
        let path = out.map_or_else(usual, Path::to_path_buf);
        fs::create_dir_all(&path).map_err(|error| cannot(&path, &error))?;
        let lock = lock(&path, claim)?;
        let cost = match read(&path)? {
            Some((standing, cost)) => {
                if let Some(what) = standing.difference(&manifest) {
                    let text = format!("error: {} holds another sweep: {what} differs", path.display());
                    return Err(Failure::new(text)
                        .hint("give another --out, or leave it away: each has a folder of its own"));
                }
                cost
            }
            None => {
                only_ours(&path)?;
                keep(&path, &experiment.files).map_err(|error| cannot(&path, &error))?;
                write(&path, &manifest, &Value::Null)?;
                Value::Null
            }
        };
        Opened::ready(path, manifest, cost, lock)
    }

    /// The folder of a sweep that is there.
    ///
    /// # Errors
    /// When it is none, another process holds it, or another version of the model made it.
    pub fn standing(path: &Path, claim: Claim) -> Result<Opened, Failure> {
        let (manifest, cost) = expected(path)?;
        let lock = lock(path, claim)?;
        Opened::ready(path.to_path_buf(), manifest, cost, lock)
    }

    fn ready(path: PathBuf, manifest: Manifest, cost: Value, lock: fs::File) -> Result<Opened, Failure> {
        let sweep = ready(&manifest, &path)?;
        Ok(Opened { path, manifest, cost, sweep, _lock: lock })
    }

    /// Writes down what the sweep takes.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn state(&mut self, cost: Value) -> Result<(), Failure> {
        self.cost = cost;
        write(&self.path, &self.manifest, &self.cost)
    }
}

/// The sweep of a manifest.
///
/// # Errors
/// When another version of the model made it, or it was tampered with.
pub fn ready(manifest: &Manifest, folder: &Path) -> Result<Sweep, Failure> {
    manifest.sweep(folder).map_err(|refusal| {
        let place = folder.display();
        match refusal {
            Refusal::Model(version) => Failure::new(format!(
                "error: the sweep in {place} was made with version {version} of the model, this is {}",
                crate::MODEL_VERSION
            ))
            .hint("its runs cannot be mixed with new ones: begin it anew in another folder"),
            Refusal::Senseless(what) => {
                Failure::new(format!("error: the manifest in {place} is none: {what}"))
            }
            Refusal::Scenario(report) => Failure::new(report.render(colours())),
            Refusal::Design(problems) => {
                let texts: Vec<&str> = problems.iter().map(|problem| problem.text.as_str()).collect();
                Failure::new(format!("error: the manifest in {place} says no design: {}", texts.join("; ")))
            }
        }
    })
}

/// The manifest of a folder that must have one, and the cost it states.
///
/// # Errors
/// When there is none, or it cannot be read.
pub fn expected(path: &Path) -> Result<(Manifest, Value), Failure> {
    read(path)?.ok_or_else(|| {
        Failure::new(format!("error: {} is no folder of a sweep: it has no {MANIFEST}", path.display()))
            .hint("name an experiment file, or a folder that `depin-sim sweep` made")
    })
}

fn read(path: &Path) -> Result<Option<(Manifest, Value)>, Failure> {
    let text = match fs::read_to_string(path.join(MANIFEST)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(cannot(path, &error)),
    };
    let read = || -> Result<(Manifest, Value), String> {
        let wrong = |error: serde_json::Error| error.to_string();
        let mut value: Value = serde_json::from_str(&text).map_err(wrong)?;
        let cost = value["cost"].take();
        let manifest: Manifest = serde_json::from_value(value["experiment"].take()).map_err(wrong)?;
        if value["id"] != manifest.id() {
            return Err("it was changed by hand, its id is another experiment's".to_owned());
        }
        Ok((manifest, cost))
    };
    read().map(Some).map_err(|error| {
        Failure::new(format!("error: {} holds a {MANIFEST} that is none of a sweep: {error}", path.display()))
            .hint("give another folder")
    })
}

fn write(path: &Path, manifest: &Manifest, cost: &Value) -> Result<(), Failure> {
    let value = json!({ "schema": 1, "id": manifest.id(), "experiment": manifest, "cost": cost });
    let written = replace::with(&path.join(MANIFEST), |temporary| fs::write(temporary, output::json(&value)));
    match written {
        // Another shard may have written it at the same time.
        Err(error) if !matches!(read(path), Ok(Some((standing, _))) if standing == *manifest) => {
            Err(cannot(path, &error))
        }
        _ => Ok(()),
    }
}

/// Keeps the files that the scenario reads, each under the hash of its content.
fn keep(path: &Path, files: &[PathBuf]) -> io::Result<()> {
    for file in files {
        let bytes = fs::read(file)?;
        fs::create_dir_all(inputs(path))?;
        let name = blake3::hash(&bytes).to_hex().to_string();
        replace::with(&inputs(path).join(name), |temporary| fs::write(temporary, &bytes))?;
    }
    Ok(())
}

/// The lock on a folder, held by the operating system until the process ends, however it ends.
///
/// # Errors
/// When another process holds it.
pub fn lock(path: &Path, claim: Claim) -> Result<fs::File, Failure> {
    let open = fs::OpenOptions::new().create(true).truncate(false).write(true).open(path.join(".lock"));
    let file = open.map_err(|error| cannot(path, &error))?;
    let held = match claim {
        Claim::Alone => file.try_lock(),
        Claim::Shared => file.try_lock_shared(),
    };
    match held {
        Ok(()) => Ok(file),
        Err(_) => {
            Err(Failure::new(format!("error: another process works on the sweep in {}", path.display()))
                .hint("wait for it, or share the work: --shard 1/2 and --shard 2/2"))
        }
    }
}

/// Refuses a folder that holds anything but what an interrupted beginning left.
fn only_ours(path: &Path) -> Result<(), Failure> {
    for entry in fs::read_dir(path).map_err(|error| cannot(path, &error))? {
        let name = entry.map_err(|error| cannot(path, &error))?.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with('.') && name != "inputs" {
            return Err(Failure::new(format!("error: {} holds other files, such as {name}", path.display()))
                .hint("give an empty folder, or one that is not there yet"));
        }
    }
    Ok(())
}

/// That a folder cannot be used.
pub fn cannot(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("error: cannot use the folder {}: {error}", path.display()))
}

/// A name as one part of a path, whatever stands in it.
fn plain(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name: String = name.chars().map(|c| if kept(c) { c } else { '_' }).collect();
    if name.is_empty() { "experiment".to_owned() } else { name }
}
