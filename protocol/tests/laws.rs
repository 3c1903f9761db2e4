//! The laws: one suite over every policy and many seeds.
//!
//! To add a policy, write its line in `laws/catalogue.rs`: every law runs over it. A policy that the catalogue does not
//! name makes `laws/sources.rs` fail, and so does a new trait of policies. A rule that breaks a law names the law in its
//! line there and says so, in the words of [`catalogue::Law::phrase`], in its own file; the suite then confirms that the
//! law is broken. Whatever does not say so must keep the law on every seed.

#[path = "laws/answers.rs"]
mod answers;
#[path = "laws/bills.rs"]
mod bills;
#[path = "laws/books.rs"]
mod books;
#[path = "laws/catalogue.rs"]
mod catalogue;
#[path = "laws/choice.rs"]
mod choice;
#[path = "laws/conservation.rs"]
mod conservation;
#[path = "laws/driver.rs"]
mod driver;
#[path = "laws/evidence.rs"]
mod evidence;
#[path = "laws/fleet.rs"]
mod fleet;
#[path = "laws/lcg.rs"]
mod lcg;
#[path = "laws/names.rs"]
mod names;
#[path = "laws/network.rs"]
mod network;
#[path = "laws/order.rs"]
mod order;
#[path = "laws/reward_rules.rs"]
mod reward_rules;
#[path = "laws/schedules.rs"]
mod schedules;
#[path = "laws/sources.rs"]
mod sources;
#[path = "laws/sybil.rs"]
mod sybil;
#[path = "laws/time.rs"]
mod time;
#[path = "laws/work.rs"]
mod work;
