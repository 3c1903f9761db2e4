//! Each law against its distribution function, its moments and its limits.

mod counts;
mod reference;

use rand::RngExt;

use super::super::streams::{EntityKey, Purpose, Seed, Stream, Streams};
use super::*;

fn luck(label: &str) -> Stream {
    let streams = Streams::new(Seed { master: 2026, replication: 0 });
    streams.stream(Purpose::new(label), EntityKey::of("supply", "gamers", 7))
}

const LAWS: [Law; 12] = [
    Law::Deterministic { mean: 2.5 },
    Law::Exponential { mean: 3.0 },
    Law::Lognormal { mean: 6.0, sd: 2.0 },
    Law::Lognormal { mean: 1.0, sd: 2.0 },
    Law::Weibull { shape: 0.7, mean: 200.0 },
    Law::Weibull { shape: 3.0, mean: 5.0 },
    Law::Erlang { k: 2, mean: 1.0 },
    Law::Erlang { k: 30, mean: 12.0 },
    Law::Hyperexponential { p: 0.1, mean_a: 8.0, mean_b: 0.25 },
    Law::Pareto { shape: 3.5, min: 2.0 },
    Law::Uniform { low: -1.0, high: 3.0 },
    Law::Triangular { low: 1.0, mode: 2.0, high: 5.0 },
];

/// P(X <= x), written from the textbook without the code under test.
fn distribution(law: &Law, x: f64) -> f64 {
    match *law {
        Law::Deterministic { mean } => f64::from(u8::from(x >= mean)),
        Law::Exponential { mean } => -libm::expm1(-x / mean),
        Law::Lognormal { mean, sd } => {
            let variance = log(1.0 + sd * sd / (mean * mean));
            let z = (log(x / mean) + variance / 2.0) / variance.sqrt();
            0.5 * libm::erfc(-z / 2.0_f64.sqrt())
        }
        Law::Weibull { shape, mean } => {
            let scale = mean / exp(libm::lgamma(1.0 + 1.0 / shape));
            -libm::expm1(-pow(x / scale, shape))
        }
        Law::Erlang { k, mean } => {
            let rate_x = x * f64::from(k) / mean;
            let log_term = |i: u32| f64::from(i) * log(rate_x) - rate_x - libm::lgamma(f64::from(i) + 1.0);
            1.0 - (0..k).map(|i| exp(log_term(i))).sum::<f64>()
        }
        Law::Hyperexponential { p, mean_a, mean_b } => {
            1.0 - p * exp(-x / mean_a) - (1.0 - p) * exp(-x / mean_b)
        }
        Law::Pareto { shape, min } => 1.0 - pow(min / x, shape),
        Law::Uniform { low, high } => (x - low) / (high - low),
        Law::Triangular { low, mode, high } if x < mode => {
            (x - low) * (x - low) / ((high - low) * (mode - low))
        }
        Law::Triangular { low, mode, high } => 1.0 - (high - x) * (high - x) / ((high - low) * (high - mode)),
    }
}

/// Uniform numbers over the whole range, both far tails included.
fn grid() -> impl Iterator<Item = f64> {
    let tail = (1..50).map(|i| exp(-0.7 * f64::from(i)));
    let middle = (1..500).map(|i| f64::from(i) / 500.0);
    let mut all: Vec<f64> = tail.clone().chain(middle).chain(tail.map(|u| 1.0 - u)).collect();
    all.sort_by(f64::total_cmp);
    all.into_iter()
}

#[test]
fn each_law_inverts_its_distribution_function() {
    for law in &LAWS[1..] {
        for u in grid() {
            let back = distribution(law, law.sample(u));
            assert!((back - u).abs() < 1e-13, "{law:?} at {u}: {back}");
        }
    }
    assert_eq!(LAWS[0].sample(0.3), 2.5);
}

#[test]
fn each_law_never_decreases_in_its_uniform_number() {
    for law in &LAWS {
        let values: Vec<f64> = grid().map(|u| law.sample(u)).collect();
        assert!(values.iter().all(|x| x.is_finite()), "{law:?}");
        assert!(values.is_sorted(), "{law:?}");
    }
}

/// Mean and variance over the midpoints of equal strata: quadrature, so free of luck.
fn moments(sample: impl Fn(f64) -> f64) -> (f64, f64) {
    const STRATA: u32 = 100_000;
    let values = || (0..STRATA).map(|i| sample((f64::from(i) + 0.5) / f64::from(STRATA)));
    let mean = values().sum::<f64>() / f64::from(STRATA);
    let variance = values().map(|x| (x - mean) * (x - mean)).sum::<f64>() / f64::from(STRATA);
    (mean, variance)
}

fn assert_near(got: f64, expected: f64, relative: f64, what: &str) {
    let error = (got - expected).abs() / expected.abs().max(f64::MIN_POSITIVE);
    assert!(error < relative, "{what}: {got} is not {expected}");
}

#[test]
fn each_law_has_the_moments_it_states() {
    // Gamma(1 + 2/shape) / Gamma(1 + 1/shape)^2 - 1 for shape 3: 0.1321; uniform and triangular by formula.
    let variances = [
        (Law::Exponential { mean: 3.0 }, 9.0),
        (Law::Lognormal { mean: 6.0, sd: 2.0 }, 4.0),
        (Law::Weibull { shape: 3.0, mean: 5.0 }, 25.0 * 0.132_1),
        (Law::Erlang { k: 30, mean: 12.0 }, 144.0 / 30.0),
        // 2 (p a^2 + (1 - p) b^2) - mean^2
        (LAWS[8], 2.0 * (0.1 * 64.0 + 0.9 * 0.0625) - 1.025 * 1.025),
        (LAWS[10], 16.0 / 12.0),
        // (a^2 + b^2 + c^2 - ab - ac - bc) / 18
        (LAWS[11], (1.0 + 4.0 + 25.0 - 2.0 - 5.0 - 10.0) / 18.0),
    ];
    for (law, expected) in variances {
        let (_, variance) = moments(|u| law.sample(u));
        assert_near(variance, expected, 2e-3, &format!("{law:?}"));
    }
    for law in &LAWS {
        let (mean, _) = moments(|u| law.sample(u));
        assert_near(mean, law.mean(), 2e-3, &format!("{law:?}"));
    }
    assert_eq!(Law::Pareto { shape: 1.0, min: 2.0 }.mean(), f64::INFINITY);
}

