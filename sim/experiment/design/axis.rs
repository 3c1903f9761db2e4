//! One thing that varies: a path of the scenario, and the range of its settings.

use super::{AXIS_LIMIT, Method, Problem};
use crate::engine::draw::normal_quantile;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A place within a range that has many decimals: where an exact amount is wanted, `decimals` is missing.
const WITHIN: f64 = 0.618_033_988_749_895;

/// One parameter that varies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Its name, by which results call it.
    pub name: String,
    /// Path of the scenario, such as `protocol.rewards.ignition_points.cap`.
    pub path: String,
    /// What it may be.
    pub range: Range,
}

/// The settings that an axis may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// Whatever a table of points says.
    Given,
    /// These texts, as a scenario file has them; each as likely as another.
    Choices(Vec<String>),
    /// Numbers by a law.
    Numbers {
        /// The law.
        law: Law,
        /// Decimal places that are kept; `None` keeps the number as it is.
        decimals: Option<u32>,
        /// What stands behind the number, such as `h`; the setting is then a quoted text.
        unit: String,
        /// How many levels a design of levels takes: the first at the low end, the last at the high end, evenly between.
        steps: Option<u32>,
    },
}

/// How likely numbers are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Law {
    /// Evenly from low to high.
    Uniform {
        /// Smallest.
        low: f64,
        /// Largest.
        high: f64,
    },
    /// Evenly in the logarithm.
    LogUniform {
        /// Smallest, above zero.
        low: f64,
        /// Largest.
        high: f64,
    },
    /// Whole numbers, both ends among them.
    Integer {
        /// Smallest.
        low: i64,
        /// Largest.
        high: i64,
    },
    /// Normal, by inversion.
    Normal {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        sd: f64,
    },
}

impl Axis {
    /// The setting at a coordinate from 0 to 1: the quantile of its range.
    #[must_use]
    pub fn at(&self, coordinate: f64) -> String {
        match &self.range {
            Range::Given => unreachable!("a table of points has no coordinates"),
            Range::Choices(choices) => choices[nth(choices.len() as u64, coordinate) as usize].clone(),
            Range::Numbers { law, decimals, unit, .. } => match law {
                Law::Integer { low, high } => {
                    let span = high.abs_diff(*low);
                    with_unit(low.saturating_add_unsigned(nth(span.saturating_add(1), coordinate)), unit)
                }
                real => with_unit(decimal(real.quantile(coordinate), *decimals), unit),
            },
        }
    }

    /// Level number `number`, from the lowest.
    pub(super) fn level(&self, number: u64) -> String {
        match &self.range {
            Range::Given => unreachable!("a table of points has no levels"),
            Range::Choices(choices) => choices[number as usize].clone(),
            Range::Numbers { law, decimals, unit, .. } => {
                let share = number as f64 / (self.level_count() - 1).max(1) as f64;
                match law {
                    Law::Integer { low, high } => {
                        let span = high.abs_diff(*low) as f64;
                        with_unit(low.saturating_add_unsigned((span * share).round() as u64), unit)
                    }
                    real => with_unit(decimal(real.quantile(share), *decimals), unit),
                }
            }
        }
    }

    /// How many levels it has.
    pub(super) fn level_count(&self) -> u64 {
        match &self.range {
            Range::Given => 0,
            Range::Choices(choices) => choices.len() as u64,
            Range::Numbers { steps, .. } => steps.map_or(0, u64::from),
        }
    }

    /// Whether all of its settings are plain numbers, so that results may hold them as such.
    #[must_use]
    pub fn numeric(&self) -> bool {
        match &self.range {
            Range::Given => false,
            Range::Choices(choices) => choices.iter().all(|choice| number(choice).is_some()),
            Range::Numbers { unit, .. } => unit.is_empty(),
        }
    }

    /// Settings at which it is tried before anything runs: its ends and a place within, or all of its choices.
    #[must_use]
    pub fn extremes(&self) -> Vec<String> {
        match &self.range {
            Range::Given => Vec::new(),
            Range::Choices(choices) => choices.clone(),
            Range::Numbers { law: Law::Normal { .. }, .. } => {
                [0.001, WITHIN, 0.999].map(|u| self.at(u)).to_vec()
            }
            Range::Numbers { .. } => [0.0, WITHIN, 1.0].map(|u| self.at(u)).to_vec(),
        }
    }

    fn problem(&self) -> Option<(&'static str, String, &'static str)> {
        match &self.range {
            Range::Choices(choices) if choices.is_empty() => {
                Some(("values", "there is nothing to choose from".to_owned(), "list at least one value"))
            }
            Range::Choices(_) | Range::Given => None,
            Range::Numbers { law, decimals, unit, .. } => {
                if decimals.is_some_and(|places| places > 12) {
                    return Some(("decimals", "more decimals than 12".to_owned(), ""));
                }
                let plain = |c: char| c.is_ascii_alphanumeric() || c == '%' || c == ' ';
                if unit.len() > 16 || !unit.chars().all(plain) {
                    return Some(("unit", "a unit has at most 16 letters".to_owned(), ""));
                }
                law.problem().map(|text| ("range", text, "the low end comes first"))
            }
        }
    }
}

