#!/usr/bin/env python3
"""Compares compiled policies on real engines with `relatch plan`, device by device.

    python3 tests/engines/agree.py --relatch target/release/relatch python javascript sqlite duckdb

Engines from registries: `pip install -r tests/engines/requirements.txt`; Spark needs Java. The grammar of
Kusto is not run but parsed: `npm install @kusto/language-service-next`, its folder in NODE_PATH.
An engine that cannot be run is named, and ends with 3 if `--strict` is given.
"""

import argparse
import collections
import csv
import importlib
import importlib.util
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = ["decision", "cause", "action", "scope", "mechanism", "rule", "needs", "missing"]
TRUTHS = {"true": True, "false": False}


class NotRun(Exception):
    """The engine is not here."""


def relatch(arguments, program):
    run = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True)
    # Impossible devices are rejected rows, which end with 1.
    if run.returncode > 1:
        sys.exit(f"relatch {' '.join(arguments)}: {run.stderr}")
    return run.stdout


def compiled(policy, reading, program, *options):
    return relatch(["policy", "compile", policy, "--reading", reading, *options], program)


def devices(trees, count, seed):
    """Random devices: each fact unknown or one of its values; versions at and around bounds."""
    values, bounds = {}, {(6, 0, 0, 0), (150, 40000, 1, 0), (10, 0, 40000, 7)}

    def walk(node):
        for branch in node.get("branches", []):
            for one in branch["versions"]:
                bounds.update(tuple(one[end]) for end in ("from", "before") if one[end])
            walk(branch["then"])

    for tree in trees:
        for fact in tree["facts"]:
            values[fact["fact"]] = fact["values"]
        walk(tree["tree"])
    versions = set()
    for a, b, c, d in bounds:
        around = [(a, b, c, d), (a, b, c, d + 1), (a, b, c + 1, 0), (a, b + 1, 0, 0), (a + 1, 0, 0, 0)]
        around += [(max(a - 1, 0), 40000, 0, 0), (a, max(b - 1, 0), 9, 0), (a, b, c, max(d - 1, 0))]
        versions.update(around)
    short = lambda parts: ".".join(map(str, parts)).removesuffix(".0").removesuffix(".0")
    padded = lambda parts: ".".join(f"{part:02}" for part in parts)
    # No system has a version 0, and relatch reads it as unknown.
    spelled = {"0", "0.0.0.0"} | {spell(one) for one in versions if any(one) for spell in (short, padded)}
    values["os-version"] = sorted(spelled)
    chance = random.Random(seed)
    for number in range(count):
        device = {"device-id": str(number)}
        for fact, words in values.items():
            device[fact] = None if chance.random() < 0.25 else chance.choice(words)
        # Most pairs of platform and management do not exist; half of the devices are Androids.
        if device["platform"] is not None and chance.random() < 0.5:
            device["platform"] = "android"
        yield device


def write(fleet, path):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, list(fleet[0]))
        writer.writeheader()
        for device in fleet:
            words = {fact: str(value).lower() if isinstance(value, bool) else value
                     for fact, value in device.items()}
            writer.writerow(words)


def expected(policy, reading, program, folder):
    """The decision of each device; none of a device that cannot exist."""
    out = folder / "decided.csv"
    relatch(["plan", str(folder / "devices.csv"), "--policy", policy, "--reading", reading,
             "--duplicates", "all", "--by", "none", "--devices", str(out)], program)
    with open(out, newline="") as file:
        decided = {row["device-id"]: tuple(row[name] for name in COLUMNS)
                   for row in csv.DictReader(file)}
    out.unlink()
    return decided


def rows(fleet):
    """The devices as rows of SQL: (id, version, facts)."""
    facts = [fact for fact in fleet[0] if fact not in ("device-id", "os-version")]
    names = ["id", "version"] + [fact.replace("-", "_") for fact in facts]
    return names, [[int(one["device-id"]), one["os-version"]] + [one[fact] for fact in facts]
                   for one in fleet]


def packing(query):
    """The expression for a packed version in the comments of a query."""
    lines = [line[2:].strip() for line in query.splitlines() if line.startswith("--")]
    found = [at for at, line in enumerate(lines) if line.startswith("os_version is a packed number")]
    return lines[found[0] + 1] if found else "NULL"


def packed(version):
    parts = [min(int(part), 32767) for part in version.split(".")]
    number = 0
    for part in parts + [0] * (4 - len(parts)):
        number = number * 32768 + part
    return number or None


def parsed(fleet):
    """The devices for an engine that is given versions, not texts: without those that are 0."""
    return [one | {"os-version": one["os-version"] if packed(one["os-version"] or "0") else None}
            for one in fleet]


