//! Recordings: the protocol alone comes to the same again, and no damage to a recording goes unsaid.

use crate::lab::shipped;
use depin_protocol::command::{Claim, Command, JobRequest, Part, Role, TeamAction};
use depin_protocol::ids::{AccountId, DeviceId, JobId, ModelId, SeasonId, SlashId};
use depin_protocol::ledger::Asset;
use depin_protocol::recording::{Recorded, kind};
use depin_protocol::units::{Span, Time};
use depin_sim::experiment;
use depin_sim::measure::record::Record;
use depin_sim::measure::recorder::Recorder;
use depin_sim::measure::recording::{Recording, Recordings};
use depin_sim::scenario::Scenario;
use depin_sim::telemetry::line::Said;
use depin_sim::telemetry::reading::{Lines, Reader};
use depin_sim::telemetry::replay::{Replay, replay};
use depin_sim::telemetry::{columns, line};
use depin_sim::world::World;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, Output};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// An empty folder of this name.
pub fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("replay").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

/// Runs a scenario into a folder; gives the world at the end, to compare with.
pub fn record(scenario: &Arc<Scenario>, folder: &Path) -> (World<Recording>, Record) {
    let recordings = Recordings::of(scenario, folder);
    let watcher = Recording::new(Recorder::new(scenario), &recordings, scenario, 0);
    let mut world = World::new(Arc::clone(scenario), 0, watcher);
    world.run_until(Time::ZERO + scenario.run.duration, |_, _| {});
    world.settle_everyone();
    let watcher = world.release_watcher();
    let record = watcher.finish(world.now(), &world.scene(), 0, &recordings);
    recordings.publish().expect("the recording is written");
    (world, record)
}

/// A recording of some days as plain text, proof of work included, in a folder of its own.
fn sample(name: &str) -> (PathBuf, String) {
    let folder = place(name);
    let proof = "protocol.verification.proof_of_work.from_start=true";
    let sets = ["run.record=events", "run.duration_days=4", "timeline=[]", proof];
    let _ = record(&shipped("small", &sets), &folder);
    let packed = fs::read(folder.join("events.jsonl.zst")).expect("it is there");
    let text = zstd::decode_all(packed.as_slice()).expect("it is whole");
    (folder, String::from_utf8(text).expect("it is text"))
}

/// The replay of a plain recording with this text.
pub fn of(path: &Path, text: impl AsRef<[u8]>) -> Replay {
    fs::write(path, text).expect("written");
    replay(path).unwrap_or_else(|trouble| panic!("{trouble}"))
}

fn figures(replay: &Replay) -> Vec<&str> {
    replay.differences.iter().map(|difference| difference.figure.as_str()).collect()
}

#[test]
fn a_replay_comes_to_the_same_ledger_points_and_payouts_to_the_last_unit() {
    let folder = place("same");
    let (world, _) = record(&shipped("small", &["run.record=events"]), &folder);
    let again = replay(&folder.join("events.jsonl.zst")).expect("it is a recording");
    assert_eq!((again.trouble.clone(), again.different), (None, 0), "{:?}", again.differences);
    let first = world.scene().protocol;
    assert_eq!(again.protocol.ledger().balances(), first.ledger().balances());
    assert_eq!(again.protocol.ledger().recount(), [0; 3]);
    assert_eq!(again.protocol.audit(), first.audit());
    assert_eq!(again.checks, 40 * 24 + 1, "one each epoch and one at the end");
    let accounts = || (0..first.accounts()).map(AccountId);
    let points = |p: &depin_protocol::Protocol| -> Vec<i128> {
        accounts().map(|account| p.season_points(SeasonId(0), account)).collect()
    };
    assert_eq!(points(&again.protocol), points(first));
    let season = &again.facts.seasons[0];
    assert_eq!(season.points, Some(points(first).iter().sum()));
    let paid: i128 = accounts().map(|account| again.balance(account)[1]).sum();
    assert_eq!((season.paid, again.paid()), (Some(paid), paid));
    assert_eq!(again.facts.payouts.iter().map(|payout| payout.tokens).sum::<i128>(), paid);
    assert!(paid > 0 && again.tally.leases_completed > 0 && again.tally.verdicts_failed > 0);
    let leases = &again.facts.leases;
    assert_eq!(leases.len() as u64, again.tally.leases_started);
    assert!(leases.iter().all(|lease| lease.devices > 0));
}

