//! A formula that a designer writes instead of a Rust rule: text over named numbers, compiled to a flat program.
//!
//! It knows nothing of rewards. The caller has a list of variables; [`Formula::compile`] reads the text against their
//! names and tells every problem with its place; [`Formula::evaluate`] gives one row's result and
//! [`Formula::evaluate_columns`] those of a million, bit-equal; [`quantise`] makes a weight of a result.
//!
//! # The language
//!
//! ```text
//! formula    = { name "=" expression ";" } expression          the last expression, a number, is the value
//! expression = both { "or" both }
//! both       = compared { "and" compared }
//! compared   = sum [ ( "<" | "<=" | ">" | ">=" | "==" | "!=" ) sum ]
//!            | "not" compared
//! sum        = product { ( "+" | "-" ) product }
//! product    = signed { ( "*" | "/" ) signed }
//! signed     = "-" signed | power
//! power      = primary [ "^" signed ]                           right to left: 2^3^2 is 2^(3^2), -2^2 is -4
//! primary    = number | name | function "(" expression { "," expression } ")" | "(" expression ")"
//! number     = digits [ "." digits ] [ ( "e" | "E" ) [ "+" | "-" ] digits ]
//! digits     = digit { [ "_" ] digit }
//! name       = ( letter | "_" ) { letter | digit | "_" }        ASCII; not "and", "or", "not"
//! ```
//!
//! `#` begins a comment to the end of the line. The functions are `abs`, `ceil`, `clamp(x, least, most)`, `exp`, `floor`,
//! `if(condition, then, otherwise)`, `ln`, `log10`, `log2`, `max` and `min` of two or more, `pow(base, exponent)`, which
//! is `^`, `round` (halves away from zero) and `sqrt`.
//!
//! Numbers and conditions are told apart when the text is read: `if(uptime, 1, 0)` is an error, `if(uptime > 0, 1, 0)`
//! is not. There are no integers: `1/2` is 0.5. There are no loops, and a line such as `load = hired / total;` only names
//! a result, once: it makes long formulas readable at no cost, because a name is resolved to a place when the text is
//! read. A name is no variable: it cannot be set again, nor hide a variable or a function.
//!
//! # What a formula evaluates to
//!
//! The same bits on every platform, and those of the same expression in Rust: `+ - * /` and `f64::sqrt` as IEEE 754 rounds
//! them, `libm::{pow, exp, log, log2, log10, floor, ceil, round}`, `libm::fminimum` and `libm::fmaximum`, in the order
//! written, left to right; nothing fused, nothing reassociated. Parts without variables are computed beforehand, by the
//! same operations. A power is `libm::pow` whatever its exponent, which is within one unit of the last place of the
//! exact power and may differ there from repeated products; who wants products writes `x * x`.
//!
//! Nothing traps. `1/0` is infinite, `0/0` and the root of what is negative are NaN, and NaN goes through every
//! operation (through `min` and `max` too, so that `min(0/0, 1)` does not pay in full), with the exceptions of IEEE 754:
//! `pow(x, 0)` and `pow(1, x)` are 1, and each comparison with NaN is false but `!=`, which is true. Both sides of an `if`
//! are computed, and the side that is not chosen leaves no trace. A NaN comes out with one pattern of bits.
//!
//! # Bounds
//!
//! [`MAX_TEXT`], [`MAX_NUMBER`], [`MAX_DEPTH`] and [`MAX_OPERATIONS`]: no text can exhaust the stack, the memory or the
//! time of whoever compiles or evaluates it.

mod error;
mod functions;
mod lexer;
mod nearest;
mod operation;
mod parser;
mod program;
mod quantise;
#[cfg(test)]
mod tests;

pub use error::FormulaError;
pub use quantise::quantise;

use operation::Block;
use program::Program;
use std::ops::Range;

/// Longest text, in bytes.
pub const MAX_TEXT: usize = 10_000;

/// Longest number, in characters.
pub const MAX_NUMBER: usize = 40;

/// Most parentheses, calls, signs and operators that are open at one place.
pub const MAX_DEPTH: usize = 100;

/// Most operations per evaluation.
pub const MAX_OPERATIONS: u32 = 1_000;

/// A number that a formula may name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Variable {
    /// Its name in a formula: letters, digits and `_`.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// Its unit.
    pub unit: &'static str,
}

/// Room for intermediate results, kept from one evaluation to the next, of any formulas.
#[derive(Clone, Debug, Default)]
pub struct Stack {
    row: Vec<f64>,
    blocks: Vec<Block>,
}

/// A compiled formula.
#[derive(Clone, PartialEq, Debug)]
pub struct Formula {
    text: String,
    program: Program,
}

impl Formula {
    /// Reads `text`. A variable is known later by its place in `variables`, its slot.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, in the order of the text: as much of it as can be told at once.
    pub fn compile(text: &str, variables: &[&str]) -> Result<Self, Vec<FormulaError>> {
        let program = parser::compile(text, variables)?;
        Ok(Self { text: text.to_owned(), program })
    }

    /// The text it was compiled from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the variable in this slot is read.
    #[must_use]
    pub fn uses(&self, slot: usize) -> bool {
        self.program.slots.iter().any(|read| usize::from(*read) == slot)
    }

    /// Operations per evaluation, the same for every row; at most [`MAX_OPERATIONS`].
    #[must_use]
    pub fn cost(&self) -> u32 {
        self.program.cost()
    }

    /// The result for one row: `values` has one number for each slot, of which those not read may be anything. Allocates
    /// nothing once `stack` has grown to this formula.
    ///
    /// # Panics
    ///
    /// If a slot that is read lies beyond `values`.
    #[must_use]
    pub fn evaluate(&self, values: &[f64], stack: &mut Stack) -> f64 {
        self.program.row(values, stack)
    }

    /// The results for many rows, from columns by slot; a column that is not read may be empty.
    ///
    /// # Panics
    ///
    /// If a column that is read is shorter than `results`.
    pub fn evaluate_columns(&self, columns: &[&[f64]], results: &mut [f64], stack: &mut Stack) {
        let fill = |slot: usize, rows: Range<usize>, values: &mut [f64]| {
            values.copy_from_slice(&columns[slot][rows]);
        };
        let rows = results.len();
        self.evaluate_blocks(rows, stack, fill, |rows, values| results[rows].copy_from_slice(values));
    }

    /// The results for `rows` rows without a column in memory: for each block of rows `fill` is asked for the values of
    /// each slot that is read (slot, rows, where to), then `take` is given the results.
    pub fn evaluate_blocks(
        &self,
        rows: usize,
        stack: &mut Stack,
        fill: impl FnMut(usize, Range<usize>, &mut [f64]),
        take: impl FnMut(Range<usize>, &[f64]),
    ) {
        self.program.blocks(rows, stack, fill, take);
    }
}
