//! The readable summary on standard output: who paid, who earned, what leaked.

use super::cohorts::{Cohort, gather};
use super::flows::{Flow, usd_by_group};
use super::number::{percent, short, signed_percent, usd};
use super::summary::values;
use super::{Head, Options, hex};
use crate::measure::record::Record;
use crate::measure::statistics::{half_width, mean};
use crate::measure::steady::Settled;
use std::path::{Path, PathBuf};

/// Rows of a table before the rest is added up in one.
const MOST_ROWS: usize = 11;
/// Classes of renters beside all of them.
const MOST_CLASSES: usize = 3;
/// Widest name of a cohort.
const NAME: usize = 24;

/// The text, at most 50 lines of at most 100 characters, with a line break at its end. Paths are
/// shown relative to `folder`.
#[must_use]
pub fn summary(
    head: &Head,
    records: &[Record],
    options: &Options,
    folder: &Path,
    files: &[PathBuf],
) -> String {
    let cohorts = gather(records);
    let flows = usd_by_group(records);
    let runs = match records.len() {
        1 => "1 replication".to_string(),
        n => format!("{n} replications; \u{b1} is a 95% interval of the mean"),
    };
    let mut lines = vec![format!("{}  seed {}, {runs}", head.scenario, head.seed), String::new()];
    lines.extend(settled(records));
    lines.extend(paid(&cohorts, &flows));
    lines.push(String::new());
    lines.extend(earned(&cohorts, records.len()));
    lines.push(String::new());
    lines.extend(leaked(records, &cohorts, &flows, options));
    lines.push(String::new());
    lines.extend(supply(records));
    lines.push(String::new());
    lines.push(format!("digest  {}", hex(&head.digest)));
    lines.extend(written(folder, files));
    let mut text = String::new();
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Columns: the first to the left, the others to the right, two spaces apart.
fn aligned(title: &str, rows: &[Vec<String>]) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let wide = |column: usize| {
        rows.iter().filter_map(|r| r.get(column)).map(|c| c.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(wide).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, width))| {
            let space = " ".repeat(width - cell.chars().count());
            if column == 0 { format!("  {cell}{space}") } else { format!("  {space}{cell}") }
        });
        cells.collect::<String>()
    };
    std::iter::once(title.to_string()).chain(rows.iter().map(line)).collect()
}

fn name(text: &str) -> String {
    if text.chars().count() <= NAME {
        return super::plots::sheet::printable(text);
    }
    let kept: String = text.chars().take(NAME - 1).collect();
    format!("{}\u{2026}", super::plots::sheet::printable(&kept))
}

/// What the runs say once they have settled, for scenarios that ask: all jobs, then the first classes of renters.
fn settled(records: &[Record]) -> Vec<String> {
    let Some(figures) = records.first().map(|record| &record.steady).filter(|steady| !steady.is_empty())
    else {
        return Vec::new();
    };
    let parts = |figure: &Settled| -> (String, String) {
        let name = figure.found.name.trim_start_matches("steady.");
        let (figure, class) = name.split_once('.').unwrap_or((name, ""));
        (figure.to_owned(), class.to_owned())
    };
    let cell = |name: &str| -> String {
        let of = |figure: &&Settled| figure.found.name == name;
        match (records, figures.iter().find(of)) {
            ([_], Some(Settled { found, half_width: Some(half) })) => {
                found.value.map_or("n/a".into(), |value| format!("{} \u{b1}{}", short(value), short(*half)))
            }
            (_, None) => String::new(),
            _ => with_interval(&values(records, name).into_iter().flatten().collect::<Vec<f64>>(), short),
        }
    };
    let mut classes: Vec<String> = figures.iter().map(|figure| parts(figure).1).collect();
    classes.sort();
    classes.dedup();
    classes.truncate(MOST_CLASSES + 1);
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(classes.iter().map(|class| if class.is_empty() { "all".into() } else { name(class) }));
    for figure in figures {
        let (base, class) = parts(figure);
        // Medians are in summary.json; so is what nothing defines.
        if !class.is_empty() || base.ends_with("_p50") || figure.found.value.is_none() {
            continue;
        }
        let of_class = |class: &String| match class.as_str() {
            "" => cell(&format!("steady.{base}")),
            class => cell(&format!("steady.{base}.{class}")),
        };
        let mut row = vec![base.replace('_', " ")];
        row.extend(classes.iter().map(of_class));
        rows.push(row);
    }
    if rows.len() == 1 {
        rows = vec![vec!["not reached: no steady state is in sight, the run is too short for one".into()]];
    }
    let over = if records.len() == 1 { "twenty batches of this run" } else { "replications" };
    let mut lines = aligned(&format!("ONCE SETTLED  \u{b1} is a 95% interval over {over}"), &rows);
    lines.push(String::new());
    lines
}

