//! The flow matrix gathered by group of payer and payee, for the figures and the summary text.

use crate::measure::record::Record;
use crate::report::number::whole;
use std::collections::BTreeMap;

/// Dollars from one group to another, mean over replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// Group that paid.
    pub payer: String,
    /// Group that was paid.
    pub payee: String,
    /// The category with the largest part of it.
    pub category: &'static str,
    /// Dollars.
    pub usd: f64,
}

/// Group of a party: what stands before the first slash (`gamers/17` is of `gamers`).
#[must_use]
pub fn group(party: &str) -> &str {
    party.split_once('/').map_or(party, |(head, _)| head)
}

/// Dollar flows by group, sorted by payer and payee. A negative amount counts as its reverse.
#[must_use]
pub fn usd_by_group(records: &[Record]) -> Vec<Flow> {
    let mut cells: BTreeMap<(&str, &str), BTreeMap<&'static str, f64>> = BTreeMap::new();
    for row in records.iter().flat_map(|r| &r.flows).filter(|r| r.asset == "usd" && r.amount != 0) {
        // What people bring from outside shows again when they spend it, and a stake that is put up or taken home is not
        // spent.
        if ["funding", "withdrawal", "stake", "unstake"].contains(&row.category) {
            continue;
        }
        let (mut from, mut to) = (group(&row.payer), group(&row.payee));
        if row.amount < 0 {
            std::mem::swap(&mut from, &mut to);
        }
        // What a group moves within itself, as the network a stake that it seizes, changes no hands.
        if from == to {
            continue;
        }
        let amount = whole(row.amount, row.decimals).abs();
        *cells.entry((from, to)).or_default().entry(row.category).or_insert(0.0) += amount;
    }
    let runs = records.len().max(1) as f64;
    let flow = |((payer, payee), parts): ((&str, &str), BTreeMap<&'static str, f64>)| {
        let largest = parts.iter().reduce(|a, b| if b.1 > a.1 { b } else { a });
        Flow {
            payer: payer.into(),
            payee: payee.into(),
            category: largest.map_or("", |(name, _)| name),
            usd: parts.values().sum::<f64>() / runs,
        }
    };
    cells.into_iter().map(flow).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::record::FlowRow;

    #[test]
    fn accounts_add_up_to_groups_and_only_dollars_count() {
        let row = |payer: &str, category, asset, amount| FlowRow {
            payer: payer.into(),
            payee: "cloud/a".into(),
            category,
            asset,
            amount,
            decimals: 6,
        };
        let flows = vec![
            row("gamers/1", "rent", "usd", 2_000_000),
            row("gamers/2", "fees", "usd", 1_000_000),
            row("gamers/2", "rent", "token", 9_000_000),
            row("cloud/b", "rent", "usd", 4_000_000),
        ];
        let found = usd_by_group(&[Record { flows, ..Record::default() }]);
        let wanted = Flow { payer: "gamers".into(), payee: "cloud".into(), category: "rent", usd: 3.0 };
        assert_eq!(found, vec![wanted]);
    }
}
