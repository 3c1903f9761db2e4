//! The independent auditor: re-derives supply and balances from effects alone, to be compared with the protocol's own
//! (supply every epoch, balances at the end of the run).

use depin_protocol::effect::Effect;
use depin_protocol::ledger::Entry;

/// What the auditor knows from effects, without asking the protocol.
#[derive(Default, Debug)]
pub struct Auditor {
    group: Vec<u16>,
    cards: Vec<u16>,
    online: Vec<bool>,
    /// Cards online now, by group.
    pub connected: Vec<u64>,
    /// Devices ever listed, by group.
    pub listed: Vec<u64>,
    /// Balances by purse.
    balances: Vec<[i128; 3]>,
    /// Postings seen.
    pub postings: u64,
}

impl Auditor {
    /// An auditor of so many groups.
    #[must_use]
    pub fn new(groups: usize) -> Auditor {
        Auditor { connected: vec![0; groups], listed: vec![0; groups], ..Auditor::default() }
    }

    /// Devices were listed by a group's member.
    pub fn listed(&mut self, first: u32, count: u32, cards: u16, group: u16) {
        let end = first as usize + count as usize;
        self.group.resize(end, group);
        self.cards.resize(end, cards);
        self.online.resize(end, false);
        self.listed[group as usize] += u64::from(count);
    }

    /// Follows one effect.
    pub fn see(&mut self, effect: &Effect) {
        match *effect {
            Effect::WentOnline { first, count } => self.turn(first.0, count, true),
            Effect::WentOffline { first, count } => self.turn(first.0, count, false),
            Effect::Posted(entry) => self.post(&entry),
            _ => {}
        }
    }

    fn turn(&mut self, first: u32, count: u32, online: bool) {
        for device in first as usize..first as usize + count as usize {
            assert_ne!(self.online[device], online, "device {device} went online or offline twice");
            self.online[device] = online;
            let connected = &mut self.connected[self.group[device] as usize];
            let cards = u64::from(self.cards[device]);
            *connected = if online { *connected + cards } else { *connected - cards };
        }
    }

    fn post(&mut self, entry: &Entry) {
        let most = entry.from.0.max(entry.to.0) as usize;
        if self.balances.len() <= most {
            self.balances.resize(most + 1, [0; 3]);
        }
        self.balances[entry.from.0 as usize][entry.asset as usize] -= entry.amount;
        self.balances[entry.to.0 as usize][entry.asset as usize] += entry.amount;
        self.postings += 1;
    }

    /// Cards online by effects alone.
    #[must_use]
    pub fn connected_cards(&self) -> u64 {
        self.connected.iter().sum()
    }

    /// Group of a device.
    #[must_use]
    pub fn group_of(&self, device: usize) -> u16 {
        self.group[device]
    }

    /// Groups by device.
    #[must_use]
    pub fn groups(&self) -> &[u16] {
        &self.group
    }

    /// Compares with the ledger's own balances; panics with the first purse that differs.
    pub fn compare(&self, balances: &[[i128; 3]]) {
        for (purse, own) in balances.iter().enumerate() {
            let derived = self.balances.get(purse).copied().unwrap_or([0; 3]);
            assert_eq!(derived, *own, "purse {purse}: the postings do not add up to the balance");
        }
    }
}
