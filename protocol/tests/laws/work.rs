//! Rewards are monotone in work, and a share of zero stays zero.

use crate::catalogue::{self, Law};
use crate::fleet::{EPOCHS, Fleet, any_row, for_every_pay, price};
use crate::lcg::Lcg;
use crate::sybil::confirm;
use depin_protocol::ids::DeviceId;
use depin_protocol::registry::flag;
use depin_protocol::reputation::{Reputation, ReputationSpec};
use depin_protocol::rewards::{Leftover, Offer};
use depin_protocol::units::{Span, Time};

/// Changes one thing about a device for the better; says what.
fn improve(lcg: &mut Lcg, fleet: &mut Fleet, at: usize) -> &'static str {
    let epoch = lcg.index(EPOCHS);
    let row = &mut fleet.rows[at];
    match lcg.below(4) {
        0 => {
            row.up[epoch] += lcg.below(Span::HOUR.0 - row.up[epoch] + 1);
            "more time up"
        }
        1 => {
            row.tier = (row.tier + 1).min(4);
            "a higher tier"
        }
        2 => {
            row.cards += 1 + lcg.below(3) as u16;
            "more cards"
        }
        _ => {
            row.hired[epoch] += lcg.below(row.up[epoch] - row.hired[epoch] + 1);
            "more time hired"
        }
    }
}

#[test]
fn more_work_never_lowers_a_devices_weight_or_its_accounts_pay() {
    for_every_pay(25, |name, lcg, rule, season| {
        let fleet = Fleet::any(lcg);
        let mut better = fleet.clone();
        let at = lcg.index(fleet.rows.len());
        let what = improve(lcg, &mut better, at);
        let before = fleet.season(rule.build, (season.build)());
        let after = better.season(rule.build, (season.build)());
        if what == "more time hired" && rule.breaks(Law::WorkByIdleTime) {
            return;
        }
        assert!(
            after.weights[at] >= before.weights[at],
            "{name}: {what} lowered a device from {} to {}",
            before.weights[at],
            after.weights[at]
        );
        // Where rent is what counts, more cards are hired for more; and where rents are compared, a device that a snapshot
        // leaves out still lowers its owner's others.
        let rents = (rule.build)().needs().earned;
        let hired = what == "more time hired" || rents && what == "more cards";
        let left_out = rents && !(season.build)().windows().is_empty();
        if hired && (rule.breaks(Law::MonotoneInHire) || left_out) || rule.breaks(Law::WorkBesideOthers) {
            return;
        }
        if what == "more cards" && rule.breaks(Law::MonotoneInCards) {
            return;
        }
        let left_out = fleet.rows[at].flags & flag::FLAGGED != 0;
        if catalogue::moves_between_devices(rule, season) || left_out && catalogue::shares_each_epoch(rule) {
            return;
        }
        let account = fleet.rows[at].account as usize;
        // When what caps cut off is split again, more weight may bring others back below their caps, and the last unit
        // of the second split may fall to another.
        let rounding = i128::from((season.build)().leftover == Leftover::Redistribute);
        assert!(
            after.tokens[account] + rounding >= before.tokens[account],
            "{name}: {what} lowered an account from {} to {}",
            before.tokens[account],
            after.tokens[account]
        );
    });
}

/// One account has the longest hire of the network and five devices hired for half of it, another owns what is never
/// hired but for one device; then the longest hire grows.
#[test]
fn more_hired_time_never_lowers_an_accounts_pay_unless_its_rule_says_so() {
    for rule in catalogue::rewards() {
        let linear = (catalogue::seasons()[0].build)();
        let mut broken = Vec::new();
        for seed in 0..20 {
            let mut lcg = Lcg::new(seed);
            let mut fleet = Fleet { accounts: 2, rows: Vec::new() };
            for device in 0..12 {
                let mut row = any_row(&mut lcg, u32::from(device >= 6));
                (row.tier, row.cards) = (2, 1);
                row.up = [Span::HOUR.0; EPOCHS];
                let hired = device < 6 || device == 11;
                row.hired = [if hired { Span::HOUR.0 / 4 } else { 0 }; EPOCHS];
                fleet.rows.push(row);
            }
            fleet.rows[0].hired = [Span::HOUR.0 / 2; EPOCHS];
            let mut better = fleet.clone();
            better.rows[0].hired = [Span::HOUR.0 / 2 + 1 + lcg.below(Span::HOUR.0 / 2); EPOCHS];
            // The account's other devices must outweigh the one that was hired longer.
            better.rows[0].model = 0;
            fleet.rows[0].model = 0;
            let before = fleet.season(rule.build, linear.clone()).tokens[0];
            let after = better.season(rule.build, linear.clone()).tokens[0];
            // Shares of an epoch, and of a stake, are rounded down, those of a device that gains once more than before.
            let shared = catalogue::shares_each_epoch(&rule) || (rule.build)().needs().stake;
            let rounding = if shared { EPOCHS as i128 } else { 0 };
            if after + rounding < before {
                broken.push(format!("seed {seed}: {before} fell to {after}"));
            }
        }
        confirm(rule.label, rule.breaks(Law::MonotoneInHire), Law::MonotoneInHire, &broken, 20);
    }
}

