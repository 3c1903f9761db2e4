//! One site first: known choices, losses that nobody reported, and what a look-up costs.

use super::*;
use crate::command::Claim;
use crate::scheduling::OneSiteFirstSpec;

/// Devices of one card by subnet and price, in the order of their ids.
fn yard(devices: &[(u32, u32)]) -> Yard {
    let mut yard = Yard::new(OneSiteFirstSpec::default().build());
    for (subnet, price) in devices {
        yard.list(&Claim { subnet: *subnet, ..claim(1, *price) }, 0);
    }
    yard
}

/// Ids chosen for a request, in order.
fn served(yard: &mut Yard, ask: &JobRequest) -> Vec<u32> {
    let picks = yard.find(ask).expect("enough devices");
    picks.iter().map(|pick| pick.device.0).collect()
}

/// Ids chosen for a gang of so many cards.
fn chosen(yard: &mut Yard, cards: u32) -> Vec<u32> {
    served(yard, &request(cards))
}

/// Subnet 1 has two cards at 3, subnet 2 three at 2, subnets 3 and 4 one each at 1; subnet 9 asks more than anyone pays.
const TOWN: [(u32, u32); 12] = [
    (1, 3),
    (1, 3),
    (2, 2),
    (2, 2),
    (2, 2),
    (3, 1),
    (4, 1),
    (9, 9_000_000),
    (9, 9_000_000),
    (9, 9_000_000),
    (9, 9_000_000),
    (9, 9_000_000),
];

#[test]
fn a_single_card_is_the_cheapest() {
    assert_eq!(chosen(&mut yard(&TOWN), 1), [5]);
}

#[test]
fn the_smallest_site_that_can_serve_alone_does_though_it_is_dearer() {
    assert_eq!(chosen(&mut yard(&TOWN), 2), [0, 1], "not 5 and 6, which are cheapest and apart");
    assert_eq!(chosen(&mut yard(&TOWN), 3), [2, 3, 4]);
}

#[test]
fn without_such_a_site_the_largest_gives_all_and_the_rest_is_sought_in_the_same_way() {
    // Four: all of subnet 2, and the one missing from the smallest that has one, subnet 3. The cheapest stand on three.
    assert_eq!(chosen(&mut yard(&TOWN), 4), [2, 3, 4, 5]);
    assert_eq!(chosen(&mut yard(&TOWN), 5), [2, 3, 4, 0, 1]);
    assert_eq!(chosen(&mut yard(&TOWN), 6), [2, 3, 4, 0, 1, 5]);
    // Seven need all four sites either way: the order of price stands.
    assert_eq!(chosen(&mut yard(&TOWN), 7), [5, 6, 2, 3, 4, 0, 1]);
    assert_eq!(yard(&TOWN).find(&request(8)), Err(7));
}

#[test]
fn the_cheapest_serve_when_they_stand_together_and_one_device_is_together() {
    let mut together = yard(&[(1, 5), (1, 5), (2, 4), (2, 4), (2, 4)]);
    assert_eq!(chosen(&mut together, 2), [2, 3], "though subnet 1 is smaller");
    let mut large = yard(&[(1, 5), (1, 5)]);
    large.list(&Claim { subnet: 7, ..claim(8, 1) }, 0);
    assert_eq!(chosen(&mut large, 2), [2]);
}

#[test]
fn within_a_site_the_cheapest_serve() {
    let mut yard = yard(&[(1, 5), (1, 4), (1, 6), (1, 3), (2, 1), (3, 1)]);
    assert_eq!(chosen(&mut yard, 2), [3, 1]);
}

#[test]
fn equal_sites_fall_to_the_lower_subnet() {
    let devices = [(8, 5), (8, 5), (7, 5), (7, 5), (3, 1), (4, 1)];
    assert_eq!(chosen(&mut yard(&devices), 2), [2, 3]);
    // None can serve three: 7, the lower of the largest, and then 3, the lower of the smallest that can.
    assert_eq!(chosen(&mut yard(&devices), 3), [2, 3, 4]);
}

#[test]
fn a_site_counts_only_what_suits_the_request() {
    let mut yard = yard(&[]);
    let of = |subnet, model, tier, price| {
        let claim = claim(1, price);
        Claim { subnet, model: ModelId(model), tier, ..claim }
    };
    for claim in [
        of(5, 0, 2, 1),
        of(6, 0, 3, 1),
        of(1, 0, 2, 3),
        of(1, 0, 2, 3),
        of(2, 2, 1, 3),
        of(2, 2, 1, 3),
        of(3, 2, 3, 2),
        of(3, 2, 3, 3),
    ] {
        yard.list(&claim, 0);
    }
    // The two cheapest stand apart each time.
    assert_eq!(chosen(&mut yard, 2), [2, 3]);
    assert_eq!(served(&mut yard, &JobRequest { min_memory_mb: 30_000, ..request(2) }), [4, 5]);
    assert_eq!(served(&mut yard, &JobRequest { model: Some(ModelId(2)), ..request(2) }), [4, 5]);
    assert_eq!(served(&mut yard, &JobRequest { min_tier: 3, ..request(2) }), [6, 7]);
    assert_eq!(served(&mut yard, &JobRequest { min_tier: 2, ..request(3) }), [2, 3, 0]);
}

