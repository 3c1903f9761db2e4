//! Closed forms are met through the designs that sweeps use, and what is missing is refused.

use super::correlation::spearman;
use super::functions::Function;
use super::morris::effects;
use super::sobol::indices;
use super::*;
use crate::experiment::design::Method;

fn near(found: Estimate, expected: f64, within: f64) {
    assert!((found.value - expected).abs() <= within, "{found:?}, expected {expected}");
    assert!(found.low <= found.value && found.value <= found.high, "{found:?}");
    assert!(found.low - within <= expected && expected <= found.high + within, "{found:?} misses {expected}");
}

#[test]
fn ishigami_has_its_closed_form() {
    let pi = std::f64::consts::PI;
    let function = Function::Ishigami { a: 7.0, b: 0.1 };
    let method = Method::Saltelli { base: 4096, second_order: true };
    let design = function.design(-pi, pi, method, 1).expect("a sound design");
    let found = indices(&design, &function.outcomes(&design), 1).expect("it varies");
    for (estimate, expected) in found.first.iter().zip([0.313_905_191, 0.442_411_144_8, 0.0]) {
        near(*estimate, expected, 0.005);
    }
    for (estimate, expected) in found.total.iter().zip([0.557_588_855, 0.442_411_144_8, 0.243_683_664]) {
        near(*estimate, expected, 0.005);
    }
    let pairs: Vec<(usize, usize)> = found.second.iter().map(|(pair, _)| *pair).collect();
    assert_eq!(pairs, [(0, 1), (0, 2), (1, 2)]);
    for ((_, estimate), expected) in found.second.iter().zip([0.0, 0.243_683_664, 0.0]) {
        near(*estimate, expected, 0.01);
    }
}

#[test]
fn sobol_g_has_its_closed_form() {
    let a = vec![0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
    let function = Function::SobolG { a: a.clone() };
    let method = Method::Saltelli { base: 4096, second_order: false };
    let design = function.design(0.0, 1.0, method, 1).expect("a sound design");
    let found = indices(&design, &function.outcomes(&design), 1).expect("it varies");
    let parts: Vec<f64> = a.iter().map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a))).collect();
    let whole = parts.iter().map(|part| 1.0 + part).product::<f64>() - 1.0;
    for (axis, part) in parts.iter().enumerate() {
        let others = (whole + 1.0) / (1.0 + part);
        near(found.first[axis], part / whole, 0.01);
        near(found.total[axis], part * others / whole, 0.01);
    }
    assert!(found.second.is_empty());
}

#[test]
fn a_linear_function_has_constant_effects_and_a_product_has_not() {
    let method = || Method::Morris { trajectories: 2000, levels: 4 };
    let line = Function::polynomial("2*x1 - 3*x2 + 0.5*x3 + 0*x4").expect("a polynomial");
    let plan = line.design(0.0, 1.0, method(), 1).expect("a sound design");
    let found = effects(&plan, &line.outcomes(&plan), 1).expect("two trajectories at least");
    for (effect, slope) in found.iter().zip([2.0, -3.0, 0.5, 0.0_f64]) {
        assert!((effect.mu - slope).abs() < 1e-9 && (effect.mu_star.value - slope.abs()).abs() < 1e-9);
        assert!(effect.sigma < 1e-9);
    }
    let product = Function::polynomial("x1 + 2*x2 + 3*x1*x2").expect("a polynomial");
    let plan = product.design(0.0, 1.0, method(), 1).expect("a sound design");
    let found = effects(&plan, &product.outcomes(&plan), 1).expect("two trajectories at least");
    // The effect of x1 is 1 + 3 x2, with x2 uniform on four levels: mean 2.5, deviation 3 sqrt(5/36).
    assert!((found[0].sigma / 1.118_033_988_749_895 - 1.0).abs() < 0.02, "{:?}", found[0]);
    near(found[0].mu_star, 2.5, 0.05);
}

#[test]
fn an_interval_of_indices_covers_the_truth_about_as_often_as_it_says() {
    // Variances 1/12 and 4/12: the first explains a fifth, the second four.
    let line = Function::polynomial("x1 + 2*x2").expect("a polynomial");
    let covered = (0..200).filter(|&seed| {
        let method = Method::Saltelli { base: 200, second_order: false };
        let design = line.design(0.0, 1.0, method, seed).expect("a sound design");
        let total = indices(&design, &line.outcomes(&design), seed).expect("it varies").total[0];
        total.low <= 0.2 && 0.2 <= total.high
    });
    let covered = covered.count();
    assert!(covered >= 180, "{covered} of 200; points of low discrepancy do better than independent ones");
}

#[test]
fn what_is_missing_is_refused_and_never_shifted() {
    let plan = |text: &str, method| {
        let function = Function::polynomial(text).expect("a polynomial");
        function.design(0.0, 1.0, method, 1).expect("a sound design")
    };
    let pair = plan("x1 + x2", Method::Saltelli { base: 8, second_order: false });
    let mut y: Vec<f64> = (0..32).map(f64::from).collect();
    y[7] = f64::NAN;
    y[30] = f64::NAN;
    let refused = indices(&pair, &y, 1).expect_err("two rows are missing");
    assert_eq!(refused, Refused::Missing { rows: vec![7, 30], count: 2 });
    assert_eq!(refused.to_string(), "2 design rows have no value: 7, 30");
    assert_eq!(indices(&pair, &[1.0; 32], 1), Err(Refused::Constant));
    let three = plan("x1 + x2 + x3", Method::Morris { trajectories: 2, levels: 4 });
    assert!(matches!(effects(&three, &[f64::NAN; 8], 1), Err(Refused::Missing { count: 8, .. })));
    let still = effects(&three, &[4.0; 8], 1).expect("nothing moves it, which is an answer");
    assert!(still.iter().all(|effect| effect.mu_star.value == 0.0));
}

#[test]
fn ranks_see_what_rises_and_what_does_not() {
    let x: Vec<f64> = (0..50).map(f64::from).collect();
    let cube: Vec<f64> = x.iter().map(|x| x * x * x).collect();
    assert_eq!(spearman(&x, &cube).expect("it varies").value, 1.0);
    // Pearson's correlation of the ranks by hand, ties at their mean rank.
    let ten: Vec<f64> = (1..=10).map(f64::from).collect();
    let other = [1.0, 1.0, 2.0, 3.0, 5.0, 4.0, 4.0, 9.0, 8.0, 10.0];
    let found = spearman(&ten, &other).expect("it varies");
    assert!(
        (found.value - 0.945139521645).abs() < 1e-9 && found.low < found.value && found.value < found.high,
        "{found:?}"
    );
    assert_eq!(spearman(&ten, &[3.0; 10]), Err(Refused::Constant));
    assert_eq!(spearman(&ten[..4], &other[..4]), Err(Refused::Few));
}
