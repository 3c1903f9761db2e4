//! Two thousand random commands per policy, with every invariant checked after each.

use super::*;
use crate::lcg::Lcg;
use crate::scheduling::{Queueing, WhenBlocked, suits};
use crate::testbed::{any_claim, any_request, disciplines, placements};
use crate::units::USD;

/// One random command; terms are whole multiples of `grid`.
fn disturb(town: &mut Town, lcg: &mut Lcg, now: Time, grid: u64) {
    let devices = town.registry.len() as u64;
    let some = |lcg: &mut Lcg| {
        let count = 1 + lcg.below(3);
        let ids = (0..count).map(|_| DeviceId(lcg.below(devices) as u32));
        ids.collect::<Vec<_>>()
    };
    match lcg.below(10) {
        0 => {
            town.list(&any_claim(lcg));
            town.run(|market, _| market.ask_for_pass(now));
            town.advance(now);
        }
        1 | 2 => {
            let lost = some(lcg);
            town.lose(now, &lost);
        }
        3 | 4 => {
            let back = some(lcg);
            town.restore(now, &back);
        }
        5 => {
            let jobs = 1 + lcg.below(6);
            let newest = town.market.jobs.len() as u64;
            let job = JobId(newest.saturating_sub(jobs) as u32);
            // Refused when the job is over or there is none; the checks that follow see to it.
            let _ = town.end(now, job, lcg.below(2) == 0);
        }
        6 => {
            let device = some(lcg)[0];
            town.reputation.verdict(device, lcg.below(2) == 0);
            town.run(|market, books| market.scores_changed(books));
        }
        _ => {
            let mut ask = any_request(lcg);
            ask.term = Span(ask.term.0.div_ceil(grid) * grid);
            town.submit_at(now, ask).expect("a sound request of a rich renter");
        }
    }
}

fn check_leases(town: &Town) {
    let mut escrow = 0;
    let mut bound = vec![None; town.registry.len()];
    let running = town.market.jobs.iter().filter_map(|job| match job.state {
        JobState::Running(lease) => Some((job, lease)),
        _ => None,
    });
    for (job, id) in running {
        let lease = &town.market.leases[id.at()];
        escrow += lease.escrow;
        let cards: u32 = lease.members.iter().map(|member| member.cards).sum();
        assert_eq!(cards, job.request.cards, "a whole gang");
        for member in &lease.members {
            assert!(suits(&town.registry, &job.request, member.device));
            assert!(town.registry.has(member.device, flag::ONLINE), "offline but leased");
            assert_eq!(bound[member.device.at()].replace(id), None, "leased twice");
        }
    }
    assert_eq!(town.escrow(), escrow);
    assert_eq!(town.ledger.recount(), [0; 3]);
    let mut held = vec![false; town.registry.len()];
    for device in town.market.held.devices() {
        assert!(!std::mem::replace(&mut held[device.at()], true), "held twice");
        assert!(town.registry.has(device, flag::ONLINE), "offline but held");
    }
    for (i, lease) in bound.iter().enumerate() {
        let device = DeviceId(i as u32);
        assert_eq!(town.market.lease_of(device), *lease);
        assert!(!(held[i] && lease.is_some()), "leased and held");
        assert_eq!(town.registry.has(device, flag::LEASED), lease.is_some() || held[i]);
    }
}

/// Cards that suit a waiting job, by looking at every device.
fn supply(town: &Town, job: JobId) -> u64 {
    let request = &town.market.jobs[job.at()].request;
    (0..town.registry.len() as u32)
        .map(DeviceId)
        .filter(|device| town.registry.deployable(*device))
        .filter(|device| suits(&town.registry, request, *device))
        .filter(|device| !town.market.shunned.shuns(RENTER, *device))
        .map(|device| u64::from(town.registry.cards[device.at()]))
        .sum()
}

/// Cards that suit a waiting job in leases that it may stop, by looking at every lease.
fn stoppable(town: &Town, queueing: &dyn Queueing, job: JobId, now: Time) -> u64 {
    let Some(terms) = queueing.preemption() else {
        return 0;
    };
    let attained = |job: &Job| {
        let mut attained = job.attained;
        if let JobState::Running(lease) = job.state {
            attained += Attained::of(job.request.cards, now - town.market.leases[lease.at()].started);
        }
        attained
    };
    let level = |job: &Job| queueing.level(&job.request, attained(job));
    let waiting = &town.market.jobs[job.at()];
    let mut cards = 0;
    for running in &town.market.jobs {
        let JobState::Running(lease) = running.state else {
            continue;
        };
        let lease = &town.market.leases[lease.at()];
        if level(running) <= level(waiting) || now < lease.started + terms.min_run {
            continue;
        }
        let suited = lease.members.iter().filter(|member| {
            suits(&town.registry, &waiting.request, member.device)
                && !town.market.shunned.shuns(RENTER, member.device)
        });
        cards += suited.map(|member| u64::from(town.registry.cards[member.device.at()])).sum::<u64>();
    }
    cards
}

