//! Experiment files: a scenario or a function, what varies, and by which design.

use super::RUN_LIMIT;
use super::manifest::{Manifest, What};
use crate::MODEL_VERSION;
use crate::experiment::design::{Axis, Design, Law, Method, Points, Problem, Range};
use crate::experiment::sensitivity::functions::Function;
use crate::measure::metrics::could_be;
use crate::scenario::Scenario;
use crate::scenario::reading::{self, Count, Document, FilePath, Raw, Report, Table, Value};
use std::path::{Path, PathBuf};

/// Largest table of points that is read, in bytes. Assumed.
const POINTS_LIMIT: u64 = 1 << 28;

const METHODS: &[&str] =
    &["grid", "list", "one_at_a_time", "random", "latin_hypercube", "sobol", "saltelli", "morris", "points"];

/// What the command line says over the file.
#[derive(Clone, Debug, Default)]
pub struct Over {
    /// Values of the scenario, as `--set` has them.
    pub sets: Vec<String>,
    /// Master seed.
    pub seed: Option<u64>,
    /// Runs of each design row.
    pub replications: Option<u32>,
}

/// An experiment that was read, and the files that its scenario reads.
#[derive(Debug)]
pub struct Experiment {
    /// All of it.
    pub manifest: Manifest,
    /// Files to keep beside the manifest.
    pub files: Vec<PathBuf>,
}

/// A value of an axis, kept as it is written.
struct Setting(String);

impl Value for Setting {
    const EXPECTED: &'static str = "a value of the scenario";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        Ok(Setting(raw.written().to_owned()))
    }

    fn placeholder() -> Self {
        Setting("0".to_owned())
    }
}

/// Reads an experiment file and the scenario it names, and tries every axis at its ends.
///
/// # Errors
/// Every problem of the experiment; where it has none, every problem of the scenario, of its own and at those ends.
pub fn load(path: &Path, over: &Over) -> Result<Experiment, Vec<Report>> {
    let document = Document::load(path, &[]).map_err(|report| vec![report])?;
    let stem = path.file_stem().map_or_else(|| "experiment".to_owned(), |s| s.to_string_lossy().into_owned());
    let root = document.root();
    let question = root.or("question", String::new(), "what the experiment asks, for the reader");
    let function = function(&root);
    let scenario =
        root.optional::<FilePath>("scenario", "the scenario that each run runs, relative to this file");
    if function.is_some() == scenario.is_some() {
        root.problem("scenario", "an experiment runs one scenario or one function", "name a scenario file");
    }
    let axes = axes(&root);
    let method = method(&root, &axes);
    let seed = root
        .optional::<u64>("seed", "master seed of design and runs; the scenario's own where it is not said");
    let replications = root.optional::<Count>(
        "replications",
        "runs of each design row; the scenario's own where it is not said",
    );
    let metrics =
        root.list::<String>("metrics", "metrics to keep, `*` at the end for all that begin so; all if none");
    let mut sets = root.list::<String>("set", "values of the scenario for all runs, each as path=value");
    for metric in metrics.iter().filter(|metric| function.is_none() && !could_be(metric)) {
        root.problem(
            "metrics",
            format!("no metric is called `{metric}`"),
            "depin-sim list metrics says them all",
        );
    }
    let mut manifest = Manifest {
        name: stem,
        question,
        what: What::Function(Function::Ishigami { a: 7.0, b: 0.1 }),
        axes: axes.into_iter().map(|(axis, _)| axis).collect(),
        method,
        replications: 1,
        seed: over.seed.or(seed).unwrap_or(1),
        metrics,
        model_version: MODEL_VERSION,
    };
    let design = Design::new(manifest.axes.clone(), manifest.method.clone(), manifest.seed);
    if let Err(problems) = &design {
        problems.iter().for_each(|problem| tell(&root, &manifest.axes, problem));
    }
    document.finish().map_err(|report| vec![report])?;
    let design = design.expect("its problems were told just now");
    sets.extend_from_slice(&over.sets);
    let mut files = Vec::new();
    let mut usual = 1;
    if let Some(function) = function {
        manifest.what = What::Function(function);
    } else if let Some(path) = scenario {
        let base = Document::load(&path.resolved, &sets).map_err(|report| vec![report])?;
        let stem = path.resolved.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let read = Scenario::read(&stem, &base).map_err(|report| vec![report])?;
        manifest.seed = over.seed.or(seed).unwrap_or(read.run.seed);
        usual = read.run.replications;
        try_ends(&stem, &base, &design, &document)?;
        files = base.files();
        manifest.what = What::Scenario { name: stem, text: read.canonical };
    }
    let said = replications.and_then(|count| u32::try_from(count.0).ok());
    manifest.replications = over.replications.or(said).unwrap_or(usual).max(1);
    if design.rows().saturating_mul(manifest.replications.into()) > RUN_LIMIT {
        let document = Document::load(path, &[]).map_err(|report| vec![report])?;
        let root = document.root();
        root.problem("replications", format!("the experiment has more than {RUN_LIMIT} runs"), "take fewer");
        return document
            .finish()
            .map_or_else(|report| Err(vec![report]), |()| unreachable!("it has a problem"));
    }
    Ok(Experiment { manifest, files })
}

