//! What the language means: precedence, kinds, names, functions at their edges, bounds of cost.

use super::*;
use crate::formula::{MAX_DEPTH, MAX_NUMBER, MAX_OPERATIONS, MAX_TEXT};

#[test]
fn operators_bind_as_in_mathematics() {
    for (text, expected) in [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("7 - 2 - 1", 4.0),
        ("8 / 4 / 2", 1.0),
        ("8 / 4 * 2", 4.0),
        ("1/2", 0.5),
        ("2 ^ 3 ^ 2", 512.0),
        ("(2 ^ 3) ^ 2", 64.0),
        ("2 * 3 ^ 2", 18.0),
        ("-2 ^ 2", -4.0),
        ("(-2) ^ 2", 4.0),
        ("2 ^ -1", 0.5),
        ("2 ^ -1 * 4", 2.0),
        ("2 ^ -2 ^ 2", 0.0625),
        ("- - 3", 3.0),
        ("-3 * -2", 6.0),
        ("5 - -3", 8.0),
        ("if(1 + 1 < 3, 1, 0)", 1.0),
        ("if(1 < 2 or 1 < 2 and 2 < 1, 1, 0)", 1.0),
        ("if((1 < 2 or 1 < 2) and 2 < 1, 1, 0)", 0.0),
        ("if(not 2 < 1 and 1 < 2, 1, 0)", 1.0),
        ("if(not (2 < 1 or 1 < 2), 1, 0)", 0.0),
        ("if(not not 1 < 2, 1, 0)", 1.0),
        ("if(-1 < 1 and 2 ^ 2 == 4, 1, 0)", 1.0),
        ("1_000 + 1e-3 + 1E+1 + 0.5", 1010.501),
        ("# a comment; not (\n 1 # another\n + 1", 2.0),
    ] {
        assert_eq!(value(text, &[], &[]), expected, "{text}");
    }
}

#[test]
fn functions_are_what_they_say_at_their_edges() {
    let x = |text: &str, x: f64| value(text, &["x"], &[x]);
    for (text, at, expected) in [
        ("round(x)", 2.5, 3.0),
        ("round(x)", -2.5, -3.0),
        ("floor(x)", -0.5, -1.0),
        ("ceil(x)", 0.5, 1.0),
        ("abs(x)", -7.0, 7.0),
        ("sqrt(x)", 49.0, 7.0),
        ("exp(x)", 0.0, 1.0),
        ("ln(x)", 1.0, 0.0),
        ("log2(x)", 8.0, 3.0),
        ("log10(x)", 1000.0, 3.0),
        ("pow(x, 3)", 2.0, 8.0),
        ("pow(x, 0)", f64::NAN, 1.0),
        ("min(x, 3, 2)", 5.0, 2.0),
        ("max(x, 3, 7, 2)", 5.0, 7.0),
        ("clamp(x, 0, 1)", 1.5, 1.0),
        ("clamp(x, 0, 1)", -1.5, 0.0),
        ("clamp(x, 3, 1)", 2.0, 1.0),
        ("1 / x", 0.0, f64::INFINITY),
        ("ln(x)", 0.0, f64::NEG_INFINITY),
        ("if(x == x, 1, 0)", f64::NAN, 0.0),
        ("if(x != x, 1, 0)", f64::NAN, 1.0),
        ("if(x > 0, 1 / x, 0)", 0.0, 0.0),
    ] {
        assert_eq!(x(text, at), expected, "{text} at {at}");
    }
    for (text, at) in
        [("sqrt(x)", -1.0), ("min(x / x, 1)", 0.0), ("max(1, x / x)", 0.0), ("clamp(x, 0, 1)", f64::NAN)]
    {
        assert!(x(text, at).is_nan(), "{text} at {at}");
    }
}

#[test]
fn a_name_stands_for_what_was_computed_once() {
    let names = ["hired", "total"];
    let formula = sound("load = hired / total; busy = load > 0.5; if(busy, load * load, load)", &names);
    let mut stack = Stack::default();
    assert_eq!(formula.evaluate(&[3.0, 4.0], &mut stack), 0.5625);
    assert_eq!(formula.evaluate(&[1.0, 4.0], &mut stack), 0.25);
    // A division, a comparison, a product, a choice.
    assert_eq!(formula.cost(), 4);
    assert_eq!(sound("a = hired; b = a; b", &names).cost(), 0);
}

#[test]
fn a_caller_knows_which_columns_are_read() {
    let formula = sound("c * 2 + a", &["a", "b", "c"]);
    assert_eq!([0, 1, 2, 3].map(|slot| formula.uses(slot)), [true, false, true, false]);
    assert_eq!(formula.text(), "c * 2 + a");
    assert_eq!(formula.evaluate(&[1.0, f64::NAN, 3.0], &mut Stack::default()), 7.0);
}

#[test]
fn one_stack_serves_many_formulas() {
    let mut stack = Stack::default();
    let (long, short) = (sound("a + 1 + 2 * a + 3 * a", &["a"]), sound("a - 1", &["a"]));
    for at in [1.0, 2.0] {
        assert_eq!(long.evaluate(&[at], &mut stack), 6.0 * at + 1.0);
        assert_eq!(short.evaluate(&[at], &mut stack), at - 1.0);
    }
}

#[test]
fn what_just_fits_the_bounds_is_read() {
    let nested = format!("{}a{}", "(".repeat(MAX_DEPTH - 1), ")".repeat(MAX_DEPTH - 1));
    assert_eq!(value(&nested, &["a"], &[3.0]), 3.0);
    let sum = format!("a{}", "+a".repeat(MAX_OPERATIONS as usize));
    let formula = sound(&sum, &["a"]);
    assert_eq!(formula.cost(), MAX_OPERATIONS);
    assert_eq!(formula.evaluate(&[1.0], &mut Stack::default()), 1001.0);
    let long = format!("1{}", " ".repeat(MAX_TEXT - 1));
    assert_eq!(value(&long, &[], &[]), 1.0);
    let number = format!("1.{}", "0".repeat(MAX_NUMBER - 2));
    assert_eq!(value(&number, &[], &[]), 1.0);
}
