#!/usr/bin/env python3
"""Changes one operator or word of a crate at a time and runs the crate's own unit tests; a change that no test
notices is printed. It works on a copy of the tree.

    python3 tests/mutants.py eligibility 'decide/*.rs' 'classes/*.rs' --every 4
    python3 tests/mutants.py fleet 'remedy.rs' --then -p acceptance --test suite remedies

`--every N` takes one change of N, `--then` tries what survived on further tests.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
CHANGES = [
    (r" == ", " != "), (r" != ", " == "), (r" && ", " || "), (r" \|\| ", " && "), (r" < ", " <= "),
    (r" <= ", " < "), (r" > ", " >= "), (r" >= ", " > "), (r" \+ 1\b", ""), (r" - 1\b", ""), (r"\+= ", "-= "),
    (r"(?<!\w)!(?=[a-z(])", ""), (r"\.any\(", ".all("), (r"\.all\(", ".any("), (r"\.union\(", ".intersection("),
    (r"\.max\(", ".min("), (r"\.min\(", ".max("), (r"\.is_some_and\(", ".is_none_or("),
    (r"\.is_none_or\(", ".is_some_and("), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
    (r"\.rev\(\)", ""), (r"\.skip\(1\)", ""), (r"\.is_empty\(\)", ".is_empty() == false"),
    (r"^(\s*)[a-z_.]+\.(sort\w*|dedup|retain|push|extend|insert)\(.*\);$", r"\1"),
]


def changes(text):
    """Each change: its line, the line before and after it, and the whole text."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        bare = line.strip()
        if bare.startswith(("//", "#[", "use ", "mod ", "pub use", "assert", "debug_assert")):
            continue
        for pattern, by in CHANGES:
            for found in re.finditer(pattern, line):
                new = line[:found.start()] + found.expand(by) + line[found.end():]
                yield at + 1, bare, new.strip(), "\n".join([*lines[:at], new, *lines[at + 1:]])


def passes(folder, arguments, environment):
    """Whether tests pass; None if the change does not compile."""
    run = subprocess.run(["timeout", "300", "cargo", "test", "--locked", "--quiet", *arguments], cwd=folder,
                         capture_output=True, text=True, env=environment)
    if "could not compile" in run.stderr:
        return None
    return run.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("crate")
    parser.add_argument("files", nargs="+", help="patterns below the crate's src")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--then", nargs=argparse.REMAINDER, default=[])
    chosen = parser.parse_args()
    # A build script keeps the path of its crate, so neither the copy nor what is built of it is shared.
    folder = ROOT / "target/mutants"
    environment = {**os.environ, "CARGO_TARGET_DIR": str(folder / "built"), "CARGO_PROFILE_DEV_DEBUG": "0",
                   f"CARGO_PROFILE_DEV_PACKAGE_{chosen.crate.upper()}_OPT_LEVEL": "0"}
    copy = folder / "tree"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("target", ".git", "node_modules"))
    source = copy / "crates" / chosen.crate / "src"
    files = sorted({path for pattern in chosen.files for path in source.glob(pattern)
                    if path.name not in ("tests.rs", "example.rs")})
    if not passes(copy, ["-p", chosen.crate, "--lib"], environment):
        sys.exit("the tests fail without any change")
    number, tried, survived = 0, 0, 0
    for path in files:
        text = path.read_text()
        code = text.split("#[cfg(test)]\nmod tests {")[0]
        for line, before, after, changed in changes(code):
            number += 1
            if number % chosen.every:
                continue
            path.write_text(changed + text[len(code):])
            alive = passes(copy, ["-p", chosen.crate, "--lib"], environment)
            if alive and chosen.then:
                alive = passes(copy, chosen.then, environment)
            if alive is None:
                continue
            tried += 1
            if alive:
                survived += 1
                print(f"survived: {path.relative_to(source)}:{line}: {before}  ->  {after}", flush=True)
        path.write_text(text)
    print(f"{chosen.crate}: {tried - survived} of {tried} changes are noticed")


if __name__ == "__main__":
    main()
