//! Seasons of points: accrual per device, counting per account, recount, purge, and the payment of each pool.
//!
//! *Rule*: while a season is open every epoch's weights accrue per device. Counting closes it: devices quarantined,
//! banned or flagged at that moment are left out, the rest is summed per account (with an optional exponent) and posted as
//! points. A recount reverses that and counts again by the integral, leaving out whoever is excluded by then. Paying
//! splits the pool by counted points.
//!
//! *Formula*: sum of an account = Σ points of its devices, each times (time up in windows ÷ length of windows) under a
//! snapshot; counted = sum^exponent; tokens = pool × counted ÷ Σ counted, by largest remainder.
//!
//! *Source*: io.net developer docs, Ignition Rewards Program (sum per account, pro rata; `[ignition_season_1]`); the
//! founding article for the snapshot, the second count and the accounts it tripled.
//!
//! *Known weakness*: a snapshot pays presence on one day, so a forced update on that day takes the points of honest
//! machines; standing is read once, at counting, so fakes found later share the pool and fakes found earlier only
//! have to be released again by then. Points of several seasons lie in one ledger column.

mod postings;
mod spec;
mod tally;

pub use spec::{Accrual, SeasonSpec};

use super::RewardRule;
use crate::billing::TokenRate;
use crate::command::Rejection;
use crate::effect::Effect;
use crate::emission::Emission;
use crate::ids::{AccountId, DeviceId, SeasonId};
use crate::ledger::{Ledger, Purse};
use crate::registry::flag;
use crate::units::{Amount, Time};
use postings::reverse;
use tally::{Basis, Tally};

/// Standing at counting time that leaves a device out. Withdrawn devices keep what they earned.
pub const COUNTS_NOTHING: u16 = flag::QUARANTINED | flag::BANNED | flag::FLAGGED;

/// Who owns what at the moment of counting or paying.
#[derive(Clone, Copy, Debug)]
pub struct Owners<'a> {
    /// Account of every device.
    pub account: &'a [AccountId],
    /// Standing of every device.
    pub flags: &'a [u16],
    /// Purse of every account.
    pub purses: &'a [Purse],
    /// The unlimited purse from which points and tokens come.
    pub mint: Purse,
}

/// The rule whose draw and limits hold when tokens are paid, and what a token is worth then.
#[derive(Clone, Copy, Debug)]
pub struct Payer<'a> {
    /// The reward rule.
    pub rule: &'a dyn RewardRule,
    /// Price of the token, when there is one.
    pub price: Option<TokenRate>,
}

/// What became of one season's pool; the fields after the first add up to what emission allowed of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Paid {
    /// The season.
    pub season: SeasonId,
    /// Tokens paid to accounts, in base units.
    pub paid: Amount,
    /// Tokens left in the emission's pool: beyond caps, or of a season without points.
    pub retained: Amount,
    /// Tokens taken from the emission's pool and given to nobody; they are never minted, so no posting shows them.
    pub burned: Amount,
}

/// Where a season stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Points accrue.
    Open,
    /// Points are counted and posted; tokens are owed.
    Counted,
    /// Tokens are paid; device columns are gone, counted points remain.
    Paid,
}

#[derive(Debug)]
struct Season {
    spec: SeasonSpec,
    opened: Time,
    stage: Stage,
    tally: Tally,
    basis: Basis,
    /// Counted micro-points by account.
    counted: Vec<Amount>,
    /// Once paid: what the count would have been without linkage; empty when it would have been the same.
    without_linkage: Vec<Amount>,
}

/// All seasons, by [`SeasonId`]. At most one is open; several may be counted and unpaid at once.
#[derive(Default, Debug)]
pub struct Seasons {
    seasons: Vec<Season>,
}

