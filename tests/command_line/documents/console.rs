//! The console blocks of a page: run in a copy of the workspace's data, and compared.
//!
//! - A block starts with ```` ```console ````; a line `$ COMMAND` is run by a shell, the lines
//!   after
//!   it are what the command prints. The commands of a page run in order, in one folder of their
//!   own, which has copies of `examples`, `policies` and `scenarios`.
//! - A line `…` elides any number of lines; `…` within a line elides any text.
//! - A block ```` ```toml file=NAME ```` is first written to the file `NAME` in that folder.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::root;

/// The folders that commands may read and change, as copies.
const COPIED: [&str; 3] = ["examples", "policies", "scenarios"];

/// The marker of omitted lines.
const ELISION: &str = "…";

/// Returns the page with every block as it should be, and the number of commands that were run.
pub(super) fn refreshed(text: &str) -> (String, usize) {
    let mut shell = Shell::default();
    let mut page = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        push(&mut page, line);
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let mut body = Vec::new();
        while let Some(line) = lines.next_if(|line| *line != "```") {
            body.push(line);
        }
        if info == "console" {
            body_of_console(&body, &mut shell, &mut page);
        } else {
            if let Some((_, name)) = info.split_once(" file=") {
                shell.write(name, &body);
            }
            body.iter().for_each(|line| push(&mut page, line));
        }
        push(&mut page, lines.next().expect("the block is closed"));
    }
    (page, shell.commands)
}

fn push(page: &mut String, line: &str) {
    page.push_str(line);
    page.push('\n');
}

fn body_of_console(body: &[&str], shell: &mut Shell, page: &mut String) {
    let mut lines = body.iter().copied().peekable();
    while let Some(line) = lines.next() {
        let command = line.strip_prefix("$ ").expect("a console block starts with a command");
        push(page, line);
        let mut shown = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.starts_with("$ ")) {
            shown.push(line);
        }
        let printed = shell.run(command);
        let printed: Vec<_> = printed.lines().map(str::trim_end).collect();
        updated(&shown, &printed).iter().for_each(|line| push(page, line));
    }
}

/// The folder in which the commands of a page run, made when it is first needed.
#[derive(Default)]
struct Shell {
    folder: Option<tempfile::TempDir>,
    commands: usize,
    exit_code: i32,
}

impl Shell {
    fn folder(&mut self) -> &Path {
        self.folder
            .get_or_insert_with(|| {
                let folder = tempfile::tempdir().expect("there is room for a folder");
                for name in COPIED {
                    copy(&root().join(name), &folder.path().join(name));
                }
                folder
            })
            .path()
    }

    fn write(&mut self, name: &str, lines: &[&str]) {
        let path = self.folder().join(name);
        fs::write(path, lines.join("\n") + "\n").expect("the file can be written");
    }

