#!/usr/bin/env python3
"""Runs the recipes of docs/how-to/decide-a-lake.md as they stand there, and compares every row with a
plan of the whole inventory.

    python3 tests/engines/lake.py --relatch target/release/relatch duckdb spark pandas
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

try:
    import duckdb
except ImportError:
    sys.exit("NOT RUN: the recipes of a lake, because `duckdb` is not installed")

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = ["decision", "cause", "action", "scope", "rule", "needs", "missing"]
TITLES = {"duckdb": "DuckDB", "spark": "Spark", "pandas": "pandas"}


def recipe(engine):
    """The Python block of a section of the page."""
    page = (ROOT / "docs/how-to/decide-a-lake.md").read_text()
    section = page.split(f"## {TITLES[engine]}\n", 1)[1]
    return re.search(r"```python\n(.*?)```", section, re.S).group(1)


def answers(base, source):
    columns = ", ".join(COLUMNS)
    return {row[0]: tuple(cell or None for cell in row[1:])
            for row in base.sql(f"SELECT id, {columns} FROM {source}").fetchall()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engines", nargs="*", choices=TITLES, default=[])
    parser.add_argument("--relatch", default=str(ROOT / "target/release/relatch"))
    parser.add_argument("--devices", type=int, default=20_000)
    chosen = parser.parse_args()
    program = pathlib.Path(chosen.relatch).resolve()
    base = duckdb.connect()
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        os.chdir(folder)
        (folder / "bin").mkdir()
        (folder / "bin/relatch").symlink_to(program)
        os.environ["PATH"] = f"{folder}/bin:{os.environ['PATH']}"
        (folder / "lake").mkdir()
        run = lambda *arguments: subprocess.run(["relatch", *arguments], check=False)
        run("generate", "--devices", str(chosen.devices), "--format", "parquet", "--out", "lake/all.parquet")
        run("plan", "lake", "--duplicates", "all", "--devices", "wanted.parquet", "--out", "all.txt")
        wanted = answers(base, '(SELECT *, "device-id" AS id FROM \'wanted.parquet\')')
        for engine in chosen.engines or TITLES:
            began = time.monotonic()
            exec(compile(recipe(engine), f"recipe of {engine}", "exec"), {})
            result = "result/*.parquet" if engine == "spark" else "result.parquet"
            found = answers(base, f'(SELECT *, "Device ID" AS id FROM \'{result}\')')
            if found != wanted:
                different = [one for one in wanted if found.get(one) != wanted[one]]
                sys.exit(f"{engine}: {len(found)} rows for {len(wanted)}, different: {different[:3]}")
            classes = "class/*.parquet" if engine == "spark" else "class.parquet"
            classes = base.sql(f"SELECT count(*) FROM '{classes}'").fetchall()[0][0]
            print(f"{engine}: {len(found)} rows, {classes} distinct, every decision as planned, "
                  f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
