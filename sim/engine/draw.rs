//! Sampling: uniform numbers become values, by inversion, one uniform per value, on portable functions.
//!
//! Every sampler is the quantile function of its law, never decreasing in `u`. One uniform per value keeps
//! common random numbers, antithetic pairs and Sobol points in step, which rejection would not. `u` lies
//! strictly between 0 and 1, as `open_uniform` makes it. exp, ln and pow come from `libm` alone, whose
//! results are the same on every machine; with an unchanged build of it, so are ours, bit for bit.
//! Parameters are the caller's promise: a scenario's are checked once by [`Law::check`], when it is read.

use libm::{exp, log, log1p, pow, tgamma};
use rand::Rng;
use rand::distr::Distribution;

use super::streams::{Cursor, open_uniform};

/// The most phases that [`erlang`] accepts; a sum of more is close to normal, and its terms may overflow.
pub const ERLANG_PHASES: u32 = 100;

/// Uniform on `low..high`.
pub fn uniform(low: f64, high: f64, u: f64) -> f64 {
    low + (high - low) * u
}

/// An index below `count`, each with the same probability to within 2^-52. `count` is 1 to 2^52.
pub fn index(count: u64, u: f64) -> u64 {
    (count as f64 * u) as u64
}

/// True with probability `p`.
pub fn bernoulli(p: f64, u: f64) -> bool {
    // Not `u < p`: that would be true for small u, and so decrease in u.
    1.0 - u < p
}

/// Exponential with this mean: -mean ln(1 - u).
pub fn exponential(mean: f64, u: f64) -> f64 {
    -mean * log1p(-u)
}

/// Weibull with this shape and mean; the scale is mean / Gamma(1 + 1/shape).
pub fn weibull(shape: f64, mean: f64, u: f64) -> f64 {
    let scale = mean / tgamma(1.0 + 1.0 / shape);
    scale * pow(-log1p(-u), 1.0 / shape)
}

/// Pareto of the first kind: P(X > x) = (min / x)^shape for x above `min`.
pub fn pareto(shape: f64, min: f64, u: f64) -> f64 {
    min * pow(1.0 - u, -1.0 / shape)
}

/// Triangular on `low..high` with its peak at `mode`.
pub fn triangular(low: f64, mode: f64, high: f64, u: f64) -> f64 {
    let width = high - low;
    if u * width < mode - low {
        low + (u * width * (mode - low)).sqrt()
    } else {
        high - ((1.0 - u) * width * (high - mode)).sqrt()
    }
}

/// Polynomial with these coefficients, the highest power first.
fn polynomial(coefficients: [f64; 8], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, c| sum * x + c)
}

/// Quantile of the standard normal law.
///
/// Algorithm AS 241 (PPND16) of Wichura (1988), Applied Statistics 37(3), 477-484; about sixteen digits.
#[rustfmt::skip]
#[expect(clippy::excessive_precision, reason = "the coefficients stand as published")]
pub fn normal_quantile(u: f64) -> f64 {
    const CENTRE: [[f64; 8]; 2] = [
        [2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
         1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.3871328727963666080e0],
        [5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
         5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0],
    ];
    const SHOULDER: [[f64; 8]; 2] = [
        [7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1, 1.27045825245236838258e0,
         3.64784832476320460504e0, 5.76949722146069140550e0, 4.63033784615654529590e0, 1.42343711074968357734e0],
        [1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
         6.89767334985100004550e-1, 1.67638483018380384940e0, 2.05319162663775882187e0, 1.0],
    ];
    const TAIL: [[f64; 8]; 2] = [
        [2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3, 2.65321895265761230930e-2,
         2.96560571828504891230e-1, 1.78482653991729133580e0, 5.46378491116411436990e0, 6.65790464350110377720e0],
        [2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
         1.48753612908506148525e-2, 1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0],
    ];
    let ratio = |[top, bottom]: [[f64; 8]; 2], x| polynomial(top, x) / polynomial(bottom, x);
    let q = u - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(CENTRE, 0.180625 - q * q);
    }
    let depth = (-log(if q < 0.0 { u } else { 1.0 - u })).sqrt();
    let size = if depth <= 5.0 { ratio(SHOULDER, depth - 1.6) } else { ratio(TAIL, depth - 5.0) };
    if q < 0.0 { -size } else { size }
}

/// Normal with this mean and standard deviation.
pub fn normal(mean: f64, sd: f64, u: f64) -> f64 {
    mean + sd * normal_quantile(u)
}

/// Lognormal: exp of a normal value with mean `mu` and standard deviation `sigma`.
pub fn lognormal(mu: f64, sigma: f64, u: f64) -> f64 {
    exp(mu + sigma * normal_quantile(u))
}

