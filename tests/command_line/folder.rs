//! Runs of the program in a folder of their own.

use std::path::PathBuf;
use std::process::{Command, Output};

use super::{EXAMPLE, code, json, refusal, relatch, root, shown};

/// A folder in which the program runs; it vanishes with its value.
pub(super) struct Folder {
    folder: tempfile::TempDir,
    /// The name of its first file, which arguments call `FILE`.
    file: String,
}

impl Folder {
    /// Returns a folder with a file.
    pub(super) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        Self { file: name.to_owned(), ..Self::empty() }.and(name, content)
    }

    /// Returns a folder without a file.
    pub(super) fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().expect("there is room for a folder"),
            file: String::new(),
        }
    }

    /// Adds a file.
    pub(super) fn and(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(name, content);
        self
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("it is in the folder")).unwrap();
        std::fs::write(path, content).expect("there is room for a file");
    }

    pub(super) fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub(super) fn read(&self, name: &str) -> String {
        String::from_utf8(self.bytes(name)).expect("the file is UTF-8")
    }

    /// Returns a file with `FOLDER` in place of the path of the folder.
    pub(super) fn read_shown(&self, name: &str) -> String {
        self.without_path(&self.read(name))
    }

    fn without_path(&self, text: &str) -> String {
        let folder = self.folder.path().to_str().expect("a temporary folder is UTF-8");
        text.replace(folder, "FOLDER").replace("FOLDER\\", "FOLDER/")
    }

    /// Returns the names of everything in it, in their order.
    pub(super) fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    }

    /// Returns the program with arguments, ready to run in the folder. The path of the folder is
    /// `FOLDER` there. Words stand between spaces, or between bars if there are any.
    pub(super) fn command(&self, arguments: &str) -> Command {
        let example = root().join(EXAMPLE);
        let arguments = arguments
            .replace("EXAMPLE", example.to_str().expect("the root is UTF-8"))
            .replace("FOLDER", self.folder.path().to_str().expect("a temporary folder is UTF-8"))
            .replace("FILE", &self.file);
        let mut command = relatch();
        command.current_dir(self.folder.path());
        match arguments.contains(" | ") {
            true => command.args(arguments.split(" | ")),
            false => command.args(arguments.split_whitespace()),
        };
        command
    }

    /// Runs the program in the folder.
    pub(super) fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().expect("the program starts")
    }

    /// Runs the program, which must have nothing to complain about.
    pub(super) fn runs(&self, arguments: &str) -> Output {
        let output = self.run(arguments);
        assert_eq!(code(&output), 0, "{arguments}: {}", shown(&output));
        output
    }

    pub(super) fn json(&self, arguments: &str) -> serde_json::Value {
        json(&self.run(arguments))
    }

    /// Runs a command that must be refused, and returns the message.
    pub(super) fn refused(&self, arguments: &str) -> String {
        refusal(arguments, &self.run(arguments))
    }

    /// Runs commands that must be refused, each with texts that its message has. They leave nothing
    /// behind.
    pub(super) fn refuses<const N: usize>(&self, commands: &[(&str, [&str; N])]) {
        let before = self.names();
        for (arguments, texts) in commands {
            let error = self.refused(arguments);
            assert!(texts.iter().all(|text| error.contains(text)), "{arguments}: {error}");
            assert_eq!(self.names(), before, "{arguments}");
        }
    }

    /// Runs the program; the paths that depend on the machine have the words of the arguments.
    pub(super) fn shown(&self, arguments: &str) -> String {
        let text = self.without_path(&shown(&self.run(arguments)));
        match arguments.contains("FILE") {
            true => text.replace(&self.file, "FILE"),
            false => text,
        }
    }
}
