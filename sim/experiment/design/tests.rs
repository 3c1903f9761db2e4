//! What designs promise: the right rows, each alone, the same for ever.

use super::latin_hypercube::permuted;
use super::*;

fn uniform(name: &str) -> Axis {
    let law = Law::Uniform { low: 0.0, high: 1.0 };
    numbers(name, law, None)
}

fn numbers(name: &str, law: Law, steps: Option<u32>) -> Axis {
    let range = Range::Numbers { law, decimals: None, unit: String::new(), steps };
    Axis { name: name.to_owned(), path: format!("a.{name}"), range }
}

fn choices(name: &str, of: &[&str]) -> Axis {
    let range = Range::Choices(of.iter().map(|text| (*text).to_owned()).collect());
    Axis { name: name.to_owned(), path: format!("a.{name}"), range }
}

fn design(axes: Vec<Axis>, method: Method) -> Design {
    Design::new(axes, method, 1).expect("the design is sound")
}

fn all(design: &Design) -> Vec<Vec<String>> {
    (0..design.rows()).map(|row| design.point(row)).collect()
}

fn words(rows: &[Vec<String>]) -> Vec<String> {
    rows.iter().map(|row| row.join(" ")).collect()
}

#[test]
fn a_grid_has_every_combination_and_the_last_axis_changes_fastest() {
    let steps = numbers("y", Law::Uniform { low: 1.0, high: 2.0 }, Some(3));
    let grid = design(vec![choices("x", &["{}", "7"]), steps], Method::Grid);
    assert_eq!(words(&all(&grid)), ["{} 1.0", "{} 1.5", "{} 2.0", "7 1.0", "7 1.5", "7 2.0"]);
}

#[test]
fn one_at_a_time_changes_one_axis_from_the_first_row() {
    let axes = vec![choices("x", &["1", "2", "3"]), choices("y", &["a", "b"])];
    assert_eq!(words(&all(&design(axes, Method::OneAtATime))), ["1 a", "2 a", "3 a", "1 b"]);
}

#[test]
fn a_list_takes_the_axes_side_by_side() {
    let axes = vec![choices("x", &["1", "2"]), choices("y", &["a", "b"])];
    assert_eq!(words(&all(&design(axes, Method::List))), ["1 a", "2 b"]);
    let uneven = vec![choices("x", &["1", "2"]), choices("y", &["a"])];
    let problems = Design::new(uneven, Method::List, 1).expect_err("uneven");
    assert_eq!(problems[0].axis, Some(1));
}

#[test]
fn levels_of_a_logarithm_are_a_geometric_row_and_of_integers_whole() {
    let axes = vec![
        numbers("log", Law::LogUniform { low: 0.01, high: 100.0 }, Some(5)),
        numbers("whole", Law::Integer { low: 1, high: 9 }, Some(5)),
    ];
    let rows = all(&design(axes, Method::List));
    let logs: Vec<f64> = rows.iter().map(|row| row[0].parse().expect("a number")).collect();
    for (found, expected) in logs.iter().zip([0.01, 0.1, 1.0, 10.0, 100.0]) {
        assert!((found / expected - 1.0_f64).abs() < 1e-12, "{found}");
    }
    assert_eq!(rows.iter().map(|row| row[1].as_str()).collect::<Vec<_>>(), ["1", "3", "5", "7", "9"]);
}

#[test]
fn settings_are_exact_decimals_without_an_exponent() {
    let money = Axis {
        name: "fee".to_owned(),
        path: "fee".to_owned(),
        range: Range::Numbers {
            law: Law::Uniform { low: -1e-9, high: 0.25 },
            decimals: Some(2),
            unit: String::new(),
            steps: None,
        },
    };
    assert_eq!([money.at(0.0), money.at(0.5), money.at(1.0)], ["0.00", "0.12", "0.25"]);
    let tiny = numbers("tiny", Law::Uniform { low: 1e-9, high: 1e22 }, None);
    assert_eq!([tiny.at(0.0), tiny.at(1.0)], ["0.000000001", "10000000000000000000000.0"]);
    let hours = Range::Numbers {
        law: Law::Integer { low: 6, high: 48 },
        decimals: None,
        unit: "h".to_owned(),
        steps: None,
    };
    let hours = Axis { name: "h".to_owned(), path: "h".to_owned(), range: hours };
    assert_eq!([hours.at(0.0), hours.at(0.9999), hours.at(1.0)], ["\"6h\"", "\"48h\"", "\"48h\""]);
    assert!(!hours.numeric() && money.numeric());
}

