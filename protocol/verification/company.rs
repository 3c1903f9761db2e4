//! Whom a repeat asks besides those who failed: all of the round who started together with one of them.

use super::asking::{members, set};
use crate::ids::DeviceId;
use std::collections::BTreeSet;

/// Those who `failed`, and of the `asked` everyone with the key of one of them who is `free` to be asked again.
pub(super) fn gather(
    failed: &[u64],
    asked: &[u64],
    key: impl Fn(DeviceId) -> u64,
    free: impl Fn(DeviceId) -> bool,
) -> Vec<u64> {
    let keys: BTreeSet<u64> = members(failed).map(&key).collect();
    let mut again = failed.to_vec();
    for device in members(asked) {
        if keys.contains(&key(device)) && free(device) {
            set(&mut again, device);
        }
    }
    again
}
