//! Each format on a few lines whose meaning is plain.

use super::super::{Format, TimeUnit, Trace, TraceJob};
use super::{GOOD, SPEEDS, bytes, packed, refused, text};

const S: u64 = 1_000_000_000;

fn good(format: Format) -> Trace {
    let (_, sample) = GOOD.iter().find(|(f, _)| *f == format).expect("every format has a sample");
    text(format, sample).expect("the sample is good")
}

fn job(id: &str, submit: u64, run: u64, estimate: u64, procs: u32) -> TraceJob {
    TraceJob { submit, run, estimate, procs, ..TraceJob::new(id.to_owned()) }
}

#[test]
fn swf_is_read_as_the_archives_users_read_it() {
    let trace = good(Format::Swf);
    assert_eq!(trace.machine, Some(64));
    let first = TraceJob { user: Some("7".into()), ..job("1", 0, 10 * S, 20 * S, 2) };
    // Sorted by submission; 128 processors on 64; a request below the run; a run that is not known.
    assert_eq!(trace.jobs, [first, job("3", 4 * S, 9 * S, 9 * S, 64), job("2", 5 * S, S, 30 * S, 4)]);
}

#[test]
fn the_machine_given_outweighs_the_header_and_ticks_are_the_least_estimate() {
    let sample = "; MaxProcs: 64\n1 0 -1 1 9 -1 -1 2 -1 -1 1 7 -1 -1 -1 -1 -1 -1\n";
    let unit: TimeUnit = "10s".parse().expect("a unit");
    let trace = bytes(Format::Swf, sample.as_bytes(), unit, Some(8)).expect("good");
    assert_eq!((trace.jobs[0].procs, trace.machine), (8, Some(8)));
    assert_eq!((trace.jobs[0].run, trace.jobs[0].estimate), (10 * S, 10 * S));
    let short = "1 0 -1 -1 0 -1 -1 2 -1 -1 1 7 -1 -1 -1 -1 -1 -1\n";
    let trace = bytes(Format::Swf, short.as_bytes(), unit, None).expect("good");
    assert_eq!((trace.jobs[0].run, trace.jobs[0].estimate, trace.jobs[0].procs), (S, 10 * S, 1));
}

#[test]
fn a_wrong_swf_line_is_named_with_its_field() {
    let good = "1 0 -1 10 2 -1 -1 2 20 -1 1 7 -1 -1 -1 -1 -1 -1";
    for (from, to, message) in [
        (
            "1 0",
            "1 x",
            "file, line 2: found \"x\" as submit time (column 2); expected a decimal number such as 12 or 0.5",
        ),
        (
            "1 0",
            "1 -5",
            "file, line 2: found \"-5\" as submit time (column 2); expected a time of zero or more",
        ),
        (
            "-1 10",
            "-1 -2",
            "file, line 2: found \"-2\" as run time (column 4); expected a time of zero or more",
        ),
        (
            "-1 10",
            "-1 NaN",
            "file, line 2: found \"NaN\" as run time (column 4); expected a decimal number such as 12 or 0.5",
        ),
        (
            "-1 10",
            "-1 9300000000",
            "file, line 2: found \"9300000000\" as run time (column 4); expected a time below 292 years",
        ),
        (
            "10 2",
            "10 2.5",
            "file, line 2: found \"2.5\" as allocated processors (column 5); expected a whole number from 0 to 4294967295",
        ),
        (
            "20 -1 1 7",
            "20 -1 1",
            "file, line 2: found 17 columns in \"1 0 -1 10 2 -1 -1 2 20 -1 1 -1 -1 -1 -1 -1 -1\"; expected 18 columns between blanks; the Standard Workload Format has 18; was the file cut short?",
        ),
    ] {
        let bad = format!("{good}\n{}\n", good.replacen(from, to, 1));
        assert_eq!(refused(Format::Swf, &bad), message);
    }
    assert_eq!(refused(Format::Swf, "; nothing\n"), "file: found no job; expected at least one job");
}

