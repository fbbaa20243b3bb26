"""Faults around a run: full disks, interrupts, files that change, two runs at a time.

Each function gets the program, works in an empty folder, and returns what happened; it raises
Broken where something of the user's was damaged or left behind.
"""

import glob
import os
import shutil
import signal
import stat
import subprocess
import threading
import time

from inputs import HEADER, ROW, SCENARIO, STEP, rows, text

FAULTS = []


class Broken(Exception):
    """What a fault damaged."""


def fault(name, tries, wanted):
    """Adds the function below as a fault."""

    def add(run):
        FAULTS.append((name, tries, wanted, run))
        return run

    return add


def check(holds, otherwise):
    if not holds:
        raise Broken(otherwise)


def run(program, *arguments, **options):
    return subprocess.run(
        [program, *arguments], capture_output=True, timeout=60, check=False, **options
    )


def leftovers():
    """Returns what a run left beside its outputs."""
    return [name for name in os.listdir(".") if "tmp" in name or name.startswith(".")]


@fault("full-output", "standard output on a full device", "exit code 3 and the reason")
def _(program):
    rows("d.csv", ROW.format, 1_000)
    for arguments in (["plan", "d.csv"], ["--help"], ["policy", "list"], ["plan", "d.csv", "--format", "json"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
        check(done.returncode == 3 and b"No space left" in done.stderr, f"{arguments}: {done}")
    return "exit code 3 from `plan`, `--help`, `policy list`"


@fault("full-disk", "a list that outgrows its disk of 1 MiB", "exit code 3; what stood there stays")
def _(program):
    rows("d.csv", ROW.format, 100_000)
    os.mkdir("small")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "none", "small"]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        return "not tried: a small disk needs the rights to mount one"
    try:
        open("small/list.csv", "w").write("before")
        done = run(program, "plan", "d.csv", "--devices", "small/list.csv")
        check(done.returncode == 3, f"{done}")
        check(open("small/list.csv").read() == "before", "the old list is gone")
        check(os.listdir("small") == ["list.csv"], f"left behind: {os.listdir('small')}")
    finally:
        subprocess.run(["umount", "small"], check=False)
    return "exit code 3, the old list whole, nothing left behind"


@fault("interrupts", "SIGINT, SIGTERM and SIGHUP at 8 moments each", "128 + the signal; the old list or the whole new one, nothing left")
def _(program):
    rows("d.csv", ROW.format, 2_000_000)
    subprocess.run([program, "plan", "d.csv", "--devices", "list.csv"], stdout=subprocess.DEVNULL)
    # A signal may come when the list is in its place and the report is not printed yet.
    whole = open("list.csv").read()
    open("list.csv", "w").write("before")
    ended = 0
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        for moment in range(8):
            child = subprocess.Popen(
                [program, "plan", "d.csv", "--devices", "list.csv"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            time.sleep(0.02 + moment * 0.05)
            child.send_signal(number)
            code = child.wait(timeout=60)
            if code == 0:
                ended += 1
                open("list.csv", "w").write("before")
                continue
            check(code in (128 + number, -number), f"exit code {code} after signal {number}")
            check(open("list.csv").read() in ("before", whole), "half a list")
            open("list.csv", "w").write("before")
            check(not leftovers(), f"left behind: {leftovers()}")
    return f"24 runs, {ended} had ended before their signal; lists whole, nothing left behind"


@fault("killed", "SIGKILL while a list is written, then the same command", "the leftover is named")
def _(program):
    rows("d.csv", ROW.format, 3_000_000)
    for moment in range(40):
        child = subprocess.Popen(
            [program, "plan", "d.csv", "--devices", "list.csv"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        time.sleep(0.05 + moment * 0.02)
        child.kill()
        child.wait()
        check(not os.path.exists("list.csv") or child.returncode == 0, "half a list")
        if leftovers():
            break
    check(leftovers(), "no leftover was seen, so nothing was tried")
    kept = leftovers()
    done = run(program, "plan", ".")
    check(done.returncode == 0, f"{done.stderr[:400]}")
    return f"the leftover {kept[0].split('.')[-1]!r} is no inventory in the next run of the folder"


@fault("shrinking", "an inventory that becomes shorter while it is read", "refused, said to be cut off, or read as it was")
def _(program):
    refused = cut = whole = 0
    for _ in range(8):
        rows("d.csv", ROW.format, 2_000_000)
        child = subprocess.Popen([program, "plan", "d.csv", "--format", "json"],
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(0.03)
        os.truncate("d.csv", 1_000_000)
        out, _ = child.communicate(timeout=60)
        if child.returncode == 0:
            check(b'"rows": 2000000' in out or b'"rows":2000000' in out, f"{out[:300]}")
            whole += 1
        elif child.returncode == 1:
            check(b'"truncated": [' in out and b"d.csv" in out, f"{out[:300]}")
            cut += 1
        else:
            check(child.returncode == 2, f"exit code {child.returncode}")
            refused += 1
    return f"{refused} refused, {cut} opened afterwards and said to be cut off, {whole} read before"


@fault("growing", "an inventory to which another program appends", "an end; a row count that the file had")
def _(program):
    rows("d.csv", ROW.format, 500_000)
    stop = threading.Event()

    def append():
        with open("d.csv", "a", encoding="utf-8") as file:
            while not stop.is_set():
                file.write(ROW.format(7) * 100)
                file.flush()

    writer = threading.Thread(target=append)
    writer.start()
    try:
        done = run(program, "plan", "d.csv")
    finally:
        stop.set()
        writer.join()
    cut = b"ends in the middle of a row" in done.stdout
    check(done.returncode == 0 or done.returncode == 1 and cut, f"{done.stdout[:400]} {done.stderr}")
    return "read as it was when it was opened" + (", with its last row cut off, which is reported" if cut else "")


@fault("vanishing", "a folder that is removed while its files are read", "exit code 0 or 2")
def _(program):
    codes = set()
    for moment in range(6):
        os.mkdir("d")
        for file in range(20):
            rows(f"d/{file}.csv", ROW.format, 20_000)
        child = subprocess.Popen([program, "plan", "d"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(moment * 0.01)
        shutil.rmtree("d")
        _, error = child.communicate(timeout=60)
        check(child.returncode in (0, 2), f"exit code {child.returncode}: {error[:300]}")
        codes.add(child.returncode)
    return f"exit codes {sorted(codes)}"


@fault("closed-pipe", "a reader that takes one line and leaves", "an end without a panic")
def _(program):
    rows("d.csv", ROW.format, 500_000)
    done = subprocess.run(f"'{program}' plan d.csv --devices - --format text 2>err | head -1", shell=True,
                          capture_output=True, timeout=60, check=False)
    error = open("err", encoding="utf-8").read()
    check("panicked" not in error, error[:300])
    done = subprocess.run(f"'{program}' policy show latest 2>err | head -1", shell=True,
                          capture_output=True, timeout=60, check=False)
    check(done.stdout and "panicked" not in open("err", encoding="utf-8").read(), "a panic")
    return "no panic"


@fault("two-runs", "six runs at a time to one list", "one whole list")
def _(program):
    rows("d.csv", ROW.format, 200_000)
    run(program, "plan", "d.csv", "--devices", "alone.csv")
    children = [
        subprocess.Popen([program, "plan", "d.csv", "--devices", "list.csv"],
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(6)
    ]
    codes = [child.wait(timeout=60) for child in children]
    check(0 in codes and set(codes) <= {0, 2}, f"exit codes {codes}")
    check(open("list.csv", "rb").read() == open("alone.csv", "rb").read(), "the list is another one")
    check(not leftovers(), f"left behind: {leftovers()}")
    return f"exit codes {sorted(codes)}, the list equals that of a single run"


@fault("over-input", "the inventory as output, by name, `./`, link and pattern", "exit code 2, the inventory whole")
def _(program):
    rows("d.csv", ROW.format, 10)
    before = open("d.csv", "rb").read()
    os.symlink("d.csv", "link.csv")
    os.link("d.csv", "hard.csv")
    for source, target in (("d.csv", "d.csv"), ("d.csv", "./d.csv"), ("d.csv", "link.csv"),
                           ("link.csv", "d.csv"), ("d*.csv", "d.csv"), ("d.csv", "hard.csv"),
                           (".", "d.csv")):
        for option in ("--devices", "--out", "--problems"):
            done = run(program, "plan", source, option, target)
            check(done.returncode == 2, f"plan {source} {option} {target}: {done}")
            check(open("d.csv", "rb").read() == before, f"damaged by {option} {target}")
    return "21 commands refused"


@fault("read-only", "a list that is read-only, and one with another mode", "refused; the mode stays")
def _(program):
    rows("d.csv", ROW.format, 10)
    open("list.csv", "w").write("before")
    os.chmod("list.csv", 0o444)
    done = run(program, "plan", "d.csv", "--devices", "list.csv")
    check(done.returncode == 2 and open("list.csv").read() == "before", f"{done}")
    os.chmod("list.csv", 0o640)
    check(run(program, "plan", "d.csv", "--devices", "list.csv").returncode == 0, "refused")
    mode = stat.S_IMODE(os.stat("list.csv").st_mode)
    check(mode == 0o640, f"mode {mode:o}")
    return "refused; mode 640 kept"


@fault("no-temporary-folder", "TMPDIR that does not exist, with a zip as a stream", "the folder is named")
def _(program):
    rows("d.csv", ROW.format, 10)
    shutil.make_archive("d", "zip", ".", "d.csv")
    done = run(program, "plan", "-", stdin=open("d.zip", "rb"), env={"TMPDIR": "/does/not/exist"})
    check(done.returncode == 2 and b"/does/not/exist" in done.stderr, f"{done}")
    return "exit code 2, the folder named"


# Each command that writes, with the file that it writes.
WRITERS = [
    (["plan", "d.csv", "--devices"], "list.csv"),
    (["plan", "d.csv", "--devices"], "list.ndjson"),
    (["plan", "d.csv", "--devices"], "list.parquet"),
    (["plan", "d.csv", "--devices"], "list.xlsx"),
    (["plan", "d.csv", "--out"], "plan.txt"),
    (["plan", "d.csv", "--format", "json", "--out"], "plan.json"),
    (["plan", "d.csv", "--format", "html", "--out"], "plan.html"),
    (["plan", "d.csv", "--problems"], "problems.csv"),
    (["compare", "d.csv", "--from", "2018-03-29", "--to", "latest", "--out"], "compare.txt"),
    (["compare", "old.csv", "d.csv", "--devices"], "changes.csv"),
    (["simulate", "--fleet", "d.csv", "--repeats", "2", "--out"], "forecast.txt"),
    (["simulate", "--fleet", "d.csv", "--repeats", "2", "--format", "html", "--out"], "forecast.html"),
    (["simulate", "s.toml", "--trace"], "trace.ndjson"),
    (["generate", "--devices", "300000", "--out"], "fleet.csv"),
    (["generate", "--devices", "300000", "--format", "parquet", "--out"], "fleet.parquet"),
]


def written_from(count):
    """Makes what the writers read."""
    odd = lambda n: ROW.format(n).replace("Corporate", "Corporat")
    rows("d.csv", odd, count)
    rows("old.csv", ROW.format, count)
    text("s.toml", SCENARIO + STEP * 300)


@fault("modes", "each output new under umask 077, replaced with its mode, read-only, by a link, in no folder",
       "600; the mode stays; refused; followed; exit code 2")
def _(program):
    written_from(100)
    for arguments, name in WRITERS:
        command = [*arguments, name]
        done = run(program, *command, umask=0o077)
        check(done.returncode in (0, 1), f"{command}: {done}")
        mode = stat.S_IMODE(os.stat(name).st_mode)
        check(mode == 0o600, f"{command}: a new file has mode {mode:o}")
        os.chmod(name, 0o640)
        check(run(program, *command).returncode in (0, 1), f"{command} again")
        mode = stat.S_IMODE(os.stat(name).st_mode)
        check(mode == 0o640, f"{command}: mode 640 became {mode:o}")
        whole = open(name, "rb").read()
        os.chmod(name, 0o444)
        done = run(program, *command)
        check(done.returncode == 2 and open(name, "rb").read() == whole, f"read-only, {command}: {done}")
        os.rename(name, "target")
        os.chmod("target", 0o644)
        os.symlink("target", name)
        check(run(program, *command).returncode in (0, 1), f"by a link, {command}")
        check(os.path.islink(name) and os.stat("target").st_size > 0, f"{command}: the link was replaced")
        os.remove(name)
        os.remove("target")
        done = run(program, *arguments, f"none/{name}")
        check(done.returncode == 2 and b"no such folder" in done.stderr, f"in no folder, {command}: {done}")
        check(not leftovers(), f"{command}: left behind: {leftovers()}")
    return f"{len(WRITERS)} commands"


@fault("interrupted-writers", "SIGINT, SIGTERM and SIGHUP for each command that writes", "128 + the signal; what stood there stays or the whole file is there, nothing left")
def _(program):
    written_from(300_000)
    ended = tried = 0
    for arguments, name in WRITERS:
        begin = time.monotonic()
        check(run(program, *arguments, name).returncode in (0, 1), f"{arguments} without a signal")
        seconds = time.monotonic() - begin
        whole = open(name, "rb").read()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            open(name, "w").write("before")
            child = subprocess.Popen([program, *arguments, name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(seconds / 2)
            child.send_signal(number)
            code = child.wait(timeout=60)
            tried += 1
            if code in (0, 1):
                ended += 1
            else:
                check(code in (128 + number, -number), f"{arguments}: exit code {code} after signal {number}")
                check(open(name, "rb").read() in (b"before", whole), f"{arguments}: half a file")
            check(not leftovers(), f"{arguments}: left behind: {leftovers()}")
    check(ended < tried / 2, f"{ended} of {tried} had ended before their signal")
    return f"{tried} runs, {ended} had ended before their signal; files whole, nothing left behind"
