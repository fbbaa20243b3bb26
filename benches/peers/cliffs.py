"""Times one plan for each shape that an inventory may have, beside the smooth one.

    python3 benches/peers/cliffs.py --relatch target/release/relatch --rows 1000000

Prints user seconds for a million rows and for a gigabyte, each divided by those of the smooth file:
the best of several runs of whole processes on one thread. Narrow files count by the row, wide ones and
those in JSON by the byte.
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile

NARROW = "device-id,platform,management,os-version,ownership,supervised"
KINDS = [
    ("android", "fully-managed", "", ["14", "15", "13.0", "8.1"]),
    ("android", "personal-work-profile", "", ["12", "14", "16"]),
    ("ios", "device-enrollment", "true", ["17.1", "18.6.2", "26.0"]),
    ("ipados", "device-enrollment", "false", ["17.1", "18.6.2", "26.0"]),
    ("windows", "mdm", "", ["10.0.19045.6216", "10.0.26100.4946"]),
]


def row(chance, number):
    platform, management, supervised, versions = chance.choice(KINDS)
    ownership = chance.choice(["corporate", "personal", ""])
    return [f"{number:08}", platform, management, chance.choice(versions), ownership, supervised]


def narrow(change=lambda cells, chance: cells, header=NARROW, end="\n"):
    def lines(rows):
        chance = random.Random(1)
        yield header + end
        for number in range(rows):
            cells = change(row(chance, number), chance)
            yield (cells if isinstance(cells, str) else ",".join(cells)) + end

    return lines


def with_cell(column, text, share=1.0):
    def change(cells, chance):
        if chance.random() < share:
            cells[column] = text(chance)
        return cells

    return change


CHECKED_IN = NARROW + ",last-check-in"


def with_check_in(form):
    def change(cells, chance):
        time = [chance.randrange(1, 29), chance.randrange(60), chance.randrange(60)]
        return [*cells, form.format(*time)]

    return change


def devices(change=lambda text, chance: text, first="", last="", between="\n"):
    def lines(rows):
        chance = random.Random(1)
        yield first
        for number in range(rows):
            version = chance.choice(["17.1", "18.6.2", "15", "14"])
            text = (
                f'{{"id":"cc5a63ee-65a4-4412-aa89-{number:012x}","deviceName":"Dana {number}",'
                '"managedDeviceOwnerType":"company","operatingSystem":"Android",'
                f'"osVersion":"{version}","isSupervised":false,"isEncrypted":true,'
                '"lastSyncDateTime":"2026-08-31T09:43:00.4896577Z","managementAgent":"mdm",'
                '"deviceEnrollmentType":"unknown","managementState":"managed","model":"SM-G973F",'
                '"joinType":"azureADRegistered","deviceActionResults":[]}'
            )
            yield change(text, chance) + (between if number + 1 < rows else "\n")
        yield last

    return lines


EMPTY = 500
SHAPES = {
    "narrow": narrow(),
    "4,000 versions": narrow(with_cell(3, lambda chance: f"{chance.randrange(40)}.{chance.randrange(100)}")),
    "20,000 builds in 15 % of the rows": narrow(
        with_cell(3, lambda chance: f"10.0.19045.{chance.randrange(20_000)}", 0.15)
    ),
    "a version of its own in each row": narrow(
        with_cell(3, lambda chance: f"{chance.randrange(1000)}.{chance.randrange(10_000)}")
    ),
    "sparse rows": narrow(lambda cells, chance: ["", cells[1], "", "", "", ""]),
    "500 mostly empty columns": narrow(
        lambda cells, chance: cells + [""] * EMPTY,
        NARROW + "".join(f",note {number}" for number in range(EMPTY)),
    ),
    "an odd cell in 10 % of the rows": narrow(with_cell(1, lambda chance: f"beos{chance.randrange(1000)}", 0.1)),
    # A table none of whose rows is understood is refused.
    "an odd cell in 99 % of the rows": narrow(with_cell(1, lambda chance: f"beos{chance.randrange(1000)}", 0.99)),
    "another odd cell in each row": narrow(with_cell(4, lambda chance: f"mine{chance.random()}")),
    "contradictions in 10 % of the rows": narrow(with_cell(2, lambda chance: "shared-ipad", 0.1)),
    "short rows": narrow(lambda cells, chance: [str(chance.randrange(10)), "ios", "", "", "", ""]),
    "99 % of the rows with one cell more": narrow(
        lambda cells, chance: cells + [""] if chance.random() < 0.99 else cells
    ),
    "sets of values in each row": narrow(with_cell(4, lambda chance: "corporate|personal")),
    "spaces around each cell": narrow(lambda cells, chance: [f" {cell} " for cell in cells]),
    "serial numbers, no ids": narrow(
        lambda cells, chance: [f"C02{int(cells[0]):09}", *cells[1:]], NARROW.replace("device-id", "serial-number")
    ),
    "ids in braces": narrow(lambda cells, chance: ["{CC5A63EE-65A4-4412-AA89-0000" + cells[0] + "}", *cells[1:]]),
    "ids of 24 letters": narrow(lambda cells, chance: ["chromeosdevices." + cells[0], *cells[1:]]),
    "each id four times": narrow(lambda cells, chance: [f"{int(cells[0]) // 4:08}", *cells[1:]]),
    "check-ins in ISO 8601": narrow(with_check_in("2026-08-{:02}T09:{:02}:{:02}Z"), CHECKED_IN),
    "check-ins with fractions and an offset": narrow(
        with_check_in("2026-08-{:02}T09:{:02}:{:02}.4896577+02:00"), CHECKED_IN
    ),
    "check-ins as in the USA": narrow(with_check_in("8/{}/2026 9:{:02}:{:02} AM"), CHECKED_IN),
    "names in Cyrillic": narrow(lambda cells, chance: [*cells, "\u0430\u043d\u043d\u0430 " + cells[0]], NARROW + ",device-name"),
    "blank lines": narrow(end="\n\n"),
    "carriage returns": narrow(end="\r"),
    "each cell in quotes": narrow(lambda cells, chance: [f'"{cell}"' for cell in cells]),
    "line feeds in quotes": narrow(
        lambda cells, chance: cells + ['"a\nb"' if chance.random() < 0.3 else "a"], NARROW + ",note"
    ),
    "JSON, one a line": devices(),
    "JSON, a page in one line": devices(first='{"value":[', last="]}", between=","),
    "JSON, escapes in names": devices(lambda text, chance: text.replace("Dana ", "Dana\\u0027s ")),
    "JSON, properties left out": devices(
        lambda text, chance: text.replace(',"joinType":"azureADRegistered"', "")
        if chance.random() < 0.5
        else text.replace(',"isSupervised":false', "")
    ),
    "JSON, an order of its own in each object": devices(
        lambda text, chance: "{" + ",".join(chance.sample(text[1:-1].split(","), text.count(",") + 1)) + "}"
    ),
    "JSON, null in half of the properties": devices(
        lambda text, chance: text.replace('"company"', "null").replace('"mdm"', "null").replace('"SM-G973F"', "null")
    ),
    "JSON, nested objects": devices(
        lambda text, chance: text.replace("[]", '{"a":[{"b":"c","d":[1,2,3]},{"b":"e"}],"f":{"g":{"h":null}}}')
    ),
    "JSON, indented": devices(lambda text, chance: text.replace(',"', ',\n    "').replace(":", ": ", 1)),
}


def user_seconds(command):
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--relatch", nargs="+", default=["target/release/relatch"])
    parser.add_argument("--folder", default=None, help="keep the files here")
    arguments = parser.parse_args()
    smooth = {}
    print("| shape | bytes a row | " + " | ".join("ns a row | of the smooth | peak MiB" for _ in arguments.relatch) + " |")
    print("|---|---|" + "---|---|---|" * len(arguments.relatch))
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(arguments.folder or temporary)
        for number, (name, lines) in enumerate(SHAPES.items()):
            json = name.startswith("JSON")
            rows = arguments.rows // (4 if json or "500" in name else 1)
            path = folder / f"{number}-{rows}.{'json' if json else 'csv'}"
            if not path.exists():
                with path.open("w", newline="") as file:
                    file.writelines(lines(rows))
            size = path.stat().st_size
            cells = []
            for program in arguments.relatch:
                command = [program, "plan", str(path), "--threads", "1", "--format", "json"]
                runs = [user_seconds(command) for _ in range(arguments.runs)]
                seconds, peak = min(run[0] for run in runs), max(run[1] for run in runs)
                by_byte = json or "500" in name
                cost = seconds / (size if by_byte else rows)
                key = (program, "json" if json else "bytes" if by_byte else "rows")
                if name == "narrow":
                    smooth[(program, "bytes")] = seconds / size
                smooth.setdefault(key, cost)
                ratio = cost / smooth[key]
                cells.append(f"{seconds / rows * 1e9:.0f} | {ratio:.1f} | {peak:.0f}")
            print(f"| {name} | {size / rows:.0f} | " + " | ".join(cells) + " |", flush=True)
            if arguments.folder is None:
                path.unlink()


if __name__ == "__main__":
    main()