    /// Runs a command; returns what it prints on standard output and standard error.
    fn run(&mut self, command: &str) -> String {
        let program = Path::new(env!("CARGO_BIN_EXE_relatch"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = program.parent().map(Path::to_owned).into_iter();
        let path = std::env::join_paths(folders.chain(std::env::split_paths(&path)));
        // The last exit code is there for `echo $?`, as in a shell that goes on.
        let script = format!("(exit {}); {{ {command}\n}} 2>&1", self.exit_code);
        let output = Command::new("sh")
            .args(["-c", &script])
            .current_dir(self.folder())
            .env("PATH", path.expect("the path of the program has no separator"))
            .env("COLUMNS", "100")
            .stdin(Stdio::null())
            .output()
            .expect("there is a shell");
        self.commands += 1;
        self.exit_code = output.status.code().expect("the command was not killed");
        String::from_utf8(output.stdout).expect("output is UTF-8")
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("the folder is new");
    for entry in fs::read_dir(from).expect("the folder can be read") {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("there is room for a file");
        }
    }
}

/// Returns the lines to show for a command: those that are shown, if they are true, else those that
/// were printed, with elisions at the most similar places.
fn updated(shown: &[&str], printed: &[&str]) -> Vec<String> {
    let parts: Vec<&[&str]> = shown.split(|line| *line == ELISION).collect();
    let Some(places) = places(&parts, printed) else {
        return printed.iter().map(|line| (*line).to_owned()).collect();
    };
    let mut lines = Vec::new();
    for (index, (part, at)) in parts.iter().zip(places).enumerate() {
        lines.extend((index > 0).then(|| ELISION.to_owned()));
        for (old, new) in part.iter().zip(&printed[at..]) {
            lines.push(if matches(old, new) { *old } else { *new }.to_owned());
        }
    }
    lines
}

/// Returns where each part is found in the output: the first at its beginning, the last at its end,
/// all in order, and as similar as can be. `None` if they cannot all have a place.
fn places(parts: &[&[&str]], printed: &[&str]) -> Option<Vec<usize>> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    if length > printed.len() || (parts.len() == 1 && length != printed.len()) {
        return None;
    }
    // `best[end]`: the similarity of the parts so far within the first `end` lines, and their
    // places.
    let mut best: Vec<Option<(u64, Vec<usize>)>> = vec![Some((0, Vec::new())); printed.len() + 1];
    for (index, part) in parts.iter().enumerate() {
        let mut next: Vec<Option<(u64, Vec<usize>)>> = vec![None; printed.len() + 1];
        for at in 0..=printed.len() - part.len() {
            let first = index == 0 && at > 0;
            let last = index == parts.len() - 1 && at + part.len() < printed.len();
            let Some((so_far, before)) = best[at].as_ref().filter(|_| !first && !last) else {
                continue;
            };
            let lines = part.iter().zip(&printed[at..]);
            let sum = so_far + lines.map(|(old, new)| similarity(old, new)).sum::<u64>();
            let end = &mut next[at + part.len()];
            if end.as_ref().is_none_or(|(other, _)| sum > *other) {
                *end = Some((sum, before.iter().copied().chain([at]).collect()));
            }
        }
        for end in 1..next.len() {
            let better = next[end - 1]
                .as_ref()
                .is_some_and(|(left, _)| next[end].as_ref().is_none_or(|(right, _)| left >= right));
            if better {
                next[end] = next[end - 1].clone();
            }
        }
        best = next;
    }
    best.pop().flatten().map(|(_, places)| places)
}

/// Returns how much of a shown line is in a printed line, in thousandths: all of it, or the share
/// of its words.
fn similarity(shown: &str, printed: &str) -> u64 {
    if matches(shown, printed) {
        return 1000;
    }
    let words: Vec<_> = shown.split_whitespace().collect();
    let there = |word: &&&str| printed.split_whitespace().any(|other| other == **word);
    let found = words.iter().filter(there).count();
    (900 * found / words.len().max(1)) as u64
}

/// Returns true if a shown line, in which `…` matches any text, is a printed line.
fn matches(shown: &str, printed: &str) -> bool {
    let mut parts = shown.split('…');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = printed.strip_prefix(first) else { return false };
    let parts: Vec<_> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_that_is_true_stays_as_it_is() {
        let printed = ["1 device", "a", "b", "took 17 ms", "end"];
        for shown in [
            &["1 device", "a", "b", "took 17 ms", "end"][..],
            &["1 device", "…"],
            &["…", "end"],
            &["1 device", "…", "b", "…"],
            &["…", "took … ms", "end"],
        ] {
            assert_eq!(updated(shown, &printed), shown, "{shown:?}");
        }
    }

    #[test]
    fn a_changed_line_is_rewritten_and_its_elisions_stay() {
        let printed = ["2 devices found", "x", "y", "the end of it"];
        assert_eq!(updated(&["1 device found", "…"], &printed), ["2 devices found", "…"]);
        assert_eq!(
            updated(&["2 devices found", "…", "the end",], &printed),
            ["2 devices found", "…", "the end of it"]
        );
        assert_eq!(updated(&["…", "Y y", "…"], &["y y", "x"]).len(), 3);
    }

    #[test]
    fn a_block_of_another_length_becomes_the_whole_output() {
        assert_eq!(updated(&["a", "b"], &["a", "b", "c"]), ["a", "b", "c"]);
        assert_eq!(updated(&[], &["a"]), ["a"]);
        assert_eq!(updated(&["a", "b", "…"], &["a"]), ["a"]);
    }
}
