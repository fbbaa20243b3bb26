"""Measures the cost of a row of narrow inventories of several sizes, and draws it.

    benches/peers/.venv/bin/python benches/peers/scale.py --out benches/record/DATE-scale.svg

The same programs are needed as for `run.py`, whose question is asked. An inventory of more than ten
million rows consists of the rows of one of ten million, several times: every row counts, so only the
size matters. Prints the median, minimum and maximum of the processor seconds (user and system) in
nanoseconds for each row, and the peak memory; the first round is not counted.
"""

import argparse
import math
import pathlib
import shutil
import statistics
import sys
import tempfile

from run import HERE, ROOT, made, measured

GENERATED = 10_000_000
COLOURS = ["#1f5fa8", "#5aa02c", "#8a8a8a", "#c2571a"]


def inventory(arguments, rows, folder):
    """The inventory with this number of rows."""
    arguments.devices = min(rows, GENERATED)
    path = made(arguments, "narrow", folder)
    if rows <= GENERATED:
        return path
    many = folder / f"narrow-{rows}.csv"
    if not many.exists():
        with many.open("wb") as target:
            for time in range(rows // GENERATED):
                with path.open("rb") as source:
                    if time > 0:
                        source.readline()
                    shutil.copyfileobj(source, target, 1 << 20)
    return many


def programs(arguments, rows, path):
    """Name, command and answer for each program that is drawn."""
    relatch = [arguments.relatch, "plan", path, "--format", "json", "--policy", "2018-03-29"]
    relatch += ["--duplicates", "all", "--threads"]
    answer = lambda plan: plan["decisions"]
    yield "relatch, 1 thread", [*relatch, "1"], answer
    yield "relatch, 2 threads", [*relatch, "2"], answer
    yield "line feeds (wc)", ["wc", "-l", path], None
    # It takes minutes for more rows.
    if rows > GENERATED:
        return
    duckdb = [sys.executable, str(HERE / "peer.py"), "duckdb", "narrow", path, "2"]
    yield "DuckDB, 2 threads", duckdb, lambda answer: answer["decisions"]


def costs(arguments, rows, path):
    """The processor seconds and the peak memory of each program in each round."""
    runs, answers = {}, {}
    for number in range(arguments.runs + 1):
        for name, command, answer_of in programs(arguments, rows, str(path)):
            answer, seconds, _, peak = measured(command, answer_of)
            if answer_of is not None:
                answers[name] = answer
            if number > 0:
                runs.setdefault(name, []).append((seconds, peak))
    if any(answer != next(iter(answers.values())) for answer in answers.values()):
        sys.exit(f"the answers differ: {answers}")
    for name, figures in runs.items():
        nanoseconds = [seconds / rows * 1e9 for seconds, _ in figures]
        peak = max(peak for _, peak in figures)
        median = statistics.median(nanoseconds)
        spread = f"{min(nanoseconds):.0f}-{max(nanoseconds):.0f}"
        print(f"| {rows:,} | {name} | {median:.0f} ({spread}) | {peak:.0f} |", flush=True)
        yield name, median


def drawn(lines):
    """An SVG of the cost of a row by the number of rows, both in powers of ten."""
    width, height, left, bottom, top = 640, 400, 60, 350, 30
    sizes = sorted({rows for line in lines.values() for rows, _ in line})
    values = [value for line in lines.values() for _, value in line]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])
    x = lambda rows: left + (math.log10(rows) - first) / (last - first) * 380
    y = lambda value: bottom - (math.log10(value) - low) / (high - low) * (bottom - top)
    text = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    text += 'font-family="sans-serif" font-size="12">\n'
    text += f'<rect width="{width}" height="{height}" fill="white"/>\n'
    for power in range(low, high + 1):
        at = y(10**power)
        text += f'<path d="M{left} {at:.1f}H{x(sizes[-1]):.1f}" stroke="#dddddd"/>\n'
        text += f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{10**power:,}</text>\n'
    for rows in sizes:
        label = f"{rows / 1e6:g} million"
        text += f'<text x="{x(rows):.1f}" y="{bottom + 18}" text-anchor="middle">{label}</text>\n'
    text += f'<text x="{left}" y="18">processor time for each row, ns</text>\n'
    text += f'<text x="{x(sizes[-1]):.1f}" y="{bottom + 38}" text-anchor="end">rows</text>\n'
    # Names stand beside the last points, one below the other where these are close.
    heights, lowest = {}, {}
    for name, line in sorted(lines.items(), key=lambda line: -line[1][-1][1]):
        rows, value = line[-1]
        heights[name] = lowest[rows] = max(y(value) + 4, lowest.get(rows, 0) + 15)
    for (name, line), colour in zip(lines.items(), COLOURS):
        points = " ".join(f"{x(rows):.1f},{y(value):.1f}" for rows, value in line)
        text += f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>\n'
        for rows, value in line:
            text += f'<circle cx="{x(rows):.1f}" cy="{y(value):.1f}" r="3" fill="{colour}"/>\n'
        beside, at = x(line[-1][0]) + 10, heights[name]
        text += f'<text x="{beside:.1f}" y="{at:.1f}" fill="{colour}">{name}</text>\n'
    return text + "</svg>\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    sizes = [100_000, 1_000_000, GENERATED, 10 * GENERATED]
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--out", required=True)
    parser.add_argument("--folder", default=None, help="keep the inventories here")
    parser.add_argument("--relatch", default=str(ROOT / "target/release/relatch"))
    parser.add_argument("--shape-program", default=str(ROOT / "target/release/shapes"))
    arguments = parser.parse_args()
    lines = {}
    print("| rows | | ns a row | peak MiB |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as temporary:
        for rows in arguments.sizes:
            path = inventory(arguments, rows, pathlib.Path(arguments.folder or temporary))
            for name, median in costs(arguments, rows, path):
                lines.setdefault(name, []).append((rows, median))
    pathlib.Path(arguments.out).write_text(drawn(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
