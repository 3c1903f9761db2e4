//! What this program answers to a row, by the functions that its results are made with.

use super::row::{Parameters, Row, number};
use super::{emission, sensitivity};
use crate::engine::draw::{lognormal_mean_cv, lognormal_parameters};
use crate::engine::philox::philox4x32_10;
use crate::measure::statistics::batch_means::BatchMeans;
use crate::measure::statistics::equivalence::Difference;
use crate::measure::statistics::warm_up::{WarmUp, mser};
use crate::measure::statistics::{
    adjust, gini, half_width, hhi, mean, nakamoto, quantile, standard_deviation, t_quantile, theil,
};
use depin_protocol::rewards::split::split;

/// How far an answer may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// By this much.
    Absolute(f64),
    /// By this share of what is expected.
    Relative(f64),
}

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// Words or whole numbers, to be equal to what is expected.
    Text(String),
    /// Numbers in the order in which they are expected.
    Numbers(Vec<f64>, Tolerance),
}

/// Kinds that are answered.
pub const KINDS: [&str; 18] = [
    "adjust",
    "batch_means",
    "emission",
    "gini",
    "hhi",
    "interval",
    "lognormal",
    "morris",
    "mser5",
    "nakamoto",
    "philox4x32",
    "quantile",
    "sensitivity",
    "split",
    "t_quantile",
    "theil",
    "tost",
    "welch",
];

/// The answer to a row of one of [`KINDS`].
///
/// # Errors
/// What is missing or makes no sense in it.
pub fn answer(row: &Row) -> Result<Answer, String> {
    let given = row.parameters();
    let undefined = || "it is undefined".to_owned();
    let one = |value: f64, within: f64| Ok(Answer::Numbers(vec![value], Tolerance::Absolute(within)));
    match row.kind.as_str() {
        "emission" => emission::answer(row, &given),
        "sensitivity" | "morris" => sensitivity::answer(row, &given),
        "philox4x32" => philox(&given),
        "split" => shares(&given),
        "gini" => one(gini(&given.list("x")?).ok_or_else(undefined)?, 1e-12),
        "theil" => one(theil(&given.list("x")?).ok_or_else(undefined)?, 1e-12),
        "hhi" => one(hhi(&given.list("shares")?).ok_or_else(undefined)?, 1e-9),
        "nakamoto" => {
            let found = nakamoto(&given.list("shares")?, given.number("threshold")?).ok_or_else(undefined)?;
            Ok(Answer::Text(found.to_string()))
        }
        "t_quantile" => one(t_quantile(given.number("p")?, given.number("df")?), 1e-6),
        "quantile" => one(quantile(&given.list("x")?, given.number("p")?).ok_or_else(undefined)?, 1e-6),
        "interval" => {
            let x = given.list("x")?;
            let found = match row.metric.as_str() {
                "sd" => standard_deviation(&x),
                "mean" => mean(&x),
                "half_width" => half_width(&x, given.number("confidence")?),
                _ => return Err(unknown(row)),
            };
            one(found.ok_or_else(undefined)?, 1e-6)
        }
        "batch_means" => batches(&given),
        "mser5" => warm_up(&given),
        "adjust" => adjusted(&given),
        "tost" | "welch" => difference(row, &given),
        "lognormal" => lognormal(row, &given),
        other => Err(format!("no kind is called `{other}`")),
    }
}

/// That a metric is none of its kind.
pub fn unknown(row: &Row) -> String {
    format!("`{}` is no metric of {}", row.metric, row.kind)
}