/// Lognormal with this mean and coefficient of variation (standard deviation / mean).
pub fn lognormal_mean_cv(mean: f64, cv: f64, u: f64) -> f64 {
    // Relative to the mean, so that a change of unit changes the value by exactly that factor.
    let (mu, sigma) = lognormal_parameters(1.0, cv);
    mean * lognormal(mu, sigma, u)
}

/// Lognormal with this mean and standard deviation.
pub fn lognormal_mean_sd(mean: f64, sd: f64, u: f64) -> f64 {
    lognormal_mean_cv(mean, sd / mean, u)
}

/// `(mu, sigma)` of the lognormal law with this mean and coefficient of variation:
/// sigma^2 = ln(1 + cv^2), mu = ln mean - sigma^2 / 2.
pub fn lognormal_parameters(mean: f64, cv: f64) -> (f64, f64) {
    let variance = log1p(cv * cv);
    (log(mean) - variance / 2.0, variance.sqrt())
}

/// The sum of `phases` (1 to [`ERLANG_PHASES`]) exponential times, of this mean in all.
///
/// Solves ln S(x) = ln(1 - u) by Newton's method. ln S is concave, so that after the first step the iterates
/// fall towards the solution and stop where rounding begins; the error in probability is below 1e-13.
pub fn erlang(phases: u32, mean: f64, u: f64) -> f64 {
    let target = log1p(-u);
    let step = |x: f64| {
        let (mut term, mut sum) = (1.0, 1.0);
        for i in 1..phases {
            term *= x / f64::from(i);
            sum += term;
        }
        let hazard = term / sum;
        (log(sum) - x - target) / hazard
    };
    let start = f64::from(phases);
    let mut x = start + step(start);
    loop {
        let next = x + step(x);
        // A NaN, which only broken parameters can cause, must not go round for ever.
        if next >= x || next.is_nan() {
            return mean * x / start;
        }
        x = next;
    }
}

/// Exponential with mean `mean_a` with probability `p`, otherwise with mean `mean_b`.
///
/// One uniform, by inversion of the mixture: ln S is convex, so that Newton's iterates climb from the
/// quantile of the shorter law to the solution and stop where rounding begins.
pub fn hyperexponential(p: f64, mean_a: f64, mean_b: f64, u: f64) -> f64 {
    let target = log1p(-u);
    let mut x = -mean_a.min(mean_b) * target;
    loop {
        let a = p * exp(-x / mean_a);
        let b = (1.0 - p) * exp(-x / mean_b);
        let hazard = (a / mean_a + b / mean_b) / (a + b);
        let next = x + (log(a + b) - target) / hazard;
        if next <= x || next.is_nan() {
            return x;
        }
        x = next;
    }
}

/// Failures before the first success, each trial succeeding with probability `p` in (0, 1].
pub fn geometric(p: f64, u: f64) -> u64 {
    // For p = 1 the divisor is minus infinity and the answer 0; what is too large saturates.
    (log1p(-u) / log1p(-p)) as u64
}

/// Running sums of weights, as [`discrete`] takes them.
pub fn cumulate(weights: &[f64]) -> Vec<f64> {
    let mut sum = 0.0;
    let add = |weight: &f64| {
        sum += weight;
        sum
    };
    weights.iter().map(add).collect()
}

/// An index with probability proportional to its weight, from running sums of weights.
///
/// The last sum must be positive and finite; a weight of zero is never chosen. Takes log2(n) steps.
pub fn discrete(cumulative: &[f64], u: f64) -> usize {
    let total = cumulative.last().expect("at least one weight");
    let target = total * u;
    cumulative.partition_point(|&sum| sum <= target)
}

/// Poisson with this mean, from 0 to 1e12, by inversion.
///
/// Exact to rounding: weights are built from the mode outwards by their ratios, mean / k, until nothing is
/// left to add, and then searched for the quantile. Takes about 20 sqrt(mean) steps, no ln, no exp.
pub fn poisson(mean: f64, u: f64) -> u64 {
    // Beyond this share of the mode's weight, all that is left would not change the sums.
    const NEGLIGIBLE: f64 = 1e-20;
    let mode = mean as u64;
    let (mut below, mut weight, mut k) = (0.0, 1.0, mode);
    while k > 0 && weight > NEGLIGIBLE {
        weight *= k as f64 / mean;
        below += weight;
        k -= 1;
    }
    let (mut rest, mut weight, mut k) = (0.0, 1.0, mode);
    while weight > NEGLIGIBLE {
        rest += weight;
        k += 1;
        weight *= mean / k as f64;
    }
    let highest = k;
    let target = u * (below + rest);
    let mut weight = 1.0;
    let mut k = mode;
    if target < below {
        let mut left = below - target;
        loop {
            weight *= k as f64 / mean;
            k -= 1;
            if left <= weight || k == 0 {
                return k;
            }
            left -= weight;
        }
    }
    let mut left = target - below;
    while left >= weight && k < highest {
        left -= weight;
        k += 1;
        weight *= mean / k as f64;
    }
    k
}

