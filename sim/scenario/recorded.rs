//! The part of a resolved scenario from which the network's rules follow, so that a recording needs no other file.

use super::market::Hardware;
use super::reading::{Document, Report};
use super::rules::ProtocolRules;
use super::run::Run;
use depin_protocol::Rules;
use depin_protocol::market::SharingSpec;

/// Tables that the rules are read from: start and scale of the run, the table of models, the policies.
const TABLES: [&str; 3] = ["hardware", "protocol", "run"];
/// A table among them that is about the world: the hosts of a cluster, which are told by commands.
const HOSTS: &str = "hardware.nodes";

/// Those tables of a canonical text, as they stand in it.
#[must_use]
pub fn rules_text(canonical: &str) -> String {
    let mut kept = String::new();
    let mut inside = false;
    for line in canonical.lines() {
        // In canonical text a line that opens with a bracket is a header, and no value spans lines.
        if line.starts_with('[') {
            let name = line.trim_start_matches('[');
            let top = name.split(['.', ']']).next().unwrap_or_default();
            inside = TABLES.contains(&top) && name.split(']').next() != Some(HOSTS);
        }
        if inside && !line.is_empty() {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// The rules that such a text says. Where hosts are leased in parts, sizes and all else but the policy are still to be
/// filled in.
///
/// # Errors
/// Every problem of the text at once.
pub fn rules(text: &str) -> Result<Rules, Report> {
    let document = Document::from_text("rules", text, &[])?;
    let root = document.root();
    let run = Run::read(&root);
    let hardware = Hardware::read_all(&root);
    let written = ProtocolRules::read(&root, &run, &hardware);
    document.finish()?;
    let mut rules = written.build(&hardware);
    let bare = |policy| SharingSpec { policy, typical: Vec::new(), seed: 0, hosts: Vec::new() };
    rules.sharing = written.shared().map(bare);
    Ok(rules)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_tables_of_the_rules_are_kept() {
        let text = "question = \"[run]\"\n\n[demand.x]\nrun = 1\n\n[hardware.\"a.b\"]\nwatts = 1\n\n\
                    [hardware.nodes]\npath = 1\n\n\
                    [protocol]\n\n[[protocol.season.snapshot]]\nto = 1\n\n[run]\nseed = 1\n\n[runs]\nx = 1\n";
        assert_eq!(
            rules_text(text),
            "[hardware.\"a.b\"]\nwatts = 1\n[protocol]\n[[protocol.season.snapshot]]\nto = 1\n[run]\nseed = 1\n"
        );
    }
}
