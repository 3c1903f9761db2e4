//! Reverse auctions by hand: who wins, at what price, and what is refused.

use super::*;
use crate::command::Rejection;
use crate::scheduling::CheapestSpec;

/// Three single cards at 0.5, 0.6 and 0.7 dollars; offers are taken for an hour.
fn town(pays: AuctionPays) -> (Town, Vec<DeviceId>) {
    let mut town = Town::with(CheapestSpec::default().build(), FirstFittingSpec::default().build());
    town.market.set_pricing(Pricing::ReverseAuction { window: Span::HOUR, pays });
    let devices = [500_000, 600_000, 700_000].map(|price| town.list(&claim(1, price)));
    (town, devices.to_vec())
}

fn offer(town: &mut Town, now: Time, job: JobId, device: DeviceId, price: u32) -> Result<(), Rejection> {
    let owner = town.registry.account[device.at()];
    town.run(|market, books| market.offer(now, owner, job, (device, price), books))
}

fn terms(town: &Town, job: JobId) -> Vec<(DeviceId, u32)> {
    let JobState::Running(lease) = state(town, job) else { panic!("{job:?} does not run") };
    town.market.leases[lease.at()].members.iter().map(|member| (member.device, member.price)).collect()
}

#[test]
fn the_cheapest_offers_win_and_are_paid_what_they_asked() {
    let (mut town, devices) = town(AuctionPays::OwnOffer);
    let job = town.submit(0, request(2));
    assert_eq!(state(&town, job), JobState::Waiting, "offers are still taken");
    offer(&mut town, at(0), job, devices[2], 450_000).expect("it suits");
    town.wait_until(at(1));
    assert_eq!(terms(&town, job), [(devices[2], 450_000), (devices[0], 500_000)]);
}

#[test]
fn all_winners_may_be_paid_the_lowest_offer_that_lost_or_the_limit() {
    let (mut town, devices) = town(AuctionPays::LowestLosing);
    let two = town.submit(0, request(2));
    town.wait_until(at(1));
    assert_eq!(terms(&town, two), [(devices[0], 700_000), (devices[1], 700_000)]);
    let last = town.submit(1, request(1));
    town.wait_until(at(2));
    assert_eq!(terms(&town, last), [(devices[2], 2_000_000)], "nobody lost: the renter's limit");
}

#[test]
fn an_offer_replaces_the_asking_price_upward_too_and_a_later_one_replaces_it() {
    let (mut town, devices) = town(AuctionPays::OwnOffer);
    let job = town.submit(0, request(1));
    offer(&mut town, at(0), job, devices[0], 650_000).expect("it suits");
    offer(&mut town, at(0), job, devices[1], 100_000).expect("it suits");
    offer(&mut town, at(0), job, devices[1], 640_000).expect("it suits");
    town.wait_until(at(1));
    assert_eq!(terms(&town, job), [(devices[1], 640_000)]);
}

#[test]
fn a_device_that_is_gone_when_offers_close_loses() {
    let (mut town, devices) = town(AuctionPays::OwnOffer);
    let job = town.submit(0, request(1));
    offer(&mut town, at(0), job, devices[2], 1).expect("it suits");
    town.lose(at(0), &devices[2..]);
    town.wait_until(at(1));
    assert_eq!(terms(&town, job), [(devices[0], 500_000)]);
}

#[test]
fn offers_stand_while_the_job_waits_for_more_of_them() {
    let (mut town, devices) = town(AuctionPays::OwnOffer);
    let job = town.submit(0, request(4));
    offer(&mut town, at(0), job, devices[2], 400_000).expect("it suits");
    town.wait_until(at(1));
    assert_eq!(state(&town, job), JobState::Waiting);
    let late = town.list(&claim(1, 900_000));
    town.run(|market, _| market.ask_for_pass(at(2)));
    town.wait_until(at(2));
    let won: Vec<u32> = terms(&town, job).iter().map(|(_, price)| *price).collect();
    assert_eq!(won, [400_000, 500_000, 600_000, 900_000]);
    assert!(runs(&town, job) && town.market.lease_of(late).is_some());
}

#[test]
fn senseless_offers_are_refused() {
    let (mut town, devices) = town(AuctionPays::OwnOffer);
    let job = town.submit(0, request(1));
    let stranger = town.renter(0);
    let foreign = town.run(|market, books| market.offer(at(0), stranger, job, (devices[0], 1), books));
    assert_eq!(foreign, Err(Rejection::Unknown));
    assert_eq!(offer(&mut town, at(0), JobId(9), devices[0], 1), Err(Rejection::Unknown));
    assert_eq!(offer(&mut town, at(0), job, devices[0], 2_000_001), Err(Rejection::BadSize));
    let small = town.list(&crate::command::Claim { tier: 0, ..claim(1, 1) });
    assert_eq!(offer(&mut town, at(0), job, small, 1), Err(Rejection::BadSize), "it does not suit");
    assert_eq!(offer(&mut town, at(1), job, devices[0], 1), Err(Rejection::WrongState), "closed");
    town.wait_until(at(1));
    assert_eq!(offer(&mut town, at(1), job, devices[0], 1), Err(Rejection::WrongState), "it runs");
}

#[test]
fn a_renter_that_leaves_or_loses_patience_closes_the_order() {
    let (mut town, devices) = town(AuctionPays::OwnOffer);
    let gone = town.submit(0, request(1));
    town.end(at(0), gone, true).expect("it waits");
    let hasty = town.submit(0, JobRequest { patience: Span::MINUTE, ..request(1) });
    town.wait_until(at(2));
    assert_eq!(state(&town, gone), JobState::Unserved(Unserved::Withdrawn));
    assert_eq!(state(&town, hasty), JobState::Unserved(Unserved::Expired));
    for device in devices {
        assert_free(&town, device);
    }
}
