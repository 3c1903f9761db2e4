//! Every problem is told with its exact place, what stands there, what should, and what to do.

use super::*;
use crate::formula::{FormulaError, MAX_DEPTH, MAX_NUMBER, MAX_OPERATIONS, MAX_TEXT};

const NAMES: [&str; 3] = ["uptime", "bandwidth_mbps", "node"];
const KNOWN: &str = "a known name: uptime, bandwidth_mbps, node";
const VALUE: &str = "a number, a variable, a function or `(`";
const END: &str = "an operator or the end of the formula";
const TOKEN: &str = "a number, a name, an operator or a parenthesis";
const NUMBER: &str = "a number such as `1`, `0.5`, `1e-3` or `1_000`";
const FUNCTION: &str =
    "a function: abs, ceil, clamp, exp, floor, if, ln, log10, log2, max, min, pow, round, sqrt";
const NAME: &str = "a name that no variable, function or earlier line has";

fn errors(text: &str) -> Vec<FormulaError> {
    Formula::compile(text, &NAMES).expect_err(text)
}

/// A text with brackets around the one problem (which are taken out), what is found, what is expected, the hint.
const CASES: &[(&str, &str, &str, &str)] = &[
    ("[uptme] * 2", "`uptme`", KNOWN, "did you mean `uptime`?"),
    ("node * [bandwidth] + 1", "`bandwidth`", KNOWN, "did you mean `bandwidth_mbps`?"),
    ("1 + [colour]", "`colour`", KNOWN, ""),
    (
        "load = uptime; 2 * [lod]",
        "`lod`",
        "a known name: uptime, bandwidth_mbps, node, load",
        "did you mean `load`?",
    ),
    ("a = [a] + 1; a", "`a`", KNOWN, ""),
    ("[mim](uptime, 1)", "`mim`", FUNCTION, "did you mean `min`?"),
    ("[log](uptime)", "`log`", FUNCTION, "say which: `ln`, `log2` or `log10`"),
    ("[uptime](1 + node)", "`uptime`", FUNCTION, "to multiply, write `uptime * (...)`"),
    ("2 * [min]", "`min`", "`(` behind the function `min`", "it is called as `min(x, y, ...)`"),
    ("1 + [clamp(uptime, 1)]", "2 arguments", "`clamp(x, least, most)`", ""),
    ("[exp()]", "0 arguments", "`exp(x)`", ""),
    ("[min(uptime)]", "1 argument", "`min(x, y, ...)`", ""),
    ("if([uptime], 1, 0)", "a number, `uptime`", "a condition", "`uptime > 0`"),
    ("if([uptime + 1] and node > 1, 1, 0)", "a number, `uptime + 1`", "a condition", "`uptime + 1 > 0`"),
    ("if(not [node], 1, 0)", "a number, `node`", "a condition", "`node > 0`"),
    ("2 * [(uptime > 0.5)]", "a condition, `(uptime > 0.5)`", "a number", "`if((uptime > 0.5), 1, 0)`"),
    ("[uptime > 0.5]", "a condition, `uptime > 0.5`", "a number", "`if(uptime > 0.5, 1, 0)`"),
    ("up = uptime > 0; -[up]", "a condition, `up`", "a number", "`if(up, 1, 0)`"),
    (
        "if(0 < uptime [<] 1, 1, 0)",
        "`<`",
        "`and`, `or` or the end of the comparison",
        "compare twice: `... and uptime < ...`",
    ),
    ("uptime +[]", "the end of the formula", VALUE, ""),
    ("[]", "the end of the formula", VALUE, ""),
    ("a = 1;[]", "the end of the formula", VALUE, ""),
    ("uptime * [/] 2", "`/`", VALUE, ""),
    ("uptime *[*] 2", "`*`", VALUE, "a power is written `^`"),
    ("2 [uptime]", "`uptime`", END, "to multiply, write `*`"),
    ("2[(]uptime)", "`(`", END, "to multiply, write `*`"),
    ("[uptime] = 1", "`uptime`", "", ""),
    ("if([!]uptime, 1, 0) + 1", "`!`", "", ""),
    ("2 * uptime [=] 1", "`=`", END, "`==` compares; `name = expression;` gives a name at the start"),
    (
        "if(uptime > 0 [AND] node > 1, 1, 0)",
        "`AND`",
        "an operator, `,` or `)`",
        "write `and` in small letters",
    ),
    ("(uptime + 1[]", "the end of the formula", "an operator or `)`", "the `(` at byte 0 is still open"),
    (
        "1 + min(uptime, 1[]",
        "the end of the formula",
        "an operator, `,` or `)`",
        "the `(` at byte 7 is still open",
    ),
    ("(1 + 2[,] 3)", "`,`", "an operator or `)`", "the decimal point is `.`"),
    ("uptime[)] + 1", "`)`", END, "no `(` is open here"),
    ("0[,]5 * uptime", "`,`", END, "the decimal point is `.`"),
    ("uptime[;]", "`;`", END, "leave it out: the last line is the formula's value"),
    ("uptime + 1[;] uptime", "`;`", END, "give the line a name: `name = expression;`"),
    ("a = uptime[]", "the end of the formula", "an operator or `;` at the end of the name's line", ""),
    ("[uptime] = 1; 2", "`uptime`", NAME, "to compare, write `==`"),
    ("[min] = 1; 2", "`min`", NAME, "to compare, write `==`"),
    ("a = 1; [a] = 2; a", "`a`", NAME, "to compare, write `==`"),
    ("uptime [%] 2", "`%`", TOKEN, "there is no remainder and no per cent: 5 per cent is `0.05`"),
    ("if(uptime > 0 [&&] node > 1, 1, 0)", "`&&`", TOKEN, "write `and`"),
    ("uptime > 0 [?] 1 : 0", "`?`", "", ""),
    ("uptime [\u{d7}] 2", "`\u{d7}`", TOKEN, "write `*`"),
    ("uptime + [\u{43f}\u{440}]", "`\u{43f}\u{440}`", TOKEN, ""),
    ("[.5] * uptime", "`.5`", NUMBER, "write `0.5`"),
    ("uptime * [5.]", "`5.`", NUMBER, "write `5.0`"),
    ("[1.2.3]", "`1.2.3`", NUMBER, ""),
    ("[1__0] + 1", "`1__0`", NUMBER, ""),
    ("[1e400]", "`1e400`", "0 or a number from 4.9e-324 to 1.7e308", ""),
    ("[1e-400]", "`1e-400`", "0 or a number from 4.9e-324 to 1.7e308", ""),
];

