//! Numbers that are missing.

use super::*;

#[test]
fn gaps_are_closed_and_counted() {
    let gaps = ["", "NaN", "?", "-", "n/a"];
    let text = format!(
        "a,b\n{}",
        lines(40, |at| if at % 8 == 3 { format!("{},{}", gaps[at / 8], at) } else { format!("{at}.0,{at}") })
    );
    let series = read(text);
    assert_eq!((series.taken.as_ref().unwrap().gaps, series.values[6]), (5, 3.0));
    // Series of several lengths, filled up with gaps or cut short.
    for end in [",NaN,NaN,NaN,NaN", ",,,,", ""] {
        let row = |at: usize| {
            if at.is_multiple_of(2) {
                format!("{},{}", at % 4 / 2, joined(&curve(at, 24), ","))
            } else {
                format!("{},{}{end}", at % 4 / 2, joined(&curve(at, 20), ","))
            }
        };
        let series = read(lines(20, row));
        assert_eq!(shape(&series), (Reading::Rows, 20, 24, 1, 2), "{end}");
        let last = curve(1, 20)[19];
        assert!(
            (f64::from(series.values[2 * 24 - 1]) - last).abs() < 1e-3,
            "a shorter series is drawn out to the others' length"
        );
    }
}

#[test]
fn nothing_is_drawn_from_one_identity_to_another() {
    // The second begins with gaps, the third has nothing else.
    let value =
        |id: usize, at: usize| if id == 2 || id == 1 && at < 5 { String::new() } else { format!("{}", 100 * id) };
    let rows = lines(160, |row| format!("{},{}", row / 40, value(row / 40, row % 40)));
    let series = read(format!("subject,x\n{rows}"));
    assert_eq!(shape(&series), (Reading::Recording, 3 * 17, 24, 1, 0));
    let found: std::collections::BTreeSet<i32> = series.values.iter().map(|value| *value as i32).collect();
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [0, 100, 300]);
}
