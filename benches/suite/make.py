#!/usr/bin/env python3
"""Makes the data of the suite: tables, devices, expected decisions.

    python3 benches/suite/make.py --relatch target/release/relatch FOLDER

`tables.json`       every policy in both readings, in the form of `relatch policy compile --to json`
`devices.ndjson`    a device a line: `id` and its facts; null is unknown. Also `devices.parquet`
`expected.ndjson`   a device a line: the position in `verdicts.json` of its verdict by each table.
                    Also `expected.parquet`, with a column for each table and verdicts in words

The expected decisions are those of `relatch plan`, which reads the devices as an inventory.
"""

import argparse
import json
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/engines"))
import agree  # noqa: E402

VERDICTS = ["eligible", "conditional", "ineligible", "undetermined (missing-facts)",
            "undetermined (no-rule-matches)", "undetermined (conflict)"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--relatch", default=str(ROOT / "target/release/relatch"))
    parser.add_argument("--devices", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    program = str(pathlib.Path(chosen.relatch).resolve())
    listed = json.loads(agree.relatch(["policy", "list", "--format", "json"], program))["policies"]
    names = [one["id"] for one in listed]
    tables = [table for reading in ("literal", "intended")
              for table in json.loads(agree.compiled(
                  names[0], reading, program, "--to", "json", *names[1:]))["policies"]]
    # Devices that cannot exist are left out: half of the random pairs of platform and mode.
    drawn = list(agree.devices(tables, 2 * chosen.devices, chosen.seed))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        agree.write(drawn, folder / "devices.csv")
        decided = [agree.expected(table["policy"], table["reading"], program, folder)
                   for table in tables]
    fleet = [one for one in drawn if one["device-id"] in decided[0]][:chosen.devices]
    if len(fleet) < chosen.devices:
        sys.exit(f"only {len(fleet)} of {len(drawn)} devices can exist")
    verdicts = [[VERDICTS.index(agree.shown(some[one["device-id"]][:2])) for some in decided]
                for one in fleet]
    devices = [{"id": number} | {fact: value for fact, value in one.items() if fact != "device-id"}
               for number, one in enumerate(fleet)]
    write(chosen.folder, tables, devices, verdicts)
    print(f"{len(tables)} tables, {len(devices)} devices in {chosen.folder}")


def write(folder, tables, devices, verdicts):
    import pyarrow
    import pyarrow.parquet

    (folder / "tables.json").write_text(json.dumps({"schema": 1, "policies": tables}))
    (folder / "verdicts.json").write_text(json.dumps(VERDICTS))
    with open(folder / "devices.ndjson", "w") as file:
        file.writelines(json.dumps(device) + "\n" for device in devices)
    with open(folder / "expected.ndjson", "w") as file:
        file.writelines(json.dumps({"id": number, "verdicts": one}) + "\n"
                        for number, one in enumerate(verdicts))
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(devices), folder / "devices.parquet")
    columns = {f"{table['policy']} {table['reading']}": [VERDICTS[one[at]] for one in verdicts]
               for at, table in enumerate(tables)}
    expected = pyarrow.table({"id": range(len(devices))} | columns)
    pyarrow.parquet.write_table(expected, folder / "expected.parquet")


if __name__ == "__main__":
    main()