#[test]
fn every_problem_is_told_with_its_exact_place() {
    for &(marked, found, expected, hint) in CASES {
        let text = marked.replace(['[', ']'], "");
        let start = marked.find('[').expect("the place is marked");
        let end = marked.find(']').expect("the place is marked") - 1;
        let told = errors(&text);
        let of_place: Vec<&FormulaError> = told.iter().filter(|error| error.span == (start..end)).collect();
        let [error] = of_place[..] else { panic!("{marked}: {told:?}") };
        assert_eq!(error.found, found, "{marked}");
        // Two cases tell more than one problem; their place and finding are what counts here.
        if !expected.is_empty() {
            assert_eq!(told.len(), 1, "{marked}: {told:?}");
            assert_eq!(error.expected, expected, "{marked}");
            assert_eq!(error.hint.as_deref().unwrap_or_default(), hint, "{marked}");
        }
    }
}

/// Of more than a dozen names the error tells the number, and its hint lists those of the caller.
#[test]
fn a_stranger_among_many_names_is_shown_them_all() {
    let names = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "b1", "b2", "b3"];
    let told = |text: &str| Formula::compile(text, &names).expect_err(text)[0].clone();
    assert_eq!(told("colour").expected, format!("a known name: {}", names.join(", ")));
    assert_eq!(told("colour").hint, None);
    let error = told("mine = a1; colour * mine");
    assert_eq!((error.span, error.expected.as_str()), (11..17, "one of 13 known names"));
    assert_eq!(error.hint.as_deref(), Some("known are a1, a2, a3, a4, a5, a6, a7, a8, a9, b1, b2, b3"));
    assert_eq!(told("mine = a1; minee").hint.as_deref(), Some("did you mean `mine`?"));
}

#[test]
fn all_problems_are_told_at_once_in_the_order_of_the_text() {
    let text = "a = uptme * 2;\nb = (1 + ;\nif(node, colour, b) + 3 % 1 + max(a)";
    let told: Vec<&str> = errors(text).into_iter().map(|error| &text[error.span]).collect();
    assert_eq!(told, ["uptme", "node", "colour", "%", "max(a)"]);
    let text = "a = uptme * 2;\nb = (1 + ;\nif(node, colour, b) + max(a)";
    let told: Vec<&str> = errors(text).into_iter().map(|error| &text[error.span]).collect();
    assert_eq!(told, ["uptme", ";", "node", "colour", "max(a)"]);
}

#[test]
fn one_slip_is_told_once() {
    for text in ["a = uptme + 1; b = a * 2; if(b > 1, b, a)", "if(uptme, 1, 0) + 1", "a = (; a * 2"] {
        assert_eq!(errors(text).len(), 1, "{text}: {:?}", errors(text));
    }
}

#[test]
fn every_bound_is_named_by_the_error_that_it_makes() {
    let one = |text: &str| {
        let told = errors(text);
        assert_eq!(told.len(), 1, "{told:?}");
        told[0].clone()
    };
    let long = one(&"1 ".repeat(MAX_TEXT));
    assert_eq!((long.span, long.found.as_str()), (MAX_TEXT..2 * MAX_TEXT, "a formula of 20000 bytes"));
    assert_eq!(long.expected, "a formula of at most 10000 bytes");

    let deep = one(&format!("{}1", "(".repeat(MAX_DEPTH)));
    assert_eq!((deep.span, deep.found.as_str()), (MAX_DEPTH..MAX_DEPTH + 1, "`1` at level 101"));
    assert_eq!(deep.expected, "at most 100 levels of parentheses, calls, signs and operators");

    let operations = MAX_OPERATIONS as usize + 1;
    let costly = one(&format!("node{}", "+node".repeat(operations)));
    assert_eq!((costly.span, costly.found.as_str()), (0..4 + 5 * operations, "operation 1001"));
    assert_eq!(costly.expected, "at most 1000 operations");

    let number = one(&format!("1 + {}", "7".repeat(MAX_NUMBER + 1)));
    assert_eq!((number.span, number.found.as_str()), (4..45, "a number of 41 characters"));
    assert_eq!(number.expected, "a number of at most 40 characters");
}

#[test]
fn an_error_reads_as_a_sentence() {
    let told = errors("2 * uptme");
    let expected = "bytes 4..9: found `uptme`, expected a known name: uptime, bandwidth_mbps, node; did you mean `uptime`?";
    assert_eq!(told[0].to_string(), expected);
    let none = Formula::compile("x", &[]).expect_err("there is no x");
    assert_eq!(none[0].expected, "a number: there are no variables");
}
