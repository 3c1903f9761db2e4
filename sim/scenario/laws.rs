//! Laws of things that cannot be negative: times, amounts, counts.

use super::reading::Table;
use crate::engine::draw::Law;

/// Reads a law whose values are never negative, with a default.
pub(super) fn law_or(t: &Table<'_>, key: &'static str, default: Law, doc: &'static str) -> Law {
    let law = t.or(key, default, doc);
    sound(t, key, law)
}

/// Reads a law whose values are never negative; it must be given.
pub(super) fn law(t: &Table<'_>, key: &'static str, doc: &'static str) -> Law {
    let law = t.require(key, doc);
    sound(t, key, law)
}

fn sound(t: &Table<'_>, key: &'static str, law: Law) -> Law {
    if let Err(why) = law.check() {
        t.problem(key, format!("this law cannot be drawn from: {why}"), "");
        return Law::Deterministic { mean: 1.0 };
    }
    let lowest = match law {
        Law::Deterministic { mean } => mean,
        Law::Uniform { low, .. } | Law::Triangular { low, .. } => low,
        _ => 0.0,
    };
    if lowest < 0.0 {
        t.problem(key, format!("its values go down to {lowest}"), "give a law that is never negative");
        return Law::Deterministic { mean: 1.0 };
    }
    law
}