#[test]
fn the_digest_is_the_same_with_and_without_a_recording() {
    let folder = place("digest");
    let sets = ["run.duration_days=10", "run.replications=2", "timeline=[]"];
    let stop = AtomicBool::new(false);
    let digests = |sets: &[&str]| -> Vec<[u8; 32]> {
        let scenario = shipped("small", sets);
        let recordings = Recordings::of(&scenario, &folder);
        let run = experiment::run_recorded(&scenario, 2, &stop, &|_, _, _| {}, &recordings);
        recordings.publish().expect("they are written");
        run.expect("no replication crashes").iter().map(|record| record.digest).collect()
    };
    let without = digests(&sets);
    assert_eq!(fs::read_dir(&folder).expect("it is there").count(), 0, "nothing was asked for");
    assert_eq!(digests(&[&sets[..], &["run.record=events"]].concat()), without);
    for (name, replication) in [("events.jsonl.zst", 0), ("events-1.jsonl.zst", 1)] {
        let again = replay(&folder.join(name)).expect("it is a recording");
        assert_eq!((again.header.replication, again.different, again.trouble), (replication, 0, None));
    }
}

#[test]
fn every_packing_is_read_alike_and_parquet_gives_the_very_lines_back() {
    let (folder, text) = sample("packings");
    let packed = folder.join("events.jsonl.zst");
    let table = folder.join("events.parquet");
    let lines = Lines::open(&packed).expect("it opens");
    let count = columns::write(lines, fs::File::create(&table).expect("it can be made"));
    assert_eq!(count, Ok(text.lines().count() as u64));
    let mut lines = Lines::open(&table).expect("it opens");
    for line in text.lines() {
        assert_eq!(lines.read(), Ok(Some((line.as_bytes().to_vec(), true))));
    }
    assert_eq!(lines.read(), Ok(None));
    let plain = of(&folder.join("events.jsonl"), &text);
    for path in [packed, table] {
        let other = replay(&path).expect("it is a recording");
        assert_eq!((other.trouble, other.different, other.tally), (None, 0, plain.tally));
        assert_eq!(other.protocol.ledger().balances(), plain.protocol.ledger().balances());
    }
}

#[test]
fn a_torn_recording_is_said_with_its_line_and_what_was_good_is_kept() {
    let (folder, text) = sample("torn");
    let path = folder.join("torn.jsonl");
    let header = text.find('\n').expect("lines") + 1;
    for part in 0..120 {
        let cut = header + (text.len() - 2 - header) * part / 119;
        let torn = of(&path, &text[..cut]);
        let trouble = torn.trouble.expect("the end is missing");
        // A line that lacks nothing but its line break is whole.
        let whole = text[..cut].matches('\n').count() as u64;
        let complete = text.as_bytes()[cut] == b'\n';
        assert_eq!(torn.lines, whole + u64::from(complete && !text[..cut].ends_with('\n')), "cut at {cut}");
        assert_eq!(trouble.line, torn.lines + 1);
        assert!(trouble.message.contains("cut short"), "{trouble}");
        assert_eq!(torn.different, 0, "what is kept is good");
    }
    assert!(replay(&path).is_ok());
    fs::write(&path, &text[..header / 2]).expect("written");
    let trouble = replay(&path).err().expect("half a header is none");
    assert_eq!(trouble.line, 1);
}

#[test]
fn a_torn_archive_never_panics_and_keeps_a_prefix() {
    let (folder, text) = sample("archive");
    let packed = fs::read(folder.join("events.jsonl.zst")).expect("it is there");
    let path = folder.join("torn.jsonl.zst");
    let (mut kept, mut last) = (0, 0);
    for part in 0..150 {
        fs::write(&path, &packed[..packed.len() * part / 150]).expect("written");
        let Ok(torn) = replay(&path) else { continue };
        let trouble = torn.trouble.expect("it is torn");
        assert_eq!(trouble.line, torn.lines + 1);
        assert!(torn.lines >= last && torn.lines < text.lines().count() as u64, "a longer file holds more");
        assert_eq!(torn.different, 0, "what is kept is good");
        (kept, last) = (kept + 1, torn.lines);
    }
    let lines = text.lines().count() as u64;
    assert!(kept > 100 && last > lines / 2, "{kept} of 150 kept something, the last {last} of {lines} lines");
    for part in 1..60 {
        let mut broken = packed.clone();
        broken[packed.len() * part / 60] ^= 0x10;
        fs::write(&path, &broken).expect("written");
        let Ok(found) = replay(&path) else { continue };
        // Some bits of a packed file say nothing; the text is then what it was.
        let harmless = || zstd::decode_all(&broken[..]).is_ok_and(|unpacked| unpacked == text.as_bytes());
        let seen = found.trouble.is_some() || found.different > 0;
        assert!(seen || harmless(), "a flipped bit at {part} of 60 is seen");
    }
}