/// One account owns a device of a high tier and one of the lowest; then the first is up for longer, or has a higher tier. It
/// is so well paid that a limit per device holds it, or, absent when a snapshot is taken, it is paid nothing.
#[test]
fn no_device_that_does_more_takes_more_from_its_owners_others_unless_its_rule_says_so() {
    let [linear, snapshot] = [0, 1].map(|season| (catalogue::seasons()[season].build)());
    for rule in catalogue::rewards() {
        let mut broken = Vec::new();
        for seed in 0..20 {
            let mut lcg = Lcg::new(seed);
            let more = 1 + lcg.below(Span::HOUR.0 / 4);
            let falls = [(&linear, 1), (&snapshot, 8)].map(|(season, cards)| {
                let mut fleet = Fleet { accounts: 2, rows: Vec::new() };
                for device in 0..18 {
                    let mut row = any_row(&mut lcg, u32::from(device >= 2));
                    (row.tier, row.cards, row.model) = (1, if device < 2 { cards } else { 1 }, 0);
                    (row.up, row.hired) = ([Span::HOUR.0 * 3 / 4; EPOCHS], [0; EPOCHS]);
                    fleet.rows.push(row);
                }
                fleet.rows[0].tier = 4;
                season.windows().iter().for_each(|(from, to)| {
                    let hour = |time: &Time| (time.0 / Span::HOUR.0) as usize;
                    fleet.rows[0].up[hour(from)..hour(to)].fill(0);
                });
                let before = fleet.season(rule.build, season.clone()).tokens[0];
                fleet.rows[0].up.iter_mut().filter(|up| **up > 0).for_each(|up| *up += more);
                fleet.season(rule.build, season.clone()).tokens[0] - before
            });
            let mut always_up = Fleet { accounts: 2, rows: Vec::new() };
            for device in 0..18 {
                let mut row = any_row(&mut lcg, u32::from(device >= 2));
                (row.tier, row.cards, row.model) = (1, 1, 0);
                (row.up, row.hired) = ([Span::HOUR.0; EPOCHS], [0; EPOCHS]);
                always_up.rows.push(row);
            }
            always_up.rows[0].tier = 3;
            let before = always_up.season(rule.build, linear.clone()).tokens[0];
            always_up.rows[0].tier = 4;
            let higher = always_up.season(rule.build, linear.clone()).tokens[0] - before;
            if falls.iter().chain([&higher]).any(|change| *change < 0) {
                broken.push(format!("seed {seed}: {falls:?}, {higher}"));
            }
        }
        confirm(rule.label, rule.breaks(Law::WorkBesideOthers), Law::WorkBesideOthers, &broken, 20);
    }
}

/// One of an account's three devices is hired all the time and gets more cards; the other two, and those of others, idle.
#[test]
fn more_cards_never_lower_an_accounts_pay_unless_its_rule_says_so() {
    // A rule under which one device takes from its owner's others has said that already.
    for rule in catalogue::rewards().into_iter().filter(|rule| !rule.breaks(Law::WorkBesideOthers)) {
        let linear = (catalogue::seasons()[0].build)();
        let mut broken = Vec::new();
        for seed in 0..20 {
            let mut lcg = Lcg::new(seed);
            let mut fleet = Fleet { accounts: 4, rows: Vec::new() };
            for device in 0..6 {
                let mut row = any_row(&mut lcg, if device < 3 { 0 } else { device - 2 });
                (row.tier, row.model, row.cards) = (2, 0, if device < 3 { 8 } else { 1 });
                (row.up, row.hired) = ([Span::HOUR.0; EPOCHS], [0; EPOCHS]);
                fleet.rows.push(row);
            }
            fleet.rows[0].hired = [Span::HOUR.0; EPOCHS];
            let mut better = fleet.clone();
            better.rows[0].cards += 40 + lcg.below(40) as u16;
            let before = fleet.season(rule.build, linear.clone()).tokens[0];
            let after = better.season(rule.build, linear.clone()).tokens[0];
            // Weights are rounded to micro-points, which may cost a device a millionth.
            if after < before - before / 1_000_000 {
                broken.push(format!("seed {seed}: {before} fell to {after}"));
            }
        }
        confirm(rule.label, rule.breaks(Law::MonotoneInCards), Law::MonotoneInCards, &broken, 20);
    }
}

