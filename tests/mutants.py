#!/usr/bin/env python3
"""Changes a crate at random places, one operator, statement or body at a time, and prints each change that no unit
test of the crate notices. All changes are built at once, each behind a number, in a copy of the tree.

    python3 tests/mutants.py eligibility 'analysis/*.rs' 'classes/*.rs' --count 100
    python3 tests/mutants.py fleet 'remedy.rs' --then -p acceptance --test suite -- remedies

`--then` tries what survived on further tests; what follows `--` selects them.
"""

import argparse
import json
import os
import pathlib
import random
import re
import resource
import shutil
import subprocess
import sys
import threading

ROOT = pathlib.Path(__file__).resolve().parents[1]
WALL_SECONDS = 600
ON = "crate::mutants::on(@)"
MODULE = """
#[allow(missing_docs)]
pub mod mutants {
    static CHOSEN: std::sync::LazyLock<u32> =
        std::sync::LazyLock::new(|| std::env::var("MUTANT").map_or(0, |text| text.parse().unwrap()));
    pub fn on(number: u32) -> bool {
        *CHOSEN == number
    }
}
"""
COMPARE = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">"}
JOIN = {"&&": "||", "||": "&&"}
METHODS = {"any": "all", "all": "any", "union": "intersection", "max": "min", "min": "max",
           "is_some_and": "is_none_or", "is_none_or": "is_some_and", "is_some": "is_none", "is_none": "is_some"}
RETURNS = {"bool": ["true", "false"], "Option": ["None"], "usize": ["0", "1"], "u64": ["0", "1"], "u32": ["0", "1"],
           "String": ["String::new()"], "Vec": ["Vec::new()"], "Self": [], None: [""]}
PAIRS = {")": "(", "]": "[", "}": "{"}
KEYWORDS = re.compile(r"\b(return|if|while|match|in|else|let|break|move)$")


def masked(text):
    """Returns the text with comments, strings and characters blanked."""
    hide = r'//[^\n]*|r#"(?s:.*?)"#|"(?:[^"\\]|\\(?s:.))*"|\'(?:[^\'\\\n]|\\[^\n]+?)\''
    return re.sub(hide, lambda found: re.sub(r"[^\n]", "_" if found[0][0] in "r\"'" else " ", found[0]), text)


def jump(text, at, step):
    """Returns the place of the bracket that belongs to the one at a place."""
    depth = 0
    while 0 <= at < len(text):
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return at
        at += step
    return at


def left(text, at, stops):
    """Returns where the operand that ends at a place begins."""
    while at > 0:
        before = text[at - 1]
        if before in ")]":
            at = jump(text, at - 1, -1)
        elif before in "([{};,@" or text[:at].endswith((*stops, " = ", "=> ")) or KEYWORDS.search(text[at - 9:at]):
            break
        elif before == "|" and text[at - 2] not in " ":
            break
        else:
            at -= 1
    return at + len(text[at:]) - len(text[at:].lstrip())


def right(text, at, stops):
    """Returns where the operand that begins at a place ends."""
    while at < len(text):
        if text[at] in "([":
            at = jump(text, at, 1) + 1
        elif text[at] in ")]};,{" or text.startswith((*stops, " = ", " =>"), at):
            break
        else:
            at += 1
    return len(text[:at].rstrip())


def receiver(text, at):
    """Returns where the chain of calls begins that ends at a place."""
    while at > 0:
        if text[at - 1] in ")]":
            at = jump(text, at - 1, -1)
        elif text[at - 1] in "._?:" or text[at - 1].isalnum():
            at -= 1
        elif text[at - 1].isspace() and text[at] == "." and text[:at].rstrip()[-1] not in "};{,":
            at = len(text[:at].rstrip())
        else:
            break
    return at


def chain(text, at):
    """Returns where the chain of calls ends that begins at a place."""
    while at < len(text):
        if text[at] in "([":
            at = jump(text, at, 1) + 1
        elif text[at] in "._?:&*" or text[at].isalnum() or text.startswith("!(", at):
            at += 1
        else:
            break
    return at