/// Whether the scenario is sound at the ends of each axis and within, the others left as they are.
fn try_ends(name: &str, base: &Document, design: &Design, file: &Document) -> Result<(), Vec<Report>> {
    let mut reports = Vec::new();
    let wrong = |sets: &[String]| Scenario::read(name, &base.with_sets(sets)).err();
    for (number, axis) in design.axes().iter().enumerate() {
        let tried: Vec<Option<Report>> =
            axis.extremes().iter().map(|setting| wrong(&[format!("{}={setting}", axis.path)])).collect();
        match &tried[..] {
            // Sound at both ends and not between: an exact amount is wanted.
            [None, Some(within), None] if matches!(axis.range, Range::Numbers { decimals: None, .. }) => {
                let text = within.problems().first().map_or("", reading::Problem::message);
                let hint = "add `decimals = 6`, or as many as the scenario's key takes".to_owned();
                tell(
                    &file.root(),
                    design.axes(),
                    &Problem { axis: Some(number), key: "", text: text.to_owned(), hint },
                );
            }
            _ => reports.extend(tried.into_iter().flatten()),
        }
    }
    if let Method::Points(_) = design.method() {
        let settings = design.axes().iter().zip(design.point(0));
        let first: Vec<String> = settings.map(|(axis, value)| format!("{}={value}", axis.path)).collect();
        reports.extend(wrong(&first));
    }
    reports.extend(file.finish().err());
    if reports.is_empty() { Ok(()) } else { Err(reports) }
}

fn axes<'d>(root: &Table<'d>) -> Vec<(Axis, Table<'d>)> {
    let doc = "what varies: one table per axis, whose name becomes the column `param_NAME`";
    let axis = |(name, table): (String, Table<'d>)| {
        let path = table.require::<String>("path", "path of the scenario's value, such as run.scale");
        if path == "run.replications" || path == "run.record" {
            let hint = "replications are said at the top of the experiment";
            table.problem("path", format!("`{path}` is no part of what a run is"), hint);
        }
        (Axis { name, path, range: range(&table) }, table)
    };
    root.named("sweep", doc).into_iter().map(axis).collect()
}

fn range(table: &Table<'_>) -> Range {
    let values = table.list::<Setting>("values", "the settings, as the scenario file would have them");
    let choices = ["uniform", "log_uniform", "integer", "normal"];
    let chosen = table.choose("range", &choices, "the law of a number, in place of `values`");
    let decimals = table.optional::<u32>("decimals", "decimal places that are kept, for exact amounts");
    let unit = table.or("unit", String::new(), "what stands behind the number; the setting is then a text");
    let steps = table.optional::<u32>("steps", "levels of a grid, from the low end to the high end");
    if chosen.is_some() && !values.is_empty() {
        table.problem("values", "both `values` and a `range` say what it may be", "keep one of them");
    }
    let Some((name, law)) = chosen else {
        return if values.is_empty() && !table.has("values") {
            Range::Given
        } else {
            Range::Choices(values.into_iter().map(|setting| setting.0).collect())
        };
    };
    let (low, high) = ("smallest", "largest");
    let law = match name {
        "uniform" => Law::Uniform { low: law.require("low", low), high: law.require("high", high) },
        "log_uniform" => Law::LogUniform { low: law.require("low", low), high: law.require("high", high) },
        "integer" => Law::Integer { low: law.require("low", low), high: law.require("high", high) },
        _ => Law::Normal { mean: law.require("mean", "mean"), sd: law.require("sd", "standard deviation") },
    };
    Range::Numbers { law, decimals, unit, steps }
}

