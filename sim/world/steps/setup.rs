//! From a machine in hand to a device on the network: one pair of hands, then the network's own queue.

use super::super::event::{Event, phase};
use super::super::machines::{Machine, NONE, State};
use super::super::people::Holding;
use super::super::{Observer, World};
use super::purpose;
use crate::engine::{EntityKey, Span, Time};
use depin_protocol::command::{Command, Role};
use depin_protocol::effect::Effect;
use depin_protocol::ids::AccountId;

/// What a holding's machines are.
pub(super) struct Make {
    pub hardware: usize,
    pub site: usize,
    pub cards: u16,
    pub price: i128,
    pub paid_until: Time,
    pub means: u8,
    pub count: u32,
}

impl<O: Observer> World<O> {
    /// Puts `count` machines into a person's hands; they will be brought up one after another.
    pub(super) fn take_on(&mut self, person: u32, make: &Make) -> u32 {
        let first = u32::try_from(self.machines.all.len()).expect("machines are counted in u32");
        let holding = u32::try_from(self.people.holdings.len()).expect("holdings are counted in u32");
        let owner_key = self.people.all[person as usize].key;
        for i in 0..make.count {
            let ordinal = u64::from(self.people.all[person as usize].machines_ever + i);
            let key = EntityKey::of("machine", "", owner_key.0 ^ ordinal.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            // Cards of one model differ by a few percent from one another (assumed: log-sd 3 %).
            let z = crate::engine::draw::normal_quantile(self.stream(purpose::SPEED, key).uniform(0));
            self.machines.all.push(Machine {
                key,
                owner: person,
                holding,
                device: NONE,
                listed: 0,
                next_repair: NONE,
                generation: 0,
                live: 0,
                spells: 0,
                repairs: 0,
                gone_at: Time::NEVER,
                speed: libm::exp(0.03 * z) as f32,
                hardware: make.hardware as u16,
                cards: make.cards,
                site: make.site as u16,
                state: State::SettingUp,
                own_use: false,
                beating: false,
                logged_out: false,
                queued: false,
            });
        }
        let now = self.now();
        let p = &mut self.people.all[person as usize];
        p.accrue(now);
        self.people.holdings.push(Holding {
            owner: person,
            means: make.means,
            first,
            count: make.count,
            ready: 0,
            reserved: 0,
            stake_aside: 0,
            price: make.price,
            paid_until: make.paid_until,
            older: p.holdings,
            active: true,
        });
        p.holdings = holding;
        p.machines += make.count;
        p.machines_ever += make.count;
        p.cards += make.count * u32::from(make.cards);
        p.machines_peak = p.machines_peak.max(p.machines);
        p.cards_peak = p.cards_peak.max(p.cards);
        if p.entered.is_none() {
            p.entered = Some(now);
            p.means = make.means;
        }
        p.left = None;
        self.change_rates(
            person,
            make.hardware,
            make.site,
            u64::from(make.count) * u64::from(make.cards),
            true,
        );
        self.groups[self.people.all[person as usize].group as usize].taking_part +=
            u32::from(self.people.all[person as usize].machines == make.count);
        self.set_stake_aside(holding);
        holding
    }

    /// Running costs begin or cease for some cards at a site. They are paid while the machines are held, outages included.
    pub(super) fn change_rates(&mut self, person: u32, hardware: usize, site: usize, cards: u64, more: bool) {
        let now = self.now();
        let watts = self.scenario.hardware[hardware].watts;
        let site = &self.scenario.sites[site];
        // Nano-dollars per hour and card.
        let power = (watts / 1000.0 * site.electricity_usd_kwh * 1e9 + 0.5) as u64 * cards;
        let running = (site.running_usd_month / 730.0 * 1e9 + 0.5) as u64 * cards;
        let p = &mut self.people.all[person as usize];
        p.accrue(now);
        if more {
            p.power_rate += power;
            p.running_rate += running;
        } else {
            p.power_rate -= power;
            p.running_rate -= running;
        }
    }

    /// When the next machine of a holding will be up, given the hands-on time it takes now.
    pub(super) fn plan_set_up(&mut self, holding: u32, lead: Span) {
        let h = &self.people.holdings[holding as usize];
        let minutes = self.set_up_minutes(h.owner);
        self.sim.after(
            lead + Span::from_hours(minutes / 60.0),
            phase::HARDWARE,
            u64::from(h.first + h.ready),
            Event::MachineIsReady(holding),
        );
    }

    fn set_up_minutes(&self, person: u32) -> f64 {
        let group = self.people.all[person as usize].group;
        self.cohort(group).map_or(0.0, |c| c.setup_minutes * self.team.setup_factor)
    }

    pub(in super::super) fn machine_is_ready(&mut self, holding: u32) {
        let h = self.people.holdings[holding as usize];
        if !h.active || h.ready == h.count {
            return;
        }
        let machine = h.first + h.ready;
        let person = &self.people.all[h.owner as usize];
        let devices = if self.cohort(person.group).is_some() { 1 } else { person.slices };
        self.bring_stake(machine);
        let accepted = self.register(machine, devices);
        self.people.all[h.owner as usize].identities += u64::from(accepted);
        if accepted == 0 {
            // The network's onboarding is full: the owner tries again within the hour.
            self.sim.after(Span::HOUR, phase::HARDWARE, u64::from(machine), Event::MachineIsReady(holding));
            return;
        }
        self.people.holdings[holding as usize].ready += 1;
        self.worker_runs(machine);
        self.plan_own_use(machine);
        if h.ready + 1 < h.count {
            self.plan_set_up(holding, Span::ZERO);
        } else {
            self.free_stake_aside(holding);
            self.mind_stake(h.owner);
        }
    }

    /// A person's latest network account, opened when it first needs one.
    pub(super) fn account_of(&mut self, person: u32) -> AccountId {
        match self.people.all[person as usize].accounts.last() {
            Some(account) => *account,
            None => self.open_account(person),
        }
    }

    /// Opens one more account for a person.
    pub(super) fn open_account(&mut self, person: u32) -> AccountId {
        let account = AccountId(self.protocol.accounts());
        self.apply(Command::OpenAccount { role: Role::Supplier }).expect("anyone may open an account");
        debug_assert!(!matches!(self.effects.first(), Some(Effect::AccountOpened(a)) if *a != account));
        self.people.open(account, person);
        let label = self.groups[self.people.all[person as usize].group as usize].label;
        self.account_opened(account, label);
        account
    }
}