fn check_counts(town: &Town, now: Time) {
    let view = town.market.tally(now);
    let counts = view.counts;
    let ended = counts.completed + counts.ended_early + counts.not_delivered + counts.device_lost;
    let unserved = counts.expired + counts.withdrawn + counts.no_match + counts.abandoned;
    assert_eq!(counts.started, ended + counts.interrupted + counts.preempted + view.running);
    assert_eq!(view.submitted, ended + view.running + unserved + view.waiting);
    assert!(town.market.next_deadline() > now);
}

#[test]
fn two_thousand_random_commands_break_no_invariant_and_leave_no_job_waiting_in_vain() {
    every_policy(SameInstant::CompletionsFirst, 1);
}

/// On a clock of five minutes many commands fall on the end of a lease.
#[test]
fn nor_do_they_when_arrivals_come_first_on_a_coarse_clock() {
    every_policy(SameInstant::ArrivalsFirst, Span::MINUTE.0 * 5);
}

fn every_policy(first: SameInstant, grid: u64) {
    for discipline in 0..disciplines().len() {
        for (seed, placement) in placements().into_iter().enumerate() {
            let mut lcg = Lcg(100 + seed as u64);
            let queueing = disciplines().swap_remove(discipline);
            let name = queueing.name();
            let pass_over = queueing.when_blocked() == WhenBlocked::Skip;
            let preempts = queueing.preemption().is_some();
            let reserves =
                matches!(queueing.when_blocked(), WhenBlocked::ReserveFirst(_) | WhenBlocked::ReserveAll(_));
            let mut town = Town::with(placement, queueing);
            let on_loss =
                [OnLoss::Fail, OnLoss::Restart, OnLoss::Wait, OnLoss::Move][(discipline + seed) % 4];
            town.market.set_churn(ChurnSpec {
                on_loss,
                checkpoint: Some(Span::MINUTE.times(7)),
                checkpoint_cost: Span::MINUTE,
                resume_cost: Span::MINUTE.times(2),
                hold: Span::HOUR.times(2),
                losses: 1,
                shun: if reserves { Span::ZERO } else { Span::HOUR },
            });
            town.market.order_instants(first);
            let mut ties = 0;
            for _ in 0..30 {
                town.list(&any_claim(&mut lcg));
            }
            let mut now = Time(0);
            let mut hired = 0_u128;
            for _ in 0..2_000 {
                now += Span(lcg.below(Span::HOUR.0 / 6) / grid * grid);
                while town.market.next_deadline() < now {
                    let due = town.market.next_deadline();
                    town.advance(due);
                }
                ties += u32::from(town.market.next_deadline() == now);
                disturb(&mut town, &mut lcg, now, grid);
                town.advance(now);
                check_leases(&town);
                check_counts(&town, now);
                let order: Vec<JobId> = town.market.queue.in_order().collect();
                let tried = if pass_over { order.len() } else { 1 };
                for job in order.iter().take(tried) {
                    let asked = u64::from(town.market.jobs[job.at()].request.cards);
                    let stoppable = stoppable(&town, disciplines()[discipline].as_ref(), *job, now);
                    assert!(supply(&town, *job) + stoppable < asked, "{name}: {job:?} could start");
                }
                if lcg.below(50) == 0 {
                    let mut column = vec![0; town.registry.len()];
                    town.market.fold_epoch(now, &mut column);
                    hired += column.iter().map(|ns| u128::from(*ns)).sum::<u128>();
                }
            }
            let mut seen = std::collections::BTreeSet::new();
            let started = town.effects.iter().filter_map(|effect| match effect {
                Effect::JobStarted(job, _) => Some(*job).filter(|job| seen.insert(*job)),
                _ => None,
            });
            assert!(ties > 20 || grid == 1, "{ties} commands at the end of a lease");
            assert_eq!(started.is_sorted(), name == "fcfs", "{name}: FCFS alone keeps the order");
            let counts = town.market.tally(now).counts;
            assert!(hired > 0);
            assert!(counts.started > 100, "{counts:?}");
            let each = [
                counts.completed,
                counts.ended_early,
                counts.not_delivered,
                counts.device_lost + counts.interrupted,
                counts.expired,
                counts.withdrawn,
                counts.no_match,
            ];
            assert!(each.iter().all(|count| *count > 0), "{counts:?}");
            assert_eq!(counts.interrupted > 0, on_loss != OnLoss::Fail, "{counts:?}");
            assert_eq!(counts.preempted > 0, preempts, "{name}: {counts:?}");
            assert!(town.usd(RENTER) < 1_000_000 * USD && town.fees() > 0);
        }
    }
}