/// A law that a scenario may name, in whatever unit the scenario says.
#[derive(Clone, Copy, PartialEq, Debug)]
#[expect(missing_docs, reason = "the samplers of the same names say what the parameters mean")]
pub enum Law {
    /// Always the mean.
    Deterministic { mean: f64 },
    /// See [`exponential`].
    Exponential { mean: f64 },
    /// See [`lognormal_mean_sd`].
    Lognormal { mean: f64, sd: f64 },
    /// See [`weibull`].
    Weibull { shape: f64, mean: f64 },
    /// See [`erlang`].
    Erlang { k: u32, mean: f64 },
    /// See [`hyperexponential`].
    Hyperexponential { p: f64, mean_a: f64, mean_b: f64 },
    /// See [`pareto`].
    Pareto { shape: f64, min: f64 },
    /// See [`uniform`].
    Uniform { low: f64, high: f64 },
    /// See [`triangular`].
    Triangular { low: f64, mode: f64, high: f64 },
}

impl Law {
    /// What is wrong with the parameters, if anything is, as a sentence for the scenario's author.
    pub fn check(&self) -> Result<(), &'static str> {
        let positive = |x: f64| x > 0.0 && x.is_finite();
        let (holds, rule) = match *self {
            Law::Deterministic { mean } => (mean >= 0.0 && mean.is_finite(), "`mean` must be zero or more"),
            Law::Exponential { mean } => (positive(mean), "`mean` must be above zero"),
            Law::Lognormal { mean, sd } => (
                positive(mean) && sd >= 0.0 && (sd / mean).is_finite(),
                "`mean` must be above zero and `sd` zero or more",
            ),
            // Below 0.01 the mean exceeds the scale by more than 10^158 and Gamma soon overflows.
            Law::Weibull { shape, mean } => (
                positive(shape) && shape >= 0.01 && positive(mean),
                "`shape` must be at least 0.01 and `mean` above zero",
            ),
            Law::Erlang { k, mean } => (
                (1..=ERLANG_PHASES).contains(&k) && positive(mean),
                "`k` must be 1 to 100 and `mean` above zero",
            ),
            Law::Hyperexponential { p, mean_a, mean_b } => (
                (0.0..=1.0).contains(&p) && positive(mean_a) && positive(mean_b),
                "`p` must be 0 to 1 and both means above zero",
            ),
            Law::Pareto { shape, min } => {
                (positive(shape) && positive(min), "`shape` and `min` must be above zero")
            }
            Law::Uniform { low, high } => {
                (low <= high && (high - low).is_finite(), "`low` must not exceed `high`")
            }
            Law::Triangular { low, mode, high } => (
                low <= mode && mode <= high && (high - low).is_finite(),
                "`low`, `mode` and `high` must be in this order",
            ),
        };
        if holds { Ok(()) } else { Err(rule) }
    }

    /// The mean; infinite for a Pareto law of shape 1 or less.
    pub fn mean(&self) -> f64 {
        match *self {
            Law::Deterministic { mean }
            | Law::Exponential { mean }
            | Law::Lognormal { mean, .. }
            | Law::Weibull { mean, .. }
            | Law::Erlang { mean, .. } => mean,
            Law::Hyperexponential { p, mean_a, mean_b } => p * mean_a + (1.0 - p) * mean_b,
            Law::Pareto { shape, .. } if shape <= 1.0 => f64::INFINITY,
            Law::Pareto { shape, min } => min * (shape / (shape - 1.0)),
            Law::Uniform { low, high } => low + (high - low) / 2.0,
            Law::Triangular { low, mode, high } => (low + mode + high) / 3.0,
        }
    }

    /// The value for this uniform number: the quantile function.
    pub fn sample(&self, u: f64) -> f64 {
        match *self {
            Law::Deterministic { mean } => mean,
            Law::Exponential { mean } => exponential(mean, u),
            Law::Lognormal { mean, sd } => lognormal_mean_sd(mean, sd, u),
            Law::Weibull { shape, mean } => weibull(shape, mean, u),
            Law::Erlang { k, mean } => erlang(k, mean, u),
            Law::Hyperexponential { p, mean_a, mean_b } => hyperexponential(p, mean_a, mean_b, u),
            Law::Pareto { shape, min } => pareto(shape, min, u),
            Law::Uniform { low, high } => uniform(low, high, u),
            Law::Triangular { low, mode, high } => triangular(low, mode, high, u),
        }
    }

    /// The next value of a stream. Takes exactly one draw, whatever the law.
    pub fn sample_with(&self, cursor: &mut Cursor) -> f64 {
        self.sample(cursor.uniform())
    }
}

impl Distribution<f64> for Law {
    /// Takes exactly one `u64` of the generator, whatever the law.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        Law::sample(self, open_uniform(rng.next_u64()))
    }
}

#[cfg(test)]
mod tests;