/// A device that was up all the time and never hired, and the same one hired half of the time.
#[test]
fn longer_hire_never_lowers_a_device_unless_its_rule_says_so() {
    for rule in catalogue::rewards() {
        let linear = (catalogue::seasons()[0].build)();
        let mut broken = Vec::new();
        for seed in 0..20 {
            let mut fleet = Fleet::any(&mut Lcg::new(seed));
            fleet.rows[0] = any_row(&mut Lcg::new(seed), 0);
            (fleet.rows[0].tier, fleet.rows[0].up, fleet.rows[0].hired) =
                (2, [Span::HOUR.0; EPOCHS], [0; EPOCHS]);
            let mut better = fleet.clone();
            better.rows[0].hired = [Span::HOUR.0 / 2; EPOCHS];
            let idle = fleet.season(rule.build, linear.clone()).weights[0];
            let hired = better.season(rule.build, linear.clone()).weights[0];
            if hired < idle {
                broken.push(format!("seed {seed}: {idle} fell to {hired}"));
            }
        }
        confirm(rule.label, rule.breaks(Law::WorkByIdleTime), Law::WorkByIdleTime, &broken, 20);
    }
}

/// Two devices of one history, one of which did better once: more time up, or a good word instead of a bad one.
#[test]
fn better_conduct_never_lowers_a_reputation() {
    for seed in 0..200 {
        let mut lcg = Lcg::new(seed);
        let mut both = Reputation::new(ReputationSpec::default());
        both.grow(2);
        let (one, other) = (DeviceId(0), DeviceId(1));
        let length = 1 + lcg.below(40);
        let better_at = lcg.below(length);
        for step in 0..length {
            let better = step == better_at;
            let up = lcg.below(Span::HOUR.0 + 1);
            let good = lcg.once_in(2);
            match lcg.below(3) {
                0 => {
                    let more = if better { up + lcg.below(Span::HOUR.0 - up + 1) } else { up };
                    both.fold_epoch(&[up, more], Span::HOUR);
                }
                1 => {
                    both.verdict(one, good && !better);
                    both.verdict(other, good || better);
                }
                _ => {
                    both.outcome(one, good && !better);
                    both.outcome(other, good || better);
                }
            }
            let scores = both.scores();
            assert!(scores[1] >= scores[0], "seed {seed}, step {step} of {better_at}: {scores:?}");
        }
    }
}

#[test]
fn who_did_nothing_or_may_not_earn_gets_no_point_and_no_token_and_changes_nothing_for_others() {
    for_every_pay(12, |name, lcg, rule, season| {
        let mut fleet = Fleet::any(lcg);
        let without = fleet.season(rule.build, (season.build)());
        let idle = fleet.accounts;
        let barred = [flag::QUARANTINED, flag::BANNED, flag::WITHDRAWN];
        fleet.accounts += 1 + barred.len() as u32;
        let mut nothing = any_row(lcg, idle);
        (nothing.up, nothing.hired) = ([0; EPOCHS], [0; EPOCHS]);
        fleet.rows.push(nothing);
        for (i, flags) in barred.into_iter().enumerate() {
            let mut row = any_row(lcg, idle + 1 + i as u32);
            row.flags = flags;
            fleet.rows.push(row);
        }
        let with = fleet.season(rule.build, (season.build)());
        let devices = without.weights.len();
        assert!(with.weights[devices..].iter().all(|weight| *weight == 0), "{name}: {:?}", with.weights);
        let accounts = idle as usize;
        let nobody = |row: &[i128]| row[accounts..].iter().all(|units| *units == 0);
        assert!(nobody(&with.points) && nobody(&with.tokens), "{name}: {:?} {:?}", with.points, with.tokens);
        assert_eq!(with.tokens[..accounts], without.tokens[..], "{name}: others are paid otherwise");
    });
}

#[test]
fn a_season_in_which_nobody_works_pays_nobody_and_keeps_or_burns_its_pool() {
    for_every_pay(2, |name, lcg, rule, season| {
        let mut fleet = Fleet::any(lcg);
        for row in &mut fleet.rows {
            (row.up, row.hired) = ([0; EPOCHS], [0; EPOCHS]);
        }
        let result = fleet.season(rule.build, (season.build)());
        assert!(result.tokens.iter().all(|tokens| *tokens == 0), "{name}: {:?}", result.tokens);
        // What the rule does not take of the pool stays, whatever becomes of what it takes and cannot pay.
        let draw = (rule.build)().draw(&Offer { tokens: catalogue::POOL, points: 0, price: price() });
        let burned = (season.build)().leftover == Leftover::Burn;
        let burned = if burned { draw.pay + draw.burn } else { draw.burn };
        assert_eq!(result.paid.burned, burned, "{name}");
        assert_eq!(result.paid.retained, catalogue::POOL - burned, "{name}");
    });
}
