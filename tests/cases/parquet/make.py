"""Writes the same devices as CSV and as the Parquet of several programs.

    pip install duckdb==2.0.0 polars==2.1.0 pyarrow==26.0.1
    python tests/cases/parquet/make.py

The files are kept, so that the tests need none of these programs.
"""

import csv
import datetime
import pathlib
import uuid

import duckdb
import polars
import pyarrow
import pyarrow.parquet

HERE = pathlib.Path(__file__).parent
SYSTEMS = ["iOS/iPadOS", "Android (fully managed)", "Windows", "macOS", "Lynix", None]
MODELS = ["iPad Air 2", "iPhone 12", "Pixel 8", None]
VERSIONS = ["17.1", "7.1.2", "10.0.19045", "14", "seven"]


def devices():
    noon = datetime.datetime(2026, 8, 5, 12)
    for row in range(60):
        yield {
            "Device ID": str(uuid.UUID(int=row * 0x1234_5678_9ABC_DEF0)),
            "Device name": [f"Zoë's {row}", "Reception, ground floor", None][row % 3],
            "Last check-in": noon - datetime.timedelta(hours=row * 7 % 31),
            "OS": SYSTEMS[row % len(SYSTEMS)],
            "OS version": VERSIONS[row * 7 // 5 % len(VERSIONS)],
            "Model": MODELS[row // 7 % len(MODELS)],
            "Supervised": [True, False, None][row // 5 % 3],
            "Serial number": row * row,
        }


def main():
    rows = list(devices())
    with open(HERE / "devices.csv", "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    table = pyarrow.Table.from_pylist(rows)
    connection = duckdb.connect()
    connection.register("devices", table)
    for name, options in [("duckdb", ""), ("duckdb-2", ", parquet_version v2, codec zstd")]:
        query = "SELECT * REPLACE (CAST(\"Device ID\" AS UUID) AS \"Device ID\") FROM devices"
        target = HERE / f"{name}.parquet"
        connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet{options})")
    polars.from_arrow(table).write_parquet(HERE / "polars.parquet", row_group_size=25)
    write = pyarrow.parquet.write_table
    write(table, HERE / "arrow.parquet", row_group_size=25, compression="gzip", data_page_size=64)
    write(
        table,
        HERE / "arrow-delta.parquet",
        data_page_version="2.0",
        use_dictionary=False,
        use_deprecated_int96_timestamps=False,
        column_encoding={
            "Device ID": "DELTA_BYTE_ARRAY",
            "OS": "DELTA_LENGTH_BYTE_ARRAY",
            "OS version": "DELTA_BYTE_ARRAY",
            "Last check-in": "DELTA_BINARY_PACKED",
            "Supervised": "RLE",
        },
    )
    write(table, HERE / "arrow-old.parquet", version="1.0", use_deprecated_int96_timestamps=True)
    write(table, HERE / "brotli.parquet", compression="brotli")
    fractions = pyarrow.table({"OS": ["Windows"], "OS version": [10.5]})
    write(fractions, HERE / "fractions.parquet")
    lists = pyarrow.table({"OS": [["Windows", "macOS"]], "Model": ["a"]})
    write(lists, HERE / "lists.parquet")
    nested = pyarrow.table({"OS": ["Windows"], "Notes": [{"a": [1, 2], "b": "x"}]})
    write(nested, HERE / "nested.parquet")


if __name__ == "__main__":
    main()
