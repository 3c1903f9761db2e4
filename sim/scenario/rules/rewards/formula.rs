//! `[protocol.rewards.formula]`: a weight written in the scenario.

use super::{RewardEntry, RewardMaker, RuleLine};
use crate::scenario::reading::{Mistake, Table, Tokens};
use depin_protocol::formula::FormulaError;
use depin_protocol::rewards::formula::{FormulaRule, compile};
use depin_protocol::rewards::{Leftover, PayLimits};

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "formula",
    lines: &[RuleLine {
        name: "protocol.rewards.formula",
        formula: "points = weight, an expression over the names of `list variables`; zero when it is negative or no \
                  number, and for who is offline or set aside",
        source: "the designer's own",
        weakness: "checks nothing: what it believes is claimed, and what it divides by may be zero",
    }],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let doc = "what a device weighs in an epoch, in names that `list variables` explains; only ratios matter";
    let read = |text: &str| compile(text).map_err(|errors| errors.into_iter().map(mistake).collect());
    let formula = t.parsed("weight", "a formula in quotes", doc, read);
    let formula = formula.unwrap_or_else(|| compile("1").expect("a number is a formula"));
    let tokens = |key, doc| t.optional::<Tokens>(key, doc).map(|tokens| tokens.0);
    let limits = PayLimits {
        per_device: tokens("limit_per_device_tokens", "most that one payment gives a device"),
        per_account: tokens("limit_per_account_tokens", "most that one payment gives an account"),
        leftover: match t.word("leftover", LEFTOVERS, Some("retain"), LEFTOVER) {
            "redistribute" => Leftover::Redistribute,
            "burn" => Leftover::Burn,
            _ => Leftover::Retain,
        },
    };
    RewardMaker::new(move || Box::new(FormulaRule::new(formula.clone(), limits)))
}

const LEFTOVERS: &[&str] = &["retain", "redistribute", "burn"];
const LEFTOVER: &str = "what becomes of tokens beyond the limits: they stay in the pool, go to those below, or are burnt; \
                        assumed";

fn mistake(error: FormulaError) -> Mistake {
    let FormulaError { span, found, expected, hint } = error;
    Mistake { span, found, expected, hint }
}
