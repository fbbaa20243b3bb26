"""Asks relatch and its peers the same question of the same generated inventory, in turn.

    python3 -m venv benches/peers/.venv
    benches/peers/.venv/bin/pip install -r benches/peers/requirements.txt
    cargo build --release -p relatch -p benches
    cargo build --release --manifest-path benches/peers/simd-csv/Cargo.toml
    benches/peers/.venv/bin/python benches/peers/run.py --devices 10000000 --runs 5

The shapes `parquet` and `parquet-zstd` have the columns of `wide` in Apache Parquet, as DuckDB writes
it; `gzip` and `zstd` are `wide`, packed. `ndjson` is Microsoft Graph's devices, one a line; `graph` the
same in pages, and `devices` the raw report with numbers, both read by relatch alone. `--list` writes a
list of all devices with the four columns that the peers write. The first line of each table counts the
line feeds of the file. `simd-csv` is
a small program of its own (the crate `simd-csv` and a `match` over three columns) that only counts,
on one thread; it is left out where it was not built.

The peers are asked two questions: for the devices of each decision, from three columns, and for what a
plan says besides, from a fourth: the latest check-in, and how many devices have not checked in for 7, 30
and 90 days before it (`and check-ins`). A plan says more than that; both are there to be compared with it.

Prints, for each, the median, minimum and maximum of the processor seconds (user and system) and of
the wall seconds, the peak memory, and the ratio of the median processor seconds to relatch's. Stops
if the answers differ; of lists, the decisions in them are counted. The files stay in the page cache:
the first round is not counted.
"""

import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent


SHAPES = ["wide", "narrow", "parquet", "parquet-zstd", "gzip", "zstd", "ndjson", "graph", "devices"]


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
    answer = answer_of(json.loads(output)) if answer_of else None
    return answer, usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


def contenders(arguments, shape, path, threads, folder):
    """Name, command and answer for each way to answer."""
    # The peers keep every row, as they know nothing of devices, and compare with no other policy.
    relatch = [arguments.relatch, "plan", path, "--threads", str(threads), "--format", "json"]
    relatch += ["--policy", "2018-03-29", "--duplicates", "all"]
    columns = {"narrow": "narrow", "ndjson": "json"}.get(shape, "wide")
    able = {"graph": [], "devices": [], "ndjson": ["duckdb", "polars"], "gzip": ["duckdb", "polars"]}
    able["zstd"] = able["gzip"]
    peers = {
        name: [sys.executable, str(HERE / "peer.py"), name, columns, path, str(threads)]
        for name in able.get(shape, ["duckdb", "polars", "datafusion"])
    }
    rust = pathlib.Path(arguments.simd_csv)
    if shape in ("wide", "narrow") and threads == 1 and not arguments.list and rust.exists():
        peers["simd-csv"] = [str(rust), shape, path]
    if not arguments.list:
        yield "relatch", relatch, plan_answer
        if not shape.startswith("parquet"):
            yield "line feeds", ["wc", "-l", path], None
        for name, command in peers.items():
            if name == "simd-csv":
                yield name, command, lambda counted: {"decisions": counted}
                continue
            yield name, command, lambda answer: answer
            if columns != "narrow":
                yield f"{name} and check-ins", [*command, "--check-ins"], lambda answer: answer
    else:
        listed = [*relatch, "--devices", f"{folder}/relatch.csv"]
        # Its own list has more columns than those of the peers.
        for name, options in [("relatch", ["--only", "decision,os-version"]), ("whole list", [])]:
            yield name, [*listed, *options], lambda _: decisions_in(f"{folder}/relatch.csv")
        for name, command in peers.items():
            target = f"{folder}/{name}.csv"
            shutil.rmtree(target, ignore_errors=True)
            yield name, [*command, target], lambda _, target=target: decisions_in(target)


def plan_answer(plan):
    """What a plan says of the questions that the peers are asked."""
    stale = (plan["stale"] or {}).get("devices", [])
    return {
        "decisions": plan["decisions"],
        "latest-check-in": plan["latest-check-in"],
        "stale": {str(days["more-than-days"]): days["before-latest-check-in"] for days in stale},
    }