#[test]
fn coordinates_become_quantiles() {
    let three = choices("x", &["a", "b", "c"]);
    assert_eq!([three.at(0.0), three.at(0.34), three.at(0.99), three.at(1.0)], ["a", "b", "c", "c"]);
    let normal = numbers("n", Law::Normal { mean: 10.0, sd: 2.0 }, None);
    assert!((normal.at(0.975).parse::<f64>().expect("a number") - 13.919_927_969).abs() < 1e-6);
    let log = numbers("l", Law::LogUniform { low: 1.0, high: 10_000.0 }, None);
    assert!((log.at(0.5).parse::<f64>().expect("a number") - 100.0).abs() < 1e-9);
}

#[test]
fn a_latin_hypercube_has_one_row_in_each_stratum_of_each_axis() {
    for rows in [1, 2, 3, 7, 16, 97, 1000, 1024] {
        let cube = design(vec![uniform("x"), uniform("y")], Method::LatinHypercube { rows });
        for axis in 0..2 {
            let mut strata: Vec<u64> = (0..rows)
                .map(|row| (cube.coordinates(row).expect("coordinates")[axis] * rows as f64) as u64)
                .collect();
            strata.sort_unstable();
            assert_eq!(strata, (0..rows).collect::<Vec<_>>(), "{rows} rows, axis {axis}");
        }
    }
}

#[test]
fn the_strata_of_two_axes_are_unrelated_and_not_in_order() {
    let streams = design(vec![uniform("x"), uniform("y")], Method::LatinHypercube { rows: 1000 }).streams;
    let order = |axis: usize| (0..1000).map(|n| permuted(&streams[axis], 1000, n) as f64).collect::<Vec<_>>();
    let correlation = |a: &[f64], b: &[f64]| {
        let product: f64 = a.iter().zip(b).map(|(x, y)| (x - 499.5) * (y - 499.5)).sum();
        product / (1000.0 * (1000.0 * 1000.0 - 1.0) / 12.0)
    };
    let rising: Vec<f64> = (0..1000).map(f64::from).collect();
    // Of 1000 unrelated ranks the correlation has deviation 0.032.
    for (a, b) in [(order(0), order(1)), (order(0), rising.clone()), (order(1), rising)] {
        assert!(correlation(&a, &b).abs() < 0.12);
    }
}

#[test]
fn unshifted_sobol_points_are_those_of_scipy() {
    // scipy.stats.qmc.Sobol(d=4, scramble=False).random(8), scipy 1.17.1.
    let expected = [
        [0.0, 0.0, 0.0, 0.0],
        [0.5, 0.5, 0.5, 0.5],
        [0.75, 0.25, 0.25, 0.25],
        [0.25, 0.75, 0.75, 0.75],
        [0.375, 0.375, 0.625, 0.875],
        [0.875, 0.875, 0.125, 0.375],
        [0.625, 0.125, 0.875, 0.625],
        [0.125, 0.625, 0.375, 0.125],
    ];
    let axes = ["a", "b", "c", "d"].map(uniform).to_vec();
    let sobol = design(axes, Method::Sobol { rows: 8, shift: false });
    for (row, expected) in (0..).zip(expected) {
        assert_eq!(sobol.coordinates(row).expect("coordinates"), expected, "row {row}");
    }
}

#[test]
fn a_shifted_sobol_sequence_fills_every_cell_and_never_reaches_an_end() {
    let sobol = design(vec![uniform("x"), uniform("y")], Method::Sobol { rows: 256, shift: true });
    let mut cells = vec![0; 256];
    for row in 0..256 {
        let at = sobol.coordinates(row).expect("coordinates");
        assert!(at.iter().all(|u| *u > 0.0 && *u < 1.0));
        cells[(at[0] * 16.0) as usize * 16 + (at[1] * 16.0) as usize] += 1;
    }
    assert!(
        cells.iter().all(|count| *count == 1),
        "a (0, 8, 2)-net has one point in each cell of 1/16 by 1/16"
    );
}

#[test]
fn saltelli_rows_mix_two_matrices_as_salib_lays_them_out() {
    let axes = ["a", "b", "c"].map(uniform).to_vec();
    let design = design(axes, Method::Saltelli { base: 4, second_order: true });
    assert_eq!(design.rows(), 4 * 8);
    let rows: Vec<Vec<f64>> = (8..16).map(|row| design.coordinates(row).expect("coordinates")).collect();
    let (a, b) = (&rows[0], &rows[7]);
    assert!(a.iter().zip(b).all(|(a, b)| a != b));
    for axis in 0..3 {
        for other in 0..3 {
            let (own, foreign) = (axis == other, axis != other);
            assert!(!own || rows[1 + axis][other] == b[other] && rows[4 + axis][other] == a[other]);
            assert!(!foreign || rows[1 + axis][other] == a[other] && rows[4 + axis][other] == b[other]);
        }
        assert_eq!(design.part(8 + 1 + axis as u64), Some((1, Part::AB(axis))));
        assert_eq!(design.part(8 + 4 + axis as u64), Some((1, Part::BA(axis))));
    }
    assert_eq!((design.part(8), design.part(15)), (Some((1, Part::A)), Some((1, Part::B))));
}

