//! A command as a line that a shell takes.

/// Joins words by blanks, quoted where a shell would read them otherwise.
pub fn line<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let quoted: Vec<String> = words.into_iter().map(quoted).collect();
    quoted.join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn what_a_shell_would_change_is_quoted() {
        let words = ["depin-sim", "run", "my file.toml", "--set", "a.b={ c = 1 }", "", "it's"];
        assert_eq!(line(words), "depin-sim run 'my file.toml' --set 'a.b={ c = 1 }' '' 'it'\\''s'");
    }
}