/// What suppliers paid, by whom they paid: the three largest payees and the rest.
fn paid(cohorts: &[Cohort], flows: &[Flow]) -> Vec<String> {
    const TITLE: &str = "WHO PAID  dollars that suppliers spent, by payee";
    let of_cohorts: Vec<&Flow> = flows.iter().filter(|f| cohorts.iter().any(|c| c.name == f.payer)).collect();
    if of_cohorts.is_empty() {
        return aligned(TITLE, &[vec!["no supplier paid anything".into()]]);
    }
    let payees = largest(of_cohorts.iter().map(|f| (f.payee.as_str(), f.usd)));
    let (shown, hidden) = payees.split_at(payees.len().min(4));
    let mut header = vec![String::new()];
    header.extend(shown.iter().map(|(payee, _)| name(payee)));
    header.extend((!hidden.is_empty()).then(|| "other".into()));
    header.push("total".into());
    let row = |label: String, keep: &dyn Fn(&Flow) -> bool| {
        let kept = || of_cohorts.iter().filter(|f| keep(f));
        let to = |payee: &str| kept().filter(|f| f.payee == payee).map(|f| f.usd).sum::<f64>();
        let mut cells = vec![label];
        cells.extend(shown.iter().map(|(payee, _)| amount(to(payee))));
        let rest: f64 = hidden.iter().map(|(payee, _)| to(payee)).sum();
        cells.extend((!hidden.is_empty()).then(|| amount(rest)));
        cells.push(amount(kept().map(|f| f.usd).sum()));
        cells
    };
    let payers = largest(of_cohorts.iter().map(|f| (f.payer.as_str(), f.usd)));
    let (first, rest) = payers.split_at(shown_rows(payers.len()));
    let mut rows = vec![header];
    rows.extend(first.iter().map(|(payer, _)| row(name(payer), &|f| f.payer == *payer)));
    if !rest.is_empty() {
        let label = format!("{} others", rest.len());
        rows.push(row(label, &|f| rest.iter().any(|(payer, _)| f.payer == *payer)));
    }
    rows.push(row("all".into(), &|_| true));
    aligned(TITLE, &rows)
}

fn shown_rows(all: usize) -> usize {
    if all <= MOST_ROWS { all } else { MOST_ROWS - 1 }
}

fn amount(value: f64) -> String {
    if value == 0.0 { "-".into() } else { usd(value) }
}

/// Names with their sums, largest first.
fn largest<'a>(parts: impl Iterator<Item = (&'a str, f64)>) -> Vec<(&'a str, f64)> {
    let mut sums: Vec<(&str, f64)> = Vec::new();
    for (name, value) in parts {
        match sums.iter_mut().find(|s| s.0 == name) {
            Some(sum) => sum.1 += value,
            None => sums.push((name, value)),
        }
    }
    sums.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    sums
}

fn earned(cohorts: &[Cohort], runs: usize) -> Vec<String> {
    const TITLE: &str = "WHO EARNED  value at the listing price; return on what was spent";
    if cohorts.is_empty() {
        return aligned(TITLE, &[vec!["no supplier took part".into()]]);
    }
    let header = ["", "cards", "tokens", "value", "share", "median", "p10 .. p90", "per dollar"];
    let mut rows = vec![header.map(String::from).to_vec()];
    let first = shown_rows(cohorts.len());
    rows.extend(cohorts.iter().take(first).map(|c| earned_row(c, runs)));
    let mut lines = aligned(TITLE, &rows);
    let rest = cohorts.get(first..).unwrap_or_default();
    if !rest.is_empty() {
        let share: f64 = rest.iter().map(Cohort::share).sum();
        lines.push(format!("  {} others received {}; see suppliers table", rest.len(), percent(share)));
    }
    lines
}

fn earned_row(cohort: &Cohort, runs: usize) -> Vec<String> {
    let optional = |v: Option<f64>| v.map_or("n/a".into(), signed_percent);
    let interval = half_width(&cohort.medians, 0.95).filter(|_| runs > 1);
    let median = optional(cohort.quantile(0.5));
    let spread = match (cohort.quantile(0.1), cohort.quantile(0.9)) {
        (Some(low), Some(high)) => format!("{} .. {}", signed_percent(low), signed_percent(high)),
        _ => "n/a".into(),
    };
    vec![
        format!("{}{}", name(&cohort.name), if cohort.honest { "" } else { " (fake)" }),
        short(cohort.cards),
        short(cohort.tokens),
        usd(cohort.earned_usd),
        percent(cohort.share()),
        interval.map_or(median.clone(), |h| format!("{median} \u{b1}{}", percent(h))),
        spread,
        optional(cohort.by_dollar),
    ]
}

