//! Rows of emission: the shipped schedules, walked.

use super::answers::{Answer, Tolerance, unknown};
use super::row::{Parameters, Row};
use crate::cli::shipped;
use crate::measure::emission::{Question, walk};
use crate::report::number::whole;

pub fn answer(row: &Row, given: &Parameters<'_>) -> Result<Answer, String> {
    let name = given.text("schedule")?;
    let file = shipped::SCENARIOS.iter().find(|file| file.path == format!("emission/{name}.toml"));
    let file = file.ok_or_else(|| format!("no schedule is called `{name}`"))?;
    let mut sets = Vec::new();
    sets.extend(given.optional("cap").map(|cap| format!("protocol.emission.cap_tokens={cap}")));
    sets.extend(given.optional("run_past_end").map(|_| "protocol.emission.epochs=100000".to_owned()));
    let scenario = file.with(&sets).map_err(|report| report.to_string())?;
    let rule = scenario.rules.emission().ok_or("it has no schedule")?;
    let epoch = ["epoch", "through_epoch"].into_iter().find(|key| given.optional(key).is_some());
    let at = epoch.map(|key| given.whole(key)).transpose()?;
    let years = given.optional("through_years").map(|_| given.whole("through_years")).transpose()?;
    let walked = walk(rule, Question { at, years }, &|_| {}).map_err(|trouble| trouble.to_string())?;
    let (amount, cumulative) = walked.at.map_or((0, walked.total), |at| (at.amount, at.cumulative));
    // The chain's coded sum lies 1.1e-7 above the closed form that the row has.
    let within = Tolerance::Relative(if name == "filecoin-simple" { 2e-7 } else { 1e-9 });
    let tokens = |units| Answer::Numbers(vec![whole(units, walked.decimals)], within);
    Ok(match row.metric.as_str() {
        "amount" => Answer::Text(amount.to_string()),
        "cumulative" => Answer::Text(cumulative.to_string()),
        "amount_tokens" => tokens(amount),
        "cumulative_tokens" => tokens(cumulative),
        "cap_epoch" => {
            Answer::Text(walked.cap_epoch.map_or_else(|| "none".to_owned(), |epoch| epoch.to_string()))
        }
        _ => return Err(unknown(row)),
    })
}