impl Seasons {
    /// Opens a season.
    ///
    /// # Errors
    /// [`Rejection::WrongState`] while another is open; [`Rejection::BadSize`] for a negative pool or cap, an exponent
    /// outside (0, 1], windows that are empty, overlap or are out of order, or more than 65,536 seasons.
    pub fn open(
        &mut self,
        now: Time,
        spec: SeasonSpec,
        effects: &mut Vec<Effect>,
    ) -> Result<SeasonId, Rejection> {
        let id = self.may_open(&spec)?;
        effects.push(Effect::SeasonOpened(id, spec.pool));
        self.seasons.push(Season {
            spec,
            opened: now,
            stage: Stage::Open,
            tally: Tally::default(),
            basis: Basis::Integral,
            counted: Vec::new(),
            without_linkage: Vec::new(),
        });
        Ok(id)
    }

    /// The id under which this season could be opened now. A driver of seasons asks before it folds the epoch, so that
    /// a season that is refused leaves no trace.
    ///
    /// # Errors
    /// As [`Seasons::open`].
    pub fn may_open(&self, spec: &SeasonSpec) -> Result<SeasonId, Rejection> {
        if self.current().is_some() {
            return Err(Rejection::WrongState);
        }
        spec.check()?;
        u16::try_from(self.seasons.len()).map(SeasonId).map_err(|_| Rejection::BadSize)
    }

    /// Adds an epoch's weights (micro-points) and nanoseconds up inside the snapshot windows, a row per device, to the
    /// open season; without one nothing accrues. The second column is not read under integral accrual and may be
    /// empty then. [`SeasonSpec::inside_windows`] helps to fill it.
    ///
    /// # Panics
    /// When the columns differ in length under snapshot accrual.
    pub fn accrue(&mut self, weights: &[u64], up_in_window: &[u64]) {
        let Some(season) = self.seasons.last_mut().filter(|s| s.stage == Stage::Open) else {
            return;
        };
        match season.spec.accrual {
            Accrual::Integral => season.tally.add(weights, &[]),
            Accrual::Snapshot { .. } => {
                assert_eq!(weights.len(), up_in_window.len(), "columns of equal length");
                season.tally.add(weights, up_in_window);
            }
        }
    }

    /// Closes the open season and posts its points (mint to account, [`crate::ledger::Category::PointsCounted`]).
    ///
    /// Under snapshot accrual only the part of the windows between opening and now is measured; when that is nothing,
    /// the integral counts instead, since nobody could have been up.
    ///
    /// # Errors
    /// [`Rejection::WrongState`] when no season is open.
    ///
    /// # Panics
    /// When a device's account has no purse, or the mint is not unlimited.
    pub fn count_season(
        &mut self,
        now: Time,
        owners: &Owners<'_>,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) -> Result<SeasonId, Rejection> {
        let (id, _) = self.current().ok_or(Rejection::WrongState)?;
        let season = &mut self.seasons[id.at()];
        let measured = season.spec.inside_windows(season.opened, now).0;
        season.basis = if measured > 0 { Basis::Windows(measured) } else { Basis::Integral };
        season.stage = Stage::Counted;
        season.count(id, owners, ledger, effects);
        Ok(id)
    }

    /// Reverses a counted, unpaid season's points ([`crate::ledger::Category::PointsReversed`]) and counts it again by the integral,
    /// leaving out devices quarantined or banned now.
    ///
    /// # Errors
    /// [`Rejection::Unknown`] for no such season, [`Rejection::WrongState`] when it is open or paid.
    ///
    /// # Panics
    /// As [`Seasons::count_season`].
    pub fn recount(
        &mut self,
        id: SeasonId,
        owners: &Owners<'_>,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Rejection> {
        let season = self.seasons.get_mut(id.at()).ok_or(Rejection::Unknown)?;
        if season.stage != Stage::Counted {
            return Err(Rejection::WrongState);
        }
        let before = std::mem::take(&mut season.counted);
        for (&purse, &points) in owners.purses.iter().zip(&before) {
            reverse(purse, points, owners.mint, ledger, effects);
        }
        season.basis = Basis::Integral;
        season.count(id, owners, ledger, effects);
        Ok(())
    }