def operators(text, code):
    """Yields changes of operators: start, end, the new text and what it says."""
    for found in re.finditer(r" (==|!=|<=|>=|<|>|&&|\|\|) ", text):
        operator = found[1]
        stops = (" && ", " || ") if operator != "||" else (" || ",)
        start, end = left(text, found.start(), stops), right(text, found.end(), stops)
        if start >= found.start() or end <= found.end() or "let " in text[start:end]:
            continue
        other = (COMPARE | JOIN)[operator]
        both = (code[start:found.start()], code[found.end():end])
        yield start, end, f"(if {ON} {{ {both[0]} {other} {both[1]} }} else {{ {code[start:end]} }})", other
    for found in re.finditer(r"(?<![\w])!(?=[a-z(])", text):
        end = chain(text, found.end())
        yield found.start(), end, f"({ON} ^ {code[found.start():end]})", "without `!`"
    for found in re.finditer(r"(?<= [+-] )1\b(?!\.)|(?<=\.skip\()1(?=\))", text):
        yield found.start(), found.end(), f"(if {ON} {{ 0 }} else {{ 1 }})", "0"
    for found in re.finditer(r"\b(true|false)\b", text):
        yield found.start(), found.end(), f"({found[1]} ^ {ON})", "the other truth"
    for found in re.finditer(r"\.(any|all|union|max|min|is_some_and|is_none_or|is_some|is_none)\(", text):
        start, end = receiver(text, found.start()), jump(text, found.end() - 1, 1) + 1
        other = f"{code[start:found.start()]}.{METHODS[found[1]]}({code[found.end():end]}"
        yield start, end, f"(if {ON} {{ {other} }} else {{ {code[start:end]} }})", METHODS[found[1]]


def statements(text, code):
    """Yields changes that leave out a statement, a guard or a body."""
    for found in re.finditer(r"(?m)^ +((?:\*?[a-z_][\w.]*(?:\[[^\]\n]*\])? (?:[+-]?=) |[a-z_][\w.]*\.\w+\().*;)$", text):
        start, end = found.span(1)
        yield start, end, f"if !{ON} {{ {code[start:end]} }}", "left out"
    for found in re.finditer(r" if (?!let )([^\n{};]+) =>", text):
        start, end = found.span(1)
        yield start, end, f"{ON} || ({code[start:end]})", "any"
        yield start, end, f"!{ON} && ({code[start:end]})", "none"
    for found in re.finditer(r"\bfn \w+[^;{}]*\)(?: -> &?(?:'\w+ )?(\w+)[^;{}]*)? \{", text):
        for value in RETURNS.get(found[1], []):
            yield found.end(), found.end(), f" if {ON} {{ return {value}; }}", f"return {value}".strip()


class Place:
    """One change of one file."""

    def __init__(self, path, code, change):
        self.path, (self.start, self.end, self.new, self.says) = path, change
        line = code.count("\n", 0, self.start)
        self.lines = range(line + 1, code.count("\n", 0, self.end) + 2)
        self.was = code.split("\n")[line].strip()
        self.touch = range(self.start, max(self.end, self.start + 1))


def choose(files, count, seed):
    """Returns places at random that do not overlap."""
    places = []
    for path in files:
        code = path.read_text().split("#[cfg(test)]\nmod tests {")[0]
        text = masked(code)
        places += [Place(path, code, change) for found in (operators, statements) for change in found(text, code)]
    places = [place for place in places if not place.was.startswith(("//", "#", "use ", "assert", "debug_assert"))]
    random.Random(seed).shuffle(places)
    chosen, taken = [], {}
    for place in places:
        spans = taken.setdefault(place.path, [])
        if all(place.touch.stop <= span.start or span.stop <= place.touch.start for span in spans):
            spans.append(place.touch)
            chosen.append(place)
    return chosen[:count], len(places)


def apply(originals, places):
    """Writes every file with its changes, each behind its number."""
    for path, code in originals.items():
        for number, place in sorted(enumerate(places, 1), key=lambda pair: -pair[1].start):
            if place.path == path:
                code = code[:place.start] + place.new.replace("@", str(number)) + code[place.end:]
        path.write_text(code)