#[test]
fn a_torn_table_is_refused() {
    let (folder, _) = sample("table");
    let path = folder.join("events.parquet");
    let lines = Lines::open(&folder.join("events.jsonl.zst")).expect("it opens");
    columns::write(lines, fs::File::create(&path).expect("it can be made")).expect("it is written");
    let whole = fs::read(&path).expect("it is there");
    for part in 1..40 {
        fs::write(&path, &whole[..whole.len() * part / 40]).expect("written");
        assert!(replay(&path).is_err(), "{part} of 40");
    }
}

#[test]
fn reordered_lines_are_seen_by_their_time_or_by_the_hash() {
    let (folder, text) = sample("reordered");
    let lines: Vec<&str> = text.lines().collect();
    let at = |i: usize| line::read(lines[i].as_bytes()).expect("a good line").0;
    let swapped = |i: usize| {
        let mut lines = lines.clone();
        lines.swap(i, i + 1);
        of(&folder.join("swapped.jsonl"), lines.join("\n") + "\n")
    };
    let (mut by_time, mut by_hash) = (0, 0);
    for i in (1..lines.len() - 2).step_by(lines.len() / 60) {
        if lines[i] == lines[i + 1] {
            continue;
        }
        let again = swapped(i);
        if at(i) < at(i + 1) {
            let trouble = again.trouble.expect("time runs backward");
            assert_eq!(trouble.line, i as u64 + 2);
            assert!(trouble.message.contains("time runs backward"), "{trouble}");
            assert_eq!(again.lines, i as u64 + 1, "what was good is kept");
            by_time += 1;
        } else {
            assert_eq!(again.trouble, None);
            assert!(figures(&again).contains(&"lines"));
            by_hash += 1;
        }
    }
    let tie = (1..lines.len() - 2).find(|&i| at(i) == at(i + 1) && lines[i] != lines[i + 1]);
    let again = swapped(tie.expect("some things happen at once"));
    by_hash += u32::from(figures(&again).contains(&"lines"));
    assert!(by_time > 10 && by_hash > 0, "{by_time} by time, {by_hash} by hash");
}

#[test]
fn a_changed_value_is_seen_and_so_is_a_changed_check() {
    let (folder, text) = sample("changed");
    let path = folder.join("changed.jsonl");
    let changed = |old: &str, new: &str| {
        assert!(text.contains(old), "the recording says {old}");
        of(&path, text.replacen(old, new, 1))
    };
    let richer = changed("\"usd\":", "\"usd\":1");
    assert!(["lines", "balances", "held.usd"].iter().all(|name| figures(&richer).contains(name)));
    let silent = changed("\"beating\":true", "\"beating\":false");
    assert!(figures(&silent).contains(&"connected_cards"), "{:?}", figures(&silent));
    // Nobody asks before admission here: only the hash of the lines can tell.
    let moved = changed("\"answers_admission\":true", "\"answers_admission\":false");
    assert!(figures(&moved).iter().all(|&name| name == "lines") && moved.different > 0);
    let counted = changed("\"postings\":", "\"postings\":9");
    assert!(figures(&counted).contains(&"postings"));
}

