//! A formula gives the bits of the same expression in Rust, row by row and in columns.

use super::*;

const NAMES: [&str; 12] = [
    "uptime",
    "bandwidth",
    "mean_bandwidth",
    "vram",
    "mean_vram",
    "age",
    "mean_age",
    "node",
    "weight",
    "hours",
    "gpu",
    "clock",
];

/// Render's availability points, RNP-015: idle share, bandwidth, memory and age against the means, decay by node.
const AVAILABILITY: &str = "
    terms = 3 * ln(bandwidth) / ln(mean_bandwidth) + 3 * ln(vram) / ln(mean_vram) + ln(age) / ln(mean_age);
    decay = if(node <= 3, 1, exp(-0.65 * (node - 3)));
    uptime * terms * decay * weight";

/// Render's compute rewards, RNP-019: two a week for uptime, ten by the compute multiplier and the hours worked.
const COMPUTE: &str = "
    multiplier = 0.36 * gpu + 0.26 * vram + 0.15 * bandwidth + 0.08 * clock + 0.08 * age + 0.04 * weight;
    2 * uptime + 10 * multiplier * hours / 168";

type Native = fn(&[f64; 12]) -> f64;

fn yes(condition: bool) -> f64 {
    if condition { 1.0 } else { 0.0 }
}

/// Formulas and the functions that a Rust programmer would write for them, with `libm`.
const PAIRS: [(&str, Native); 16] = [
    (AVAILABILITY, |&[uptime, ob, mean_ob, vram, mean_vram, age, mean_age, x, weight, ..]| {
        let ln = libm::log;
        let terms = 3.0 * ln(ob) / ln(mean_ob) + 3.0 * ln(vram) / ln(mean_vram) + ln(age) / ln(mean_age);
        let decay = if x <= 3.0 { 1.0 } else { libm::exp(-0.65 * (x - 3.0)) };
        uptime * terms * decay * weight
    }),
    (COMPUTE, |&[uptime, network, _, vram, _, memory, _, _, cpu, hours, gpu, clock]| {
        let weighed = 0.36 * gpu + 0.26 * vram + 0.15 * network + 0.08 * clock + 0.08 * memory + 0.04 * cpu;
        2.0 * uptime + 10.0 * weighed * hours / 168.0
    }),
    ("bandwidth^4 * gpu^3 * vram^2 * clock", |v| {
        libm::pow(v[1], 4.0) * libm::pow(v[10], 3.0) * libm::pow(v[3], 2.0) * v[11]
    }),
    ("uptime - bandwidth - vram + age", |v| v[0] - v[1] - v[3] + v[5]),
    ("uptime / bandwidth / vram * age", |v| v[0] / v[1] / v[3] * v[5]),
    ("-uptime^2 - -bandwidth", |v| -libm::pow(v[0], 2.0) - -v[1]),
    ("uptime ^ node ^ 0.5", |v| libm::pow(v[0], libm::pow(v[7], 0.5))),
    ("min(uptime, bandwidth, vram) + max(age, node)", |v| {
        libm::fminimum(libm::fminimum(v[0], v[1]), v[3]) + libm::fmaximum(v[5], v[7])
    }),
    ("max(min(uptime, bandwidth), 0 * vram)", |v| libm::fmaximum(libm::fminimum(v[0], v[1]), 0.0 * v[3])),
    ("clamp(hours, age, node) / 2", |v| libm::fminimum(libm::fmaximum(v[9], v[5]), v[7]) / 2.0),
    ("floor(hours) + ceil(age) - round(node) + abs(weight)", |v| {
        libm::floor(v[9]) + libm::ceil(v[5]) - libm::round(v[7]) + libm::fabs(v[8])
    }),
    ("sqrt(hours) * sqrt(age + node)", |v| libm::sqrt(v[9]) * libm::sqrt(v[5] + v[7])),
    ("log2(1 + hours) + log10(age) * ln(node)", |v| {
        libm::log2(1.0 + v[9]) + libm::log10(v[5]) * libm::log(v[7])
    }),
    ("1 / (1 + exp(-(uptime - 0.98) / 0.01))", |v| 1.0 / (1.0 + libm::exp(-(v[0] - 0.98) / 0.01))),
    ("if(uptime >= 0.5 and not (node > 3 or age == 1), hours, if(vram != 1, -weight, 1/3))", |v| {
        if v[0] >= 0.5 && !(v[7] > 3.0 || v[5] == 1.0) {
            v[9]
        } else if v[3] != 1.0 {
            -v[8]
        } else {
            1.0 / 3.0
        }
    }),
    (
        "if(uptime < age, 1, 0) + if(uptime <= age, 1, 0) + if(uptime > 0.5, 2, 0) + if(node >= 3, 2, 0)",
        |v| yes(v[0] < v[5]) + yes(v[0] <= v[5]) + 2.0 * yes(v[0] > 0.5) + 2.0 * yes(v[7] >= 3.0),
    ),
];

