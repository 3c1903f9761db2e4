//! A walk as a page for people: the ends, the epoch that was asked for, and a table of years.

use crate::cli::output::aligned;
use crate::measure::emission::{Moment, Stop, Walk, YEAR, Year};
use crate::report::calendar::{Date, length};
use crate::report::number::{exact, grouped, percent};
use crate::scenario::Scenario;

/// Decimals of the tokens of pools.
pub const POOL_DECIMALS: u8 = 8;

/// The page of a walk.
pub fn of(scenario: &Scenario, walk: &Walk) -> String {
    let mut text = format!(
        "{}  {}, epochs of {}, the first on {}\n\n",
        scenario.name,
        walk.schedule,
        length(walk.epoch.seconds()),
        Date::at(scenario.run.start).long()
    );
    let epoch = |moment: Moment| format!("epoch {}", grouped(&moment.epoch.to_string()));
    let tokens = |amount| grouped(&exact(amount, walk.decimals));
    let mut rows = vec![
        vec!["first".to_owned(), tokens(walk.first.amount), epoch(walk.first)],
        vec!["last".to_owned(), tokens(walk.last.amount), epoch(walk.last)],
        vec!["total".to_owned(), tokens(walk.total), extent(walk)],
    ];
    if let Some(cap) = walk.cap {
        let reached = walk.cap_epoch.map(|epoch| format!("reached in epoch {}", grouped(&epoch.to_string())));
        rows.push(vec!["cap".to_owned(), tokens(cap), reached.unwrap_or_else(|| "not reached".to_owned())]);
    }
    if walk.supply != walk.total {
        rows.push(vec![
            "supply".to_owned(),
            tokens(walk.starting_supply),
            "before the first epoch".to_owned(),
        ]);
        rows.push(vec![
            "then".to_owned(),
            tokens(walk.supply),
            "after the last, less what was burned".to_owned(),
        ]);
    }
    if let Some(at) = walk.at {
        rows.push(vec!["at".to_owned(), tokens(at.amount), epoch(at)]);
        rows.push(vec!["so far".to_owned(), tokens(at.cumulative), "up to and including it".to_owned()]);
    }
    text.push_str(&aligned(&rows, |column| column != 1));
    text.push('\n');
    text.push_str(&years(scenario, walk));
    text
}

/// The page of a network without a schedule.
pub fn of_pool(scenario: &Scenario) -> String {
    format!(
        "{}  a pool, no schedule: seasons draw on it when they are paid, and what they leave is never released\n\n  \
         total  {}  at most, all seasons together\n",
        scenario.name,
        grouped(&exact(scenario.rules.pool(), POOL_DECIMALS))
    )
}

fn extent(walk: &Walk) -> String {
    let epochs = grouped(&walk.walked.to_string());
    let years = walk.walked as f64 * walk.epoch.seconds() / YEAR.seconds();
    let after = match walk.stop {
        Stop::End | Stop::Cap => "the end",
        Stop::Asked => "as far as asked",
        Stop::Horizon if walk.falls_silent() => "nothing in the last of them",
        Stop::Horizon => "no end, a part is shown",
    };
    format!("{epochs} epochs, {years:.1} years: {after}")
}

/// Years that are printed of a long walk: all of the first ten, then fewer and fewer, and the last.
fn shown(year: u64, last: u64) -> bool {
    let step = [(10, 1), (50, 5), (200, 10), (1000, 100)].iter().find(|(to, _)| year <= *to);
    year == last || year < last && year.is_multiple_of(step.map_or(1000, |(_, step)| *step))
}

fn years(scenario: &Scenario, walk: &Walk) -> String {
    let head = ["year", "begins", "epochs", "emitted", "in all", "of cap", "inflation"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let last = walk.years.iter().rev().find(|year| year.emitted > 0).map_or(1, |year| year.year);
    let printed = walk.years.iter().filter(|year| shown(year.year, last));
    rows.extend(printed.map(|year| row(scenario, walk, year)));
    let left_out = walk.years.len() + 1 > rows.len();
    let note =
        if left_out { "\n  a year has 365 days; years between those shown are left out\n" } else { "" };
    format!("{}{note}", aligned(&rows, |column| column == 1))
}

fn row(scenario: &Scenario, walk: &Walk, year: &Year) -> Vec<String> {
    let begins = scenario.run.start + i64::try_from((year.year - 1) * (YEAR.0 / 1_000_000_000)).unwrap_or(0);
    let date = Date::at(begins);
    let none = || "-".to_owned();
    vec![
        year.year.to_string(),
        format!("{:04}-{:02}-{:02}", date.year, date.month, date.day),
        grouped(&year.epochs.to_string()),
        rounded(year.emitted, walk),
        rounded(year.cumulative, walk),
        walk.cap.map_or_else(none, |cap| share(year.cumulative, cap)),
        if year.supply > 0 { percent(year.emitted as f64 / year.supply as f64) } else { none() },
    ]
}

/// A share in tenths of a per cent, rounded down, so that only what is reached is a hundred.
fn share(part: i128, whole: i128) -> String {
    let tenths =
        if part >= whole { 1000.0 } else { (part as f64 / whole as f64 * 1000.0).floor().min(999.0) };
    format!("{:.1}%", tenths / 10.0)
}

/// Whole tokens, rounded down as chains do; all decimals where the whole schedule is of a few thousand tokens.
fn rounded(amount: i128, walk: &Walk) -> String {
    let unit = 10i128.pow(walk.decimals.into());
    if walk.total < 10_000 * unit {
        return grouped(&exact(amount, walk.decimals));
    }
    grouped(&(amount / unit).to_string())
}

#[cfg(test)]
mod tests {
    use super::{share, shown};

    #[test]
    fn a_cap_that_is_nearly_reached_is_not_reached() {
        assert_eq!(
            [(999_999, 1_000_000), (5, 5), (125, 1000)].map(|(a, b)| share(a, b)),
            ["99.9%", "100.0%", "12.5%"]
        );
    }

    #[test]
    fn a_long_walk_shows_the_first_years_and_the_last() {
        let years: Vec<u64> = (1..=132).filter(|year| shown(*year, 132)).collect();
        assert_eq!(years[..12], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20]);
        assert_eq!(years[years.len() - 3..], [120, 130, 132]);
    }
}