class Tool:
    """An engine; `answers` gives {id: the columns} and {id: verdict}."""

    dialect = None
    #: How many of the devices it decides.
    share = 1

    def query(self, policy, reading, program):
        options = ["--to", "sql", "--dialect", self.dialect]
        return (compiled(policy, reading, program, *options, "--detail", "full"),
                compiled(policy, reading, program, *options))

    def answers(self, policy, reading, program):
        full, verdict = self.query(policy, reading, program)
        version = packing(full)
        view = f"CREATE TEMP VIEW devices AS SELECT *, {version} AS os_version FROM raw"
        columns = ", ".join(COLUMNS)
        asked = f"SELECT id, {columns} FROM (\n{full}\n) AS decided"
        return self.run(view, asked, f"SELECT id, ({verdict}\n) AS verdict FROM devices")

    @staticmethod
    def by_id(table):
        return {str(row[0]): tuple("" if cell is None else cell for cell in row[1:]) for row in table}


class Sqlite(Tool):
    dialect = "sqlite"

    def start(self, fleet):
        import sqlite3
        if sqlite3.sqlite_version_info < (3, 38):
            raise NotRun(f"SQLite {sqlite3.sqlite_version} is older than 3.38")
        self.version = sqlite3.sqlite_version
        self.base = sqlite3.connect(":memory:")
        names, table = rows(fleet)
        self.base.execute(f"CREATE TABLE raw ({', '.join(names)})")
        self.base.executemany(f"INSERT INTO raw VALUES ({', '.join('?' * len(names))})", table)

    def run(self, view, full, verdict):
        self.base.execute("DROP VIEW IF EXISTS devices")
        self.base.execute(view)
        return [self.by_id(self.base.execute(query)) for query in (full, verdict)]


class Duckdb(Tool):
    dialect = "duckdb"

    def start(self, fleet):
        duckdb, arrow = imported("duckdb"), imported("pyarrow")
        self.version = duckdb.__version__
        self.base = duckdb.connect()
        self.base.register("raw_arrow", table_of(fleet, arrow))
        self.base.execute("CREATE TABLE raw AS SELECT * FROM raw_arrow")

    def run(self, view, full, verdict):
        self.base.execute(view.replace("CREATE", "CREATE OR REPLACE"))
        return [self.by_id(self.base.execute(query).fetchall()) for query in (full, verdict)]


class Tsql(Duckdb):
    """T-SQL as sqlglot understands it, run by DuckDB; versions are packed before."""

    dialect = "tsql"

    def start(self, fleet):
        self.tool = imported("sqlglot")
        super().start(fleet)
        self.version = f"by sqlglot {self.tool.__version__} on DuckDB {self.version}"
        self.base.execute("ALTER TABLE raw ADD COLUMN os_version BIGINT")
        numbers = [[packed(one["os-version"]), int(one["device-id"])] for one in fleet
                   if one["os-version"] is not None]
        self.base.executemany("UPDATE raw SET os_version = ? WHERE id = ?", numbers)
        self.base.execute("CREATE VIEW devices AS FROM raw")

    def run(self, _view, full, verdict):
        queries = [self.tool.transpile(one, read="tsql", write="duckdb")[0] for one in (full, verdict)]
        return [self.by_id(self.base.execute(query).fetchall()) for query in queries]


class Datafusion(Tool):
    """Runs DuckDB's dialect; versions are packed before, because it splits texts in another way."""

    dialect = "duckdb"

    def start(self, fleet):
        datafusion, arrow = imported("datafusion"), imported("pyarrow")
        self.version = datafusion.__version__
        self.base = datafusion.SessionContext()
        table = table_of(fleet, arrow)
        numbers = [None if one["os-version"] is None else packed(one["os-version"]) for one in fleet]
        table = table.append_column("os_version", arrow.array(numbers, arrow.int64()))
        self.base.register_record_batches("devices", [table.to_batches()])

    def run(self, _view, full, verdict):
        def answer(query):
            batches = self.base.sql(query).collect()
            return self.by_id(tuple(row.values()) for batch in batches for row in batch.to_pylist())
        return [answer(full), answer(verdict)]


class Spark(Tool):
    dialect = "spark"

    def start(self, fleet):
        sql = imported("pyspark.sql")
        self.version = imported("pyspark").__version__
        if shutil.which("java") is None:
            raise NotRun("Spark needs Java")
        master = os.environ.get("SPARK_MASTER", "local[2]")
        session = sql.SparkSession.builder.master(master).config("spark.ui.enabled", "false")
        self.base = session.config("spark.sql.shuffle.partitions", "2").getOrCreate()
        self.base.sparkContext.setLogLevel("ERROR")
        self.version += f" {master}"
        arrow = imported("pyarrow")
        folder = pathlib.Path(tempfile.mkdtemp())
        imported("pyarrow.parquet").write_table(table_of(fleet, arrow), folder / "raw.parquet")
        self.base.read.parquet(str(folder)).createOrReplaceTempView("raw")

    def run(self, view, full, verdict):
        self.base.sql(view.replace("CREATE", "CREATE OR REPLACE"))
        return [self.by_id(self.base.sql(query).collect()) for query in (full, verdict)]