    /// Takes away all points of `devices` in the open and the unpaid seasons; of counted ones the difference is
    /// reversed in the ledger, on the basis and with the exclusions of their latest count. What a purged device earns
    /// afterwards counts again; a ban is a matter of its standing.
    ///
    /// # Panics
    /// As [`Seasons::count_season`].
    pub fn purge(
        &mut self,
        devices: &[DeviceId],
        owners: &Owners<'_>,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) {
        for (id, season) in self.unpaid() {
            for &device in devices {
                season.tally.purge(device);
            }
            if season.stage == Stage::Counted {
                season.reverse_purged(id, owners, ledger, effects);
            }
        }
    }

    /// Notes what a purge of linked accounts, which has to follow at once, takes from the open and the unpaid seasons.
    pub fn note_taken(&mut self, devices: &[DeviceId]) {
        for (_, season) in self.unpaid() {
            for &device in devices {
                season.tally.note_taken(device);
            }
        }
    }

    /// Pays every counted season, oldest first: what the rule draws of its pool, or of what `emission` still has of it, is
    /// split by counted points and posted from the mint ([`crate::ledger::Category::Reward`]). Says what became of each pool.
    ///
    /// # Errors
    /// [`Rejection::WrongState`] when no season is counted and unpaid.
    ///
    /// # Panics
    /// As [`Seasons::count_season`].
    pub fn pay_out(
        &mut self,
        owners: &Owners<'_>,
        payer: &Payer<'_>,
        emission: &mut dyn Emission,
        ledger: &mut Ledger,
        effects: &mut Vec<Effect>,
    ) -> Result<Vec<Paid>, Rejection> {
        let paid: Vec<Paid> = self
            .unpaid()
            .filter(|(_, season)| season.stage == Stage::Counted)
            .map(|(id, season)| season.pay(id, owners, payer, emission, (ledger, effects)))
            .collect();
        if paid.is_empty() {
            return Err(Rejection::WrongState);
        }
        Ok(paid)
    }

    /// The open season.
    #[must_use]
    pub fn current(&self) -> Option<(SeasonId, &SeasonSpec)> {
        let season = self.seasons.last().filter(|s| s.stage == Stage::Open)?;
        let id = u16::try_from(self.seasons.len() - 1).expect("opened with an id of 16 bits");
        Some((SeasonId(id), &season.spec))
    }

    /// Where a season stands.
    #[must_use]
    pub fn stage(&self, id: SeasonId) -> Option<Stage> {
        self.seasons.get(id.at()).map(|season| season.stage)
    }

    /// Micro-points accrued per device, before any counting; empty once the season is paid or when it is unknown.
    #[must_use]
    pub fn accrued(&self, id: SeasonId) -> &[u64] {
        self.seasons.get(id.at()).map_or(&[], |season| &season.tally.points)
    }

    /// Nanoseconds up inside the windows per device; empty under integral accrual and as [`Seasons::accrued`].
    #[must_use]
    pub fn window_up(&self, id: SeasonId) -> &[u64] {
        self.seasons.get(id.at()).map_or(&[], |season| &season.tally.window_up)
    }

    /// Counted micro-points per account, kept after payment; empty while the season is open or unknown.
    #[must_use]
    pub fn counted(&self, id: SeasonId) -> &[Amount] {
        self.seasons.get(id.at()).map_or(&[], |season| &season.counted)
    }

    /// Micro-points per account that the latest count would have given without linkage (nobody left out for a flag,
    /// nothing purged for one), for measurement; empty when it would have been the same, or nothing was counted.
    #[must_use]
    pub fn counted_without_linkage(&self, id: SeasonId, owners: &Owners<'_>) -> Vec<Amount> {
        match self.seasons.get(id.at()) {
            Some(season) if season.stage == Stage::Paid => season.without_linkage.clone(),
            Some(season) if season.stage == Stage::Counted => season.compare(owners),
            _ => Vec::new(),
        }
    }

    fn unpaid(&mut self) -> impl Iterator<Item = (SeasonId, &mut Season)> {
        (0..=u16::MAX).map(SeasonId).zip(&mut self.seasons).filter(|(_, season)| season.stage != Stage::Paid)
    }
}

#[cfg(test)]
mod tests;
