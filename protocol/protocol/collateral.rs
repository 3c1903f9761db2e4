//! Stakes inside the protocol: faults gathered while a command runs are charged when it is done, and stakes and slashes
//! that are due are dealt with. Without staking nothing here does anything.

use super::Protocol;
use crate::command::{Rejection, Role};
use crate::effect::{Effect, Outcome};
use crate::ids::{AccountId, DeviceId, JobId, LeaseId, SlashId};
use crate::ledger::{Asset, Ledger};
use crate::market::JobState;
use crate::registry::flag;
use crate::slashing::{Fault, Reason, Slashing, SlashingSpec, Stakes, Trigger};
use crate::staking::cover::News;
use crate::staking::{Stake, Staking, StakingSpec};
use crate::units::{Amount, Time};

/// Stakes, slashes, and the faults of the command that runs.
#[derive(Debug)]
pub(super) struct Collateral {
    pub(super) staking: Staking,
    pub(super) slashing: Option<Slashing>,
    faults: Vec<Fault>,
}

impl Collateral {
    /// Opens purses only for what is on.
    pub(super) fn open(
        staking: Option<StakingSpec>,
        slashing: Option<SlashingSpec>,
        ledger: &mut Ledger,
    ) -> Option<Collateral> {
        let staking = Staking::open(staking?, ledger);
        let slashing = slashing.map(|spec| Slashing::open(spec, ledger));
        Some(Collateral { staking, slashing, faults: Vec::new() })
    }

    pub(super) fn next_deadline(&self) -> Time {
        let slashing = self.slashing.as_ref().map_or(Time::NEVER, Slashing::next_deadline);
        self.staking.next_deadline().min(slashing)
    }
}

/// What a command changed for stakes.
#[derive(Default)]
struct Changes {
    listed: bool,
    out: Vec<DeviceId>,
    failed: Vec<(DeviceId, Trigger)>,
}

impl Changes {
    fn of(effects: &[Effect]) -> Changes {
        let mut changes = Changes::default();
        for effect in effects {
            match *effect {
                Effect::Registered { .. } => changes.listed = true,
                Effect::Quarantined(device) => changes.failed.push((device, Trigger::Quarantine)),
                Effect::Banned(device) => {
                    changes.failed.push((device, Trigger::Ban));
                    changes.out.push(device);
                }
                Effect::Withdrew { first, count } => {
                    changes.out.extend((first.0..first.0 + count).map(DeviceId));
                }
                _ => {}
            }
        }
        changes
    }
}

impl Protocol {
    /// After a command or a deadline: charges the faults among the effects from `from` on, follows listings, and does
    /// what is due. Returns how many effects there are then.
    pub(super) fn collateral(&mut self, from: usize, effects: &mut Vec<Effect>) -> usize {
        let Some(c) = &mut self.collateral else {
            return effects.len();
        };
        let changes = Changes::of(&effects[from..]);
        let mut news = News::default();
        let mut touched: Vec<AccountId> = Vec::new();
        if changes.listed {
            c.staking.grow(&mut self.registry, &mut news);
        }
        let owner = &self.registry.account;
        if let Some(slashing) = &mut c.slashing {
            let trigger = slashing.spec().trigger;
            let failed = changes.failed.iter().filter(|(_, verdict)| *verdict == trigger);
            c.faults.extend(failed.map(|(device, _)| Fault {
                supplier: owner[device.at()],
                device: *device,
                reason: Reason::FailedVerification,
                victim: None,
            }));
            let ledger = &mut self.ledger;
            let mut stakes = Stakes { staking: &mut c.staking, ledger, purses: &self.purses, effects };
            slashing.charge(self.now, &c.faults, &mut stakes);
            touched.extend(c.faults.drain(..).map(|fault| fault.supplier));
            touched.extend(slashing.advance(self.now, &mut stakes));
        }
        for device in changes.out {
            let supplier = owner[device.at()];
            c.staking.release_need(supplier, device);
            touched.push(supplier);
        }
        c.staking.advance(self.now, &self.purses, &mut self.ledger, effects);
        touched.sort_unstable();
        touched.dedup();
        for supplier in touched {
            c.staking.recover(supplier, &mut self.registry, &mut news);
        }
        self.tell(news, effects);
        effects.len()
    }

    /// Tells the market of devices whose cover changed.
    fn tell(&mut self, mut news: News, effects: &mut Vec<Effect>) {
        self.lost.append(&mut news.lost);
        self.back.append(&mut news.back);
        self.settle(effects);
    }