class Python(Tool):
    """The evaluator of the documentation."""

    share = 4

    def start(self, fleet):
        self.version = sys.version.split()[0]
        path = ROOT / "docs/reference/compiled/evaluate.py"
        spec = importlib.util.spec_from_file_location("evaluate", path)
        self.evaluator = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.evaluator)
        self.fleet = parsed(fleet)

    def trees(self, policy, reading, program):
        options = [[], ["--detail", "full"]]
        return [json.loads(compiled(policy, reading, program, "--to", "json", *one))["policies"][0]
                for one in options]

    def answers(self, policy, reading, program):
        verdict, full = self.trees(policy, reading, program)
        decide = self.evaluator.decide
        return flat({one["device-id"]: decide(full, one) for one in self.fleet},
                    {one["device-id"]: decide(verdict, one) for one in self.fleet})


class Javascript(Python):
    """The evaluator of the documentation, by Node."""

    def start(self, fleet):
        if shutil.which("node") is None:
            raise NotRun("Node is not installed")
        self.version = node("console.log(process.version)", {}).strip()
        self.fleet = parsed(fleet)
        self.code = (ROOT / "docs/reference/compiled/evaluate.js").read_text()

    def answers(self, policy, reading, program):
        verdict, full = self.trees(policy, reading, program)
        answer = node(self.code + """
            const { full, verdict, fleet } = input;
            const all = (policy) => fleet.map((one) => [one["device-id"], decide(policy, one)]);
            console.log(JSON.stringify([all(full), all(verdict)]));
        """, {"full": full, "verdict": verdict, "fleet": self.fleet})
        return flat(*map(dict, json.loads(answer)))


class Kusto(Tool):
    """The grammar of Kusto's language service: it parses and binds, it does not run."""

    def start(self, _fleet):
        if shutil.which("node") is None:
            raise NotRun("Node is not installed")
        try:
            self.version = node("""
                console.log(require("@kusto/language-service-next/package.json").version)""", {}).strip()
        except RuntimeError:
            raise NotRun("@kusto/language-service-next is not in NODE_PATH") from None

    def answers(self, policy, reading, program):
        full = compiled(policy, reading, program, "--to", "kql", "--detail", "full")
        verdict = compiled(policy, reading, program, "--to", "kql")
        packing = [line for line in full.splitlines() if line.startswith("//   iff(")]
        query = "devices | extend os_version = " + packing[0].removeprefix("//") if packing else "devices"
        problems = node("""
            require("@kusto/language-service-next/bridge.min");
            require("@kusto/language-service-next/Kusto.Language.Bridge.min");
            const { KustoCode, GlobalState, Symbols } = Kusto.Language;
            const facts = input.columns.map((one) => `${one[0]}: ${one[1]}`).join(", ");
            const problems = input.queries.flatMap((query) => {
              const text = `let devices = datatable(${facts}) [];\\n${query}`;
              const code = KustoCode.ParseAndAnalyze(text, GlobalState.Default);
              const list = code.GetDiagnostics();
              return Array.from({ length: list.Count }, (_, at) => list.getItem(at).Message);
            });
            console.log(JSON.stringify(problems));
        """, {"queries": [full, f"devices | extend verdict = {verdict}", query],
              "columns": KUSTO_COLUMNS})
        problems = json.loads(problems)
        if problems:
            sys.exit(f"{policy}: {problems[:3]}")
        return None


class Sqlglot(Tool):
    """A parser of many dialects: it parses, it does not run."""

    def start(self, _fleet):
        self.tool = imported("sqlglot")
        self.version = self.tool.__version__

    def answers(self, policy, reading, program):
        for dialect in ("duckdb", "spark", "sqlite", "tsql"):
            for detail in ("verdict", "full"):
                query = compiled(policy, reading, program, "--to", "sql", "--dialect", dialect,
                                 "--detail", detail)
                self.tool.parse_one(query, read=dialect)
            self.tool.parse_one(packing(query), read=dialect)
        return None


ENGINES = {"python": Python, "javascript": Javascript, "sqlite": Sqlite, "duckdb": Duckdb,
           "tsql": Tsql, "datafusion": Datafusion, "spark": Spark, "kusto": Kusto, "sqlglot": Sqlglot}
