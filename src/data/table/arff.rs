//! Weka's format, which the UCR archive has too: names in lines of their own, then a table.

/// A table as other text has it, where this is Weka's. The names come into the first line; the others keep their numbers.
pub fn arff(text: &str) -> Option<String> {
    let lower = |line: &str, word: &str| line.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let start = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('%'))?;
    if !lower(start.trim_start(), "@relation") {
        return None;
    }
    let (mut names, mut data, mut inside) = (String::new(), String::with_capacity(text.len()), false);
    for line in text.lines().map(str::trim) {
        if inside && !line.starts_with('%') {
            line.split_inclusive('\'').for_each(|part| match part.strip_suffix('\'') {
                Some(part) => data.extend([part, "\""]),
                None => data.push_str(part),
            });
        } else if lower(line, "@attribute") {
            let rest = line["@attribute".len()..].trim_start();
            let name = match rest.strip_prefix(['\'', '"']) {
                Some(quoted) => quoted.split(['\'', '"']).next(),
                None => rest.split_whitespace().next(),
            };
            names.extend([
                if names.is_empty() { "\"" } else { ",\"" },
                &name.unwrap_or_default().replace('"', "\"\""),
                "\"",
            ]);
        }
        inside |= lower(line, "@data");
        data.push('\n');
    }
    data.insert_str(0, &names);
    Some(data)
}
