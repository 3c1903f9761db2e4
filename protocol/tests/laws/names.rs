//! Names do not matter: the same network under other names pays everyone the same.
//!
//! The stated tie rule may move units: equal remainders of a split are rounded up in order of the names, which moves at
//! most one base unit per account and payment.

use crate::driver::{Case, Driver, RENTERS, SUPPLIERS, Told, retell};
use crate::fleet::{Fleet, for_every_pay};
use crate::lcg::Lcg;
use crate::network::for_every_policy;
use depin_protocol::Protocol;
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;
use depin_protocol::ledger::Asset;
use depin_protocol::recording::Recorded;
use depin_protocol::units::Amount;

#[test]
fn devices_and_accounts_in_another_order_are_paid_the_same_to_one_base_unit() {
    for_every_pay(15, |name, lcg, rule, season| {
        let fleet = Fleet::any(lcg);
        let mut names: Vec<u32> = (0..fleet.accounts).collect();
        lcg.shuffle(&mut names);
        let mut other = fleet.clone();
        lcg.shuffle(&mut other.rows);
        other.rows.iter_mut().for_each(|row| row.account = names[row.account as usize]);
        let one = fleet.season(rule.build, (season.build)());
        let two = other.season(rule.build, (season.build)());
        for (account, named) in names.iter().enumerate() {
            let named = *named as usize;
            assert_eq!(one.points[account], two.points[named], "{name}: points of account {account}");
            let moved = one.tokens[account] - two.tokens[named];
            assert!(
                moved.abs() <= 1,
                "{name}: account {account}, named {named}, is paid {moved} more or less"
            );
        }
        assert_eq!(one.paid, two.paid, "{name}");
    });
}

/// The same command with every account by its other name.
fn renamed(command: &Recorded, names: &[u32]) -> Recorded {
    let name = |account: AccountId| names.get(account.at()).map_or(account, |name| AccountId(*name));
    let mut command = command.clone();
    match &mut command {
        Recorded::Register { account, .. }
        | Recorded::Deposit { account, .. }
        | Recorded::DepositTokens { account, .. }
        | Recorded::Offer { account, .. }
        | Recorded::Withdrawal { account, .. }
        | Recorded::AppealFlag { account }
        | Recorded::Appeal { account, .. } => *account = name(*account),
        Recorded::SubmitJob { renter, .. } => *renter = name(*renter),
        Recorded::InviteCoStakers { supplier, .. } => *supplier = name(*supplier),
        Recorded::Stake { account, supplier, .. } | Recorded::Unstake { account, supplier, .. } => {
            (*account, *supplier) = (name(*account), name(*supplier));
        }
        Recorded::CompleteQuests { accounts, .. } => {
            accounts.iter_mut().for_each(|account| *account = name(*account));
        }
        _ => {}
    }
    command
}

fn balance(protocol: &Protocol, account: u32, asset: Asset) -> Amount {
    protocol.ledger().balance(protocol.purse(AccountId(account)), asset)
}

#[test]
fn a_network_whose_accounts_were_opened_in_another_order_ends_with_the_same_balances() {
    for_every_policy(3, |choice, seed| {
        let _case = Case(format!("seed {seed}: {}", choice.name()));
        let mut lcg = Lcg::new(1_000 + seed);
        let mut driver = Driver::new(choice);
        driver.live(&mut lcg, 90, &mut |_| {});
        let accounts = SUPPLIERS + RENTERS;
        let mut names: Vec<u32> = (0..accounts).collect();
        lcg.shuffle(&mut names);
        let mut story: Vec<Told> = driver
            .story
            .iter()
            .map(|told| Told { command: renamed(&told.command, &names), ..told.clone() })
            .collect();
        // The founding opens all accounts first, each in its role.
        for (account, told) in driver.story.iter().take(accounts as usize).enumerate() {
            story[names[account] as usize].command = told.command.clone();
        }
        let other = retell(choice, &story, false);
        // A split of tokens leaves at most one base unit to the order of accounts.
        let splits = |effect: &Effect| {
            matches!(effect, Effect::SeasonPaid(..) | Effect::EmissionReleased { .. } | Effect::QuestsPaid(_))
        };
        let payments = driver.all.iter().filter(|(_, effect)| splits(effect));
        let payments = payments.count() as Amount;
        for account in 0..accounts {
            let named = names[account as usize];
            for (asset, tie) in [(Asset::Usd, 0), (Asset::Points, 0), (Asset::Token, payments)] {
                let one = balance(&driver.protocol, account, asset);
                let two = balance(&other.protocol, named, asset);
                assert!((one - two).abs() <= tie, "account {account}, named {named}: {asset:?} {one}, {two}");
            }
        }
    });
}
