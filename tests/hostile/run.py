"""Gives relatch every hostile input and every fault, and prints the table of their outcomes.

usage: run.py PROGRAM [NAME...]

Each input may take ten seconds of processor time and 512 MiB, ends with an exit code from 0 to 2,
and puts nothing on the terminal that acts there. The exit code is 1 where one does not.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import threading

import documents as _documents
import readers as _readers
from faults import FAULTS, Broken
from inputs import INPUTS

SECONDS = 10
MEBIBYTES = 512
LETTERS = 8_000_000
WALL_SECONDS = 180
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def feed(pipe, blocks):
    """Writes blocks until the program has enough."""
    try:
        for block in blocks:
            pipe.write(block)
        pipe.close()
    except BrokenPipeError:
        pass


def limit():
    """Bounds the processor time and the size of files, so that a fault ends."""
    resource.setrlimit(resource.RLIMIT_CPU, (60, 61))


def measure(program, arguments, blocks):
    """Runs a command; returns exit code, processor seconds, MiB, and what it printed."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(
            [program, *arguments],
            stdin=subprocess.PIPE if blocks else subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            preexec_fn=limit,
        )
        if blocks:
            threading.Thread(target=feed, args=(child.stdin, blocks()), daemon=True).start()
        # Processor time is bounded, but what waits for a pipe takes none.
        waiting = threading.Timer(WALL_SECONDS, child.kill)
        waiting.start()
        _, status, usage = os.wait4(child.pid, 0)
        waiting.cancel()
        out.seek(0)
        printed = out.read().decode("utf-8", "replace")
    seconds = usage.ru_utime + usage.ru_stime
    return os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss / 1024, printed


def said(printed):
    """Returns the line that tells most: the first error or warning, else the first line."""
    lines = [line.strip() for line in printed.splitlines() if line.strip()]
    telling = [line for line in lines if line.startswith(("error", "warning"))]
    line = (telling or lines or [""])[0]
    line = line.replace("|", "\\|")
    return line if len(line) <= 90 else line[:87] + "…"


def made(make):
    """Makes an input in a process of its own, so that this one stays small; False without pyarrow."""
    child = os.fork()
    if child == 0:
        try:
            make()
        except ImportError:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def hostile(program, names):
    broken = []
    print("| input | tries | bound | exit | seconds | MiB | said |")
    print("|---|---|---|---|---|---|---|")
    for name, tries, bound, make, arguments, blocks, says in INPUTS:
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            if not made(make):
                print(f"| {name} | {tries} | {bound} | not tried: pyarrow is not installed | | | |")
                continue
            code, seconds, memory, printed = measure(program, arguments, blocks)
            os.chdir("/")
        if code not in (0, 1, 2):
            broken.append(f"{name}: exit code {code}: {printed[-400:]}")
        if seconds > SECONDS:
            broken.append(f"{name}: {seconds:.1f} s")
        if memory > MEBIBYTES:
            broken.append(f"{name}: {memory:.0f} MiB")
        if says not in " ".join(printed.split()):
            broken.append(f"{name}: does not say `{says}`: {printed[:400]}")
        if len(printed) > LETTERS:
            broken.append(f"{name}: prints {len(printed)} letters")
        if ACTS.search(printed):
            broken.append(f"{name}: prints {ACTS.search(printed)[0]!r}")
        print(
            f"| {name} | {tries} | {bound} | {code} | {seconds:.2f} | {memory:.0f} | {said(printed)} |",
            flush=True,
        )
    return broken


def faults(program, names):
    broken = []
    print("\n| fault | tries | wanted | outcome |")
    print("|---|---|---|---|")
    for name, tries, wanted, run in FAULTS:
        if names and name not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                outcome = run(program)
            except (Broken, subprocess.TimeoutExpired) as damage:
                outcome = "**does not hold**"
                broken.append(f"{name}: {damage}")
            os.chdir("/")
        print(f"| {name} | {tries} | {wanted} | {outcome} |", flush=True)
    return broken


def main():
    program, names = os.path.abspath(sys.argv[1]), set(sys.argv[2:])
    broken = hostile(program, names) + faults(program, names)
    for line in broken:
        print(f"does not hold: {line}", file=sys.stderr)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
