//! A weight that a designer writes as a formula in the scenario, instead of a rule in Rust.
//!
//! *Rule*: whatever the formula says of a device that is in good standing and was online for some of the epoch; every
//! other device weighs zero, whatever the formula. Names of the account and of the network count those devices only.
//!
//! *Formula*: micro-points = [`quantise`]`(weight)`: a million times the weight, rounded half up. A weight that is
//! negative or not a number is zero, as are weights below half a millionth; an infinite one is the largest there is.
//! Only ratios of weights matter, so write points of a convenient size; as rounding is to the nearest micro-point, weights
//! of a few millionths would let an owner gain by dividing.
//!
//! *Source*: none, it is the tool for rules that nobody has published; [`crate::formula`] has the language, [`variables`]
//! the names.
//!
//! *Known weakness*: it checks nothing. A formula linear in claims breaks the Sybil law by copies, as every rule that
//! believes them; one that is concave in what an account has breaks the Sybil law by accounts, and where it counts devices
//! rather than cards it breaks the Sybil law by workers. Where one device's time lowers what its owner's others weigh, and
//! its own points are then not counted (a snapshot, a quarantine), it breaks the law of work beside others. One division by
//! what may be zero gives a device all that there is.

mod facts;
mod quantity;
#[cfg(test)]
mod tests;
mod variables;

pub use variables::variables;

use super::{EpochRecord, Leftover, Needs, PayLimits, RewardRule};
use crate::formula::{Formula, FormulaError, Stack, quantise};
use crate::units::Amount;
use facts::Sums;
use quantity::counts;
use serde::{Deserialize, Serialize};

/// A formula, and the most that it pays.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FormulaSpec {
    /// Points of a device for an epoch.
    pub weight: String,
    /// The most that one payment gives a device, in base units.
    pub limit_per_device: Option<Amount>,
    /// The most that one payment gives an account, in base units.
    pub limit_per_account: Option<Amount>,
    /// What becomes of tokens beyond these limits.
    pub leftover: Leftover,
}

/// Reads the text of a weight.
///
/// # Errors
/// What is wrong with it, each problem with its bytes in the text.
pub fn compile(weight: &str) -> Result<Formula, Vec<FormulaError>> {
    let names: Vec<&str> = variables().map(|variable| variable.name).collect();
    Formula::compile(weight, &names)
}

impl FormulaSpec {
    /// The rule that this describes.
    ///
    /// # Errors
    /// As [`compile`].
    pub fn build(self) -> Result<Box<dyn RewardRule>, Vec<FormulaError>> {
        let formula = compile(&self.weight)?;
        let limits = PayLimits {
            per_device: self.limit_per_device,
            per_account: self.limit_per_account,
            leftover: self.leftover,
        };
        Ok(Box::new(FormulaRule::new(formula, limits)))
    }
}

/// Weighs by a formula over [`variables`], a block of devices at a time; sums are made once an epoch, and only those that
/// the formula uses.
#[derive(Clone, Debug)]
pub struct FormulaRule {
    formula: Formula,
    limits: PayLimits,
    sums: Sums,
    stack: Stack,
}

impl FormulaRule {
    /// The rule of a formula that [`compile`] has read.
    #[must_use]
    pub fn new(formula: Formula, limits: PayLimits) -> FormulaRule {
        let sums = Sums::of(&formula);
        FormulaRule { formula, limits, sums, stack: Stack::default() }
    }
}

impl RewardRule for FormulaRule {
    fn name(&self) -> &'static str {
        "formula"
    }

    fn needs(&self) -> Needs {
        self.sums.needs()
    }

    fn weigh(&mut self, record: &EpochRecord<'_>, weights: &mut [u64]) {
        assert_eq!(weights.len(), record.len(), "a weight for every device");
        self.sums.gather(record);
        let sums = &self.sums;
        self.formula.evaluate_blocks(
            record.len(),
            &mut self.stack,
            |slot, rows, values| sums.fill(slot, record, rows, values),
            |rows, points| {
                for (device, points) in rows.zip(points) {
                    weights[device] = quantise(*points) * u64::from(counts(record, device));
                }
            },
        );
    }

    fn limits(&self) -> PayLimits {
        self.limits
    }
}
