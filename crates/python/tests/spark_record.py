#!/usr/bin/env python3
"""Decides many rows on Spark in three ways and measures the processor time of each, executors, workers of
Python and driver together: reading alone, a compiled policy in SQL, and this package.

    python crates/python/tests/spark_record.py --relatch target/release/relatch --rows 20000000
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests/engines"))
FACTS = {"platform": str, "management": str, "os-version": str, "passcode-required": bool,
         "reset-token": str, "management-state": str, "ownership": str, "supervised": bool,
         "encrypted": bool, "azure-ad-joined": bool}


def session(master):
    from pyspark.sql import SparkSession
    # The workers have the package where this process has it.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(master).config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "2")
    builder = builder.config("spark.ui.showConsoleProgress", "false")
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def repeated(spark, path, times):
    """The rows of a file, as often as it takes."""
    return spark.read.parquet(*[path] * times)


def measured(line):
    """Runs a program in a session of its own: what it prints, and the processor seconds of all processes of the
    session, looked at once a second."""
    running = subprocess.Popen(line, stdout=subprocess.PIPE, text=True, start_new_session=True)
    spent, ended, tick = {}, threading.Event(), os.sysconf("SC_CLK_TCK")

    def look():
        while not ended.wait(1):
            for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
                try:
                    pid, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(rest[3]) == running.pid:
                    spent[pid, rest[19]] = (int(rest[11]) + int(rest[12])) / tick

    looking = threading.Thread(target=look)
    looking.start()
    printed, _ = running.communicate()
    ended.set()
    looking.join()
    if running.returncode:
        sys.exit(f"{line[3]} failed")
    return printed, sum(spent.values())


def run_one(chosen):
    """One way, in this process: its rows and its counts."""
    spark = session(chosen.master)
    rows = repeated(spark, chosen.rows_at, chosen.times).select(*[f"`{name}`" for name in chosen.columns.split("|")])
    began = time.monotonic()
    if chosen.way == "read":
        counted = rows.selectExpr("hash(*) > 0 AS decision")
    elif chosen.way == "wheel":
        import relatch.spark
        columns = ["status", "decision", "rule", "needs", "missing", "cautions"]
        decided = relatch.spark.decide(rows, policy=chosen.policy, columns=columns)
        counted = decided.selectExpr("coalesce(decision, status) AS decision", "hash(*) AS all_read")
    else:
        import agree
        query = agree.compiled(chosen.policy, "literal", chosen.relatch, "--to", "sql", "--dialect", "spark")
        facts = repeated(spark, chosen.facts_at, chosen.times)
        facts.createOrReplaceTempView("raw")
        names = {fact.replace("-", "_"): fact for fact in FACTS if fact != "os-version"}
        word = lambda fact: f"CASE WHEN `{fact}` NOT LIKE '%|%' THEN `{fact}` END"
        cast = lambda fact: f"CAST({word(fact)} AS BOOLEAN)" if FACTS[fact] is bool else word(fact)
        columns = ", ".join(f"{cast(fact)} AS {name}" for name, fact in names.items())
        inner = f"SELECT *, `os-version` AS version FROM raw"
        spark.sql(f"SELECT {columns}, {agree.packing(query)} AS os_version FROM ({inner})"
                  ).createOrReplaceTempView("devices")
        counted = spark.sql(f"SELECT split(({query}\n), ' ')[0] AS decision FROM devices")
    aggregate = counted.groupBy("decision").count() if len(counted.columns) == 1 else (
        counted.groupBy("decision").agg({"*": "count", "all_read": "max"}).withColumnRenamed("count(1)", "count"))
    found = {row["decision"]: row["count"] for row in aggregate.collect()}
    executors = len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1
    print(json.dumps({"seconds": time.monotonic() - began, "executors": executors, "counts": found}))
    spark.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--relatch", default=str(ROOT / "target/release/relatch"))
    parser.add_argument("--rows", type=int, default=20_000_000)
    parser.add_argument("--master", default="local-cluster[2,1,1024]")
    parser.add_argument("--policy", default="intune-2026-04-21")
    parser.add_argument("--way", choices=["read", "sql", "wheel"])
    parser.add_argument("--rows-at")
    parser.add_argument("--facts-at")
    parser.add_argument("--times", type=int)
    parser.add_argument("--columns")
    chosen = parser.parse_args()
    if chosen.way:
        return run_one(chosen)
    each = min(chosen.rows, 1_000_000)
    with tempfile.TemporaryDirectory() as folder:
        rows_at, facts_at = f"{folder}/rows.parquet", f"{folder}/facts.parquet"
        run = lambda *line: subprocess.run([chosen.relatch, *line], check=False, stdout=subprocess.PIPE)
        run("generate", "--devices", str(each), "--format", "parquet", "--out", rows_at)
        planned = run("plan", rows_at, "--policy", chosen.policy, "--duplicates", "all", "--devices", facts_at,
                      "--format", "json")
        wanted = json.loads(planned.stdout)
        times = -(-chosen.rows // each)
        print(f"{each * times:,} rows, {chosen.master}, {chosen.policy}", flush=True)
        for way in ["read", "sql", "wheel"]:
            line = [sys.executable, __file__, "--way", way, "--rows-at", rows_at, "--facts-at", facts_at,
                    "--times", str(times), "--master", chosen.master, "--policy", chosen.policy,
                    "--relatch", chosen.relatch, "--columns", "|".join(wanted["columns"]["recognised"])]
            printed, spent = measured(line)
            found = json.loads(printed.splitlines()[-1])
            print(f"{way}: {found['executors']} executors, {found['seconds']:.0f} s of work, "
                  f"{spent:.0f} s of processor time, {found['counts']}", flush=True)
            if way != "read":
                right = {word: count * times for word, count in wanted["decisions"].items() if count}
                right |= {"rejected": wanted["rejected"] * times} if way == "wheel" and wanted["rejected"] else {}
                print("  as planned" if found["counts"] == right else f"  planned: {right}")


if __name__ == "__main__":
    main()