impl Law {
    /// The number below which a share of the law lies.
    fn quantile(&self, share: f64) -> f64 {
        match *self {
            Law::Uniform { low, high } => low + share * (high - low),
            Law::LogUniform { low, high } => {
                let (from, to) = (libm::log(low), libm::log(high));
                libm::exp(from + share * (to - from)).clamp(low, high)
            }
            Law::Integer { low, high } => low as f64 + share * (high as f64 - low as f64),
            Law::Normal { mean, sd } => mean + sd * normal_quantile(share),
        }
    }

    fn problem(&self) -> Option<String> {
        let finite = |low: f64, high: f64| (high - low).is_finite();
        match *self {
            Law::Uniform { low, high } if !finite(low, high) || low > high => {
                Some(format!("the range from {low} to {high} is none"))
            }
            Law::LogUniform { low, high } if !finite(low, high) || low > high || low <= 0.0 => {
                Some(format!("from {low} to {high} there is no logarithm, or the ends are reversed"))
            }
            Law::Integer { low, high } if low > high => {
                Some(format!("the range from {low} to {high} is none"))
            }
            Law::Normal { mean, sd } if !mean.is_finite() || !sd.is_finite() || sd < 0.0 => {
                Some(format!("a normal law has no deviation of {sd}"))
            }
            _ => None,
        }
    }
}

/// Everything wrong with the axes of a method.
pub(super) fn problems(axes: &[Axis], method: &Method) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut add = |axis: Option<usize>, key: &'static str, text: String, hint: &str| {
        problems.push(Problem { axis, key, text, hint: hint.to_owned() });
    };
    if axes.is_empty() {
        add(None, "", "nothing varies".to_owned(), "add an axis, such as [sweep.cap]");
    }
    if axes.len() > AXIS_LIMIT {
        add(None, "", format!("{} axes are more than {AXIS_LIMIT}", axes.len()), "");
    }
    for (number, axis) in axes.iter().enumerate() {
        if let Some((key, text, hint)) = axis.problem() {
            add(Some(number), key, text, hint);
        }
        let overlaps = |other: &&Axis| {
            let within = |outer: &str, inner: &str| {
                inner == outer || inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'))
            };
            within(&other.path, &axis.path) || within(&axis.path, &other.path)
        };
        if let Some(other) = axes[..number].iter().find(overlaps) {
            let text = format!("axis `{}` sets `{}`, which overlaps `{}`", other.name, other.path, axis.path);
            add(Some(number), "path", text, "give each path, and each table around it, to one axis");
        }
        let given = matches!(method, Method::Points(_));
        if given != (axis.range == Range::Given) {
            let (text, hint) = if given {
                ("the table of points says its settings already", "leave `values` and `range` away")
            } else {
                ("what it may be is not said", "list `values`, or give a `range`")
            };
            add(Some(number), "", text.to_owned(), hint);
        } else if method.takes_levels() && axis.level_count() == 0 {
            add(
                Some(number),
                "",
                "how many levels it takes is not said".to_owned(),
                "add `steps`, or list `values`",
            );
        }
        let normal = matches!(axis.range, Range::Numbers { law: Law::Normal { .. }, .. });
        let reaches_ends = method.takes_levels()
            || matches!(method, Method::Morris { .. } | Method::Sobol { shift: false, .. });
        if normal && reaches_ends {
            let text = "a normal law has no ends, and this design goes to the ends".to_owned();
            add(Some(number), "range", text, "take a uniform range");
        }
    }
    match method {
        Method::List => {
            let count = axes.first().map_or(0, Axis::level_count);
            let other = axes.iter().position(|axis| axis.level_count() != count);
            if let Some(number) = other {
                let text = format!(
                    "a list needs {count} values on every axis, found {}",
                    axes[number].level_count()
                );
                add(Some(number), "values", text, "row i takes the i-th value of each axis");
            }
        }
        Method::Morris { levels, .. } if *levels < 2 || !levels.is_multiple_of(2) || *levels > 1 << 20 => {
            add(
                None,
                "levels",
                format!("{levels} levels are not an even number of at least 2"),
                "4 is usual",
            );
        }
        _ => {}
    }
    problems
}

/// Which of `count` equal parts a coordinate lies in; 1 lies in the last.
fn nth(count: u64, coordinate: f64) -> u64 {
    ((coordinate * count as f64) as u64).min(count - 1)
}

/// The number that a setting is, if it is one.
pub(super) fn number(text: &str) -> Option<f64> {
    let plain = text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+' || c == '.');
    text.replace('_', "").parse::<f64>().ok().filter(|value| plain && value.is_finite())
}

/// A number as TOML has it: no exponent, always a point unless no decimals are wanted.
fn decimal(value: f64, decimals: Option<u32>) -> String {
    // Minus zero is zero.
    let value = value + 0.0;
    match decimals {
        Some(places) => {
            let text = format!("{value:.*}", places as usize);
            let zero = text.chars().all(|c| matches!(c, '-' | '0' | '.'));
            if zero { text.trim_start_matches('-').to_owned() } else { text }
        }
        None => {
            let text = format!("{value}");
            if text.contains('.') { text } else { format!("{text}.0") }
        }
    }
}

fn with_unit(number: impl fmt::Display, unit: &str) -> String {
    if unit.is_empty() { number.to_string() } else { format!("\"{number}{unit}\"") }
}