#[test]
fn a_site_follows_those_who_come_and_go() {
    let mut yard = yard(&[(1, 2), (1, 2), (2, 2), (2, 2), (2, 2), (3, 1), (4, 1)]);
    assert_eq!(chosen(&mut yard, 2), [0, 1]);
    yard.registry.flags[0] &= !flag::ONLINE;
    yard.index.retract(&yard.registry, DeviceId(0));
    assert_eq!(chosen(&mut yard, 2), [2, 3]);
    yard.registry.flags[0] |= flag::ONLINE;
    yard.offer(DeviceId(0));
    assert_eq!(chosen(&mut yard, 2), [0, 1]);
    yard.check_books();
}

#[test]
fn a_loss_that_was_never_reported_is_passed_over() {
    let mut yard = yard(&[(1, 2), (1, 2), (2, 3), (2, 3), (3, 1), (4, 1)]);
    assert_eq!(chosen(&mut yard, 2), [0, 1]);
    yard.registry.flags[0] &= !flag::ONLINE;
    assert_eq!(chosen(&mut yard, 2), [2, 3]);
}

#[test]
fn sites_in_vain_are_tried_sixty_four_times_and_then_the_cheapest_serve() {
    // 1.1 and 1.2 million lie on one price step, from 2^20 = 1,048,576 to 1,310,719.
    let ask = JobRequest { price_limit: 1_100_000, ..request(2) };
    let with = |vain: u32| {
        let too_dear = (0..vain).flat_map(|subnet| [(subnet, 1_200_000); 2]);
        let rest = [(1_000, 1_100_000), (1_000, 1_100_000), (2_000, 1), (2_001, 1)];
        yard(&too_dear.chain(rest).collect::<Vec<_>>())
    };
    for (vain, gathers) in [(0, true), (63, true), (64, false), (500, false)] {
        let mut yard = with(vain);
        yard.find(&ask).expect("enough devices");
        let before = yard.index.visits();
        let picks = yard.find(&ask).expect("enough devices");
        let subnets = picks.iter().map(|pick| yard.registry.subnet[pick.device.at()]);
        let expected = if gathers { [1_000, 1_000] } else { [2_000, 2_001] };
        assert_eq!(subnets.collect::<Vec<_>>(), expected, "{vain}");
        assert!(yard.index.visits() - before <= 64 + 6, "{vain}");
    }
}

#[test]
fn a_look_up_costs_the_same_among_a_hundred_sites_and_among_ten_thousand() {
    let visits = |sites: u32| {
        // Four cards to a site, and the cheapest of all apart.
        let devices = (0..sites).flat_map(|site| (0..4).map(move |place| (site, 1_000 + 10 * place)));
        let mut yard = yard(&devices.collect::<Vec<_>>());
        let cost = |yard: &mut Yard| {
            let before = yard.index.visits();
            assert_eq!(chosen(yard, 3), [0, 1, 2]);
            yard.index.visits() - before
        };
        let (first, second) = (cost(&mut yard), cost(&mut yard));
        assert_eq!(first, second + 4 * u64::from(sites), "an ask that is new looks at all devices once");
        second
    };
    // Three by price, and on the site that is chosen one for its only kind and three devices.
    assert_eq!([100, 1_000, 10_000].map(visits), [7; 3]);
}

#[test]
fn the_order_of_an_ask_that_was_forgotten_is_made_again() {
    let mut yard = yard(&TOWN);
    // One limit on each price step from 4 to 8.3 million, 84 in all: more than are kept.
    let limits = (0..21).flat_map(|power| [4, 5, 6, 7].map(|quarter: u32| quarter << power));
    let limits: Vec<u32> = limits.collect();
    let round = |yard: &mut Yard| {
        let before = yard.index.visits();
        for limit in &limits {
            let ask = JobRequest { price_limit: *limit, ..request(2) };
            assert_eq!(served(yard, &ask), [0, 1], "{limit}");
        }
        yard.index.visits() - before
    };
    let first = round(&mut yard);
    assert_eq!(round(&mut yard), first, "each is forgotten before it comes again");
    assert_eq!(first, 84 * (12 + 2 + 1 + 2), "all devices, two by price, a kind and two devices on the site");
}
