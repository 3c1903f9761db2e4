//! How large a run would be, judged before anything is allocated.

use super::cohort::{Cohort, Farm};
use super::demand::RenterClass;
use super::reading::Table;
use super::run::Run;

/// Most individuals in one run (half a kilobyte each).
const MOST_PEOPLE: u64 = 2_000_000;
/// Most jobs that a run may expect (a quarter of a kilobyte each, and minutes in all).
const MOST_JOBS: f64 = 1e7;
/// Most groups and classes; the tables have a column for each.
const MOST_GROUPS: usize = 250;

/// Reports what cannot be run on any machine one would use.
pub(super) fn check(
    root: &Table<'_>,
    run: &Run,
    cohorts: &[Cohort],
    farms: &[Farm],
    renters: &[RenterClass],
) {
    let people = cohorts
        .iter()
        .map(|c| run.scaled(c.population))
        .chain(farms.iter().map(|f| run.scaled(f.population)));
    let people = people.fold(0u64, u64::saturating_add);
    if people > MOST_PEOPLE {
        root.problem(
            "supply",
            format!("{people} individuals after run.scale, at most {MOST_PEOPLE} fit"),
            "lower the populations or run.scale",
        );
    }
    if cohorts.len() + farms.len() > MOST_GROUPS || renters.len() > MOST_GROUPS {
        root.problem(
            "supply",
            format!("more than {MOST_GROUPS} cohorts and farms, or classes of renters"),
            "merge some",
        );
    }
    let days = run.duration.hours() / 24.0;
    let jobs: f64 = renters
        .iter()
        .map(|r| {
            r.jobs_per_day
                * run.scale
                * days
                * libm::exp((r.growth_per_month * days / 30.4).clamp(0.0, 700.0))
        })
        .sum();
    if jobs > MOST_JOBS {
        root.problem(
            "demand",
            format!("about {jobs:.1e} jobs, at most {MOST_JOBS:.0e} can be run"),
            "lower jobs_per_day, growth_per_month or run.scale",
        );
    }
}
