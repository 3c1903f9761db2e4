//! What a reader owes: exact times, the archive's rules, errors with a line, and no panic.

use super::source::Source;
use super::*;

fn swf(text: &str) -> Result<Vec<TraceJob>, TraceError> {
    swf::read(&Source::of(text), TimeUnit::SECOND, Some(128))
}

#[test]
fn decimals_become_exact_nanoseconds_and_come_back() {
    let s = TimeUnit::SECOND;
    for (text, ns) in
        [("0", 0), ("1", 1_000_000_000), ("4.709164021244639", 4_709_164_021), (".5", 500_000_000)]
    {
        assert_eq!(s.to_ns(text), Some(ns), "{text}");
    }
    assert_eq!(s.to_ns("1.5e-3"), Some(1_500_000));
    assert_eq!(s.to_ns("2E2"), Some(200_000_000_000));
    for text in ["", ".", "-1", "+1", "1.2.3", "nan", "1e99", "99999999999999999999", "0x10", "1 "] {
        assert_eq!(s.to_ns(text), None, "{text}");
    }
    let ten_us = TimeUnit::parse("10us").expect("a unit");
    assert_eq!(ten_us.to_ns("56612908805"), Some(566_129_088_050_000));
    assert_eq!(ten_us.to_text(566_129_088_050_000), "56612908805");
    assert_eq!(s.to_text(4_709_164_021), "4.709164021");
    assert_eq!(TimeUnit::parse("0.5s").map(TimeUnit::ns), Ok(500_000_000));
    for unit in ["s", "1", "0s", "-1s", "0.1ns", "1 week", ""] {
        assert!(TimeUnit::parse(unit).is_err(), "{unit}");
    }
}

#[test]
fn swf_records_are_normalised_as_the_archives_users_do() {
    let jobs = swf("; a remark\n\
         1 0 -1 100 4 -1 -1 8 50 -1 1 -1 -1 -1 -1 -1 -1 -1\n\
         2 5 -1 -1 0 -1 -1 8 50 -1 0 -1 -1 -1 -1 -1 -1 -1\n\
         3 7 -1 10 500 -1 -1 8 -1 -1 1 -1 -1 -1 -1 -1 -1 -1\n")
    .expect("sound");
    let told: Vec<_> = jobs.iter().map(|j| (j.id.as_str(), j.submit, j.run, j.estimate, j.procs)).collect();
    let s = TimeUnit::SECOND.ns();
    assert_eq!(
        told,
        [("1", 0, 100 * s, 100 * s, 4), ("2", 5 * s, s, 50 * s, 1), ("3", 7 * s, 10 * s, 10 * s, 128)]
    );
}

#[test]
fn a_damaged_line_is_named() {
    let good = "1 0 -1 100 4 -1 -1 8 50 -1 1 -1 -1 -1 -1 -1 -1 -1\n";
    for bad in [
        "2 3",
        "x y -1 100 4 -1 -1 8 50 -1 1 -1 -1 -1 -1 -1 -1 -1",
        "2 nan -1 1 4 -1 -1 8 50 -1 1 -1 -1 -1 -1 -1 -1 -1",
    ] {
        let error = swf(&format!("{good}{bad}\n")).expect_err(bad);
        assert_eq!(error.line, Some(2), "{error}");
    }
    let error = swf("1 -1 -1 100 4 -1 -1 8 50 -1 1 -1 -1 -1 -1 -1 -1 -1").expect_err("no submit time");
    assert!(error.to_string().contains("submit time"), "{error}");
}

