//! Rows of sensitivity: known functions through the designs and estimators of sweeps.

use super::answers::{Answer, Tolerance, unknown};
use super::row::{Parameters, Row};
use crate::experiment::design::{Design, Method};
use crate::experiment::sensitivity::functions::Function;
use crate::experiment::sensitivity::morris::{Effect, effects};
use crate::experiment::sensitivity::sobol::indices;

/// Base points: indices are then right to some thousandths.
const BASE: u64 = 4096;
/// Trajectories: a deviation is then right to about a hundredth.
const TRAJECTORIES: u64 = 4000;
/// Most inputs: each costs rows.
const MOST_INPUTS: usize = 64;

pub fn answer(row: &Row, given: &Parameters<'_>) -> Result<Answer, String> {
    if row.kind == "morris" { elementary(row, given) } else { shares(row, given) }
}

fn design(function: &Function, low: f64, high: f64, method: Method) -> Result<Design, String> {
    let inputs = function.inputs();
    if !(1..=MOST_INPUTS).contains(&inputs) {
        return Err(format!("a function of {inputs} inputs"));
    }
    let design = function.design(low, high, method, 1);
    design.map_err(|problems| problems.iter().map(|p| p.text.as_str()).collect::<Vec<_>>().join("; "))
}

fn shares(row: &Row, given: &Parameters<'_>) -> Result<Answer, String> {
    let pi = std::f64::consts::PI;
    let (function, low, high) = match given.text("function")? {
        "ishigami" => (Function::Ishigami { a: given.number("a")?, b: given.number("b")? }, -pi, pi),
        "sobol_g" => (Function::SobolG { a: given.list("a")? }, 0.0, 1.0),
        other => return Err(format!("no function is called `{other}`")),
    };
    let digits = row.metric.trim_start_matches(['S', 'T']);
    if !digits.is_ascii() {
        return Err(unknown(row));
    }
    let total = row.metric.starts_with("ST");
    let inputs = function.inputs();
    let pair = !total && digits.len() == 2 && inputs < 10;
    let method = Method::Saltelli { base: BASE, second_order: pair };
    let design = design(&function, low, high, method)?;
    let found = indices(&design, &function.outcomes(&design), 1).map_err(|why| why.to_string())?;
    let input = |digits: &str| -> Result<usize, String> {
        let number: usize = digits.parse().map_err(|_| unknown(row))?;
        if (1..=inputs).contains(&number) { Ok(number - 1) } else { Err(unknown(row)) }
    };
    let value = if pair {
        let wanted = (input(&digits[..1])?, input(&digits[1..])?);
        found.second.iter().find(|(pair, _)| *pair == wanted).ok_or_else(|| unknown(row))?.1.value
    } else {
        let all = if total { &found.total } else { &found.first };
        all[input(digits)?].value
    };
    Ok(Answer::Numbers(vec![value], Tolerance::Absolute(0.02)))
}

fn elementary(row: &Row, given: &Parameters<'_>) -> Result<Answer, String> {
    let function = Function::polynomial(given.text("function")?)?;
    let method = Method::Morris { trajectories: TRAJECTORIES, levels: given.whole("levels")? };
    let design = design(&function, 0.0, 1.0, method)?;
    let found = effects(&design, &function.outcomes(&design), 1).map_err(|why| why.to_string())?;
    // Effects of a function without products of inputs are constant.
    let linear = match &function {
        Function::Polynomial { terms } => terms.iter().all(|term| term.inputs.len() < 2),
        _ => false,
    };
    let within = if linear { Tolerance::Absolute(1e-9) } else { Tolerance::Relative(0.02) };
    let of = |effect: &Effect, measure: &str| match measure {
        "mu" => Some(effect.mu),
        "mu_star" => Some(effect.mu_star.value),
        "sigma" => Some(effect.sigma),
        _ => None,
    };
    let numbers: Option<Vec<f64>> = match row.metric.rsplit_once("_x") {
        Some((measure, input)) => {
            let number = input.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let effect = number.and_then(|number| found.get(number)).ok_or_else(|| unknown(row))?;
            of(effect, measure).map(|value| vec![value])
        }
        None => found.iter().map(|effect| of(effect, &row.metric)).collect(),
    };
    Ok(Answer::Numbers(numbers.ok_or_else(|| unknown(row))?, within))
}
