//! Batch means: an interval for the mean of one long, correlated series.

use super::{half_width, mean, standard_deviation};

/// Means of equal batches of a series, in order.
#[derive(Clone, Debug, PartialEq)]
pub struct BatchMeans {
    /// One mean per batch.
    pub means: Vec<f64>,
}

impl BatchMeans {
    /// Cuts a series into `batches` equal parts without overlap; what does not fill them is left out at the beginning,
    /// where a warm-up would be. `None` for fewer than two batches or fewer values than batches.
    #[must_use]
    pub fn of(series: &[f64], batches: usize) -> Option<BatchMeans> {
        if batches < 2 || series.len() < batches {
            return None;
        }
        let size = series.len() / batches;
        let kept = &series[series.len() - size * batches..];
        let means = kept.chunks_exact(size).map(|batch| mean(batch).expect("a batch has values"));
        Some(BatchMeans { means: means.collect() })
    }

    /// Mean of the series, as far as it fills the batches.
    #[must_use]
    pub fn mean(&self) -> f64 {
        mean(&self.means).expect("there are at least two batches")
    }

    /// Sample variance between the batches.
    #[must_use]
    pub fn variance(&self) -> f64 {
        let deviation = standard_deviation(&self.means).expect("there are at least two batches");
        deviation * deviation
    }

    /// Half width of Student's interval for the mean, as if batches were independent (Law, 5th ed., section 9.5.3): true
    /// when they are long against the series' memory, see [`Self::correlation`].
    #[must_use]
    pub fn half_width(&self, confidence: f64) -> f64 {
        half_width(&self.means, confidence).expect("there are at least two batches")
    }

    /// Correlation of neighbouring batches (lag 1); near zero when they are long enough. `None` when none varies.
    #[must_use]
    pub fn correlation(&self) -> Option<f64> {
        let middle = self.mean();
        let apart: Vec<f64> = self.means.iter().map(|m| m - middle).collect();
        let all: f64 = apart.iter().map(|a| a * a).sum();
        let pairs: f64 = apart.windows(2).map(|pair| pair[0] * pair[1]).sum();
        (all > 0.0).then(|| pairs / all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::draw::normal_quantile;
    use crate::engine::streams::{EntityKey, Purpose, Seed, Streams};

    #[test]
    fn twenty_numbers_in_five_batches() {
        let series: Vec<f64> = (1..=20).map(f64::from).collect();
        let found = BatchMeans::of(&series, 5).expect("enough");
        assert_eq!(found.means, [2.5, 6.5, 10.5, 14.5, 18.5]);
        assert!((found.variance() - 40.0).abs() < 1e-12 && (found.mean() - 10.5).abs() < 1e-12);
    }

    #[test]
    fn what_does_not_fill_a_batch_is_left_out_at_the_beginning() {
        assert_eq!(BatchMeans::of(&[99.0, 1.0, 3.0, 5.0, 7.0], 2).expect("enough").means, [2.0, 6.0]);
        assert_eq!(BatchMeans::of(&[1.0], 2), None);
        assert_eq!(BatchMeans::of(&[1.0, 2.0], 1), None);
        assert_eq!(BatchMeans::of(&[2.0; 8], 4).expect("enough").correlation(), None);
    }

    /// An autoregressive series of coefficient 0.8: an interval that takes its values for independent misses the mean in
    /// most of a thousand series of a thousand values; twenty batches of fifty miss it about as seldom as they say.
    #[test]
    fn batches_carry_the_correlation_that_single_values_hide() {
        let streams = Streams::new(Seed { master: 3, replication: 0 });
        let (mut single, mut batched) = (0, 0);
        for number in 0..1000 {
            let mut cursor = streams.stream(Purpose::new("ar1"), EntityKey(number)).cursor(0);
            let mut value = normal_quantile(cursor.uniform()) / 0.6;
            let mut step = || {
                value = 0.8 * value + normal_quantile(cursor.uniform());
                value
            };
            let series: Vec<f64> = (0..1000).map(|_| step()).collect();
            let middle = mean(&series).expect("values").abs();
            single += u32::from(middle > half_width(&series, 0.95).expect("values"));
            let found = BatchMeans::of(&series, 20).expect("enough");
            batched += u32::from(found.mean().abs() > found.half_width(0.95));
        }
        assert!(single > 400, "{single} of 1000");
        assert!((30..=110).contains(&batched), "{batched} of 1000");
    }
}