#[test]
fn senseless_lines_are_said_and_an_absurd_instant_does_not_run_away() {
    let (folder, text) = sample("senseless");
    let path = folder.join("senseless.jsonl");
    let (first, rest) = text.split_once('\n').expect("lines");
    for (line, because) in [
        ("{}", "at"),
        ("", "EOF"),
        ("{\"at\":0}", "exactly one"),
        ("{\"at\":0,\"do\":\"Fly\"}", "unknown variant"),
        ("{\"at\":0,\"do\":\"Advance\",\"why\":1}", "unknown field"),
        ("{\"at\":18446744073709551615,\"do\":\"Advance\"}", "last instant"),
    ] {
        let again = of(&path, format!("{first}\n{line}\n{rest}"));
        let trouble = again.trouble.expect(line);
        assert_eq!((trouble.line, again.lines), (2, 1), "{line}");
        assert!(trouble.message.contains(because), "{trouble}");
    }
    let after =
        of(&path, format!("{text}{{\"at\":0,\"do\":\"Advance\"}}\n")).trouble.expect("the end is the end");
    assert!(after.message.contains("follows the end"), "{after}");
    for header in [
        "",
        "x",
        "{}",
        "{\"format\":\"depin-sim events\",\"version\":2}",
        "{\"format\":\"depin-sim events\",\"version\":3}",
        "{\"format\":\"x\",\"version\":1}",
    ] {
        fs::write(&path, format!("{header}\n{rest}")).expect("written");
        assert_eq!(replay(&path).err().expect(header).line, 1);
    }
    // The rules of the header are read as a scenario is: a typo in them is said.
    fs::write(&path, text.replacen("duration_days", "duration_dys", 1)).expect("written");
    assert!(replay(&path).err().expect("a typo").message.contains("duration_days"));
}

/// The variant after this one; `None` after the last. A new command does not compile until it has its place here.
fn next<'a>(
    command: Option<&Command<'a>>,
    devices: &'a [DeviceId],
    answer_ms: &'a [u32],
) -> Option<Command<'a>> {
    let (account, renter) = (AccountId(7), AccountId(8));
    let (first, count) = (DeviceId(9), 3);
    let claim =
        Claim { model: ModelId(1), cards: 2, tier: 3, price: 4, address: 5, subnet: 6, fingerprint: 7 };
    let request = JobRequest {
        model: None,
        min_memory_mb: 1,
        cards: 2,
        one_host: true,
        min_tier: 3,
        term: Span(4),
        price_limit: 5,
        patience: Span(u64::MAX),
        priority: 7,
        interruptible: true,
        part: Part { cpu_milli: 1, memory_mib: 2, card_milli: 3, models: u128::MAX },
    };
    let Some(command) = command else { return Some(Command::Advance) };
    Some(match command {
        Command::Advance => Command::OpenAccount { role: Role::Renter },
        Command::OpenAccount { .. } => {
            Command::Register { account, claim, count, spread: true, answers_admission: false }
        }
        Command::Register { .. } => Command::Heartbeat { first, count, beating: true },
        Command::Heartbeat { .. } => Command::Authenticate { first, count },
        Command::Authenticate { .. } => Command::Withdraw { first, count },
        Command::Withdraw { .. } => Command::AnswerChallenges { round: 1, devices, answer_ms },
        Command::AnswerChallenges { .. } => Command::Deposit { account, usd: i128::MAX },
        Command::Deposit { .. } => Command::DepositTokens { account, tokens: i128::MAX },
        Command::DepositTokens { .. } => Command::Withdrawal { account, usd: i128::MIN },
        Command::Withdrawal { .. } => Command::SubmitJob { renter, request },
        Command::SubmitJob { .. } => Command::EndJob { job: JobId(5), satisfied: true },
        Command::EndJob { .. } => {
            Command::Offer { account, job: JobId(6), device: DeviceId(7), price: u32::MAX }
        }
        Command::Offer { .. } => Command::CloseEpoch { beacon: u64::MAX },
        Command::CloseEpoch { .. } => {
            Command::Team(TeamAction::OpenSeason { pool: i128::MAX, ends: Time::NEVER })
        }
        Command::Team(TeamAction::OpenSeason { .. }) => Command::Team(TeamAction::SetProofOfWork(true)),
        Command::Team(TeamAction::SetProofOfWork(_)) => Command::Team(TeamAction::SetAdmissionCheck(false)),
        Command::Team(TeamAction::SetAdmissionCheck(_)) => Command::Team(TeamAction::RequireReauthentication),
        Command::Team(TeamAction::RequireReauthentication) => Command::Team(TeamAction::Purge),
        Command::Team(TeamAction::Purge) => Command::Team(TeamAction::CountSeason),
        Command::Team(TeamAction::CountSeason) => Command::Team(TeamAction::Recount(SeasonId(3))),
        Command::Team(TeamAction::Recount(_)) => Command::Team(TeamAction::AnnounceSeason),
        Command::Team(TeamAction::AnnounceSeason) => Command::Team(TeamAction::PayOut),
        Command::Team(TeamAction::PayOut) => Command::Team(TeamAction::PadDisplay { cards_per_epoch: 4 }),
        Command::Team(TeamAction::PadDisplay { .. }) => Command::Team(TeamAction::PurgeFlagged),
        Command::Team(TeamAction::PurgeFlagged) => Command::Team(TeamAction::WithdrawCharge(SlashId(2))),
        Command::Team(TeamAction::WithdrawCharge(_)) => Command::AppealFlag { account },
        Command::AppealFlag { .. } => {
            Command::Stake { account, supplier: renter, amount: i128::MAX, asset: Asset::Token }
        }
        Command::Stake { .. } => Command::Unstake { account, supplier: renter, amount: 1, asset: Asset::Usd },
        Command::Unstake { .. } => Command::InviteCoStakers { supplier: account, share: 5 },
        Command::InviteCoStakers { .. } => Command::AppealSlash { slash: SlashId(3) },
        Command::AppealSlash { .. } => Command::QuoteToken { micro_dollars: u64::MAX },
        Command::QuoteToken { .. } => Command::Appeal { account, first, count },
        Command::Appeal { .. } => {
            Command::CompleteQuests { accounts: &[AccountId(0), AccountId(9)], points: &[1, u32::MAX] }
        }
        Command::CompleteQuests { .. } => return None,
    })
}

