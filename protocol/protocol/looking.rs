//! What a reader may look at: views that grant what it may know, and no more.

use super::Protocol;
use crate::command::JobRequest;
use crate::ids::{AccountId, DeviceId, JobId, LeaseId, SeasonId};
use crate::ledger::{Asset, Ledger, Purse};
use crate::linkage::Detector;
use crate::market::{Job, Lease};
use crate::registry::{Model, Registry, flag};
use crate::rewards::{Blocks, Draw, Offer};
use crate::slashing::Slashing;
use crate::units::{Amount, Span};
use crate::verification::Verification;
use crate::verification::asking::Challenge;
use crate::views::{AuditView, OperatorView, PublicBoard, SeasonNotice};

/// Views: what a reader may know.
impl Protocol {
    /// What anyone can see.
    #[must_use]
    pub fn board(&self) -> PublicBoard {
        PublicBoard {
            displayed_cards: self.supply.displayed(),
            hired_ppm: self.hired_ppm,
            season: self.seasons.current().filter(|_| self.announced).map(|(season, spec)| SeasonNotice {
                season,
                pool: spec.pool,
                ends: spec.ends,
            }),
            emission: self.blocks.as_ref().map(Blocks::notice),
        }
    }

    /// Connected cards by claimed model at the latest epoch's end, a row per model, as the public page's table shows them.
    #[must_use]
    pub fn public_models(&self) -> &[u64] {
        &self.by_model
    }

    /// What the reward rule, as it stands now, would take of an offer at the price that the network knows: its terms are
    /// public.
    #[must_use]
    pub fn would_take(&self, tokens: Amount, points: u128) -> Draw {
        self.reward.draw(&Offer { tokens, points, price: self.billing.rate() })
    }

    /// For measurement only.
    #[must_use]
    pub fn audit(&self) -> AuditView {
        let counts = self.supply.counts();
        let tally = self.market.tally(self.now);
        AuditView {
            connected_cards: self.supply.connected(),
            verified_cards: counts.verified,
            deployable_cards: counts.deployable,
            quarantined_cards: counts.quarantined,
            jobs_running: tally.running,
            jobs_waiting: tally.waiting,
            waiting_job_ns: tally.waiting_ns,
            connected_card_ns: self.connected_card_ns,
            leased_card_ns: tally.busy_card_ns,
            recount: self.recount,
            postings: self.ledger.postings(),
        }
    }

    /// Devices ever listed.
    #[must_use]
    pub fn devices(&self) -> u32 {
        self.registry.len() as u32
    }

    /// Accounts ever opened.
    #[must_use]
    pub fn accounts(&self) -> u32 {
        self.purses.len() as u32
    }

    /// Purse of an account.
    ///
    /// # Panics
    /// When there is no such account.
    #[must_use]
    pub fn purse(&self, account: AccountId) -> Purse {
        self.purses[account.at()]
    }

    /// The network's ledger.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Tokens that existed and were burned, in base units: of bills, and of slashed stakes. What a reward rule keeps from
    /// being minted is told by [`crate::rewards::Blocks::burned`].
    #[must_use]
    pub fn burned(&self) -> Amount {
        let slashed = self.slashing().map(Slashing::burned_purse);
        let purses = self.billing.burned_purse().into_iter().chain(slashed);
        purses.map(|purse| self.ledger.balance(purse, Asset::Token)).sum()
    }

    /// What has been listed.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The model a device claims to be.
    #[must_use]
    pub fn model_of(&self, device: DeviceId) -> &Model {
        &self.registry.models[self.registry.model[device.at()].at()]
    }

    /// The verification rule in force.
    #[must_use]
    pub fn verification(&self) -> &dyn Verification {
        self.rounds.rule()
    }

    /// What the open challenge round asks of a device, if anything.
    #[must_use]
    pub fn challenge(&self, device: DeviceId) -> Option<Challenge> {
        self.rounds.challenge(device)
    }

    /// True when the open round asks every idle online device and nobody else.
    #[must_use]
    pub fn asks_everyone(&self) -> bool {
        self.rounds.asks_everyone()
    }

    /// Nanoseconds a device has been up, as the network counts them.
    #[must_use]
    pub fn uptime(&self, device: usize) -> u64 {
        self.liveness.uptime(DeviceId(device as u32), self.now).0
    }