fn leaked(records: &[Record], cohorts: &[Cohort], flows: &[Flow], options: &Options) -> Vec<String> {
    let shares = |keep: &dyn Fn(&Cohort) -> bool| -> Vec<f64> {
        let sum = |run: usize| cohorts.iter().filter(|c| keep(c)).filter_map(|c| c.shares.get(run)).sum();
        (0..records.len()).map(sum).collect()
    };
    let fakes = shares(&|c| !c.honest);
    let inside = shares(&|c| options.insiders.contains(&c.name));
    let ratio = |over: &str, under: &str| -> Vec<f64> {
        let pairs = values(records, over).into_iter().zip(values(records, under));
        pairs.filter_map(|(a, b)| Some(a? / b.filter(|b| *b > 0.0)?)).collect()
    };
    let metric = |name: &str| -> Vec<f64> { values(records, name).into_iter().flatten().collect() };
    let mut rows = vec![
        vec!["rewards to fakes".into(), with_interval(&fakes, percent)],
        vec!["rewards to insiders".into(), with_interval(&inside, percent)],
        vec!["spending that left to clouds".into(), cloud_share(cohorts, flows)],
    ];
    let shown = ratio("supply.displayed_final", "supply.real_final");
    rows.push(vec!["displayed / real, at the end".into(), with_interval(&shown, short)]);
    let subsidy = metric("economics.subsidy_per_revenue_usd");
    rows.push(vec!["subsidy per dollar of revenue".into(), with_interval(&subsidy, usd)]);
    if !metric("linkage.flagged_accounts").is_empty() {
        let cells = [("linkage.precision", percent as fn(f64) -> String), ("linkage.recall", percent)];
        let shares = cells.map(|(name, text)| with_interval(&metric(name), text));
        let cost = with_interval(&metric("linkage.cost_usd_wrongly_flagged"), usd);
        let line = format!("{}, {}, {cost}", shares[0], shares[1]);
        rows.push(vec!["linkage: precision, recall, cost to the wronged".into(), line]);
    }
    if !metric("staking.locked_peak_usd").is_empty() {
        let [peak, slashed] =
            ["staking.locked_peak_usd", "staking.slashed_usd"].map(|name| with_interval(&metric(name), usd));
        let honest = with_interval(&metric("staking.slashed_honest_share"), percent);
        let line = format!("{peak}, {slashed}, {honest}");
        rows.push(vec!["stakes: locked at the peak, slashed, of that from the honest".into(), line]);
    }
    aligned("WHAT LEAKED", &rows)
}

/// Share of what suppliers spent that went to groups named as clouds.
fn cloud_share(cohorts: &[Cohort], flows: &[Flow]) -> String {
    let paid = |f: &&Flow| cohorts.iter().any(|c| c.name == f.payer);
    let total: f64 = flows.iter().filter(paid).map(|f| f.usd).sum();
    let cloud = |f: &&Flow| f.payee == "cloud" || f.payee == "clouds";
    let clouds: f64 = flows.iter().filter(paid).filter(cloud).map(|f| f.usd).sum();
    if total > 0.0 { percent(clouds / total) } else { "n/a".into() }
}

fn with_interval(values: &[f64], text: impl Fn(f64) -> String) -> String {
    let Some(centre) = mean(values) else {
        return "n/a".into();
    };
    match half_width(values, 0.95) {
        Some(half) => format!("{} \u{b1}{}", text(centre), text(half)),
        None => text(centre),
    }
}

fn supply(records: &[Record]) -> Vec<String> {
    let counts = ["displayed", "connected", "verified", "deployable", "real"];
    let mut rows = vec![vec![String::new()], vec!["peak".into()], vec!["end".into()]];
    for count in counts {
        rows[0].push(count.into());
        let columns = records.iter().filter_map(|r| {
            r.series.columns.iter().find(|c| c.metric.strip_prefix("supply.") == Some(count))
        });
        let (mut peaks, mut ends) = (Vec::new(), Vec::new());
        for column in columns {
            let defined = || column.values.iter().copied().filter(|v| v.is_finite());
            peaks.extend(defined().reduce(f64::max));
            ends.extend(defined().next_back());
        }
        rows[1].push(with_interval(&peaks, short));
        rows[2].push(with_interval(&ends, short));
    }
    aligned("SUPPLY  cards", &rows)
}

/// The files by folder, in few lines.
fn written(folder: &Path, files: &[PathBuf]) -> Vec<String> {
    if files.is_empty() {
        return Vec::new();
    }
    let inside = |path: &PathBuf| path.strip_prefix(folder).unwrap_or(path).to_path_buf();
    let here: Vec<String> = files
        .iter()
        .map(inside)
        .filter(|p| p.components().count() == 1)
        .map(|p| p.display().to_string())
        .collect();
    let deeper = files.len() - here.len();
    let mut lines = vec![format!("written {}", folder.display()), format!("        {}", here.join(", "))];
    if deeper > 0 {
        lines.push(format!("        plots: {deeper} files (PNG and SVG)"));
    }
    lines
}
