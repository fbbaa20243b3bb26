#!/usr/bin/env python3
"""Runs the suite: every engine decides every device by some tables, on one thread, and every answer is
checked.

    python3 benches/suite/run.py --relatch target/release/relatch FOLDER [ENGINE ...]

FOLDER is made by `make.py`. Engines of crates.io are in the crate beside this file, which is checked by clippy
and built here; those of PyPI are below.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
SUITE = ROOT / "benches/suite/target/release/suite"
RUST = ["relatch-cells", "relatch-tree", "relatch-decide", "cedar", "regorus", "cel"]
DEFAULT = [("intune-2018-03-29", "literal"), ("intune-2026-04-21", "literal")]
sys.path.insert(0, str(ROOT / "tests/engines"))
import agree  # noqa: E402


def build():
    """Checks and builds the crate with the engines of crates.io; no part of the workspace does."""
    manifest = ["--locked", "--release", "--quiet", "--manifest-path", ROOT / "benches/suite/Cargo.toml"]
    for command in [["clippy", *manifest, "--all-targets", "--", "-D", "warnings"], ["build", *manifest]]:
        subprocess.run(["cargo", *command], check=True)


def rust(engine):
    def run(suite, at):
        out = subprocess.run([SUITE, suite.folder, engine, str(at)], capture_output=True, text=True)
        if out.returncode:
            sys.exit(f"{engine}: {out.stderr}")
        line = json.loads(out.stdout)
        return line["prepare"], line["seconds"], line["wrong"]
    return run


def python(suite, at):
    """The evaluator of the documentation."""
    spec = agree.importlib.util.spec_from_file_location(
        "evaluate", ROOT / "docs/reference/compiled/evaluate.py")
    evaluator = agree.importlib.util.module_from_spec(spec)
    spec.loader.exec_module(evaluator)
    table = suite.tables[at]
    began = time.perf_counter()
    answers = [evaluator.decide(table, device) for device in suite.devices]
    seconds = time.perf_counter() - began
    return 0.0, seconds, suite.wrong(at, [agree.shown((one["decision"], one["cause"]))
                                          for one in answers])


def duckdb(suite, at):
    import duckdb
    base = duckdb.connect(config={"threads": 1})
    base.register("read", suite.table)
    base.execute("CREATE TABLE devices AS SELECT * FROM read")
    query = f"CREATE TABLE answer AS SELECT id, ({suite.query(at, 'duckdb')}\n) AS verdict FROM devices"
    began = time.perf_counter()
    base.execute(query)
    seconds = time.perf_counter() - began
    answers = base.execute("SELECT verdict FROM answer ORDER BY id").fetchall()
    return 0.0, seconds, suite.wrong(at, [one[0] for one in answers])


def polars(suite, at):
    import polars
    frame = polars.from_arrow(suite.table)
    context = polars.SQLContext(devices=frame)
    query = f"SELECT id, ({suite.query(at, 'duckdb')}\n) AS verdict FROM devices"
    began = time.perf_counter()
    lazy = context.execute(query)
    prepared = time.perf_counter() - began
    began = time.perf_counter()
    answer = lazy.collect()
    seconds = time.perf_counter() - began
    return prepared, seconds, suite.wrong(at, answer.sort("id")["verdict"].to_list())


def zen(suite, at):
    """A decision table with a row for each leaf, by the bindings for Python."""
    import zen
    table = suite.tables[at]
    facts = [one["fact"].replace("-", "_") for one in table["facts"]]
    # Columns without a field, so that cells are whole expressions: unary tests have no parentheses.
    inputs = [{"id": fact, "name": fact} for fact in facts]
    output = {"id": "verdict", "name": "verdict", "field": "verdict"}
    rules = [{"_id": str(number), "verdict": json.dumps(verdict)} | dict.fromkeys(facts, "") | cells
             for number, (cells, verdict) in enumerate(leaves(table, table["tree"], {}))]
    content = {"hitPolicy": "first", "inputs": inputs, "outputs": [output], "rules": rules}
    graph = {"nodes": [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ], "edges": [{"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
                 {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"}]}
    began = time.perf_counter()
    # As content the expressions are compiled once, not for each device.
    decision = zen.ZenEngine().create_decision(zen.ZenDecisionContent(json.dumps(graph)))
    prepared = time.perf_counter() - began
    rows = [{fact: row[fact] for fact in facts} for row in suite.table.to_pylist()]
    began = time.perf_counter()
    answers = [decision.evaluate(row)["result"].get("verdict") for row in rows]
    seconds = time.perf_counter() - began
    return prepared, seconds, suite.wrong(at, answers)


def leaves(table, node, cells):
    """Each way to a leaf as cells of a decision table, with its verdict."""
    if "leaf" in node:
        if node["leaf"] is not None:
            decision = table["decisions"][node["leaf"]]
            yield cells, agree.shown((decision["decision"], decision["cause"]))
        return
    fact = node["fact"].replace("-", "_")
    for branch in node["branches"]:
        some = [f"{fact} == null"] if branch["unknown"] else []
        if all(isinstance(value, bool) for value in branch["values"]):
            some += [f"{fact} == {json.dumps(value)}" for value in branch["values"]]
        else:
            some.append(f"{fact} in {json.dumps(branch['values'])}")
        for one in branch["versions"]:
            low = f"{fact} != null and {fact} >= {number(one['from'])}"
            high = f" and {fact} < {number(one['before'])}" if one["before"] else ""
            some.append(f"({low}{high})")
        yield from leaves(table, branch["then"], cells | {fact: " or ".join(some)})


def number(parts):
    return agree.packed(".".join(map(str, parts)))


ENGINES = {name: rust(name) for name in RUST} | {
    "duckdb": duckdb, "polars": polars, "zen": zen, "python": python}


class Suite:
    def __init__(self, folder, program):
        import pyarrow
        self.folder, self.program = str(folder), program
        self.tables = json.loads((folder / "tables.json").read_text())["policies"]
        self.verdicts = json.loads((folder / "verdicts.json").read_text())
        lines = lambda name: map(json.loads, (folder / name).read_text().splitlines())
        self.devices = list(lines("devices.ndjson"))
        self.expected = [line["verdicts"] for line in lines("expected.ndjson")]
        columns = {name.replace("-", "_"): [one[name] for one in self.devices]
                   for name in self.devices[0]}
        columns["os_version"] = [None if one is None else agree.packed(one)
                                 for one in columns["os_version"]]
        self.table = pyarrow.table(columns)

    def query(self, at, dialect):
        table = self.tables[at]
        return agree.compiled(table["policy"], table["reading"], self.program,
                              "--to", "sql", "--dialect", dialect)

    def wrong(self, at, answers):
        pairs = zip(answers, self.expected, strict=True)
        return sum(answer != self.verdicts[wanted[at]] for answer, wanted in pairs)


def main():
    # Read when Polars is imported.
    os.environ["POLARS_MAX_THREADS"] = "1"
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(ENGINES))
    parser.add_argument("--relatch", default=str(ROOT / "target/release/relatch"))
    parser.add_argument("--all-tables", action="store_true", help="not only two of them")
    parser.add_argument("--repeats", type=int, default=3)
    chosen = parser.parse_args()
    engines = chosen.engines or list(ENGINES)
    if unknown := set(engines) - set(ENGINES):
        parser.error(f"no engine is called {', '.join(sorted(unknown))}")
    if set(engines) & set(RUST):
        build()
    suite = Suite(chosen.folder, str(pathlib.Path(chosen.relatch).resolve()))
    wrong = 0
    for at, table in enumerate(suite.tables):
        pair = (table["policy"], table["reading"])
        if not chosen.all_tables and pair not in DEFAULT:
            continue
        print(f"\n{' '.join(pair)}: {len(suite.devices)} devices\n")
        print("| engine | ns a device | ratio | prepare, ms | wrong |\n|---|---:|---:|---:|---:|")
        base = None
        for name in engines:
            runs = [ENGINES[name](suite, at) for _ in range(chosen.repeats)]
            prepare, seconds = (statistics.median(run[part] for run in runs) for part in (0, 1))
            wrong += runs[0][2]
            each = seconds / len(suite.devices) * 1e9
            base = base or each
            print(f"| {name} | {each:,.0f} | {each / base:.2f} | {prepare * 1e3:.1f} | {runs[0][2]} |",
                  flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
