//! A resolved scenario as canonical text: sorted keys, one spelling per value, no trace of which file said what.

use std::collections::BTreeMap;

use super::document::Log;
use super::tree::{Kind, Node, bare, join};

/// A float in its shortest exact form: `6.0`, `1e-7`.
pub(super) fn float(value: f64) -> String {
    format!("{value:?}")
}

/// A TOML basic string.
pub(super) fn text(value: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in value.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            other if other.is_control() => {
                quoted.push_str(&format!("\\u{:04X}", u32::from(other)));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// Writes the root table as TOML, valid input for the reader again.
pub(super) fn document(root: &Node, log: &Log) -> String {
    let mut page = Page { log, out: String::new() };
    if let Some(entries) = root.entries() {
        page.table(entries, "", "");
    }
    page.out
}

struct Page<'l> {
    log: &'l Log,
    out: String,
}

impl Page<'_> {
    /// One table's plain keys, then its sub-tables. `header` is its name in TOML, `path` its name in the log.
    fn table(&mut self, entries: &BTreeMap<String, Node>, header: &str, path: &str) {
        let kept = entries
            .iter()
            .map(|(key, node)| (key, node, join(path, key)))
            .filter(|(_, _, path)| !self.log.dropped.contains(path));
        let (sections, plain): (Vec<_>, Vec<_>) =
            kept.partition(|(_, node, path)| self.is_section(node, path));
        for (key, node, path) in plain {
            let value = self.inline(node, &path);
            self.out.push_str(&format!("{} = {value}\n", toml_key(key)));
        }
        for (key, node, path) in sections {
            let header = match header {
                "" => toml_key(key),
                outer => format!("{outer}.{}", toml_key(key)),
            };
            self.section(node, &header, &path);
        }
    }

    fn section(&mut self, node: &Node, header: &str, path: &str) {
        match &node.kind {
            Kind::Table(entries) => {
                self.out.push_str(&format!("\n[{header}]\n"));
                self.table(entries, header, path);
            }
            Kind::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.out.push_str(&format!("\n[[{header}]]\n"));
                    let entries = item.entries().expect("a section's list holds tables only");
                    self.table(entries, header, &format!("{path}[{index}]"));
                }
            }
            _ => unreachable!("only tables and lists of tables are sections"),
        }
    }

    /// Tables and lists of tables are sections, unless the type that read them wrote them as one value.
    fn is_section(&self, node: &Node, path: &str) -> bool {
        let as_table =
            |node: &Node, path: &str| node.entries().is_some() && !self.log.forms.contains_key(path);
        match &node.kind {
            Kind::List(items) if !items.is_empty() => {
                items.iter().enumerate().all(|(index, item)| as_table(item, &format!("{path}[{index}]")))
            }
            _ => as_table(node, path),
        }
    }

    fn inline(&self, node: &Node, path: &str) -> String {
        if let Some(form) = self.log.forms.get(path) {
            return form.clone();
        }
        match &node.kind {
            Kind::Integer(value) => value.to_string(),
            Kind::Float(literal) => literal.clone(),
            Kind::Text(value) => text(value),
            Kind::Flag(value) => value.to_string(),
            Kind::Date(value) => value.to_string(),
            Kind::Word => text(node.argument.as_deref().unwrap_or_default()),
            Kind::List(items) => {
                let written = items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.inline(item, &format!("{path}[{index}]")));
                format!("[{}]", written.collect::<Vec<_>>().join(", "))
            }
            Kind::Table(entries) => {
                let written = entries.iter().filter_map(|(key, item)| {
                    let path = join(path, key);
                    let kept = !self.log.dropped.contains(&path);
                    kept.then(|| format!("{} = {}", toml_key(key), self.inline(item, &path)))
                });
                format!("{{ {} }}", written.collect::<Vec<_>>().join(", "))
            }
        }
    }
}

fn toml_key(key: &str) -> String {
    if bare(key) { key.to_owned() } else { text(key) }
}
