//! `new`: a scenario of the user's own, copied from a shipped one with the files it names beside it.

use super::failure::Failure;
use super::shipped::{self, File};
use super::{output, shell};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

const EXAMPLES: &str = "\
EXAMPLES
  depin-sim new mine                  mine.toml from the small scenario, and its catalogues in catalogues/
  depin-sim new mine --from small     the same
  depin-sim new mine --from hope      an experiment for depin-sim sweep, and the scenario it runs
  depin-sim list scenarios            what there is to start from
  depin-sim check mine.toml           after you have changed it

Nothing is ever overwritten.";

/// Write a scenario of your own to start from, copied from a shipped one
///
/// The catalogues that the scenario names (GPU models, kinds of places) are copied beside it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct New {
    /// Name of the scenario: letters, digits, `_` and `-`; the file is NAME.toml in this folder
    name: String,
    /// Which shipped scenario or experiment to copy
    #[arg(long, value_name = "SHIPPED", default_value = "small", value_parser = names())]
    from: String,
}

fn names() -> clap::builder::PossibleValuesParser {
    shipped::SCENARIOS.iter().chain(shipped::EXPERIMENTS).map(File::name).collect::<Vec<_>>().into()
}

impl New {
    /// Writes the files.
    ///
    /// # Errors
    /// When the name is not one, a file is there already, or it cannot be written.
    pub fn call(self) -> Result<(), Failure> {
        let again = shell::line(["depin-sim", "new", &self.name, "--from", &self.from]);
        self.copy().map_err(|failure| failure.again(again))
    }

    fn copy(&self) -> Result<(), Failure> {
        let name = self.name.strip_suffix(".toml").unwrap_or(&self.name);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || name.starts_with('-') || !name.chars().all(plain) {
            let message = format!("error: `{}` is not a name of a scenario", self.name.escape_debug());
            return Err(Failure::new(message)
                .hint("use letters, digits, `_` and `-`; the file is put into this folder"));
        }
        let base = shipped::named(&self.from).expect("the parser lets only shipped names pass");
        let parts = parts(base);
        let path = format!("{name}.toml");
        // Looked at first, so that a refusal leaves nothing behind.
        if Path::new(&path).exists() {
            return Err(taken(&path));
        }
        for part in &parts {
            if part.path == path || standing(part)? == Standing::Other {
                return Err(taken(part.path));
            }
        }
        let mut written = Vec::new();
        for part in &parts {
            if standing(part)? == Standing::Absent {
                put(part.path, part.text)?;
                written.push(part.path);
            }
        }
        let experiment = shipped::is_experiment(base.text);
        let (kind, command) = if experiment { ("experiment", "sweep") } else { ("scenario", "run") };
        let header = format!(
            "# Begun as a copy of the shipped {kind} `{}`. Run it: depin-sim {command} {path}\n",
            base.name()
        );
        // The scenario lies beside the copy of an experiment, not above it.
        let text = if experiment {
            base.text.replacen("scenario = \"../", "scenario = \"", 1)
        } else {
            base.text.to_owned()
        };
        put(&path, &format!("{header}{text}"))?;
        written.push(&path);
        let lines = written.iter().map(|path| format!("written {path}\n"));
        output::print(&lines.collect::<String>())
    }
}

/// The files that a copy needs beside it.
fn parts(base: &'static File) -> Vec<File> {
    let same = |part: &'static File| File { path: part.path, text: part.text };
    if shipped::is_experiment(base.text) {
        let Some(scenario) = base.subject() else { return Vec::new() };
        return scenario.scenario().1.into_iter().chain([scenario]).map(same).collect();
    }
    let (_, parts) = base.scenario();
    // The copy lies where its base's neighbours are put: what was beside the one is beside the other.
    let folder = base.path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
    parts
        .into_iter()
        .map(|part| File { path: part.path.strip_prefix(&folder).unwrap_or(part.path), text: part.text })
        .collect()
}

#[derive(PartialEq, Eq)]
enum Standing {
    Absent,
    Same,
    Other,
}

fn standing(part: &File) -> Result<Standing, Failure> {
    match fs::read(part.path) {
        Ok(bytes) if bytes == part.text.as_bytes() => Ok(Standing::Same),
        Ok(_) => Ok(Standing::Other),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Standing::Absent),
        Err(error) => Err(Failure::new(format!("error: cannot read {}: {error}", part.path))),
    }
}

fn taken(path: &str) -> Failure {
    Failure::new(format!("error: {path} is there already and is not overwritten"))
        .hint("choose another name, or another folder")
}

fn put(path: &str, text: &str) -> Result<(), Failure> {
    let cannot = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => taken(path),
        _ => Failure::new(format!("error: cannot write {path}: {error}")),
    };
    if let Some(folder) = Path::new(path).parent() {
        fs::create_dir_all(folder).map_err(cannot)?;
    }
    let mut file = fs::File::create_new(path).map_err(cannot)?;
    file.write_all(text.as_bytes()).map_err(cannot)
}