#[test]
fn every_command_is_written_and_read_as_it_was() {
    let (devices, answers) = ([DeviceId(1), DeviceId(u32::MAX)], [0, u32::MAX]);
    let mut command = next(None, &devices, &answers);
    let mut kinds = Vec::new();
    while let Some(this) = command {
        let text = serde_json::to_string(&this).expect("it is written");
        let twin: Recorded = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(twin.command(), this);
        assert_eq!(twin, Recorded::of(&this));
        assert_eq!(serde_json::to_string(&twin).expect("it is written"), text);
        assert!(text.contains(kind(&this)), "{text}");
        kinds.push(kind(&this));
        command = next(Some(&this), &devices, &answers);
    }
    kinds.dedup();
    assert_eq!(kinds.len(), 23);
}

/// Every command as a line, through each packing and back.
#[test]
fn every_command_passes_through_every_packing_of_a_recording() {
    let (folder, text) = sample("commands");
    let (devices, answers) = ([DeviceId(1), DeviceId(u32::MAX)], [0, u32::MAX]);
    let mut command = next(None, &devices, &answers);
    let mut lines = format!("{}\n", text.lines().next().expect("a header"));
    let mut told = Vec::new();
    while let Some(this) = command {
        lines += &format!("{{\"at\":7,\"do\":{}}}\n", serde_json::to_string(&this).expect("it is written"));
        told.push(Recorded::of(&this));
        command = next(Some(&this), &devices, &answers);
    }
    let (plain, packed, table) =
        (folder.join("c.jsonl"), folder.join("c.jsonl.zst"), folder.join("c.parquet"));
    fs::write(&plain, &lines).expect("written");
    fs::write(&packed, zstd::encode_all(lines.as_bytes(), 3).expect("in memory")).expect("written");
    let from = Lines::open(&plain).expect("it opens");
    columns::write(from, fs::File::create(&table).expect("made")).expect("every command has its name");
    for path in [plain, packed, table] {
        let mut reader = Reader::open(&path).expect("a header");
        for twin in &told {
            let (at, said, _) = reader.read().expect("a line").expect("a line");
            assert_eq!((at, said), (7, Said::Command(twin.clone())));
        }
        assert!(reader.read().is_err(), "it has no end");
    }
}

/// Names of all fields of a value, those within included.
fn names(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    if let Some(fields) = value.as_object() {
        for (name, value) in fields {
            found.insert(name.clone());
            names(value, found);
        }
    }
    for value in value.as_array().into_iter().flatten() {
        names(value, found);
    }
}

