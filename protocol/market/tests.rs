//! Promises of the market, each told as a small story.

mod auctions;
mod churn;
mod gangs;
mod hourly;
mod life;
mod preempting;
mod random;
mod records;
mod rooms;

use super::*;
use crate::registry::flag;
use crate::scheduling::{Attained, FirstFittingSpec};
use crate::testbed::{RENTER, Town, at, claim, request};
use crate::units::Amount;

/// Asserts that a device is free and can be hired again.
fn assert_free(town: &Town, device: DeviceId) {
    assert_eq!(town.market.lease_of(device), None);
    assert!(town.registry.deployable(device), "{device:?}");
}

fn state(town: &Town, job: JobId) -> JobState {
    town.market.job(job).expect("a job of this town").state
}

fn runs(town: &Town, job: JobId) -> bool {
    matches!(state(town, job), JobState::Running(_))
}

fn just_before(time: Time) -> Time {
    Time(time.0 - 1)
}
