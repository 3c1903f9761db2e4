//! Known functions that a sweep can run in place of a scenario, so that what it says of sensitivity can be checked.

use crate::experiment::design::{Axis, Design, Law, Method, Problem, Range};
use serde::{Deserialize, Serialize};

/// A function of x1, x2 and so on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Function {
    /// sin x1 + a sin^2 x2 + b x3^4 sin x1, over -pi to pi (Ishigami and Homma 1990).
    Ishigami {
        /// Weight of x2.
        a: f64,
        /// Weight of x3 with x1.
        b: f64,
    },
    /// The product of (|4 x - 2| + a) / (1 + a), over 0 to 1 (Sobol 1993).
    SobolG {
        /// One number per input: 0 is important, 99 is not.
        a: Vec<f64>,
    },
    /// A sum of products, such as `2*x1 - 3*x2 + x1*x2`.
    Polynomial {
        /// Its terms.
        terms: Vec<Term>,
    },
}

/// A product of a number and inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// The number.
    pub factor: f64,
    /// Inputs, from 0; one may stand several times.
    pub inputs: Vec<usize>,
}

/// Most inputs of a polynomial. Assumed.
const INPUT_LIMIT: usize = 500;

impl Function {
    /// How many inputs it has.
    #[must_use]
    pub fn inputs(&self) -> usize {
        match self {
            Function::Ishigami { .. } => 3,
            Function::SobolG { a } => a.len(),
            Function::Polynomial { terms } => {
                terms.iter().flat_map(|term| &term.inputs).max().map_or(0, |last| last + 1)
            }
        }
    }

    /// Its value.
    ///
    /// # Panics
    /// When there are fewer inputs than it has.
    #[must_use]
    pub fn at(&self, x: &[f64]) -> f64 {
        match self {
            Function::Ishigami { a, b } => {
                let (first, second) = (libm::sin(x[0]), libm::sin(x[1]));
                let fourth = x[2] * x[2] * x[2] * x[2];
                first + a * second * second + b * fourth * first
            }
            Function::SobolG { a } => {
                a.iter().zip(x).map(|(a, x)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a)).product()
            }
            Function::Polynomial { terms } => {
                let product =
                    |term: &Term| term.inputs.iter().fold(term.factor, |value, input| value * x[*input]);
                terms.iter().map(product).sum()
            }
        }
    }

    /// A design over inputs x1, x2 and so on, each uniform from `low` to `high`.
    ///
    /// # Errors
    /// What the method does not allow.
    pub fn design(&self, low: f64, high: f64, method: Method, seed: u64) -> Result<Design, Vec<Problem>> {
        let axis = |number: usize| Axis {
            name: format!("x{number}"),
            path: format!("x{number}"),
            range: Range::Numbers {
                law: Law::Uniform { low, high },
                decimals: None,
                unit: String::new(),
                steps: None,
            },
        };
        Design::new((1..=self.inputs()).map(axis).collect(), method, seed)
    }

    /// Its values at the rows of such a design, in their order.
    ///
    /// # Panics
    /// When an axis of the design is not one of numbers.
    #[must_use]
    pub fn outcomes(&self, design: &Design) -> Vec<f64> {
        let at = |row| {
            let settings = design.point(row);
            let x: Vec<f64> = settings.iter().map(|text| text.parse().expect("an axis of numbers")).collect();
            self.at(&x)
        };
        (0..design.rows()).map(at).collect()
    }

    /// Reads a polynomial: terms with `+` or `-` between, each a product with `*` of numbers and inputs x1, x2 and so on.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn polynomial(text: &str) -> Result<Function, String> {
        let mut terms = Vec::new();
        let signed = text.replace(' ', "").replace('-', "+-");
        for part in signed.split('+').filter(|part| !part.is_empty()) {
            let (sign, product) = part.strip_prefix('-').map_or((1.0, part), |rest| (-1.0, rest));
            let mut term = Term { factor: sign, inputs: Vec::new() };
            for factor in product.split('*') {
                let input = factor.strip_prefix('x').and_then(|digits| digits.parse::<usize>().ok());
                match (input, factor.parse::<f64>()) {
                    (Some(number @ 1..=INPUT_LIMIT), _) => term.inputs.push(number - 1),
                    (None, Ok(number)) if number.is_finite() => term.factor *= number,
                    _ => return Err(format!("`{factor}` is neither a number nor an input such as x1")),
                }
            }
            terms.push(term);
        }
        if terms.is_empty() { Err("there is no term".to_owned()) } else { Ok(Function::Polynomial { terms }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_have_their_values() {
        let half = std::f64::consts::FRAC_PI_2;
        let ishigami = Function::Ishigami { a: 7.0, b: 0.1 };
        assert!((ishigami.at(&[half, half, 2.0]) - (1.0 + 7.0 + 1.6)).abs() < 1e-12);
        let g = Function::SobolG { a: vec![0.0, 3.0] };
        assert_eq!((g.inputs(), g.at(&[1.0, 0.5])), (2, 2.0 * 0.75));
        let sum = Function::polynomial("2*x1 - 3*x2*x2+0.5").expect("a polynomial");
        assert_eq!((sum.inputs(), sum.at(&[1.0, 2.0])), (2, 2.0 - 12.0 + 0.5));
    }

    #[test]
    fn what_is_no_polynomial_is_refused() {
        for text in ["", "x0", "x1**x2", "2*y", "x501", "x1+nan", "x99999999999999999999999"] {
            assert!(Function::polynomial(text).is_err(), "{text}");
        }
    }
}
