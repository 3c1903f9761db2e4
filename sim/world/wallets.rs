//! What renters need for jobs that wait: they bring it, and no more.

use depin_protocol::ids::JobId;
use std::collections::BTreeMap;

/// Escrow that waiting jobs of one account will need, in base units of what leases are paid in.
#[derive(Clone, Debug, Default)]
pub struct Wallet {
    needs: BTreeMap<JobId, i128>,
    total: i128,
}

impl Wallet {
    /// A job waits and will need so much, whatever it was thought to need before.
    pub fn expect(&mut self, job: JobId, need: i128) {
        self.settled(job);
        self.needs.insert(job, need);
        self.total += need;
    }

    /// A job waits no longer.
    pub fn settled(&mut self, job: JobId) {
        self.total -= self.needs.remove(&job).unwrap_or(0);
    }

    /// What is missing for all that wait and `more`, when the account holds so much.
    #[must_use]
    pub fn missing(&self, held: i128, more: i128) -> i128 {
        (self.total + more - held).max(0)
    }

    /// Jobs that wait.
    #[must_use]
    pub fn waiting(&self) -> Vec<JobId> {
        self.needs.keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_follows_jobs_that_come_change_and_go() {
        let mut wallet = Wallet::default();
        wallet.expect(JobId(1), 10);
        wallet.expect(JobId(2), 5);
        assert_eq!(wallet.missing(4, 3), 14);
        wallet.expect(JobId(1), 7);
        assert_eq!(wallet.missing(0, 0), 12);
        wallet.settled(JobId(2));
        wallet.settled(JobId(9));
        assert_eq!(wallet.missing(0, 0), 7);
        assert_eq!(wallet.missing(8, 0), 0, "what is there is not brought again");
        assert_eq!(wallet.waiting(), [JobId(1)]);
    }
}