fn method(root: &Table<'_>, axes: &[(Axis, Table<'_>)]) -> Method {
    let doc = "how design rows are chosen; every combination of the axes' levels where it is not said";
    let Some((name, table)) = root.choose("sample", METHODS, doc) else { return Method::Grid };
    let rows = || table.require::<Count>("rows", "how many design rows").0;
    match name {
        "list" => Method::List,
        "one_at_a_time" => Method::OneAtATime,
        "random" => Method::Random { rows: rows() },
        "latin_hypercube" => Method::LatinHypercube { rows: rows() },
        "sobol" => Method::Sobol {
            rows: rows(),
            shift: table.or(
                "shift",
                true,
                "whether points are moved by a random digital shift; false: scipy's points",
            ),
        },
        "saltelli" => Method::Saltelli {
            base: table.require::<Count>("base", "base points; a power of two keeps their balance").0,
            second_order: table.or(
                "second_order",
                false,
                "whether indices of pairs are wanted, for twice the runs",
            ),
        },
        "morris" => Method::Morris {
            trajectories: table.require::<Count>("trajectories", "how many; 10 to 50 are usual").0,
            levels: table.or("levels", 4, "levels of each axis, even; 4 is usual (Morris 1991)"),
        },
        "points" => points(&table, axes),
        _ => Method::Grid,
    }
}

fn points(table: &Table<'_>, axes: &[(Axis, Table<'_>)]) -> Method {
    let path = table
        .require::<FilePath>("path", "a CSV of design points: a column per axis, named as it or its path");
    let names: Vec<(String, String)> =
        axes.iter().map(|(axis, _)| (axis.name.clone(), axis.path.clone())).collect();
    let text = std::fs::metadata(&path.resolved).and_then(|about| {
        if !about.is_file() || about.len() > POINTS_LIMIT {
            return Err(std::io::Error::other(format!(
                "it is no regular file of at most {POINTS_LIMIT} bytes"
            )));
        }
        std::fs::read_to_string(&path.resolved)
    });
    let shown = path.resolved.display();
    let read = match text {
        Ok(text) => Points::read(&text, &names),
        Err(error) => {
            table.problem("path", format!("cannot read {shown}: {error}"), "");
            return Method::Points(Points::default());
        }
    };
    Method::Points(read.unwrap_or_else(|faults| {
        for fault in faults {
            let column = if fault.column == 0 { String::new() } else { format!(":{}", fault.column) };
            table.problem("path", format!("{shown}:{}{column}: {}", fault.line, fault.text), "");
        }
        Points::default()
    }))
}

fn function(root: &Table<'_>) -> Option<Function> {
    let doc = "a known function in place of a scenario, to try a design on";
    let (name, table) = root.choose("function", &["ishigami", "sobol_g", "polynomial"], doc)?;
    Some(match name {
        "ishigami" => Function::Ishigami {
            a: table.or("a", 7.0, "weight of x2; Ishigami and Homma's"),
            b: table.or("b", 0.1, "weight of x3 with x1; Saltelli's"),
        },
        "sobol_g" => {
            Function::SobolG { a: table.list("a", "one number per input; 0 is important, 99 is not") }
        }
        _ => {
            let text = table.require::<String>("terms", "a sum of products, such as 2*x1 - 3*x2 + x1*x2");
            Function::polynomial(&text).unwrap_or_else(|why| {
                table.problem("terms", why, "");
                Function::Polynomial { terms: Vec::new() }
            })
        }
    })
}

/// Tells a problem of the design where the file says it.
fn tell(root: &Table<'_>, axes: &[Axis], problem: &Problem) {
    let place = match problem.axis {
        Some(number) => {
            let all = root.named("sweep", "");
            all.into_iter().find(|(name, _)| *name == axes[number].name).map(|(_, table)| table)
        }
        None => root.choose("sample", METHODS, "").map(|(_, table)| table),
    };
    let (text, hint) = (problem.text.as_str(), problem.hint.as_str());
    match place {
        Some(table) => table.problem(problem.key, text, hint),
        None => root.problem(if root.has("sample") { "sample" } else { "sweep" }, text, hint),
    }
}
