//! A table's lines cut into cells: which separator, which decimal mark, which lines are words around the table.

use csv::{ReaderBuilder, StringRecord, Terminator};

use super::number::{Cell, leaning};
use crate::error::{Error, Flaw, Place, Result};

/// Every line that is not empty, with its number in the file, from 1.
pub struct Lines {
    pub records: Vec<(usize, StringRecord)>,
    pub separator: char,
    pub decimal: char,
}

/// In the order in which they win where a file says as much for either. A space stands for any run of them.
pub const SEPARATORS: [char; 5] = ['\t', ';', ',', '|', ' '];

/// Letters that are judged, from either end of a file: more would say the same.
const JUDGED: usize = 1 << 18;
/// Lines whose cells are looked at for the decimal mark, evenly spread.
const LOOKED_AT: usize = 20_000;

impl Lines {
    /// `text` has line feeds only; a separator and a decimal mark may be prescribed.
    pub fn read(text: &str, separator: Option<char>, decimal: Option<char>) -> Result<Self> {
        let (said, text, first) = match text.split_once('\n').and_then(|(line, rest)| Some((excels_mark(line)?, rest)))
        {
            Some((mark, rest)) => (Some(mark), rest, 2),
            None => (None, text, 1),
        };
        let sample = sample(text);
        let judge = || {
            SEPARATORS
                .into_iter()
                .map(|mark| (mark, score(&sample, mark)))
                .reduce(|best, next| if next.1 > best.1 { next } else { best })
        };
        let separator = separator.or(said).or_else(|| judge().map(|(mark, _)| mark)).unwrap_or(',');
        let records = cut(text, separator, first);
        if records.is_empty() {
            return Err(Error::flaw(Flaw::CsvEmpty, Place::Line(1)));
        }
        let decimal = decimal.unwrap_or_else(|| decimal_mark(&records, separator));
        Ok(Self { records, separator, decimal })
    }
}

/// Excel's own first line, which says how the cells are parted.
fn excels_mark(line: &str) -> Option<char> {
    let line = line.trim_matches('"');
    let said = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep=")).map(|_| &line[4..])?;
    said.chars().next().filter(char::is_ascii)
}

/// The whole text, or as much of its start and of its end where there are many more.
fn sample(text: &str) -> std::borrow::Cow<'_, str> {
    if text.len() <= 3 * JUDGED {
        return text.into();
    }
    let line = |from: usize| {
        text[text.ceil_char_boundary(from)..].find('\n').map_or(text.len(), |at| text.ceil_char_boundary(from) + at + 1)
    };
    let (end, start) = (line(JUDGED), line(text.len() - JUDGED));
    [&text[..end], &text[start..]].concat().into()
}

fn cut(text: &str, separator: char, first: usize) -> Vec<(usize, StringRecord)> {
    let spaced = if separator == ' ' { Some(single_spaces(text)) } else { None };
    let text = spaced.as_deref().unwrap_or(text);
    let mut builder = ReaderBuilder::new();
    builder
        .has_headers(false)
        .flexible(true)
        .terminator(Terminator::Any(b'\n'))
        .delimiter(separator as u8)
        .trim(csv::Trim::All);
    let mut reader = builder.from_reader(text.as_bytes());
    let mut records = Vec::new();
    let mut record = StringRecord::new();
    // Text is read: nothing here can fail but a bug.
    while reader.read_record(&mut record).unwrap_or(false) {
        // The reader stands behind the record's last line feed; the last line may have none.
        let ended = reader.position().byte() > 0 && text.as_bytes()[reader.position().byte() as usize - 1] == b'\n';
        let line = reader.position().line() as usize - usize::from(ended) + first - 1;
        if record.iter().any(|cell| !cell.is_empty()) {
            records.push((line, record.clone()));
        }
    }
    records
}

/// Each run of spaces and tabs outside quotes as one space, none at the ends of a line.
fn single_spaces(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    let (mut quoted, mut pending) = (false, false);
    for c in text.chars() {
        quoted ^= c == '"';
        match c {
            ' ' | '\t' if !quoted => pending = !spaced.is_empty() && !spaced.ends_with('\n'),
            _ => {
                if pending && c != '\n' {
                    spaced.push(' ');
                }
                pending = false;
                spaced.push(c);
            }
        }
    }
    spaced
}

/// How well a separator fits: the share of lines of one width, times how much of them are numbers, dates and gaps.
fn score(sample: &str, separator: char) -> f64 {
    if !sample.contains(separator) && separator != ',' {
        return 0.0;
    }
    let records = cut(sample, separator, 1);
    let width = usual_width(&records);
    if records.is_empty() {
        return 0.0;
    }
    if separator == ',' && decimals_in_one_column(&records) {
        return 0.0;
    }
    let word = |cell: &str| Cell::read(cell, '.') == Cell::Word && Cell::read(cell, ',') == Cell::Word;
    let worth = |cell: &str| if word(cell) { 0.2 } else { 1.0 };
    let fitting = records.iter().filter(|(_, record)| record.len() == width);
    let total: f64 = fitting.map(|(_, record)| record.iter().map(worth).sum::<f64>() / width as f64).sum();
    // One column is what is left where nothing parts the numbers.
    total / records.len() as f64 * if width == 1 { 0.55 } else { 1.0 }
}