#[test]
fn batsim_jobs_end_at_their_delay_or_their_walltime() {
    let text = r#"{"nb_res": 4, "jobs": [
        {"id": 1, "subtime": 1.25, "walltime": 10, "res": 2, "profile": "a"},
        {"id": "x", "subtime": 2, "walltime": 3, "res": 1, "profile": "a"},
        {"id": 3, "subtime": 0.1, "res": 1, "profile": "a"}],
        "profiles": {"a": {"type": "delay", "delay": 5.5}}}"#;
    let jobs = batsim::read(&Source::of(text), TimeUnit::SECOND).expect("sound");
    let ms = 1_000_000;
    let told: Vec<_> =
        jobs.iter().map(|j| (j.id.as_str(), j.submit / ms, j.run / ms, j.estimate / ms)).collect();
    assert_eq!(told, [("1", 1_250, 5_500, 10_000), ("x", 2_000, 3_000, 3_000), ("3", 100, 5_500, 5_500)]);
    for (from, to) in
        [("\"a\"}]", "\"b\"}]"), ("\"delay\", ", "\"parallel\", "), ("\"res\": 2", "\"res\": 0")]
    {
        assert!(batsim::read(&Source::of(&text.replace(from, to)), TimeUnit::SECOND).is_err(), "{to}");
    }
}

#[test]
fn openb_tasks_ask_for_shares_and_models() {
    let text = "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\np0,6000,12288,1,460,\np1,1,2,2,1000,T4|P100\np2,1,2,0,0,\n";
    let jobs = openb::read(&Source::of(text), TimeUnit::SECOND).expect("sound");
    assert_eq!((jobs[0].card_milli, jobs[1].procs, jobs[2].card_milli), (460, 2, 0));
    assert_eq!(jobs[1].models, ["T4", "P100"]);
    assert!(openb::read(&Source::of(&text.replace("460", "1460")), TimeUnit::SECOND).is_err());
    assert!(openb::read(&Source::of(&text.replace("num_gpu", "gpus")), TimeUnit::SECOND).is_err());
}

#[test]
fn a_redrawn_workload_asks_for_the_load_and_is_the_same_for_the_same_luck() {
    let text = "name,cpu_milli,memory_mib,num_gpu,gpu_milli\na,0,0,1,500\nb,0,0,2,1000\nc,0,0,0,0\n";
    let jobs = openb::read(&Source::of(text), TimeUnit::SECOND).expect("sound");
    let luck = |i: u64| libm::fabs(libm::sin(i as f64 * 12.9898)) * 0.999;
    let order = inflate(&jobs, 100_000, luck);
    let asked: u64 = order
        .iter()
        .map(|j| u64::from(jobs[*j as usize].procs * u32::from(jobs[*j as usize].card_milli)))
        .sum();
    assert!((100_000..102_000).contains(&asked), "{asked}");
    assert_eq!(order, inflate(&jobs, 100_000, luck));
    assert!(!order.is_sorted());
}

#[test]
fn no_damage_makes_a_reader_panic() {
    let texts = [
        "1 0 -1 100 4 -1 -1 8 50 -1 1 -1 -1 -1 -1 -1 -1 -1\n",
        r#"{"jobs": [{"id": 1, "subtime": 1.25, "walltime": 10, "res": 2, "profile": "a"}], "profiles": {"a": {"type": "delay", "delay": 5.5}}}"#,
        "name,cpu_milli,memory_mib,num_gpu,gpu_milli,gpu_spec\np0,6000,12288,1,460,\n",
    ];
    let mut state = 1u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    for round in 0..6_000 {
        let mut bytes = texts[round % 3].as_bytes().to_vec();
        for _ in 0..1 + next() % 3 {
            let place = next() % bytes.len();
            match next() % 3 {
                0 => bytes[place] = b"0123456789-.,e{}[]\"x \n;"[next() % 23],
                1 => bytes.truncate(place.max(1)),
                _ => bytes.insert(place, b"9-,\"}\n"[next() % 6]),
            }
        }
        let source = Source::of(&String::from_utf8(bytes).expect("plain letters"));
        let _ = swf::read(&source, TimeUnit::SECOND, Some(8));
        let _ = batsim::read(&source, TimeUnit::SECOND);
        let _ = openb::read(&source, TimeUnit::SECOND);
    }
}