/// The table of the document has a row for each command, and in it each of its fields by name.
#[test]
fn the_document_lists_every_command_and_figure_with_all_fields() {
    let document = include_str!("../docs/telemetry.md");
    let row_of = |name: &str, word: &str| {
        let row = document.lines().find(|line| line.starts_with('|') && line.contains(name));
        let row = row.unwrap_or_else(|| panic!("no row of the document lists {word}"));
        assert!(row.contains(word), "the row of {name} lacks {word}");
    };
    let mut command = next(None, &[], &[]);
    while let Some(this) = command {
        // By way of text, since a value cannot hold 128 bits; its names are all that is read.
        let text = serde_json::to_string(&this).expect("it is written");
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let name = kind(&this);
        row_of(&format!("\"{name}\""), &format!("\"{name}\""));
        let mut fields = BTreeSet::new();
        names(&value, &mut fields);
        fields.remove(name);
        for field in fields {
            let word = if name == "Team" { format!("\"{field}\"") } else { format!("`{field}`") };
            row_of(&format!("\"{name}\""), &word);
        }
        if let (Command::Team(_), Some(act)) = (&this, value["Team"].as_str()) {
            row_of("\"Team\"", &format!("\"{act}\""));
        }
        command = next(Some(&this), &[], &[]);
    }
    let (_, text) = sample("document");
    let check = text.lines().last().expect("an end");
    let mut found = BTreeSet::new();
    for line in [text.lines().next().expect("a header"), check] {
        names(&serde_json::from_str(line).expect("JSON"), &mut found);
    }
    found.extend(["sharing", "seed", "typical", "hosts", "weight", "rank"].map(str::to_owned));
    for name in found {
        let listed = [format!("`{name}`"), format!("\"{name}\"")].iter().any(|word| document.contains(word));
        assert!(listed, "the document does not explain {name}");
    }
}

fn call(folder: &Path, words: &[&str]) -> Output {
    let mut program = Process::new(env!("CARGO_BIN_EXE_depin-sim"));
    program.current_dir(folder).args(words).output().expect("the program starts")
}

#[test]
fn the_program_says_by_its_exit_code_what_became_of_a_replay() {
    let (folder, text) = sample("program");
    let code = |words: &[&str]| call(&folder, words).status.code();
    let fine =
        call(&folder, &["replay", "events.jsonl.zst", "--out", "tables", "--convert", "events.parquet"]);
    assert_eq!(fine.status.code(), Some(0), "{}", String::from_utf8_lossy(&fine.stderr));
    assert!(String::from_utf8_lossy(&fine.stdout).contains("ledger recount    zero"));
    for name in ["leases", "rounds", "seasons", "releases", "payouts", "points", "balances"] {
        assert!(folder.join("tables").join(format!("{name}.csv")).is_file(), "{name}");
    }
    let json = call(&folder, &["replay", "events.parquet", "--format", "json"]);
    assert_eq!(json.status.code(), Some(0));
    let summary: serde_json::Value = serde_json::from_slice(&json.stdout).expect("JSON and nothing else");
    assert_eq!(summary["different"], 0);
    assert_eq!(summary["whole"], true);
    fs::write(folder.join("other.jsonl"), text.replacen("\"usd\":", "\"usd\":1", 1)).expect("written");
    let other = call(&folder, &["replay", "other.jsonl"]);
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("held.usd"));
    fs::write(folder.join("torn.jsonl"), &text[..text.len() / 2]).expect("written");
    let torn = call(&folder, &["replay", "torn.jsonl"]);
    assert_eq!(torn.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&torn.stderr).contains("cut short"));
    assert!(String::from_utf8_lossy(&torn.stdout).contains("commands"), "what was good is told");
    assert_eq!(code(&["replay", "absent.jsonl"]), Some(2));
    assert_eq!(code(&["replay", "events.jsonl.zst", "--convert", "events.jsonl.zst"]), Some(2));
}

#[test]
fn stakes_slashes_and_appeals_are_replayed_to_the_last_unit() {
    let folder = place("stakes");
    let sets = ["run.record=events", "protocol.staking.stake_usd=25"];
    let (world, _) = record(&shipped("staking", &sets), &folder);
    let again = replay(&folder.join("events.jsonl.zst")).expect("it is a recording");
    assert_eq!((again.trouble.clone(), again.different), (None, 0), "{:?}", again.differences);
    let (first, second) = (world.scene().protocol, &again.protocol);
    assert_eq!(second.ledger().balances(), first.ledger().balances());
    let slashes = |p: &depin_protocol::Protocol| p.slashing().expect("on").slashes().to_vec();
    assert_eq!(slashes(second), slashes(first));
    assert!(slashes(first).iter().any(|slash| slash.appealed && slash.withdrawn));
}