#[test]
fn sixteen_formulas_have_the_bits_of_their_rust_functions_in_ten_thousand_rows_each() {
    let mut stack = Stack::default();
    for (text, native) in PAIRS {
        let formula = sound(text, &NAMES);
        let mut lcg = Lcg(4);
        let mut sensible = 0;
        for row in 0..10_000 {
            let values: [f64; 12] = std::array::from_fn(|_| any_number(&mut lcg));
            let (ours, theirs) = (formula.evaluate(&values, &mut stack), native(&values));
            assert!(same(ours, theirs), "{text} in row {row} of {values:?}: {ours:e} is not {theirs:e}");
            sensible += u32::from(theirs.is_finite());
        }
        assert!(sensible > 1_000, "{text}: {sensible} results say something");
    }
}

#[test]
fn columns_and_blocks_have_the_bits_of_rows_whatever_their_number() {
    let mut stack = Stack::default();
    for (text, _) in PAIRS {
        let formula = sound(text, &NAMES);
        for rows in [0, 1, 63, 64, 65, 128, 1_000] {
            let mut lcg = Lcg(rows as u64);
            let mut column = || -> Vec<f64> { (0..rows).map(|_| any_number(&mut lcg)).collect() };
            let columns: Vec<Vec<f64>> = NAMES.iter().map(|_| column()).collect();
            let read = |slot: usize| if formula.uses(slot) { columns[slot].as_slice() } else { &[] };
            let given: Vec<&[f64]> = (0..NAMES.len()).map(read).collect();
            let mut results = vec![-1.0; rows];
            formula.evaluate_columns(&given, &mut results, &mut stack);
            for (row, result) in results.iter().enumerate() {
                let values: Vec<f64> = columns.iter().map(|column| column[row]).collect();
                let alone = formula.evaluate(&values, &mut stack);
                assert_eq!(result.to_bits(), alone.to_bits(), "{text} in row {row} of {rows}");
            }
        }
    }
}

/// Bits of exact rationals that were rounded to the nearest double after each operation, by a program in Python.
#[test]
fn results_have_the_bits_of_exact_fractions_rounded_after_each_operation() {
    for (text, bits) in [
        ("a + b + c", 0x3FE3_3333_3333_3334),
        ("a + (b + c)", 0x3FE3_3333_3333_3333),
        ("(a + b) * 3 - 0.9", 0x3CA0_0000_0000_0000),
        ("a / b / c", 0x3FFA_AAAA_AAAA_AAAB),
        ("1 / 3 + 2 / 7 * a", 0x3FD7_2972_9729_7297),
        ("sqrt(a * a + b * b)", 0x3FCC_9F25_C5BF_EDDA),
        ("10 * (1.8098 + a) * 100 / 168", 0x4026_BC57_C57C_57C6),
        ("(a + 2 * b) / (c * c - 1e-3) - sqrt(c)", 0x4014_47F0_EB44_2BDA),
    ] {
        let result = value(text, &["a", "b", "c"], &[0.1, 0.2, 0.3]);
        assert_eq!(result.to_bits(), bits, "{text}");
    }
}

#[test]
fn constants_have_the_bits_that_variables_would_have() {
    let variables = value("(a + 0.2) * 3 - 0.9 / a ^ 0.7", &["a"], &[0.1]);
    let constants = sound("(0.1 + 0.2) * 3 - 0.9 / 0.1 ^ 0.7", &[]);
    assert_eq!(constants.cost(), 0);
    assert_eq!(constants.evaluate(&[], &mut Stack::default()).to_bits(), variables.to_bits());
}

/// (1 + 2^-30)^2 is 1 + 2^-29 + 2^-60: rounded before the subtraction it leaves nothing, fused it would leave 2^-60.
#[test]
fn a_product_is_rounded_before_it_is_added() {
    let near = 1.0 + 1.0 / f64::from(1 << 30);
    let result = value("a * a - b", &["a", "b"], &[near, 1.0 + 1.0 / f64::from(1 << 29)]);
    assert_eq!(result.to_bits(), 0);
}

#[test]
fn every_nan_comes_out_with_the_same_bits() {
    let nan = 0x7FF8_0000_0000_0000;
    let odd = f64::from_bits(0xFFF8_0000_0000_0123);
    let texts = ["a", "-a", "0/0", "-(0/0)", "a - a", "sqrt(a)", "ln(a)", "min(a, 1)", "max(1, a)", "a^1"];
    for text in texts {
        assert_eq!(value(text, &["a"], &[odd]).to_bits(), nan, "{text}");
        let mut results = [0.0; 3];
        sound(text, &["a"]).evaluate_columns(&[&[odd; 3]], &mut results, &mut Stack::default());
        assert!(results.iter().all(|result| result.to_bits() == nan), "{text}");
    }
}

/// RNP-019 prints 5.95 and 10.77 for 100 of 168 hours; RNP-015's decay of a fourth node is e^-0.65 = 0.5220457768.
#[test]
fn renders_worked_examples_are_met_to_their_printed_digits() {
    let compute = |multiplier| value("10 * m * hours / 168", &["m", "hours"], &[multiplier, 100.0]);
    assert_eq!(format!("{:.2}", compute(1.0)), "5.95");
    assert_eq!(format!("{:.2}", compute(1.8098)), "10.77");
    let decay = |node| value("if(x <= 3, 1, exp(-0.65 * (x - 3)))", &["x"], &[node]);
    assert_eq!(format!("{:.10}", decay(4.0)), "0.5220457768");
    assert_eq!(decay(3.0), 1.0);
}
