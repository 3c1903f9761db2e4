//! Sampled quantities of several replications as one line with a band.

use crate::measure::record::{Column, Record};
use crate::measure::statistics;

/// One quantity over time, over all replications.
#[derive(Clone, Debug)]
pub struct Band {
    /// Cohort, cloud, shop or asset; empty for the whole network.
    pub group: String,
    /// Unit, for people.
    pub unit: &'static str,
    /// Sample times, in seconds since 1970.
    pub unix_s: Vec<i64>,
    /// Mean over the replications that define it; NaN where none does.
    pub mean: Vec<f64>,
    /// Lower edge.
    pub low: Vec<f64>,
    /// Upper edge.
    pub high: Vec<f64>,
}

impl Band {
    /// The last defined value of the mean line, with its time.
    #[must_use]
    pub fn last(&self) -> Option<(i64, f64)> {
        self.pairs().filter(|(_, v)| v.is_finite()).last()
    }

    /// The largest value of the mean line, with its time.
    #[must_use]
    pub fn peak(&self) -> Option<(i64, f64)> {
        self.pairs().filter(|(_, v)| v.is_finite()).reduce(|best, p| if p.1 > best.1 { p } else { best })
    }

    /// Samples of the mean line.
    pub fn pairs(&self) -> impl Iterator<Item = (i64, f64)> + '_ {
        self.unix_s.iter().copied().zip(self.mean.iter().copied())
    }

    /// All values that a scale must hold.
    pub fn extent(&self) -> impl Iterator<Item = f64> + '_ {
        self.mean.iter().chain(&self.low).chain(&self.high).copied()
    }
}

/// The bands of a metric, one per group, in the order of their first appearance. A metric that was not
/// sampled, or never defined, gives none.
#[must_use]
pub fn bands(records: &[Record], metric: &str) -> Vec<Band> {
    relative_bands(records, metric, false)
}

/// As [`bands`]; with `to_start`, each replication is divided by its own first positive value.
#[must_use]
pub fn relative_bands(records: &[Record], metric: &str, to_start: bool) -> Vec<Band> {
    let mut groups: Vec<&str> = Vec::new();
    for column in records.iter().flat_map(|r| columns(r, metric)) {
        if !groups.contains(&column.group.as_str()) {
            groups.push(&column.group);
        }
    }
    let all = groups.into_iter().map(|group| band(records, metric, group, to_start));
    all.filter(|b| b.mean.iter().any(|v| v.is_finite())).collect()
}

/// What the band shows, for a footer; empty for one replication.
#[must_use]
pub fn legend(records: &[Record]) -> String {
    match records.len() {
        0 | 1 => String::new(),
        n if n <= MIN_MAX_UP_TO => {
            format!("Line: mean of {n} replications; band: smallest to largest. ")
        }
        n => format!("Line: mean of {n} replications; band: the middle 95% of them. "),
    }
}

/// More replications than this show quantiles instead of extremes, which only grow with their number.
const MIN_MAX_UP_TO: usize = 20;

fn columns<'a>(record: &'a Record, metric: &'a str) -> impl Iterator<Item = &'a Column> {
    record.series.columns.iter().filter(move |c| c.metric == metric)
}

fn band(records: &[Record], metric: &str, group: &str, to_start: bool) -> Band {
    let matching = |r| columns(r, metric).find(|c| c.group == group);
    let found: Vec<(&Record, &Column)> = records.iter().filter_map(|r| matching(r).map(|c| (r, c))).collect();
    let longest = found.iter().map(|(r, _)| &r.series.unix_s).max_by_key(|t| t.len());
    let unix_s = longest.cloned().unwrap_or_default();
    let factors: Vec<f64> =
        found.iter().map(|(_, c)| if to_start { first_positive(&c.values) } else { 1.0 }).collect();
    let mut result = Band {
        group: group.into(),
        unit: found.first().map_or("", |(_, c)| c.unit),
        mean: Vec::with_capacity(unix_s.len()),
        low: Vec::with_capacity(unix_s.len()),
        high: Vec::with_capacity(unix_s.len()),
        unix_s,
    };
    let mut here = Vec::with_capacity(found.len());
    for index in 0..result.unix_s.len() {
        here.clear();
        for ((_, column), factor) in found.iter().zip(&factors) {
            let value = column.values.get(index).map_or(f64::NAN, |v| v / factor);
            if value.is_finite() {
                here.push(value);
            }
        }
        let (low, high) = edges(&mut here);
        result.mean.push(statistics::mean(&here).unwrap_or(f64::NAN));
        result.low.push(low);
        result.high.push(high);
    }
    result
}

fn first_positive(values: &[f64]) -> f64 {
    values.iter().copied().find(|v| v.is_finite() && *v > 0.0).unwrap_or(f64::NAN)
}

fn edges(values: &mut [f64]) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let margin = if values.len() <= MIN_MAX_UP_TO { 0.0 } else { 0.025 };
    let at = |p| statistics::quantile_of_sorted(values, p).unwrap_or(f64::NAN);
    (at(margin), at(1.0 - margin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::record::Series;

    fn record(values: Vec<f64>) -> Record {
        let column = Column { metric: "m", unit: "cards", group: "a".into(), values };
        Record { series: Series { unix_s: vec![0, 1], columns: vec![column] }, ..Record::default() }
    }

    #[test]
    fn a_band_spans_its_replications_and_skips_what_is_undefined() {
        let band = bands(&[record(vec![1.0, f64::NAN]), record(vec![3.0, 8.0])], "m").remove(0);
        assert_eq!((band.mean, band.low, band.high), (vec![2.0, 8.0], vec![1.0, 8.0], vec![3.0, 8.0]));
        assert!(bands(&[record(vec![f64::NAN, f64::NAN])], "m").is_empty());
    }

    #[test]
    fn relative_bands_begin_at_one_in_each_replication() {
        let both = [record(vec![2.0, 4.0]), record(vec![10.0, 10.0])];
        let band = relative_bands(&both, "m", true).remove(0);
        assert_eq!((band.low[0], band.high[0]), (1.0, 1.0));
        assert_eq!((band.low[1], band.high[1]), (1.0, 2.0));
    }
}