fn philox(given: &Parameters<'_>) -> Result<Answer, String> {
    if given.text("rounds")? != "10" {
        return Err("the generator has ten rounds".to_owned());
    }
    let words = |name: &str| -> Result<Vec<u32>, String> {
        let words = given.text(name)?.split_whitespace();
        words.map(|word| u32::from_str_radix(word, 16).map_err(|_| format!("`{word}` is no word"))).collect()
    };
    let counter: [u32; 4] = words("ctr")?.try_into().map_err(|_| "a counter has four words".to_owned())?;
    let key: [u32; 2] = words("key")?.try_into().map_err(|_| "a key has two words".to_owned())?;
    let output = philox4x32_10(counter, key).map(|word| format!("{word:08x}"));
    Ok(Answer::Text(output.join(" ")))
}

fn shares(given: &Parameters<'_>) -> Result<Answer, String> {
    let weights: Result<Vec<u64>, String> = given
        .text("weights")?
        .split(',')
        .map(|weight| weight.trim().parse().map_err(|_| format!("`{weight}` is no weight")))
        .collect();
    let pool: i128 = given.whole("total")?;
    if pool < 0 {
        return Err("a pool is never negative".to_owned());
    }
    let mut payouts = Vec::new();
    // What nobody can be paid stays with the pool, and is no payout.
    let _ = split(pool, &weights?, &mut payouts);
    let payouts: Vec<String> = payouts.iter().map(i128::to_string).collect();
    Ok(Answer::Text(payouts.join(" ")))
}

fn batches(given: &Parameters<'_>) -> Result<Answer, String> {
    let found =
        BatchMeans::of(&given.list("x")?, given.whole("batches")?).ok_or("too few values for batches")?;
    let mut numbers = found.means.clone();
    numbers.push(found.variance());
    Ok(Answer::Numbers(numbers, Tolerance::Absolute(1e-6)))
}

fn warm_up(given: &Parameters<'_>) -> Result<Answer, String> {
    Ok(Answer::Text(match mser(&given.list("series")?, given.whole("batch")?) {
        WarmUp::Ends(cut) => cut.to_string(),
        WarmUp::NotReached => "not reached".to_owned(),
        WarmUp::TooShort => "too short".to_owned(),
    }))
}

fn adjusted(given: &Parameters<'_>) -> Result<Answer, String> {
    let p = given.list("p")?;
    let found = match given.text("method")? {
        "benjamini_hochberg" | "bh" => adjust::benjamini_hochberg(&p),
        "holm" => adjust::holm(&p),
        "bonferroni" => adjust::bonferroni(&p),
        other => return Err(format!("no method is called `{other}`")),
    };
    Ok(Answer::Numbers(found, Tolerance::Absolute(1e-6)))
}

fn difference(row: &Row, given: &Parameters<'_>) -> Result<Answer, String> {
    let (x, y) = (given.list("x")?, given.list("y")?);
    let paired = given.optional("paired").is_some_and(|word| word == "true");
    let found = if paired { Difference::paired(&x, &y) } else { Difference::welch(&x, &y) };
    let found = found.ok_or("too few values")?;
    let value = match row.metric.as_str() {
        "t" => found.t(),
        "df" | "degrees" => found.degrees,
        "p" if row.kind == "welch" => found.p(),
        "p" | "p_value" => found.tost(given.number("margin")?),
        "difference" | "mean" => found.mean,
        "half_width" => found.half_width(given.number("confidence")?),
        _ => return Err(unknown(row)),
    };
    Ok(Answer::Numbers(vec![value], Tolerance::Absolute(1e-6)))
}

fn lognormal(row: &Row, given: &Parameters<'_>) -> Result<Answer, String> {
    let (mean, cv) = (given.number("mean")?, given.number("cv")?);
    let numbers = match row.metric.as_str() {
        "mu_sigma" => {
            let (mu, sigma) = lognormal_parameters(mean, cv);
            vec![mu, sigma]
        }
        metric => {
            let share = metric
                .strip_prefix('p')
                .and_then(|digits| number(digits).ok())
                .ok_or_else(|| unknown(row))?;
            vec![lognormal_mean_cv(mean, cv, share / 100.0)]
        }
    };
    Ok(Answer::Numbers(numbers, Tolerance::Relative(1e-9)))
}
