//! Fragmentation gradient descent: the host where the job does the least harm to what usually arrives.
//!
//! *Rule*: for each host, work out how much its fragmentation would grow, on the best card when a card is
//! shared; take the host where it grows least, or shrinks most.
//!
//! *Formula*: score = floor(100 / (1 + e^(−d))), d = (F before − F after) / 1,000 in cards, F the fragmentation
//! of [`super::Fragments`]. A shared card is the first with the highest score.
//!
//! *Source*: Weng et al., *Beware of Fragmentation*, USENIX ATC 2023; `fgd_score.go` of their simulator. F is
//! summed in integers here, in floating point there. The exponential is libm's, the same on every platform.
//!
//! *Known weakness*: the score's integer steps are coarse, and most hosts tie; blind to memory.

use super::{Ask, Fragments, Rating, Room, WHOLE};
use libm::exp;

/// See the file's header.
#[derive(Debug)]
pub(super) struct Fgd {
    fragments: Fragments,
    /// One card times the sum of weights, the unit of d.
    unit: f64,
}

impl Fgd {
    pub(super) fn new(typical: &[(Ask, u64)]) -> Self {
        let fragments = Fragments::new(typical);
        let unit = (fragments.total().max(1) * u64::from(WHOLE)) as f64;
        Self { fragments, unit }
    }

    /// The score for the fragmentation before and after.
    fn gain(&self, before: u64, after: u64) -> i32 {
        let fall = (before as i64 - after as i64) as f64 / self.unit;
        (100.0 / (1.0 + exp(-fall))) as i32
    }

    /// The score when the ask shares the card at this place.
    fn sharing(&self, room: &Room, burden: u64, ask: &Ask, at: usize) -> i32 {
        let share = |(i, left): (usize, &u16)| if i == at { *left - ask.card_milli } else { *left };
        let cards = room.cards.iter().enumerate().map(share);
        self.gain(burden, self.fragments.left(room.model, room.cpu_milli - ask.cpu_milli, cards))
    }
}

impl Rating for Fgd {
    fn score(&self, room: &Room, burden: u64, ask: &Ask) -> i32 {
        if ask.shares_a_card() {
            // In rising order, equal cards are neighbours and one of them speaks for all.
            let suits = |at: &usize| room.cards[*at] >= ask.card_milli;
            let fresh = |at: &usize| *at == 0 || room.cards[*at] != room.cards[*at - 1];
            let places = (0..room.cards.len()).filter(suits).filter(fresh);
            return places.map(|at| self.sharing(room, burden, ask, at)).max().unwrap_or(0);
        }
        let mut missing = ask.cards;
        let take = move |left: &u16| {
            if missing == 0 || *left < ask.card_milli {
                return *left;
            }
            missing -= 1;
            *left - ask.card_milli
        };
        let cards = room.cards.iter().map(take);
        self.gain(burden, self.fragments.left(room.model, room.cpu_milli - ask.cpu_milli, cards))
    }

    fn burden(&self, room: &Room) -> u64 {
        self.fragments.of(room)
    }

    fn shared_card(&self, room: &Room, ask: &Ask, _draw: u64) -> Option<usize> {
        let burden = self.burden(room);
        let places = (0..room.cards.len()).filter(|at| room.cards[*at] >= ask.card_milli);
        places.rev().max_by_key(|at| self.sharing(room, burden, ask, *at))
    }
}