/// A heading of one cell over rows of digits, a comma, digits: the commas stand inside the numbers.
fn decimals_in_one_column(records: &[(usize, StringRecord)]) -> bool {
    let [(_, heading), rows @ ..] = records else { return false };
    let digits =
        |cell: &str| !cell.is_empty() && cell.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    heading.len() == 1 && !rows.is_empty() && rows.iter().all(|(_, row)| row.len() == 2 && row.iter().all(digits))
}

/// The number of cells that most lines have; of several, the larger.
pub fn usual_width(records: &[(usize, StringRecord)]) -> usize {
    let mut counts: Vec<[usize; 2]> = Vec::new();
    for (_, record) in records {
        match counts.iter_mut().find(|[width, _]| *width == record.len()) {
            Some([_, count]) => *count += 1,
            None => counts.push([record.len(), 1]),
        }
    }
    counts.into_iter().max_by_key(|[width, count]| (*count, *width)).map_or(0, |[width, _]| width)
}

/// The mark before the fraction, from all cells. Where every cell could be read either way, `1,234` is a thousand in a file whose cells are
/// parted by commas, and one and a bit in one of semicolons, unless other numbers show that thousands have marks.
fn decimal_mark(records: &[(usize, StringRecord)], separator: char) -> char {
    let (mut leaned, mut open, mut small, mut large) = (0i64, 0usize, 0usize, 0usize);
    let spread = records.iter().step_by(1 + records.len() / LOOKED_AT);
    for cell in spread.flat_map(|(_, record)| record.iter()) {
        if !cell.contains([',', '.']) {
            match cell.parse::<f64>().map(f64::abs) {
                Ok(1000.0..) => large += 1,
                Ok(..1000.0) => small += 1,
                _ => {}
            }
            continue;
        }
        let leaning = leaning(cell);
        leaned += i64::from(leaning);
        open += usize::from(leaning == 0 && cell.contains(',') && super::number::number(cell, ',').is_some());
    }
    match leaned {
        1.. => ',',
        ..0 => '.',
        0 if open == 0 || separator == ',' => '.',
        0 if small > 0 && large == 0 => '.',
        0 => ',',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (char, char, Vec<(usize, Vec<String>)>) {
        let lines = Lines::read(text, None, None).unwrap();
        let records =
            lines.records.iter().map(|(line, record)| (*line, record.iter().map(String::from).collect())).collect();
        (lines.separator, lines.decimal, records)
    }

    #[test]
    fn separator_and_decimal_mark_show() {
        let cases = [
            ("a,b\n1,2\n3,4\n", ',', '.'),
            ("a;b\n20,5;60\n21,5;61\n", ';', ','),
            ("a\tb\n1,5\t2\n", '\t', ','),
            ("1 2 3\n4 5 6\n", ' ', '.'),
            ("  1.0e+00   2.0e+00\n  3.0e+00  -4.0e+00\n", ' ', '.'),
            ("a|b\n1|2\n", '|', '.'),
            ("a, b, c\n1, 2, 3\n", ',', '.'),
            ("1;2.5\n3;4.5\n", ';', '.'),
            ("\"1,234.5\",\"2\"\n\"1,334.5\",\"3\"\n", ',', '.'),
            ("1.234,5;2\n2.234,5;3\n", ';', ','),
            ("x\n20,5\n21,6\n19,5\n", '\t', ','),
            ("a;b\n1,234;12\n2,345;13\n", ';', '.'),
            ("a;b\n1,234;1200\n2,345;1300\n", ';', ','),
            ("date;v\n2020-01-01 10:00;1\n2020-01-02 10:00;2\n", ';', '.'),
            ("when,v\n2020-01-01 10:00:00,5.0\n2020-01-01 11:00:00,6.0\n", ',', '.'),
            ("1,5 2,5 3,5\n2,5 3,5 1,5\n", ' ', ','),
        ];
        for (text, separator, decimal) in cases {
            let found = read(text);
            assert_eq!((found.0, found.1), (separator, decimal), "{text}");
        }
    }

    #[test]
    fn lines_keep_their_numbers_and_quotes_their_cells() {
        let (_, _, records) = read("sep=,\n\"a,1\",b\n\n\"two\nlines\",\"say \"\"x\"\"\"\n# a remark\n 7 ,8");
        assert_eq!(
            records,
            [
                (2, vec!["a,1".into(), "b".into()]),
                (5, vec!["two\nlines".into(), "say \"x\"".into()]),
                (6, vec!["# a remark".into()]),
                (7, vec!["7".into(), "8".into()])
            ]
        );
    }
}
