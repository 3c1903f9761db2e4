//! MSER-5: where the warm-up of a steady-state series ends.
//!
//! White (1997), as MSER-5 of White, Cobb and Spratt (2000): means of five values; the truncation is the one after which
//! the squared standard error of the mean of what is left is smallest, looked for in the first half alone. A minimum at
//! the end of that half means that the series had not settled: the run is too short.

/// Values in a batch.
pub const BATCH: usize = 5;

/// Where to cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarmUp {
    /// So many values at the beginning belong to the warm-up.
    Ends(usize),
    /// The best cut lies at the very end of the first half: no steady state is in sight.
    NotReached,
    /// Fewer than four batches, or a value that is no number.
    TooShort,
}

/// The truncation of a series by MSER with means of `batch` values; the earliest where several are as good.
#[must_use]
pub fn mser(series: &[f64], batch: usize) -> WarmUp {
    let means: Vec<f64> = match batch {
        0 => Vec::new(),
        _ => series.chunks_exact(batch).map(|b| b.iter().sum::<f64>() / batch as f64).collect(),
    };
    let batches = means.len();
    if batches < 4 || means.iter().any(|m| !m.is_finite()) {
        return WarmUp::TooShort;
    }
    let half = batches / 2;
    // Around their own mean, so that the squares of a series far from zero do not drown its variance.
    let centre = means.iter().sum::<f64>() / batches as f64;
    let (mut sum, mut squares, mut left) = (0.0, 0.0, 0.0);
    let mut best = (f64::INFINITY, 0);
    for cut in (0..batches).rev() {
        let value = means[cut] - centre;
        sum += value;
        squares += value * value;
        left += 1.0;
        if cut > half {
            continue;
        }
        // Rounding may leave a hair below zero where nothing varies.
        let error = ((squares - sum * sum / left) / (left * left)).max(0.0);
        if error <= best.0 {
            best = (error, cut);
        }
    }
    if best.1 == half { WarmUp::NotReached } else { WarmUp::Ends(best.1 * batch) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_cut_where_it_falls() {
        let series: Vec<f64> = (0..1000).map(|i| if i < 100 { 10.0 } else { 0.0 }).collect();
        assert_eq!(mser(&series, BATCH), WarmUp::Ends(100));
    }

    #[test]
    fn a_steady_series_keeps_everything_and_a_ramp_never_settles() {
        assert_eq!(mser(&[7.0; 200], BATCH), WarmUp::Ends(0));
        let wave: Vec<f64> = (0..400).map(|i| f64::from(i * 7 % 11)).collect();
        let WarmUp::Ends(cut) = mser(&wave, BATCH) else { panic!("it is steady") };
        assert!(cut < 100, "{cut}");
        let ramp: Vec<f64> = (0..1000).map(f64::from).collect();
        assert_eq!(mser(&ramp, BATCH), WarmUp::NotReached);
    }

    #[test]
    fn far_from_zero_it_cuts_as_near_it() {
        let series = |base: f64| -> Vec<f64> {
            (0..1000)
                .map(|i| base + f64::from(i * 37 % 101) / 101.0 + if i < 60 { 50.0 } else { 0.0 })
                .collect()
        };
        assert_eq!(mser(&series(1e9), BATCH), mser(&series(0.0), BATCH));
        assert_eq!(mser(&series(0.0), BATCH), WarmUp::Ends(60));
    }

    #[test]
    fn too_little_is_said() {
        assert_eq!(mser(&[1.0; 19], BATCH), WarmUp::TooShort);
        assert_eq!(mser(&[f64::NAN; 100], BATCH), WarmUp::TooShort);
        assert_eq!(mser(&[1.0; 100], 0), WarmUp::TooShort);
    }
}
