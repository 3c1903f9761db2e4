//! Whatever the text, reading it ends soon, without a panic, in a bounded program or in a few errors.

use super::*;
use crate::formula::{MAX_OPERATIONS, MAX_TEXT};

/// Compiles `text`; what comes of it is within all bounds. Returns whether it is a formula.
fn bounded(text: &str, names: &[&str], lcg: &mut Lcg, stack: &mut Stack) -> bool {
    match Formula::compile(text, names) {
        Ok(formula) => {
            assert!(formula.cost() <= MAX_OPERATIONS);
            let row: Vec<f64> = names.iter().map(|_| any_number(lcg)).collect();
            let columns: Vec<&[f64]> = row.iter().map(std::slice::from_ref).collect();
            let mut results = [0.0];
            formula.evaluate_columns(&columns, &mut results, stack);
            assert_eq!(results[0].to_bits(), formula.evaluate(&row, stack).to_bits(), "{text}");
            true
        }
        Err(errors) => {
            assert!((1..=16).contains(&errors.len()), "{text}: {} errors", errors.len());
            assert!(errors.is_sorted_by_key(|error| error.span.start), "{text}: {errors:?}");
            for error in errors {
                assert!(text.get(error.span.clone()).is_some(), "{text}: {error:?}");
                let words = [error.found, error.expected, error.hint.unwrap_or_default()];
                assert!(words.iter().all(|word| word.len() < 300), "{text}: {words:?}");
            }
            false
        }
    }
}

#[test]
fn texts_made_to_exhaust_are_refused() {
    let (mut lcg, mut stack) = (Lcg(1), Stack::default());
    let parts = [
        "(", "-", "not ", "a^", "min(", "if(a>", "a+", "1+(", "(a", ")", ";", "a=", "b=1;", "\u{43f}", "%",
        "=", "a b ", ".",
    ];
    for part in parts {
        for times in [100_000, MAX_TEXT / part.len(), (MAX_TEXT - 1) / part.len()] {
            let text = format!("{}a", part.repeat(times));
            assert!(!bounded(&text, &["a"], &mut lcg, &mut stack), "{part}");
        }
    }
    let names: String = (0..1_200).map(|n| format!("n{n}=a;")).collect();
    assert!(bounded(&format!("{names}n7"), &["a"], &mut lcg, &mut stack));
}

#[test]
fn fifty_thousand_random_texts_are_read_or_refused() {
    const PARTS: [&str; 40] = [
        "a", "b", "uptime", "1", "0.5", "1e-3", "1_0", ".", "+", "-", "*", "/", "^", "(", ")", "(", ")", "<",
        "<=", "==", "!=", "=", ";", ",", " and ", " or ", " not ", "if(", "min(", "sqrt(", "clamp(", "x=",
        " ", "\n", "#", "\u{43f}", "\u{2264}", "%", "e", "_",
    ];
    let (mut lcg, mut stack) = (Lcg(2), Stack::default());
    let names = ["a", "b", "uptime"];
    let mut formulas = 0;
    for round in 0..50_000 {
        let length = 1 + lcg.below(if round % 100 == 0 { 400 } else { 9 });
        let text: String = (0..length).map(|_| PARTS[lcg.below(40) as usize]).collect();
        formulas += u32::from(bounded(&text, &names, &mut lcg, &mut stack));
    }
    assert!(formulas > 500, "{formulas} of the texts were formulas");
}

/// Random bytes of the whole of ASCII, and letters beyond.
#[test]
fn ten_thousand_texts_of_random_letters_are_refused_in_peace() {
    let (mut lcg, mut stack) = (Lcg(3), Stack::default());
    for _ in 0..10_000 {
        let letter = |lcg: &mut Lcg| match lcg.below(10) {
            0 => char::from_u32(lcg.below(0x3000) as u32).unwrap_or('?'),
            _ => char::from(lcg.below(128) as u8),
        };
        let text: String = (0..lcg.below(30)).map(|_| letter(&mut lcg)).collect();
        bounded(&text, &["a"], &mut lcg, &mut stack);
    }
}

/// A random number-valued expression, fully in parentheses, and its value computed as it is written.
fn tree(lcg: &mut Lcg, row: &[f64; 3], depth: u32) -> (String, f64) {
    if depth == 0 || lcg.below(5) == 0 {
        let at = lcg.below(5) as usize;
        return match at {
            3 => ("0.1".to_owned(), 0.1),
            4 => ("3".to_owned(), 3.0),
            _ => (["a", "b", "c"][at].to_owned(), row[at]),
        };
    }
    let (x, left) = tree(lcg, row, depth - 1);
    let (y, right) = tree(lcg, row, depth - 1);
    match lcg.below(11) {
        0 => (format!("({x} + {y})"), left + right),
        1 => (format!("({x} - {y})"), left - right),
        2 => (format!("({x} * {y})"), left * right),
        3 => (format!("({x} / {y})"), left / right),
        4 => (format!("({x} ^ {y})"), libm::pow(left, right)),
        5 => (format!("(-{x})"), -left),
        6 => (format!("min({x}, {y})"), libm::fminimum(left, right)),
        7 => (format!("max({x}, {y})"), libm::fmaximum(left, right)),
        8 => (format!("exp({x})"), libm::exp(left)),
        9 => (format!("sqrt({x})"), libm::sqrt(left)),
        _ => (format!("if({x} < {y}, {y}, {x})"), if left < right { right } else { left }),
    }
}

#[test]
fn five_thousand_random_expressions_have_the_value_that_was_computed_as_they_were_written() {
    let (mut lcg, mut stack) = (Lcg(5), Stack::default());
    let mut numbers = 0;
    for _ in 0..5_000 {
        let row: [f64; 3] = std::array::from_fn(|_| any_number(&mut lcg));
        let (text, expected) = tree(&mut lcg, &row, 5);
        if text.len() > MAX_TEXT {
            continue;
        }
        let result = sound(&text, &["a", "b", "c"]).evaluate(&row, &mut stack);
        assert!(same(result, expected), "{text} of {row:?}: {result:e} is not {expected:e}");
        numbers += u32::from(expected.is_finite() && expected != 0.0);
    }
    assert!(numbers > 1_000, "{numbers} of the values say something");
}