#[test]
fn openb_tasks_keep_their_part_of_a_card_and_their_models() {
    let trace = good(Format::Openb);
    let a = TraceJob {
        card_milli: 460,
        cpu_milli: 12000,
        memory_mib: 16384,
        models: vec!["V100M16".into(), "T4".into()],
        ..job("a", 3 * S, 15 * S, 15 * S, 1)
    };
    let b = TraceJob { card_milli: 0, cpu_milli: 100, memory_mib: 200, ..job("b", S, 8 * S, 8 * S, 0) };
    assert_eq!(trace.jobs, [b, a]);
    assert_eq!(trace.notes, ["1 tasks were never scheduled; their run is from creation to deletion"]);
    let plain = text(Format::Openb, "name,cpu_milli,memory_mib,num_gpu,gpu_milli\nb,1,2,2,1000\na,1,2,0,0\n");
    let ids: Vec<(String, u64)> = plain.expect("good").jobs.into_iter().map(|j| (j.id, j.run)).collect();
    assert_eq!(ids, [("b".into(), S), ("a".into(), S)]);
}

#[test]
fn a_wrong_openb_row_is_named() {
    let header = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,creation_time,deletion_time";
    for (row, message) in [
        (
            "a,1,2,1,1001,0,1",
            "file, line 2: found \"1001\" as gpu_milli; expected a whole number from 0 to 1000",
        ),
        (
            "a,1,2,1,1,5,4",
            "file, line 2: found \"4\" as deletion_time; expected no deletion before the start",
        ),
        ("a,1,2", "file, line 2: found 3 columns; expected 7 columns, as in the header"),
        (
            "a,,2,1,1,5,6",
            "file, line 2: found \"\" as cpu_milli; expected a whole number from 0 to 4294967295",
        ),
    ] {
        assert_eq!(refused(Format::Openb, &format!("{header}\n{row}\n")), message);
    }
    assert_eq!(
        refused(Format::Openb, "id,x\n1,2\n"),
        "file, line 1: found columns \"id,x\"; expected a column name"
    );
}

#[test]
fn gavels_steps_become_time_by_the_measured_speed() {
    let trace = good(Format::Gavel);
    // 8 steps at 4 a second; 30 steps on 4 cards at twice the 7.5 that two make.
    assert_eq!(trace.jobs, [job("0", S / 2, 2 * S, 2 * S, 1), job("1", 6 * S, 2 * S, 2 * S, 4)]);
    assert_eq!(trace.notes.len(), 1);
    let seventh = "A (b 1)\tc\t-n\t1\t1\t0\t3\n";
    // 1 step at 7.5 * 3 / 2: 88888888.8 ns.
    assert_eq!(text(Format::Gavel, seventh).expect("good").jobs[0].run, 88_888_889);
}

#[test]
fn a_wrong_gavel_line_is_named() {
    for (line, part) in [
        ("B\tc\t-n\t1\t1\t0\t1", "choose another GPU"),
        ("C\tc\t-n\t1\t1\t0\t1", "found \"C\" as job type; expected a job type measured on v100"),
        ("A (b 1)\tc\t-n\t1\t1\t0", "found 6 columns"),
        ("A (b 1)\tc\t-n\t1\t1\t0\t1\t1", "found 8 columns"),
        ("A (b 1)\tc\t-n\t1\t1\t0\t0", "found \"0\" as GPUs (column 7); expected at least 1"),
        ("A (b 1)\tc\t-n\t1\t-1\t0\t1", "found \"-1\" as total steps (column 5)"),
        ("A (b 1)\tc\t-n\t1\t99999999999999999999999999999\t0\t1", "as total steps (column 5)"),
    ] {
        let message = refused(Format::Gavel, &format!("{line}\n"));
        assert!(message.starts_with("file, line 1: ") && message.contains(part), "{message}");
    }
    let missing = super::Throughputs::read(SPEEDS.as_bytes(), "h100").err().expect("not there");
    assert!(missing.in_file(std::path::Path::new("f")).to_string().contains("expected one of k80, v100"));
}

