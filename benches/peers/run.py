"""Asks relatch and its peers the same question of the same generated inventory, in turn.

    python3 -m venv benches/peers/.venv
    benches/peers/.venv/bin/pip install -r benches/peers/requirements.txt
    cargo build --release -p relatch -p benches
    benches/peers/.venv/bin/python benches/peers/run.py --devices 10000000 --runs 5

Prints, for each, the median, minimum and maximum of the processor seconds (user and system) and
of the wall seconds, the peak memory, and the ratio of the median processor seconds to relatch's.
Stops if the answers differ. The files stay in the page cache: the first round is not counted.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent


def measured(command, answer_of):
    """Runs a command: its answer, processor seconds, wall seconds and peak memory in MiB."""
    begin = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.monotonic() - begin
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f"{command[0]} failed")
    answer = answer_of(json.loads(output))
    return answer, usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def contenders(arguments, shape, path, threads, folder):
    """Name, command and answer for each way to answer."""
    def nothing(_):
        return None

    relatch = [arguments.relatch, "plan", path, "--threads", str(threads), "--format", "json"]
    peers = {
        name: [sys.executable, str(HERE / "peer.py"), name, shape, path, str(threads)]
        for name in ("duckdb", "polars")
    }
    if not arguments.list:
        yield "relatch", relatch, lambda plan: plan["decisions"]
        for name, command in peers.items():
            yield name, command, lambda answer: answer
    else:
        yield "relatch", [*relatch, "--devices", f"{folder}/relatch.csv"], nothing
        for name, command in peers.items():
            yield name, [*command, f"{folder}/{name}.csv"], nothing


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--shapes", nargs="+", default=["wide", "narrow"])
    parser.add_argument("--list", action="store_true", help="write a list of all devices as well")
    parser.add_argument("--folder", default=None, help="keep the inventories here")
    parser.add_argument("--relatch", default=str(ROOT / "target/release/relatch"))
    parser.add_argument("--shape-program", default=str(ROOT / "target/release/shapes"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.folder or temporary)
        for shape in arguments.shapes:
            path = folder / f"{shape}-{arguments.devices}.csv"
            if not path.exists():
                generate = [arguments.shape_program, shape, str(arguments.devices), "1", str(path)]
                subprocess.run(generate, check=True)
            size = path.stat().st_size
            print(f"\n{shape}: {arguments.devices} devices, {size} bytes")
            for threads in arguments.threads:
                compare(arguments, shape, str(path), threads, temporary)


def compare(arguments, shape, path, threads, folder):
    runs = {}
    answers = {}
    for round_number in range(arguments.runs + 1):
        for name, command, answer_of in contenders(arguments, shape, path, threads, folder):
            answer, *figures = measured(command, answer_of)
            answers[name] = answer
            if round_number > 0:
                runs.setdefault(name, []).append(figures)
    if any(answer != answers["relatch"] for answer in answers.values()):
        sys.exit(f"the answers differ: {answers}")
    print(f"\n{threads} threads, {arguments.runs} runs; all agree: {answers['relatch']}")
    print("| | processor s | wall s | peak MiB | processor, relatch = 1 |")
    print("|---|---|---|---|---|")
    own = statistics.median(run[0] for run in runs["relatch"])
    for name, figures in runs.items():
        cells = []
        for index in (0, 1):
            values = [run[index] for run in figures]
            spread = f"{min(values):.2f}-{max(values):.2f}"
            cells.append(f"{statistics.median(values):.2f} ({spread})")
        peak = max(run[2] for run in figures)
        ratio = statistics.median(run[0] for run in figures) / own
        print(f"| {name} | {cells[0]} | {cells[1]} | {peak:.0f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