def in_duckdb(query):
    """Asks DuckDB in a process of its own, so that this one stays small: who measures a child
    measures the memory that it had before it became another program, too."""
    # The bar that tells how far a long query has come goes to standard output, too.
    quiet = "import duckdb, json, sys; duckdb.execute('SET enable_progress_bar = false');"
    program = f"{quiet} print(json.dumps(duckdb.sql(sys.argv[1]).fetchall()))"
    if query.startswith("COPY"):
        program = f"{quiet} duckdb.execute(sys.argv[1]); print('null')"
    output = subprocess.run([sys.executable, "-c", program, query], check=True, capture_output=True)
    return json.loads(output.stdout)


def decisions_in(path):
    """How many devices a list has of each decision; some write a folder of files."""
    files = f"{path}/*.csv" if pathlib.Path(path).is_dir() else path
    table = f"read_csv('{files}', header = true, all_varchar = true)"
    counted = in_duckdb(f"SELECT decision, count(*) FROM {table} GROUP BY 1")
    return {"decisions": dict(counted)}


def made(arguments, shape, folder):
    """The inventory of a shape, which is made if it is not there."""
    endings = {"parquet": "parquet", "parquet-zstd": "parquet", "gzip": "csv.gz", "zstd": "csv.zst"}
    endings |= {"graph": "json", "ndjson": "ndjson"}
    path = folder / f"{shape}-{arguments.devices}.{endings.get(shape, 'csv')}"
    if path.exists():
        return path
    if shape.startswith("parquet"):
        table = f"read_csv('{made(arguments, 'wide', folder)}', header = true, all_varchar = true)"
        codec = "zstd" if shape.endswith("zstd") else "snappy"
        in_duckdb(f"COPY (SELECT * FROM {table}) TO '{path}' (FORMAT parquet, CODEC {codec})")
    elif shape in ("gzip", "zstd"):
        with path.open("wb") as file:
            subprocess.run([shape, "-c", made(arguments, "wide", folder)], stdout=file, check=True)
    elif shape in ("ndjson", "graph", "devices"):
        generate = [arguments.relatch, "generate", "--devices", str(arguments.devices)]
        subprocess.run([*generate, "--format", shape, "--out", str(path)], check=True)
    else:
        generate = [arguments.shape_program, shape, str(arguments.devices), "1", str(path)]
        subprocess.run(generate, check=True)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--devices", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--shapes", nargs="+", default=SHAPES)
    parser.add_argument("--list", action="store_true", help="write a list of all devices as well")
    parser.add_argument("--folder", default=None, help="keep the inventories here")
    parser.add_argument("--relatch", default=str(ROOT / "target/release/relatch"))
    built = HERE / "simd-csv/target/release/simd-csv-peer"
    parser.add_argument("--simd-csv", default=str(built))
    parser.add_argument("--shape-program", default=str(ROOT / "target/release/shapes"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.folder or temporary)
        for shape in arguments.shapes:
            path = made(arguments, shape, folder)
            size = path.stat().st_size
            print(f"\n{shape}: {arguments.devices} devices, {size} bytes")
            for threads in arguments.threads:
                compare(arguments, shape, str(path), threads, temporary)


def compare(arguments, shape, path, threads, folder):
    runs = {}
    answers = {}
    for round_number in range(arguments.runs + 1):
        for name, command, answer_of in contenders(arguments, shape, path, threads, folder):
            first = round_number == 0
            asked = answer_of if first or answer_of is None else lambda _: None
            answer, *figures = measured(command, asked)
            if first and answer_of is not None:
                answers[name] = answer
            if round_number > 0:
                runs.setdefault(name, []).append(figures)
    own_answer = answers["relatch"]
    if any(own_answer[asked] != answer[asked] for answer in answers.values() for asked in answer):
        sys.exit(f"the answers differ: {answers}")
    print(f"\n{threads} threads, {arguments.runs} runs; all agree: {own_answer}")
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
