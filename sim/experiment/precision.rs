//! Replications until an interval is narrow enough, within a budget.
//!
//! After 10 replications, then after half as many again and so on, the 95 % interval of each metric asked for is
//! compared with its mean; when all half widths are small enough, the run ends (Law, Simulation Modeling and Analysis,
//! 5th ed., section 9.4.1). The sizes at which it looks are fixed beforehand, so that how many replications a run has
//! depends on its results alone and not on threads or time. Looking often makes the last interval somewhat optimistic:
//! the schedule looks seldom, and never before 10.

use crate::measure::record::Record;
use crate::measure::statistics::{half_width, mean};

/// Replications before the first look. Assumed: Law's advice.
pub const FIRST_LOOK: u32 = 10;

/// How narrow the interval of a metric shall be.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// Name of the metric.
    pub metric: String,
    /// Half width of its 95 % interval / size of its mean.
    pub relative: f64,
}

/// How narrow it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reached {
    /// The half width as a share of the mean.
    Relative(f64),
    /// The mean is zero: no share of it says anything, unless every value is zero, which is exact.
    MeanOfZero,
    /// Fewer than two replications define the metric.
    Undefined,
}

impl Precision {
    /// How narrow the interval is over these records.
    #[must_use]
    pub fn reached(&self, records: &[Record]) -> Reached {
        let value = |record: &Record| record.metrics.get(&self.metric)?.value.filter(|v| v.is_finite());
        let values: Vec<f64> = records.iter().filter_map(value).collect();
        let Some((middle, half)) = mean(&values).zip(half_width(&values, 0.95)) else {
            return Reached::Undefined;
        };
        match (middle, half) {
            (_, 0.0) => Reached::Relative(0.0),
            (0.0, _) => Reached::MeanOfZero,
            _ => Reached::Relative(half / middle.abs()),
        }
    }

    /// Whether that is narrow enough.
    #[must_use]
    pub fn holds(&self, records: &[Record]) -> bool {
        matches!(self.reached(records), Reached::Relative(share) if share <= self.relative)
    }
}

/// The sizes at which to look: 10, 15, 22, 33 and so on, half as many again each time, and the budget last.
pub fn looks(budget: u32) -> impl Iterator<Item = u32> {
    let grow = |size: &u32| Some(size + size / 2);
    let before = std::iter::successors(Some(FIRST_LOOK), grow).take_while(move |size| *size < budget);
    before.chain([budget])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::record::Metric;

    fn records(values: &[f64]) -> Vec<Record> {
        let record = |(replication, value): (u32, &f64)| {
            let mut record = Record { replication, ..Record::default() };
            record.metrics.insert("m".into(), Metric { unit: "", value: Some(*value) });
            record
        };
        (0..).zip(values).map(record).collect()
    }

    fn wanted(relative: f64) -> Precision {
        Precision { metric: "m".into(), relative }
    }

    #[test]
    fn it_looks_at_sizes_known_beforehand_and_at_the_budget() {
        assert_eq!(looks(60).collect::<Vec<u32>>(), [10, 15, 22, 33, 49, 60]);
        assert_eq!(looks(4).collect::<Vec<u32>>(), [4]);
        assert_eq!(looks(10).collect::<Vec<u32>>(), [10]);
    }

    #[test]
    fn the_half_width_is_a_share_of_the_mean() {
        // Mean 2, deviation 1, t(0.975; 2) = 4.302653: half width 2.484138.
        let three = records(&[1.0, 2.0, 3.0]);
        let Reached::Relative(share) = wanted(0.1).reached(&three) else { panic!("it has a mean") };
        assert!((share - 1.242_069).abs() < 1e-6, "{share}");
        assert!(wanted(1.25).holds(&three) && !wanted(1.24).holds(&three));
    }

    #[test]
    fn nothing_is_narrow_that_has_no_mean() {
        assert_eq!(wanted(0.5).reached(&records(&[-1.0, 1.0])), Reached::MeanOfZero);
        assert_eq!(wanted(0.5).reached(&records(&[f64::NAN, 1.0])), Reached::Undefined);
        assert!(!wanted(0.5).holds(&records(&[-1.0, 1.0])) && !wanted(0.5).holds(&records(&[1.0])));
        assert!(wanted(0.01).holds(&records(&[0.0, 0.0])), "what never varies is exact");
    }
}