TRUTH_FACTS = ("supervised", "encrypted", "passcode_required", "passcode_set", "azure_ad_joined")
KUSTO_COLUMNS = [(name, "bool" if name in TRUTH_FACTS else "string") for name in (
    "version", "platform", "management", "ownership", "reset_token", "unlock_token",
    "management_state", *TRUTH_FACTS)] + [("os_version", "long")]


def imported(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise NotRun(f"`{error.name}` is not installed") from None


def table_of(fleet, arrow):
    names, table = rows(fleet)
    columns = zip(*table)
    kind = lambda name: arrow.int64() if name == "id" else (
        arrow.bool_() if name in TRUTH_FACTS else arrow.string())
    return arrow.table({name: arrow.array(column, kind(name)) for name, column in zip(names, columns)})


def node(code, data):
    code = "const input = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n" + code
    run = subprocess.run(["node", "-e", code], input=json.dumps(data), capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr)
    return run.stdout


def shown(verdict):
    """The verdict as the queries write it."""
    decision, cause = verdict
    return f"{decision} ({cause})" if cause else decision


def flat(full, verdict):
    """Decisions of JSON as the columns of the queries."""
    cell = lambda value: " ".join(value) if isinstance(value, list) else value or ""
    return ({name: tuple(cell(one[key]) for key in COLUMNS) if one else ("",) * len(COLUMNS)
             for name, one in full.items()},
            {name: (shown((one["decision"], one["cause"])) if one else "",)
             for name, one in verdict.items()})


def compare(engine, policy, wanted, ids, answers):
    """The number of comparisons; ends at the first difference."""
    full, verdict = answers
    none = ("",) * len(COLUMNS)
    for name in ids:
        decided = wanted.get(name, none)
        short = (shown(decided[:2]),)
        found = (full.get(name), verdict.get(name))
        if found != (decided, short):
            sys.exit(f"{engine} differs: {policy}, device {name}: {found}, not {(decided, short)}")
    if len(full) != len(ids) or len(verdict) != len(ids):
        sys.exit(f"{engine}: {len(full)} and {len(verdict)} answers for {len(ids)} devices")
    return len(ids) * (len(COLUMNS) + 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(ENGINES))
    parser.add_argument("--relatch", default=str(ROOT / "target/release/relatch"))
    parser.add_argument("--devices", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policies", nargs="*", help="all built-in ones if none is given")
    parser.add_argument("--strict", action="store_true", help="end with 3 if an engine is not here")
    chosen = parser.parse_args()
    unknown = set(chosen.engines) - set(ENGINES)
    if unknown:
        parser.error(f"no engine is called {', '.join(sorted(unknown))}")
    program = str(pathlib.Path(chosen.relatch).resolve())
    listed = json.loads(relatch(["policy", "list", "--format", "json"], program))["policies"]
    names = chosen.policies or [one["id"] for one in listed]
    pairs = [(name, reading) for name in names for reading in ("literal", "intended")]
    trees = [tree for reading in ("literal", "intended")
             for tree in json.loads(compiled(names[0], reading, program, "--to", "json", *names[1:]))["policies"]]
    fleet = list(devices(trees, chosen.devices, chosen.seed))
    not_run = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        write(fleet, folder / "devices.csv")
        began = time.monotonic()
        wanted = {pair: expected(*pair, program, folder) for pair in pairs}
        possible = len(wanted[pairs[0]])
        kinds = collections.Counter(shown(one[:2]) for some in wanted.values() for one in some.values())
        print(f"{len(pairs)} tables, {len(fleet)} devices, {possible} of them possible; "
              f"relatch plan {time.monotonic() - began:.0f} s")
        for kind, count in sorted(kinds.items()):
            print(f"  {count:9} {kind}")
    for name in chosen.engines or ENGINES:
        began = time.monotonic()
        engine = ENGINES[name]()
        ids = [one["device-id"] for one in fleet[::engine.share]]
        try:
            engine.start(fleet[::engine.share])
        except NotRun as error:
            print(f"{name:10} NOT RUN: {error}")
            not_run.append(name)
            continue
        count = parsed = 0
        for pair in pairs:
            answers = engine.answers(*pair, program)
            if answers is None:
                parsed += 1
            else:
                count += compare(name, " ".join(pair), wanted[pair], ids, answers)
        what = f"{parsed} tables parsed" if parsed else f"{count} comparisons, none differs"
        print(f"{name:10} {engine.version}: {what}, {time.monotonic() - began:.0f} s", flush=True)
    sys.exit(3 if not_run and chosen.strict else 0)


if __name__ == "__main__":
    main()