#[test]
fn morris_trajectories_move_each_axis_once_by_half_the_levels() {
    let axes = ["a", "b", "c", "d"].map(uniform).to_vec();
    let design = design(axes, Method::Morris { trajectories: 200, levels: 4 });
    let mut seen = [0; 4];
    for trajectory in 0..200 {
        let rows: Vec<Vec<f64>> =
            (0..5).map(|k| design.coordinates(trajectory * 5 + k).expect("coordinates")).collect();
        let mut moved = [0; 4];
        for pair in rows.windows(2) {
            let changed: Vec<usize> = (0..4).filter(|axis| pair[0][*axis] != pair[1][*axis]).collect();
            assert_eq!(changed.len(), 1);
            moved[changed[0]] += 1;
            assert!(((pair[0][changed[0]] - pair[1][changed[0]]).abs() - 2.0 / 3.0).abs() < 1e-12);
        }
        assert_eq!(moved, [1; 4]);
        for at in rows.concat() {
            seen[(at * 3.0).round() as usize] += 1;
        }
    }
    assert!(seen.iter().all(|count| *count > 800), "all four levels are visited alike: {seen:?}");
}

#[test]
fn another_axis_or_another_order_of_asking_changes_no_row() {
    let one = design(vec![uniform("x")], Method::LatinHypercube { rows: 50 });
    let two = design(vec![uniform("w"), uniform("x")], Method::LatinHypercube { rows: 50 });
    for row in (0..50).rev() {
        assert_eq!(one.point(row)[0], two.point(row)[1]);
    }
    let other = Design::new(vec![uniform("x")], Method::LatinHypercube { rows: 50 }, 2).expect("sound");
    assert_ne!(all(&one), all(&other), "another seed is another design");
}

#[test]
fn everything_wrong_is_said_at_once() {
    let axes = vec![
        numbers("reversed", Law::Uniform { low: 2.0, high: 1.0 }, None),
        numbers("nan", Law::Normal { mean: f64::NAN, sd: 1.0 }, None),
        numbers("negative", Law::LogUniform { low: -1.0, high: 1.0 }, None),
        choices("empty", &[]),
        Axis { path: "a.reversed.inner".to_owned(), ..uniform("within") },
    ];
    let problems =
        Design::new(axes, Method::Morris { trajectories: u64::MAX, levels: 3 }, 1).expect_err("wrong");
    let told = |axis: Option<usize>, key: &str| problems.iter().any(|p| p.axis == axis && p.key == key);
    for (axis, key) in
        [(Some(0), "range"), (Some(1), "range"), (Some(2), "range"), (Some(3), "values"), (Some(4), "path")]
    {
        assert!(told(axis, key), "{axis:?} {key} in {problems:?}");
    }
    assert!(told(None, "levels") && told(None, ""), "{problems:?}");
    let wide = vec![numbers("x", Law::Uniform { low: 0.0, high: 1.0 }, Some(u32::MAX)); 1];
    assert!(Design::new(wide, Method::Grid, 1).is_err(), "a grid of 2^32 rows");
    assert!(Design::new(vec![uniform("x")], Method::Grid, 1).is_err(), "levels are not said");
}

#[test]
fn points_from_outside_are_found_by_name_or_path_and_their_faults_are_said_together() {
    let axes = [("x".to_owned(), "a.x".to_owned()), ("y".to_owned(), "a.y".to_owned())];
    let points = Points::read("design_row,a.y,x\n0,1.5,\"{ p = {} }\"\n1,2,b\n", &axes).expect("sound");
    let given = |name: &str| Axis { range: Range::Given, ..uniform(name) };
    let design = design(vec![given("x"), given("y")], Method::Points(points.clone()));
    assert_eq!(words(&all(&design)), ["{ p = {} } 1.5", "b 2"]);
    assert_eq!(Points::read(&points.text(design.axes()), &axes), Ok(points.clone()));
    assert!(points.numeric(1) && !points.numeric(0));
    let faults = Points::read("x,z,x\n1,2,3\n", &axes).expect_err("a strange header");
    assert_eq!(faults.iter().map(|fault| fault.column).collect::<Vec<_>>(), [2, 3, 0]);
    let faults = Points::read("x,y\n1\n,2\n", &axes).expect_err("short and empty");
    assert_eq!(faults.iter().map(|fault| (fault.line, fault.column)).collect::<Vec<_>>(), [(2, 0), (3, 1)]);
    assert!(Points::read("x,y\n", &axes).is_err());
}
