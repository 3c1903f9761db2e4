//! A distribution, in the one shape it has everywhere in a scenario: `{ lognormal = { mean = 6.0, sd = 2.0 } }`.

use super::canonical::float;
use super::raw::Raw;
use super::reader::Table;
use super::scalars::{NonNegative, Positive, Share};
use super::value::Value;
use crate::engine::draw::Law;

const NAMES: &[&str] = &[
    "deterministic",
    "exponential",
    "lognormal",
    "weibull",
    "erlang",
    "hyperexponential",
    "pareto",
    "uniform",
    "triangular",
];

impl Value for Law {
    const EXPECTED: &'static str =
        "a distribution such as { lognormal = { mean = 6.0, sd = 2.0 } }, or a plain number";

    fn read(raw: &Raw<'_>) -> Result<Self, String> {
        let Some(table) = raw.table() else {
            let value = f64::read(raw)?;
            return Ok(Law::Deterministic { mean: value });
        };
        match table.choose_here(NAMES, "the law's name and parameters") {
            Some((name, parameters)) => Ok(parameters_of(name, &parameters)),
            // An unknown name is reported with its place when the reading ends; a second problem would repeat it.
            None if !table.entries.is_empty() => Ok(Self::placeholder()),
            None => Err("an empty table".to_owned()),
        }
    }

    fn placeholder() -> Self {
        Law::Deterministic { mean: 1.0 }
    }

    fn write(&self) -> Option<String> {
        let (name, parameters): (&str, Vec<(&str, f64)>) = match *self {
            Law::Deterministic { mean: value } => return Some(float(value)),
            Law::Exponential { mean } => ("exponential", vec![("mean", mean)]),
            Law::Lognormal { mean, sd } => ("lognormal", vec![("mean", mean), ("sd", sd)]),
            Law::Weibull { shape, mean } => ("weibull", vec![("mean", mean), ("shape", shape)]),
            Law::Erlang { k, mean } => {
                return Some(format!("{{ erlang = {{ k = {k}, mean = {} }} }}", float(mean)));
            }
            Law::Hyperexponential { p, mean_a, mean_b } => {
                ("hyperexponential", vec![("mean_a", mean_a), ("mean_b", mean_b), ("p", p)])
            }
            Law::Pareto { shape, min } => ("pareto", vec![("min", min), ("shape", shape)]),
            Law::Uniform { low, high } => ("uniform", vec![("high", high), ("low", low)]),
            Law::Triangular { low, mode, high } => {
                ("triangular", vec![("high", high), ("low", low), ("mode", mode)])
            }
        };
        let written = parameters.into_iter().map(|(key, value)| format!("{key} = {}", float(value)));
        let inside = written.collect::<Vec<_>>().join(", ");
        Some(format!("{{ {name} = {{ {inside} }} }}"))
    }
}

/// Reads the parameters of the law called `name`, one of [`NAMES`].
fn parameters_of(name: &str, t: &Table<'_>) -> Law {
    let positive = |key, doc| t.require::<Positive>(key, doc).0;
    let mean = |t: &Table<'_>| t.require::<Positive>("mean", "the mean").0;
    match name {
        "deterministic" => Law::Deterministic { mean: t.require("value", "the value") },
        "exponential" => Law::Exponential { mean: mean(t) },
        "lognormal" => Law::Lognormal {
            mean: mean(t),
            sd: t.require::<NonNegative>("sd", "the standard deviation of the value itself").0,
        },
        "weibull" => Law::Weibull {
            shape: positive("shape", "the shape: below 1 early failures, above 1 wear"),
            mean: mean(t),
        },
        "erlang" => Law::Erlang { k: stages(t), mean: mean(t) },
        "hyperexponential" => Law::Hyperexponential {
            p: t.require::<Share>("p", "the probability of the first exponential").0,
            mean_a: positive("mean_a", "the mean of the first exponential"),
            mean_b: positive("mean_b", "the mean of the second exponential"),
        },
        "pareto" => Law::Pareto {
            shape: positive("shape", "the tail exponent"),
            min: positive("min", "the smallest value"),
        },
        "uniform" => uniform(t),
        "triangular" => triangular(t),
        other => unreachable!("`{other}` is not in the list that was chosen from"),
    }
}

fn stages(t: &Table<'_>) -> u32 {
    let k: u16 = t.require("k", "the number of exponential stages");
    if !(1..=100).contains(&k) {
        t.problem("k", "an Erlang law has 1 to 100 stages", "");
    }
    u32::from(k.clamp(1, 100))
}

fn uniform(t: &Table<'_>) -> Law {
    let low = t.require("low", "the lower bound");
    let high = t.require("high", "the upper bound");
    ordered(t, ("low", low), ("high", high));
    Law::Uniform { low, high }
}

fn triangular(t: &Table<'_>) -> Law {
    let low = t.require("low", "the lower bound");
    let mode = t.require("mode", "the most likely value");
    let high = t.require("high", "the upper bound");
    ordered(t, ("low", low), ("mode", mode));
    ordered(t, ("mode", mode), ("high", high));
    Law::Triangular { low, mode, high }
}

/// A problem at the upper one when it lies below the lower one; nothing when either could not be read.
fn ordered(t: &Table<'_>, lower: (&str, f64), upper: (&str, f64)) {
    let broken = t.doc.log.borrow().has_failed(&t.path, lower.0);
    if upper.1 < lower.1 && !broken {
        let message = format!("{} is below `{}`, which is {}", upper.1, lower.0, lower.1);
        t.problem(upper.0, message, "swap the two");
    }
}