#[test]
fn phillys_attempts_add_up_and_the_first_submission_is_zero() {
    let trace = good(Format::Philly);
    let never = TraceJob { user: Some("v".into()), ..job("app_1", 0, S, S, 1) };
    // 60 s, and 20 minutes over the end of summer time; the third attempt has no end.
    let twice = TraceJob { user: Some("u".into()), ..job("app_2", S, 1260 * S, 1260 * S, 3) };
    assert_eq!(trace.jobs, [never, twice]);
    let sample = GOOD[3].1;
    for (from, to, part) in [
        ("07:01:54", "7:01:54", "file, line 5: found \"2017-10-09 7:01:54\" as submitted_time"),
        ("2017-10-09 07:01:54", "2017-02-29 07:01:54", "as submitted_time; expected a date such as"),
        (
            "2017-10-09 07:03:00",
            "2017-10-09 06:01:00",
            "file, line 1: found \"2017-10-09 06:01:00\" as end_time",
        ),
        ("\"attempts\":[]", "\"attempts\":3", "file, line 5: found invalid type"),
    ] {
        let message = refused(Format::Philly, &sample.replacen(from, to, 1));
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn batsims_jobs_end_at_the_walltime() {
    let trace = good(Format::Batsim);
    let free = job("w0!8", S / 1000, 12_250_000_000, 12_250_000_000, 1);
    assert_eq!(trace.jobs, [free, job("7", 3 * S / 2, 10 * S, 10 * S, 4)]);
    assert_eq!(trace.machine, Some(32));
    let sample = GOOD[4].1;
    for (from, to, part) in [
        ("\"subtime\": 1.5", "\"subtime\": -1.5", "file, line 2: found \"-1.5\" as subtime"),
        ("\"subtime\": 1.5", "\"subtime\": \"1\"", "file, line 2: found \"\\\"1\\\"\" as subtime"),
        ("\"subtime\": 1.5", "\"subtime\": NaN", "file, line 2: found expected value"),
        (
            "\"res\": 1, \"profile\": \"long\"",
            "\"res\": 1, \"profile\": \"sum\"",
            "line 3: found profile \"sum\" of type \"parallel_homogeneous\"",
        ),
        (
            "\"res\": 1, \"profile\": \"long\"",
            "\"res\": 1, \"profile\": \"gone\"",
            "line 3: found \"gone\" as profile",
        ),
        ("\"walltime\": 10", "\"walltime\": 0", "expected a walltime above zero"),
        ("\"subtime\": 1.5, ", "", "missing field `subtime`"),
    ] {
        let message = refused(Format::Batsim, &sample.replacen(from, to, 1));
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn json_lines_have_defaults_and_know_their_keys() {
    let trace = good(Format::Jsonl);
    let a =
        TraceJob { models: vec!["T4".into()], user: Some("u".into()), ..job("a", 2 * S, 4 * S, 4 * S, 2) };
    assert_eq!(trace.jobs, [job("9", 0, S, S, 1), a]);
    for (line, part) in [
        ("{\"id\":1,\"submit\":0,\"run\":1,\"prcs\":2}", "line 2: found unknown field `prcs`"),
        (
            "{\"id\":1,\"submit\":0,\"run\":1,\"procs\":0}",
            "line 2: found \"0\" as procs; expected at least 1",
        ),
        ("{\"id\":[],\"submit\":0,\"run\":1}", "line 2: found \"[]\" as id; expected text or a number"),
        ("{\"id\":1,\"submit\":0,\"run\":1,\"estimate\":0}", "line 2: found \"0\" as estimate"),
        ("{\"id\":1,\"submit\":0", "line 2: found EOF"),
    ] {
        let message = refused(Format::Jsonl, &format!("{{\"id\":0,\"submit\":0,\"run\":1}}\n{line}\n"));
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn jobs_handed_in_at_once_keep_the_order_of_their_lines() {
    let lines: String = (0..50).map(|n| format!("{{\"id\":{n},\"submit\":{},\"run\":1}}\n", n % 2)).collect();
    let trace = text(Format::Jsonl, &lines).expect("good");
    let ids: Vec<String> = trace.jobs.into_iter().map(|job| job.id).collect();
    let expected: Vec<String> = (0..50).step_by(2).chain((1..50).step_by(2)).map(|n| n.to_string()).collect();
    assert_eq!(ids, expected);
}

#[test]
fn packed_files_say_the_same_and_hash_as_stored() {
    for (format, sample) in GOOD {
        let plain = text(format, sample).expect("good");
        let gz = packed(sample.as_bytes());
        let unpacked = bytes(format, &gz, TimeUnit::SECOND, None).expect("good");
        assert_eq!(unpacked.jobs, plain.jobs);
        assert_eq!(unpacked.content_hash, blake3::hash(&gz).to_hex().as_str());
        assert_ne!(unpacked.content_hash, plain.content_hash);
    }
}
