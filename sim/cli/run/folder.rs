//! The folder of a run: which it is, and whether this run may write into it.

use crate::MODEL_VERSION;
use crate::cli::failure::Failure;
use crate::experiment::run_id;
use crate::report::manifest::SafeInteger;
use crate::scenario::Scenario;
use serde_json::Value;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Tables of a run, without their endings.
const TABLES: [&str; 3] = ["series", "suppliers", "flows"];

/// A run's folder, and what the run is.
#[derive(Debug)]
pub struct Folder {
    /// Where.
    pub path: PathBuf,
    canonical: String,
    seed: Value,
}

/// The right to write into a folder, for as long as it is held.
#[derive(Debug)]
pub struct Claim {
    _lock: fs::File,
}

impl Folder {
    /// The folder that the user names, or `output/<scenario>/<run id>`.
    pub fn of(scenario: &Scenario, out: Option<&Path>) -> Folder {
        let usual = || {
            Path::new("output").join(plain(&scenario.name)).join(run_id(&scenario.canonical, MODEL_VERSION))
        };
        Folder {
            path: out.map_or_else(usual, Path::to_path_buf),
            canonical: scenario.canonical.clone(),
            seed: SafeInteger(scenario.run.seed).into(),
        }
    }

    /// Makes the folder, so that a place that cannot be written is known before the run.
    ///
    /// # Errors
    /// When it holds anything but results of this very run, or cannot be made.
    pub fn claim(&self) -> Result<Claim, Failure> {
        let place = self.path.display();
        let cannot =
            |error: io::Error| Failure::new(format!("error: cannot use the folder {place}: {error}"));
        fs::create_dir_all(&self.path).map_err(cannot)?;
        // Held by the operating system until the process ends, however it ends.
        let lock = fs::File::create(self.path.join(".lock")).map_err(cannot)?;
        if lock.try_lock().is_err() {
            return Err(Failure::new(format!("error: another run is writing into {place}"))
                .hint("wait for it, or give another --out"));
        }
        self.look().map(|()| Claim { _lock: lock })
    }

    /// Whether the folder holds nothing but results of this very run.
    fn look(&self) -> Result<(), Failure> {
        let place = self.path.display();
        let cannot =
            |error: io::Error| Failure::new(format!("error: cannot use the folder {place}: {error}"));
        match fs::read_to_string(self.path.join("manifest.json")) {
            Ok(text) => match self.difference(&text) {
                None => return Ok(()),
                Some(what) => {
                    return Err(Failure::new(format!(
                        "error: {place} holds the results of another run: {what}"
                    ))
                    .hint("give another --out, or leave --out away: every run has a folder of its own"));
                }
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(cannot(error)),
        }
        for entry in fs::read_dir(&self.path).map_err(cannot)? {
            let name = entry.map_err(cannot)?.file_name();
            // Hidden files are the system's, or what an interrupted writing left.
            if !name.to_string_lossy().starts_with('.') {
                return Err(Failure::new(format!(
                    "error: {place} holds other files, such as {}",
                    name.display()
                ))
                .hint("give an empty folder, or one that is not there yet"));
            }
        }
        Ok(())
    }

    /// What tells the run of a manifest from this one; `None` when they are the same.
    fn difference(&self, manifest: &str) -> Option<&'static str> {
        let Ok(manifest) = serde_json::from_str::<Value>(manifest) else {
            return Some("its manifest.json cannot be read");
        };
        let model = MODEL_VERSION.to_string();
        if manifest["seed"] != self.seed {
            Some("its seed differs")
        } else if manifest["resolved"] != self.canonical.as_str() {
            Some("its resolved scenario differs")
        } else if manifest["model_version"].as_str() != Some(model.as_str()) {
            Some("it was made by another version of the model")
        } else {
            None
        }
    }

    /// Removes results of this run from before: without them a file that is not written anew would belong to a run
    /// with more or fewer replications.
    ///
    /// # Errors
    /// When a file cannot be removed.
    pub fn clear(&self) -> io::Result<()> {
        remove(&self.path.join("summary.json"))?;
        remove(&self.path.join("answers.json"))?;
        for table in TABLES {
            remove(&self.path.join(format!("{table}.parquet")))?;
            remove(&self.path.join(format!("{table}.csv")))?;
        }
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name == "events.jsonl.zst" || (name.starts_with("events-") && name.ends_with(".jsonl.zst")) {
                remove(&path)?;
            }
        }
        let plots = self.path.join("plots");
        if !plots.is_dir() {
            return Ok(());
        }
        for entry in fs::read_dir(&plots)? {
            let path = entry?.path();
            if path.extension().is_some_and(|ending| ending == "svg" || ending == "png") {
                remove(&path)?;
            }
        }
        // A folder that is not empty holds something of the user's, and stays.
        let _ = fs::remove_dir(&plots);
        Ok(())
    }

    /// Takes the folder away again when nothing was written into it.
    pub fn leave(&self) {
        let _ = fs::remove_file(self.path.join(".lock"));
        // Only an empty folder can be removed this way; any other is meant to stay.
        let _ = fs::remove_dir(&self.path);
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A name as one part of a path, whatever stands in it.
fn plain(name: &str) -> String {
    let kept = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let name: String = name.chars().map(|c| if kept(c) { c } else { '_' }).collect();
    if name.is_empty() { "scenario".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        assert_eq!(plain("io_net-2024"), "io_net-2024");
        assert_eq!(plain(".."), "__");
        assert_eq!(plain("a/../b c\u{e9}"), "a____b_c_");
        assert_eq!(plain(""), "scenario");
    }

    #[test]
    fn a_manifest_of_the_same_text_seed_and_model_is_this_run() {
        let folder = Folder {
            path: PathBuf::new(),
            canonical: "[run]\nseed = 1\n".to_owned(),
            seed: SafeInteger(u64::MAX).into(),
        };
        let manifest = |seed: &str, text: &str, model: &str| {
            serde_json::json!({ "seed": seed, "resolved": text, "model_version": model }).to_string()
        };
        let (seed, text) = (u64::MAX.to_string(), folder.canonical.clone());
        let model = MODEL_VERSION.to_string();
        assert_eq!(folder.difference(&manifest(&seed, &text, &model)), None);
        for other in [
            manifest("1", &text, &model),
            manifest(&seed, "[run]\n", &model),
            manifest(&seed, &text, "0"),
            "{".to_owned(),
        ] {
            assert!(folder.difference(&other).is_some(), "{other}");
        }
    }
}
