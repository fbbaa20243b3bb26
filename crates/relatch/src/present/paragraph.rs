//! Sentences in lines of a bounded width.

/// How wide a report for people is.
pub(crate) const WIDTH: usize = 100;

/// Returns a text as lines of a maximal length, broken at spaces; a longer word gets its own line.
pub(crate) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Returns an indented text whose first line begins with a label.
pub(crate) fn labelled(indent: usize, label: &str, text: &str) -> String {
    let hanging = indent + label.chars().count();
    let mut written = String::new();
    for (number, line) in lines(text, WIDTH - hanging).iter().enumerate() {
        let begin = if number == 0 { label } else { "" };
        let begin = format!("{:indent$}{begin}", "");
        written.push_str(format!("{begin:hanging$}{line}").trim_end());
        written.push('\n');
    }
    written
}

#[cfg(test)]
mod tests {
    use super::{labelled, lines};

    #[test]
    fn lines_break_at_spaces_and_hang_under_their_label() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("immeasurable", 4), ["immeasurable"]);
        let text = "a".repeat(60);
        let shown = labelled(2, "because  ", &format!("{text} {text}"));
        assert_eq!(shown, format!("  because  {text}\n           {text}\n"));
    }
}