    /// What a renter must have in its account for this job to start, in base units of what leases are paid in; none while
    /// that has no price.
    #[must_use]
    pub fn escrow(&self, request: &JobRequest) -> Option<Amount> {
        self.market.escrow(request, &self.billing)
    }

    /// The same for what is left of a job that was interrupted.
    #[must_use]
    pub fn escrow_of(&self, job: JobId) -> Option<Amount> {
        self.market.escrow_of(job, &self.billing)
    }

    /// What the network remembers of a job.
    #[must_use]
    pub fn job(&self, job: JobId) -> Option<&Job> {
        self.market.job(job)
    }

    /// How long a lease has to last for so much work to be done in it.
    #[must_use]
    pub fn time_for(&self, lease: LeaseId, work: Span) -> Span {
        self.market.lease(lease).map_or(Span::ZERO, |lease| self.market.time_for(lease, work))
    }

    /// Devices that a renter holds by a lease.
    #[must_use]
    pub fn lease_devices(&self, lease: LeaseId) -> Vec<DeviceId> {
        self.market.lease(lease).map_or_else(Vec::new, |l| l.members.iter().map(|m| m.device).collect())
    }

    /// A lease by its number; one that is over has no members.
    #[must_use]
    pub fn lease(&self, lease: LeaseId) -> Option<&Lease> {
        self.market.lease(lease)
    }

    /// Devices of a lease, with the cards that the job holds of each.
    #[must_use]
    pub fn lease_cards(&self, lease: LeaseId) -> Vec<(DeviceId, Vec<u16>)> {
        if let Some(sharing) = self.market.sharing() {
            let cards = sharing.cards_of(lease);
            return self.lease_devices(lease).into_iter().map(|device| (device, cards.clone())).collect();
        }
        let cards = |cards: u32| (0..u16::try_from(cards).unwrap_or(u16::MAX)).collect();
        let members = self.market.lease(lease).map_or(&[][..], |lease| &lease.members);
        members.iter().map(|m| (m.device, cards(m.cards))).collect()
    }

    /// Thousandths of cards leased and of all cards, where hosts are leased in parts.
    #[must_use]
    pub fn allocation(&self) -> Option<(u64, u64)> {
        self.market.sharing().map(crate::market::Sharing::allocation)
    }

    /// An owner's look at its own device: true when it may earn now (not set aside, not banned, not logged out, covered
    /// where a stake is required).
    #[must_use]
    pub fn in_good_standing(&self, device: DeviceId) -> bool {
        let set_aside = flag::QUARANTINED | flag::BANNED | flag::FLAGGED | flag::UNSTAKED;
        let bad = set_aside | flag::WITHDRAWN | flag::NEEDS_LOGIN;
        self.registry.flags[device.at()] & bad == 0
    }

    /// What the network's operators see of their own network.
    #[must_use]
    pub fn operator(&self) -> OperatorView {
        OperatorView { connected_cards: self.supply.connected() }
    }

    /// Micro-points per device in the open season, or in the last one when none is open.
    #[must_use]
    pub fn open_points(&self) -> &[u64] {
        self.seasons.current().map_or(&[], |(id, _)| self.seasons.accrued(id))
    }

    /// Counted micro-points of an account in a season.
    #[must_use]
    pub fn season_points(&self, season: SeasonId, account: AccountId) -> i128 {
        self.seasons.counted(season).get(account.at()).copied().unwrap_or(0)
    }

    /// Micro-points by account in a season before windows and exclusions: what an owner can work out for itself.
    #[must_use]
    pub fn season_work(&self, season: SeasonId) -> Vec<i128> {
        let mut work = vec![0i128; self.purses.len()];
        for (points, account) in self.seasons.accrued(season).iter().zip(&self.registry.account) {
            work[account.at()] += i128::from(*points);
        }
        work
    }

    /// For measurement only: micro-points by account that a season's latest count would have given without linkage;
    /// empty when it would have been the same.
    #[must_use]
    pub fn season_without_linkage(&self, season: SeasonId) -> Vec<i128> {
        let owners = super::owners(&self.registry, &self.purses, self.mint);
        self.seasons.counted_without_linkage(season, &owners)
    }

    /// An owner's look at its own account: true while it is flagged as linked to others.
    #[must_use]
    pub fn is_flagged(&self, account: AccountId) -> bool {
        self.detector.flagged(account)
    }

    /// Whether an account is flagged as linked to others, its evidence on file, and where its appeal stands.
    #[must_use]
    pub fn linkage(&self) -> &Detector {
        &self.detector
    }
}
