//! What a formula can compute, each operation defined once, for one row and for a block of rows alike.
//!
//! Sums, products, quotients and square roots are IEEE 754's own and correctly rounded everywhere; the rest is the
//! pinned `libm`. Nothing is fused or reassociated. Conditions are 1 and 0.

/// Rows that go through one operation together: enough to hide its choice, few enough to stay in the nearest cache.
pub(super) const BLOCK: usize = 64;

/// One value for each row of a block.
pub(super) type Block = [f64; BLOCK];

macro_rules! operations {
    ($($name:ident($($operand:ident),+) = $value:expr;)*) => {
        /// An operation of at most three operands; those it has no use for are ignored.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Operation { $($name,)* }

        impl Operation {
            /// The result for one row.
            #[inline(always)]
            pub(super) fn row(self, operands: [f64; 3]) -> f64 {
                match self {
                    $(Self::$name => {
                        let [$($operand,)+ ..] = operands;
                        $value
                    })*
                }
            }

            /// The result for every row of a block.
            pub(super) fn block(self, [first, second, third]: [&Block; 3], to: &mut Block) {
                match self {
                    $(Self::$name => for at in 0..BLOCK {
                        let [$($operand,)+ ..] = [first[at], second[at], third[at]];
                        to[at] = $value;
                    })*
                }
            }
        }
    };
}

operations! {
    Add(a, b) = a + b;
    Subtract(a, b) = a - b;
    Multiply(a, b) = a * b;
    Divide(a, b) = a / b;
    Power(a, b) = libm::pow(a, b);
    Negate(a) = -a;
    Less(a, b) = f64::from(a < b);
    AtMost(a, b) = f64::from(a <= b);
    Equal(a, b) = f64::from(a == b);
    Unequal(a, b) = f64::from(a != b);
    And(a, b) = f64::from(a != 0.0 && b != 0.0);
    Or(a, b) = f64::from(a != 0.0 || b != 0.0);
    Not(a) = f64::from(a == 0.0);
    Choose(condition, a, b) = if condition != 0.0 { a } else { b };
    Minimum(a, b) = minimum(a, b);
    Maximum(a, b) = maximum(a, b);
    Absolute(a) = a.abs();
    Floor(a) = libm::floor(a);
    Ceil(a) = libm::ceil(a);
    Round(a) = libm::round(a);
    Root(a) = a.sqrt();
    Exp(a) = libm::exp(a);
    Ln(a) = libm::log(a);
    Log2(a) = libm::log2(a);
    Log10(a) = libm::log10(a);
}

/// `libm::fminimum`, written out so that it can be inlined: NaN if either is, and -0 is below 0.
#[inline(always)]
fn minimum(a: f64, b: f64) -> f64 {
    if a < b || (a == b && a.is_sign_negative()) || a.is_nan() { a } else { b }
}

/// `libm::fmaximum`, likewise.
#[inline(always)]
fn maximum(a: f64, b: f64) -> f64 {
    if a > b || (a == b && a.is_sign_positive()) || a.is_nan() { a } else { b }
}
