//! A settled run against hand-made jobs.

use super::level::SLICES;
use super::service::Service;
use crate::engine::{Span, Time};
use depin_protocol::effect::{Effect, Outcome, Unserved};
use depin_protocol::ids::{JobId, LeaseId};

fn hour(n: u64) -> Time {
    Time::ZERO + Span::HOUR.times(n)
}

fn value(service: &Service, name: &str) -> Option<f64> {
    let all = service.estimates(&(0..SLICES), &["high".to_owned(), "low".to_owned()]);
    all.into_iter().find(|found| found.name == name).unwrap_or_else(|| panic!("no {name}")).value
}

#[test]
fn waiting_giving_up_and_interruption_are_told_apart_by_class() {
    let mut s = Service::new(hour(10), 2);
    let lease = |n| LeaseId(n);
    s.arrives(hour(0), 0, 1);
    s.see(hour(0), &Effect::JobStarted(JobId(0), lease(0)));
    s.arrives(hour(1), 1, 1);
    s.arrives(hour(1), 1, 1);
    s.see(hour(2), &Effect::LeaseEnded(lease(0), JobId(0), Outcome::Completed));
    s.see(hour(2), &Effect::JobStarted(JobId(1), lease(1)));
    s.see(hour(3), &Effect::JobUnserved(JobId(2), Unserved::Expired));
    s.see(hour(4), &Effect::LeaseEnded(lease(1), JobId(1), Outcome::Interrupted));
    s.see(hour(5), &Effect::JobStarted(JobId(1), lease(2)));
    s.see(hour(6), &Effect::LeaseEnded(lease(2), JobId(1), Outcome::Completed));
    s.arrives(hour(8), 1, 1);
    s.see(hour(8), &Effect::JobUnserved(JobId(3), Unserved::NoRoom));
    s.close(0);
    assert_eq!(value(&s, "steady.wait_hours_mean"), Some(0.5));
    assert_eq!(value(&s, "steady.wait_hours_mean.low"), Some(1.0));
    assert_eq!(value(&s, "steady.queued_hours_mean.low"), Some(2.0), "one before and one in between");
    assert_eq!(value(&s, "steady.completion_hours_mean.low"), Some(4.0));
    assert_eq!(value(&s, "steady.system_hours_mean"), Some(3.5));
    assert_eq!(value(&s, "steady.wait_share"), Some(2.0 / 3.0));
    assert_eq!(value(&s, "steady.blocked_share"), Some(0.25));
    assert_eq!(value(&s, "steady.abandoned_share.low"), Some(1.0 / 3.0));
    assert_eq!(value(&s, "steady.busy_mean"), Some(0.5), "two hours, two and one");
    // Waiting: job 1 for 1 to 2 and 4 to 5, job 2 for 1 to 3.
    assert_eq!(value(&s, "steady.queue_length_mean"), Some(0.4));
    assert_eq!(value(&s, "steady.number_mean"), Some(0.9));
}

#[test]
#[should_panic(expected = "Little's law")]
fn a_job_that_leaves_the_count_but_not_the_system_is_seen() {
    let mut s = Service::new(hour(10), 1);
    s.arrives(hour(1), 0, 1);
    s.see(hour(2), &Effect::JobUnserved(JobId(0), Unserved::Expired));
    // It leaves a second time, while another one is there whose place it takes in the count.
    s.arrives(hour(3), 0, 1);
    s.see(hour(4), &Effect::JobUnserved(JobId(0), Unserved::Expired));
    s.close(0);
}
