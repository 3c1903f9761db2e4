//! The world's own ledger: the money that the network never sees, in the same double-entry form.

use depin_protocol::ledger::{Asset, Category, Entry, Ledger, Purse};
use depin_protocol::units::Amount;

/// Who a purse belongs to, for reports: an index into [`Book::labels`].
pub type Label = u16;

/// The world's ledger with a label on every purse.
#[derive(Debug)]
pub struct Book {
    ledger: Ledger,
    /// Names of the parties, by label.
    pub labels: Vec<String>,
    label_of: Vec<Label>,
    /// Wages and savings outside the story: the only purse that may go below zero.
    pub outside: Purse,
    /// Power companies.
    pub power: Purse,
    /// Traffic, staff, sites, identities.
    pub operations: Purse,
    /// Buyers and sellers of used hardware outside the story.
    pub used_market: Purse,
}

impl Book {
    /// A book with the parties that every run has.
    #[must_use]
    pub fn new() -> Book {
        let mut ledger = Ledger::default();
        let outside = ledger.open_unlimited();
        let used_market = ledger.open_unlimited();
        let power = ledger.open();
        let operations = ledger.open();
        let labels = ["own means", "used hardware market", "power companies", "operations"];
        Book {
            ledger,
            labels: labels.iter().map(|&l| l.to_owned()).collect(),
            label_of: vec![0, 1, 2, 3],
            outside,
            power,
            operations,
            used_market,
        }
    }

    /// A new kind of party.
    pub fn label(&mut self, name: &str) -> Label {
        if let Some(found) = self.labels.iter().position(|l| l == name) {
            return found as Label;
        }
        self.labels.push(name.to_owned());
        (self.labels.len() - 1) as Label
    }

    /// A new purse of a party.
    pub fn open(&mut self, label: Label) -> Purse {
        self.label_of.push(label);
        self.ledger.open()
    }

    /// The party a purse belongs to.
    #[must_use]
    pub fn label_of(&self, purse: Purse) -> Label {
        self.label_of[purse.0 as usize]
    }

    /// Pays dollars out of one's own means: they arrive from outside and go to the payee.
    pub fn pay(&mut self, category: Category, from: Purse, to: Purse, amount: Amount) -> [Option<Entry>; 2] {
        if amount <= 0 {
            return [None, None];
        }
        [self.post(Category::Funding, self.outside, from, amount), self.post(category, from, to, amount)]
    }

    /// One posting in dollars; the caller knows that the payer can.
    pub fn post(&mut self, category: Category, from: Purse, to: Purse, amount: Amount) -> Option<Entry> {
        if amount == 0 {
            return None;
        }
        Some(
            self.ledger
                .post(Asset::Usd, category, from, to, amount)
                .expect("the world's payers are funded first"),
        )
    }

    /// Sum of all purses: zero, or a posting is broken.
    #[must_use]
    pub fn recount(&self) -> [Amount; 3] {
        self.ledger.recount()
    }

    /// Dollars in a purse.
    #[must_use]
    pub fn balance(&self, purse: Purse) -> Amount {
        self.ledger.balance(purse, Asset::Usd)
    }
}

impl Default for Book {
    fn default() -> Self {
        Book::new()
    }
}