#[test]
fn the_normal_quantile_has_sixteen_digits() {
    // Evaluated with 40 digits at the double nearest to each argument, then rounded to a double.
    let table = [
        (1e-300, -37.047_096_299_361_2),
        (1.110_223_024_625_156_5e-16, -8.209_536_151_601_387),
        (1e-10, -6.361_340_902_404_057),
        (1e-5, -4.264_890_793_922_825),
        (0.001, -3.090_232_306_167_813_5),
        (0.0249, -1.961_677_869_063_786),
        (0.0751, -1.438_825_392_752_54),
        (0.3, -0.524_400_512_708_040_8),
        (0.499, -0.002_506_630_899_571_766),
        (0.6, 0.253_347_103_135_799_7),
        (0.975, 1.959_963_984_540_053_8),
        (0.999_999, 4.753_424_308_817_087),
    ];
    for (u, expected) in table {
        assert_near(normal_quantile(u), expected, 1e-15, &format!("{u}"));
    }
    assert_eq!(normal_quantile(0.5), 0.0);
    assert_eq!(normal_quantile(0.125), -normal_quantile(0.875));
}

#[test]
fn lognormal_parameters_match_their_moments() {
    let (mu, sigma) = lognormal_parameters(4.0, 2.0);
    assert_near(mu, 0.581_575_404_902_84, 1e-13, "mu");
    assert_near(sigma, 1.268_636_241_179_5, 1e-13, "sigma");
    // 99th percentiles in closed form.
    assert_near(lognormal_mean_cv(1.0, 0.5, 0.99), 2.684_112_476_471_544, 1e-13, "p99");
    assert_near(lognormal_mean_sd(30.0, 90.0, 0.99), 323.748_898_801_347_5, 1e-13, "p99");
    assert_near(lognormal(mu, sigma, 0.7), lognormal_mean_sd(4.0, 8.0, 0.7), 1e-14, "both forms");
    assert_eq!(lognormal_mean_sd(30.0, 0.0, 0.99), 30.0);
    let doubled = Law::Lognormal { mean: 12.0, sd: 4.0 }.sample(0.37);
    assert_eq!(doubled, 2.0 * LAWS[2].sample(0.37), "a change of unit is exact");
}

#[test]
fn every_law_takes_one_draw_of_a_stream_or_generator() {
    for law in &LAWS {
        let mut cursor = luck("one").cursor(0);
        assert_eq!(law.sample_with(&mut cursor), law.sample(luck("one").uniform(0)));
        assert_eq!(cursor.sample(law), law.sample(luck("one").uniform(1)));
        assert_eq!(cursor.index(), 2, "{law:?}");
    }
}

#[test]
fn broken_parameters_are_named() {
    for law in &LAWS {
        assert_eq!(law.check(), Ok(()), "{law:?}");
    }
    let broken = [
        Law::Deterministic { mean: -1.0 },
        Law::Deterministic { mean: f64::NAN },
        Law::Exponential { mean: 0.0 },
        Law::Lognormal { mean: 1.0, sd: -1.0 },
        Law::Lognormal { mean: 1.0, sd: f64::INFINITY },
        Law::Weibull { shape: 0.001, mean: 1.0 },
        Law::Weibull { shape: f64::NAN, mean: 1.0 },
        Law::Erlang { k: 0, mean: 1.0 },
        Law::Erlang { k: ERLANG_PHASES + 1, mean: 1.0 },
        Law::Hyperexponential { p: 1.5, mean_a: 1.0, mean_b: 1.0 },
        Law::Pareto { shape: 0.0, min: 1.0 },
        Law::Uniform { low: 1.0, high: 0.0 },
        Law::Uniform { low: f64::NAN, high: 0.0 },
        Law::Triangular { low: 0.0, mode: 2.0, high: 1.0 },
    ];
    for law in broken {
        assert!(law.check().is_err(), "{law:?}");
    }
}

#[test]
fn laws_at_the_edge_of_their_parameters_stay_finite() {
    let edges = [
        Law::Erlang { k: 1, mean: 2.0 },
        Law::Erlang { k: ERLANG_PHASES, mean: 1e-9 },
        Law::Hyperexponential { p: 0.0, mean_a: 1e9, mean_b: 1e-9 },
        Law::Hyperexponential { p: 1e-10, mean_a: 1e6, mean_b: 1.0 },
        Law::Hyperexponential { p: 1.0, mean_a: 1.0, mean_b: 1e-9 },
        Law::Weibull { shape: 0.01, mean: 1.0 },
        Law::Uniform { low: 2.0, high: 2.0 },
        Law::Triangular { low: 2.0, mode: 2.0, high: 2.0 },
        Law::Triangular { low: 0.0, mode: 0.0, high: 1.0 },
    ];
    for law in edges {
        assert_eq!(law.check(), Ok(()), "{law:?}");
        for u in grid() {
            let x = law.sample(u);
            assert!(x.is_finite() && x >= 0.0, "{law:?} at {u}: {x}");
        }
    }
    assert_near(erlang(1, 2.0, 0.9), exponential(2.0, 0.9), 1e-14, "one phase");
}