def build(copy, arguments, environment):
    """Builds tests; returns their programs, and the places of errors as pairs of a file and a line."""
    run = subprocess.run(["cargo", "test", "--locked", "--no-run", "--message-format=json", *arguments], cwd=copy,
                         capture_output=True, text=True, env=environment)
    programs, errors = [], set()
    for line in run.stdout.splitlines():
        message = json.loads(line)
        if message.get("executable") and message["profile"]["test"]:
            programs.append((message["executable"], pathlib.Path(message["manifest_path"]).parent))
        if message.get("message", {}).get("level") == "error":
            errors |= {(copy / span["file_name"], span["line_start"]) for span in message["message"]["spans"]}
    if run.returncode and not errors:
        sys.exit(run.stderr[-3000:])
    return programs, errors


def passes(programs, number, selected, environment, seconds=600):
    """Returns the processor seconds if tests pass with a change, else None. The first failure ends them."""
    begin = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    for program, folder in programs:
        bound = int(seconds) + 1
        tests = subprocess.Popen([program, "--quiet", *selected], cwd=folder, stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, env={**environment, "MUTANT": str(number)},
                                 preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (bound, bound)))
        waiting = threading.Timer(WALL_SECONDS, tests.kill)
        waiting.start()
        # The first line says how many tests there are; then a passed test is a dot, a failed one an F.
        tests.stdout.readline(), tests.stdout.readline()
        while (letter := tests.stdout.read(1)) and letter != b"F":
            pass
        if letter:
            tests.kill()
        code = tests.wait()
        waiting.cancel()
        if code:
            return None
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - begin


def survivors(programs, numbers, selected, environment):
    """Returns the changes that tests do not notice, by an answer or by a run that is three times as long."""
    usual = passes(programs, 0, selected, environment)
    if usual is None:
        sys.exit("the tests fail without any change")
    return [number for number in numbers
            if passes(programs, number, selected, environment, 5 + 3 * usual) is not None]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crate")
    parser.add_argument("files", nargs="+", help="patterns below the crate's src")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=20261129)
    parser.add_argument("--skip", action="append", default=[], help="a unit test that is not asked")
    parser.add_argument("--then", nargs=argparse.REMAINDER, default=[])
    asked = parser.parse_args()
    then, _, selected = " ".join(asked.then).partition(" -- ")
    # A build script keeps the path of its crate, so neither the copy nor what is built of it is shared.
    folder = ROOT / "target/mutants"
    environment = {**os.environ, "CARGO_TARGET_DIR": str(folder / "built"), "CARGO_PROFILE_DEV_DEBUG": "0",
                   "INSTA_UPDATE": "no", "RUST_BACKTRACE": "0"}
    copy = folder / "tree"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("target", ".git", "node_modules"))
    source = copy / "crates" / asked.crate / "src"
    files = sorted({path for pattern in asked.files for path in source.glob(pattern)
                    if path.name not in ("lib.rs", "tests.rs", "example.rs")})
    with open(source / "lib.rs", "a") as door:
        door.write(MODULE)
    places, count = choose(files, asked.count, asked.seed)
    originals = {path: path.read_text() for path in files}
    while True:
        apply(originals, places)
        programs, errors = build(copy, ["-p", asked.crate, "--lib"], environment)
        if not errors:
            break
        left_out = [place for place in places if any((place.path, line) in errors for line in place.lines)]
        if not left_out:
            sys.exit(f"it does not compile: {sorted(errors)}")
        places = [place for place in places if place not in left_out]
    further = build(copy, then.split(), environment)[0] if then else []
    skipped = [argument for name in asked.skip for argument in ("--skip", name)]
    alive = survivors(programs, range(1, len(places) + 1), skipped, environment)
    print(f"{asked.crate}: unit tests notice {len(places) - len(alive)} of {len(places)} ({count} places)", flush=True)
    unit, alive = alive, survivors(further, alive, selected.split(), environment) if further else alive
    for number in sorted(unit, key=lambda number: (places[number - 1].path, places[number - 1].start)):
        place = places[number - 1]
        by = "survived" if number in alive else "noticed by further tests"
        print(f"{by}: {place.path.relative_to(source)}:{place.lines.start}: {place.was}  ->  {place.says}")
    if further:
        print(f"{asked.crate}: with further tests {len(places) - len(alive)} of {len(places)}")


if __name__ == "__main__":
    main()
