//! The functions that a formula can call.

use super::operation::Operation;

/// How a function is made of operations.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// One operation on one number.
    One(Operation),
    /// One operation on two numbers.
    Two(Operation),
    /// An operation on the first two of at least two numbers, then on its result and the next.
    Fold(Operation),
    /// The maximum of value and least, then the minimum of that and most.
    Clamp,
    /// One of two numbers, by a condition.
    If,
}

/// A function's name and how it is called.
#[derive(Clone, Copy, Debug)]
pub(super) struct Function {
    /// As it is written.
    pub(super) name: &'static str,
    /// A call with its parameters named.
    pub(super) signature: &'static str,
    /// What it does.
    pub(super) shape: Shape,
}

const fn function(name: &'static str, signature: &'static str, shape: Shape) -> Function {
    Function { name, signature, shape }
}

/// All of them.
pub(super) const FUNCTIONS: [Function; 14] = [
    function("abs", "abs(x)", Shape::One(Operation::Absolute)),
    function("ceil", "ceil(x)", Shape::One(Operation::Ceil)),
    function("clamp", "clamp(x, least, most)", Shape::Clamp),
    function("exp", "exp(x)", Shape::One(Operation::Exp)),
    function("floor", "floor(x)", Shape::One(Operation::Floor)),
    function("if", "if(condition, then, otherwise)", Shape::If),
    function("ln", "ln(x)", Shape::One(Operation::Ln)),
    function("log10", "log10(x)", Shape::One(Operation::Log10)),
    function("log2", "log2(x)", Shape::One(Operation::Log2)),
    function("max", "max(x, y, ...)", Shape::Fold(Operation::Maximum)),
    function("min", "min(x, y, ...)", Shape::Fold(Operation::Minimum)),
    function("pow", "pow(base, exponent)", Shape::Two(Operation::Power)),
    function("round", "round(x)", Shape::One(Operation::Round)),
    function("sqrt", "sqrt(x)", Shape::One(Operation::Root)),
];

/// The function of this name.
pub(super) fn find(name: &str) -> Option<Function> {
    FUNCTIONS.into_iter().find(|function| function.name == name)
}

impl Function {
    /// Whether it can be called with so many arguments.
    pub(super) fn takes(self, count: usize) -> bool {
        match self.shape {
            Shape::One(_) => count == 1,
            Shape::Two(_) => count == 2,
            Shape::Fold(_) => count >= 2,
            Shape::Clamp | Shape::If => count == 3,
        }
    }
}