    /// Locks up or asks back a stake.
    pub(super) fn move_stake(
        &mut self,
        [account, supplier]: [AccountId; 2],
        (amount, asset): (Amount, Asset),
        in_or_out: bool,
        effects: &mut Vec<Effect>,
    ) -> Result<(), Rejection> {
        let payer = self.known(account)?;
        self.role(supplier, Role::Supplier)?;
        let c = self.collateral.as_mut().ok_or(Rejection::WrongState)?;
        let stake = Stake { supplier, staker: account, amount, asset };
        if in_or_out {
            c.staking.stake(stake, payer, &mut self.ledger, effects)?;
        } else {
            c.staking.unstake(self.now, stake, effects)?;
        }
        let mut news = News::default();
        c.staking.recover(supplier, &mut self.registry, &mut news);
        self.tell(news, effects);
        Ok(())
    }

    /// A supplier invites co-stakers.
    pub(super) fn invite(&mut self, supplier: AccountId, share: u32) -> Result<(), Rejection> {
        self.role(supplier, Role::Supplier)?;
        self.collateral.as_mut().ok_or(Rejection::WrongState)?.staking.invite(supplier, share)
    }

    pub(super) fn appeal(&mut self, slash: SlashId, effects: &mut Vec<Effect>) -> Result<(), Rejection> {
        self.slashing_mut().ok_or(Rejection::Unknown)?.appeal(slash, effects)
    }

    pub(super) fn withdraw_charge(&mut self, slash: SlashId) -> Result<(), Rejection> {
        self.slashing_mut().ok_or(Rejection::Unknown)?.withdraw(slash)
    }

    fn slashing_mut(&mut self) -> Option<&mut Slashing> {
        self.collateral.as_mut()?.slashing.as_mut()
    }

    /// A device passed a challenge.
    pub(super) fn vindicate(&mut self, device: DeviceId) {
        if let Some(slashing) = self.slashing_mut() {
            slashing.passed(device);
        }
    }

    /// A lost device that took its lease with it deserted, unless the network itself cut it off.
    pub(super) fn note_desertion(&mut self, device: DeviceId, lease: Option<LeaseId>, effects: &[Effect]) {
        let (Some(c), Some(lease)) = (&mut self.collateral, lease) else {
            return;
        };
        let ended = effects.iter().rev().find_map(|effect| match *effect {
            Effect::LeaseEnded(ended, job, outcome) if ended == lease => Some((job, outcome)),
            _ => None,
        });
        let Some((job, Outcome::DeviceLost | Outcome::Interrupted)) = ended else {
            return;
        };
        let cut_off = flag::NEEDS_LOGIN | flag::BANNED | flag::QUARANTINED;
        if c.slashing.is_none() || self.registry.flags[device.at()] & cut_off != 0 {
            return;
        }
        c.faults.push(Fault {
            supplier: self.registry.account[device.at()],
            device,
            reason: Reason::Desertion,
            victim: self.market.job(job).map(|job| job.renter),
        });
    }

    /// The faults of a running job whose renter says that it was not served: one for each device.
    pub(super) fn accused(&self, job: JobId, satisfied: bool) -> Vec<Fault> {
        let on = self.collateral.as_ref().is_some_and(|c| c.slashing.is_some());
        let Some(record) = self.market.job(job).filter(|_| on && !satisfied) else {
            return Vec::new();
        };
        let JobState::Running(lease) = record.state else {
            return Vec::new();
        };
        let members = self.market.lease(lease).map_or(&[][..], |lease| &lease.members);
        let fault = |device: DeviceId| Fault {
            supplier: self.registry.account[device.at()],
            device,
            reason: Reason::Fraud,
            victim: Some(record.renter),
        };
        members.iter().map(|member| fault(member.device)).collect()
    }

    /// Faults to be charged when the command is done.
    pub(super) fn note_faults(&mut self, mut faults: Vec<Fault>) {
        if let Some(c) = &mut self.collateral {
            c.faults.append(&mut faults);
        }
    }

    /// Stakes, when staking is on.
    #[must_use]
    pub fn staking(&self) -> Option<&Staking> {
        self.collateral.as_ref().map(|c| &c.staking)
    }

    /// Slashes, when slashing is on.
    #[must_use]
    pub fn slashing(&self) -> Option<&Slashing> {
        self.collateral.as_ref()?.slashing.as_ref()
    }

    /// What leases are billed by, with the rate of the token.
    #[must_use]
    pub fn billing(&self) -> &crate::billing::Billing {
        &self.billing
    }
}

#[cfg(test)]
mod tests;
