//! Axes: from data to pixels, and where the ticks stand.

use crate::report::calendar::{DAY, Date};
use crate::report::number;
use libm::{floor, log10, pow};

/// A vertical scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Equal steps for equal differences.
    Linear {
        /// Value at the bottom.
        low: f64,
        /// Value at the top.
        high: f64,
    },
    /// Equal steps for equal ratios above `floor`, and a half-decade band below it that leads linearly to
    /// zero, so that nothing vanishes from the figure by being zero.
    Log {
        /// Smallest value on the logarithmic part.
        floor: f64,
        /// Value at the top.
        high: f64,
    },
}

/// Height of the linear band below the floor of a logarithmic scale, in decades.
const ZERO_BAND: f64 = 0.4;

impl Scale {
    /// A linear scale that begins at zero (or below, for negative values) and ends above the largest value.
    #[must_use]
    pub fn from_zero(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for value in values.filter(|v| v.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if high - low <= 0.0 {
            high = 1.0;
        }
        let room = (high - low) * 0.06;
        Self::Linear { low: if low < 0.0 { low - room } else { 0.0 }, high: high + room }
    }

    /// A logarithmic scale when the positive values span more than a factor of thirty, else a linear one.
    /// At most six decades are shown.
    #[must_use]
    pub fn for_counts(values: impl Iterator<Item = f64>) -> Self {
        let positive: Vec<f64> = values.filter(|v| v.is_finite() && *v > 0.0).collect();
        let high = positive.iter().copied().fold(0.0, f64::max);
        let low = positive.iter().copied().fold(f64::INFINITY, f64::min);
        if positive.is_empty() || high / low < 30.0 {
            return Self::from_zero(positive.into_iter());
        }
        let floor_decade = floor(log10(low)).max(floor(log10(high)) - 5.0);
        Self::Log { floor: pow(10.0, floor_decade), high: high * 1.6 }
    }

    /// Position of a value: 0 at the bottom, 1 at the top, held inside.
    #[must_use]
    pub fn unit(self, value: f64) -> f64 {
        let share = match self {
            Self::Linear { low, high } => (value - low) / (high - low),
            Self::Log { floor, high } => decades(value, floor) / decades(high, floor),
        };
        share.clamp(0.0, 1.0)
    }

    /// Tick values, ascending, about `wanted` of them on a linear scale.
    #[must_use]
    pub fn ticks(self, wanted: usize) -> Vec<f64> {
        match self {
            Self::Linear { low, high } => linear_ticks(low, high, wanted),
            Self::Log { floor, high } => {
                let decades = (0..).map(|n| floor * pow(10.0, f64::from(n)));
                std::iter::once(0.0).chain(decades.take_while(|v| *v <= high * 1.000_001)).collect()
            }
        }
    }
}

fn decades(value: f64, floor: f64) -> f64 {
    if value < floor { ZERO_BAND * (value.max(0.0) / floor) } else { ZERO_BAND + log10(value / floor) }
}

/// Round values (1, 2 or 5 times a power of ten apart) between two bounds.
#[must_use]
pub fn linear_ticks(low: f64, high: f64, wanted: usize) -> Vec<f64> {
    let rough = (high - low) / wanted.max(1) as f64;
    let power = pow(10.0, floor(log10(rough)));
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough * 0.999);
    let step = step.unwrap_or(power * 10.0);
    let first = libm::ceil(low / step - 1e-9) as i64;
    let last = floor(high / step + 1e-9) as i64;
    (first..=last).map(|n| n as f64 * step).collect()
}

/// Text of a tick.
#[must_use]
pub fn tick_text(value: f64) -> String {
    number::typeset(&number::short(value))
}

/// Ticks of a time axis with their labels, at most `most` of them; the first tells the year.
#[must_use]
pub fn time_ticks(from: i64, to: i64, most: usize) -> Vec<(i64, String)> {
    let span = to - from;
    for step in [3600, 3 * 3600, 6 * 3600, 12 * 3600, DAY, 2 * DAY, 7 * DAY, 14 * DAY] {
        // Two weeks of ticks cross months awkwardly once months themselves would do.
        if span / step < most as i64 && span < 70 * DAY {
            return steady_ticks(from, to, step);
        }
    }
    for months in [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200] {
        let ticks = month_ticks(from, to, months);
        if ticks.len() <= most {
            return ticks;
        }
    }
    Vec::new()
}

fn steady_ticks(from: i64, to: i64, step: i64) -> Vec<(i64, String)> {
    let first = from + (step - from.rem_euclid(step)) % step;
    let mut ticks: Vec<(i64, String)> = Vec::new();
    let mut at = first;
    while at <= to {
        let date = Date::at(at);
        let text = match (ticks.is_empty(), step < DAY, date.second) {
            (true, true, second) if second != 0 => format!("{} {}", date.long(), date.clock()),
            (true, _, _) => date.long(),
            (_, true, second) if second != 0 => date.clock(),
            _ => date.short(),
        };
        ticks.push((at, text));
        at += step;
    }
    ticks
}

fn month_ticks(from: i64, to: i64, months: i64) -> Vec<(i64, String)> {
    let start = Date::at(from);
    let mut count = (start.year * 12 + i64::from(start.month) - 1).div_euclid(months) * months;
    let mut ticks: Vec<(i64, String)> = Vec::new();
    loop {
        let (year, month) = (count.div_euclid(12), count.rem_euclid(12) as u32 + 1);
        let at = Date::midnight(year, month, 1);
        if at > to {
            return ticks;
        }
        if at >= from {
            let name = Date::at(at).month_name();
            let text = match (months >= 12, ticks.is_empty() || month == 1) {
                (true, _) => format!("{year}"),
                (_, true) => format!("{name} {year}"),
                _ => name.to_string(),
            };
            ticks.push((at, text));
        }
        count += months;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_logarithmic_scale_shows_zero_and_keeps_order() {
        let scale = Scale::for_counts([0.0, 12.0, 600_000.0].into_iter());
        assert!(matches!(scale, Scale::Log { .. }));
        let heights: Vec<f64> = [0.0, 5.0, 12.0, 900.0, 600_000.0].map(|v| scale.unit(v)).to_vec();
        assert!(heights.windows(2).all(|w| w[0] < w[1]), "{heights:?}");
        assert!(heights[0].abs() < 1e-12);
        assert!(scale.ticks(5).contains(&0.0));
    }

    #[test]
    fn narrow_or_empty_counts_stay_linear() {
        assert!(matches!(Scale::for_counts([5.0, 9.0].into_iter()), Scale::Linear { .. }));
        assert!(matches!(Scale::for_counts([f64::NAN].into_iter()), Scale::Linear { .. }));
    }

    #[test]
    fn time_axes_of_any_length_have_readable_ticks() {
        let start = Date::midnight(2023, 11, 4);
        for span in [1, 3600, DAY, 9 * DAY, 60 * DAY, 220 * DAY, 1500 * DAY, 40_000 * DAY] {
            let ticks = time_ticks(start, start + span, 8);
            assert!(ticks.len() <= 9, "{span}: {}", ticks.len());
            assert!(span < 3600 || !ticks.is_empty(), "{span}");
        }
    }
}
