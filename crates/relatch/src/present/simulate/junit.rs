//! Runs of scenarios, as the JUnit report that CI systems read: a suite for each file, a test case
//! for each run.
//!
//! The form: <https://github.com/testmoapp/junitxml>.

use std::fmt::Write;

use crate::report::simulation::{FileLines, LoadedScenario, Played};

pub(super) fn render(played: &[(&LoadedScenario, Vec<Played<'_>>)]) -> String {
    let runs = played.iter().flat_map(|(_, runs)| runs);
    let (tests, failures) = counts(runs);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        text,
        "<testsuites name=\"relatch simulate\" tests=\"{tests}\" failures=\"{failures}\">"
    );
    for (file, runs) in played {
        let (tests, failures) = counts(runs.iter());
        let name = escaped(&file.path.display().to_string());
        let _ = writeln!(
            text,
            "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">"
        );
        let lines = file.lines();
        for one in runs {
            text.push_str(&case(file, &lines, &name, one));
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn counts<'a>(runs: impl Iterator<Item = &'a Played<'a>>) -> (usize, usize) {
    runs.fold((0, 0), |(tests, failures), one| {
        (tests + 1, failures + usize::from(!one.run.findings.is_empty()))
    })
}

fn case(file: &LoadedScenario, lines: &FileLines<'_>, class: &str, one: &Played<'_>) -> String {
    let version = one.scenario.variant_in_words().map_or(String::new(), |it| format!(" at {it}"));
    let name = escaped(&format!("{}{version}", file.document.title));
    let begin = format!("    <testcase classname=\"{class}\" name=\"{name}\"");
    if one.run.findings.is_empty() {
        return format!("{begin}/>\n");
    }
    let mut text = format!("{begin}>\n");
    for finding in &one.run.findings {
        let line = finding.span.as_ref().map_or(String::new(), |span| {
            let (path, line, _) = lines.position(span);
            format!("{}:{line}: ", path.display())
        });
        let message = format!("expected {}, found {}", finding.expected, finding.found);
        let _ = writeln!(
            text,
            "      <failure message=\"{}\">{}</failure>",
            escaped(&message),
            escaped(&format!("{line}`{}` at {}: {message}", finding.device, finding.at))
        );
    }
    text + "    </testcase>\n"
}

/// Escapes a text for XML, without the characters that XML cannot have.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            letter if letter.is_control() && letter != '\t' => {}
            letter => written.push(letter),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn what_xml_takes_for_its_own_is_escaped() {
        assert_eq!(escaped("a < \"b\" & c\u{1b}"), "a &lt; &quot;b&quot; &amp; c");
    }
}
