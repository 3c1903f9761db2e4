//! `[protocol.rewards.capped_share.FORM]`.

use super::super::ppm;
use super::{RewardEntry, RewardMaker, RuleLine, measure};
use crate::scenario::reading::{Count, Share, Table};
use depin_protocol::rewards::CappedShareSpec;
use depin_protocol::rewards::capped_share::Cap;

pub(super) const ENTRY: RewardEntry = RewardEntry {
    name: "capped_share",
    lines: &[
        RuleLine {
            name: "protocol.rewards.capped_share.of_total",
            formula: "account = min(S, max(most_share, 1 / accounts) * sum of all S), S = up hours * cards * measure (the default form)",
            source: "assumed; the founding article's small accounts that outscore large ones suggest a cap or a concave rule",
            weakness: "k accounts have k caps, and claims lift the total and the cap with it",
        },
        RuleLine {
            name: "protocol.rewards.capped_share.cards",
            formula: "account = min(S, most_cards * hours of the epoch), S = up hours * cards * measure",
            source: "assumed; 100 cards are where the founding article says that staff is needed",
            weakness: "k accounts have k caps: it binds who does not split",
        },
    ],
    read,
};

fn read(t: &Table<'_>) -> RewardMaker {
    let forms = &["of_total", "cards"];
    let spec = match t.form(forms, "what an account counts for at most in an epoch") {
        None => CappedShareSpec::default(),
        Some((form, rule)) => {
            let cap = if form == "cards" { cards(&rule) } else { of_total(&rule) };
            CappedShareSpec { measure: measure::read(&rule), cap }
        }
    };
    RewardMaker::new(move || spec.build())
}

fn of_total(rule: &Table<'_>) -> Cap {
    let share = rule.or(
        "most_share",
        Share(0.01),
        "of the total before the cut, most per account; never less than an equal part; assumed",
    );
    Cap::ShareOfTotal(ppm(share.0))
}

fn cards(rule: &Table<'_>) -> Cap {
    let many = Count(CappedShareSpec::MANY_CARDS.into());
    let most = rule.or(
        "most_cards",
        many,
        "most per account, in cards that count one point an hour; founding article: more need a staff",
    );
    // A count ends at a thousand million.
    Cap::Cards(most.0 as u32)
}
