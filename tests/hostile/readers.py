"""More hostile inventories and facts files, for every reader."""

import gzip
import json
import struct
import subprocess
import zipfile
import zlib

from inputs import DEVICE, HEADER, ROW, columns, hostile, parquet, rows, text, workbook

TABLE = HEADER + "".join(ROW.format(n) for n in range(1000))


def binary(name, *parts):
    with open(name, "wb") as file:
        for part in parts:
            file.write(part)


# Tables


@hostile("quotes", "cells of 400,000 doubled quotes", "a row has at most 1 MiB", "plan d.csv", says="100 of 100 devices")
def _():
    rows("d.csv", lambda n: f'{n},"{"" * 2}{"" * 2}' + '""' * 400_000 + '",iOS/iPadOS,17.5,Intune,Corporate,True\n', 100)


@hostile("odd-quotes", "a quote in the middle of a cell, 1 million rows", "rejections kept", "plan d.csv", says="a quote in the wrong place")
def _():
    rows("d.csv", lambda n: ROW.format(n).replace("phone", 'ph"one'), 1_000_000)


@hostile("utf-16", "half letters of UTF-16, 40 MB", "a row has at most 1 MiB", "plan d.csv")
def _():
    binary("d.csv", b"\xff\xfe", HEADER.encode("utf-16-le"), b"\x00\xd8" * 20_000_000)


@hostile("utf-16-cut", "UTF-16 cut off within a letter", "said", "plan d.csv", says="ends in the middle of a row")
def _():
    binary("d.csv", b"\xff\xfe", TABLE.encode("utf-16-le")[:-21])


@hostile("header-cell", "a column name of 900 kB", "names are cut", "plan d.csv", says="1 of 1 device")
def _():
    text("d.csv", "x" * 900_000 + "," + HEADER + "y," + ROW.format(1))


@hostile("same-names", "16,000 columns of one name", "refused", "plan d.csv", says="names `OS` twice")
def _():
    text("d.csv", ",".join(["OS"] * 16_000) + "\n" + ",".join(["iOS"] * 16_000) + "\n")


@hostile("marks", "300,000 byte-order marks", "time per byte", "plan d.csv")
def _():
    text("d.csv", "\ufeff" * 300_000 + HEADER + ROW.format(1))


@hostile("odd-dates", "500,000 check-ins that are no dates", "texts kept per column", "plan d.csv", says="500 000 cells were not understood")
def _():
    text("d.csv", HEADER.strip() + ",Last check-in\n" + "".join(ROW.format(n).strip() + f",odd{n}\n" for n in range(500_000)))


@hostile("long-versions", "OS versions of 100,000 digits", "texts are cut", "plan d.csv", says="500 cells were not understood")
def _():
    rows("d.csv", lambda n: f"{n},p,iOS/iPadOS,{'9' * 100_000},Intune,Corporate,True\n", 500)


@hostile("groups-html", "60,000 groups as a page", "131,072 groups", "plan d.csv --by os-version --format html --out p.html")
def _():
    rows("d.csv", lambda n: f"{n},p,iOS/iPadOS,17.{n % 60_000},Intune,Corporate,True\n", 300_000)


@hostile("bidi", "letters that turn the direction of writing", "shown as \\u202e", "plan d.csv", says="\\u202e")
def _():
    evil = "\u202e\u2067\x9b31m"
    text("d.csv", HEADER.strip() + f",{evil}\n" + ROW.format(1).strip().replace("Corporate", evil) + ",x\n")


@hostile("workbook-list", "cells of 800 kB in a list as a workbook", "32,767 letters of a cell", "plan d.csv --devices l.xlsx", says="32,767 letters")
def _():
    rows("d.csv", lambda n: f"{n},{'p' * 800_000},iOS/iPadOS,17.5,Intune,Corporate,True\n", 20)


# JSON


@hostile("pages", "8 million pages without a device", "nothing is kept of a page", "plan d.json", says="1 of 1 device")
def _():
    text("d.json", '{"value":[]}' * 8_000_000 + json.dumps({"value": [DEVICE]}))


@hostile("pages-behind", "4 million pages without a device, behind one", "nothing is kept of a page", "plan d.json", says="1 of 1 device")
def _():
    text("d.json", json.dumps({"value": [DEVICE]}) + '{"value":[]}' * 4_000_000)


@hostile("number", "a number of 900,000 digits", "an object has at most 1 MiB", "plan d.json")
def _():
    text("d.json", json.dumps({"value": [DEVICE]}).replace("true", "1" + "0" * 900_000))


@hostile("same-keys", "one key 40,000 times in an object", "refused", "plan d.json", says="twice")
def _():
    text("d.json", '{"value":[{' + ",".join(['"operatingSystem":"iOS"'] * 40_000) + "}]}")


@hostile("blank-objects", "5 million objects without a property", "rejections kept", "plan d.json", says="5 000 001 of 5 000 002 rows were rejected")
def _():
    text("d.json", json.dumps(DEVICE) + "{}\n" * 5_000_001)


@hostile("deep-pages", "objects and arrays in turn, 500,000 deep", "depth of nesting", "plan d.json")
def _():
    text("d.json", '[{"a":' * 500_000)


@hostile("long-key", "a key of 900 kB", "names are cut", "plan d.json", says="1 of 1 device")
def _():
    text("d.json", json.dumps({"value": [DEVICE]}).replace('"id"', f'"{"k" * 900_000}": 1, "id"'))


# Packed


@hostile("zip-overlap", "900 members that are one", "one table", "plan d.zip")
def _():
    content = HEADER.encode() + b"x,y\n" * 5_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(content) + packer.flush()
    sizes = (zlib.crc32(content), len(data), len(content))
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, *sizes, 5, 0) + b"d.csv" + data
    entry = struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, *sizes, 5, 0, 0, 0, 0, 0, 0) + b"d.csv"
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 900, 900, 900 * len(entry), len(local), 0)
    binary("d.zip", local, entry * 900, end)


@hostile("zip-names", "member names with escapes", "shown as \\u{1b}", "plan d.zip", says="\\u{1b}")
def _():
    with zipfile.ZipFile("d.zip", "w") as archive:
        archive.writestr("\x1b[31ma\u202e.csv", TABLE)
        archive.writestr("\x1b[31mb\u2066.csv", TABLE)


@hostile("zip-sum", "a checksum that does not match", "said", "plan d.zip", says="checksum does not match")
def _():
    with zipfile.ZipFile("d.zip", "w") as archive:
        archive.writestr("d.csv", TABLE)
    data = bytearray(open("d.zip", "rb").read())
    for place in (14, data.rindex(b"PK\x01\x02") + 16):
        data[place] ^= 255
    binary("d.zip", data)


@hostile("gzip-sum", "a gzip without its checksum", "said", "plan d.csv.gz", says="unexpected end of file")
def _():
    binary("d.csv.gz", gzip.compress(TABLE.encode())[:-8])


@hostile("gzip-name", "a file name of 100 MB in a gzip", "refused", "plan d.csv.gz", says="an empty file")
def _():
    binary("d.csv.gz", b"\x1f\x8b\x08\x08\0\0\0\0\0\3" + b"n" * 100_000_000)


@hostile("gzip-empty", "1 million empty members of gzip", "time per byte", "plan d.csv.gz", says="an empty file")
def _():
    binary("d.csv.gz", gzip.compress(b"") * 1_000_000)


def zstd(content, *options):
    """Packs with the program of that name; without it, as without pyarrow, the input is not tried."""
    try:
        return subprocess.run(["zstd", "-q", "-c", *options], input=content, stdout=subprocess.PIPE, check=True).stdout
    except FileNotFoundError as missing:
        raise ImportError("zstd") from missing


@hostile("zstd-window", "a window of 2 GB", "the decoder's memory", "plan d.csv.zst", says="too much memory")
def _():
    binary("d.csv.zst", zstd(TABLE.encode() * 300, "--ultra", "--long=31"))


@hostile("zstd-bomb", "400 MB of zeros in zstd", "a ratio of 200", "plan d.csv.zst", says="200 times its size")
def _():
    binary("d.csv.zst", zstd(HEADER.encode() + bytes(400_000_000)))


@hostile("zstd-frames", "500,000 empty frames", "time per byte", "plan d.csv.zst", says="1 000 of 1 000 devices")
def _():
    binary("d.csv.zst", zstd(TABLE.encode()), zstd(b"") * 500_000)


@hostile("zstd-cut", "a frame without its end", "said", "plan d.csv.zst", says="unexpected end of file")
def _():
    binary("d.csv.zst", zstd(TABLE.encode())[:-3])


# Workbooks


def sheet(name, make=lambda cells: cells, **parts):
    def row(number, cells):
        cells = "".join(
            f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for at, cell in enumerate(cells)
        )
        return f'<row r="{number}">{cells}</row>'

    cells = row(1, HEADER.strip().split(",")) + row(2, ROW.format(1).strip().split(","))
    workbook(name, f"<worksheet><sheetData>{make(cells)}</sheetData></worksheet>", **parts)


@hostile("workbook-strings", "10 million shared strings", "total and ratio of a member", "plan d.xlsx", says="too much")
def _():
    sheet("d.xlsx", strings=f"<sst>{'<si><t>x</t></si>' * 10_000_000}</sst>")


@hostile("workbook-attributes", "a row with 500,000 attributes", "time per byte", "plan d.xlsx", says="1 of 1 device")
def _():
    more = " ".join(f'a{n}="x"' for n in range(500_000))
    sheet("d.xlsx", lambda cells: cells.replace('<row r="2">', f'<row r="2" {more}>'))


@hostile("workbook-deep", "elements 1 million deep", "time per byte", "plan d.xlsx")
def _():
    sheet("d.xlsx", lambda cells: cells.replace("True", "<r>" * 1_000_000 + "True"))


@hostile("workbook-place", "a cell in column ZZZZZZ", "columns of a sheet", "plan d.xlsx", says="a cell in column")
def _():
    sheet("d.xlsx", lambda cells: cells.replace('r="G2"', 'r="ZZZZZZ99999999999"'))


@hostile("workbook-twice", "a cell at the place of another", "refused", "plan d.xlsx", says="is out of place")
def _():
    sheet("d.xlsx", lambda cells: cells.replace('r="G2"', 'r="F2"'))


@hostile("workbook-string", "a shared string that is not there", "refused", "plan d.xlsx", says="damaged Excel workbook")
def _():
    inline = 't="inlineStr"><is><t>True</t></is>'
    sheet("d.xlsx", lambda cells: cells.replace(inline, 't="s"><v>99999999</v>'))


# Parquet


@hostile("parquet-long", "one odd value of 900 kB in 1 million rows", "as much of it as is shown", "plan d.parquet", says="1 000 000 cells were not understood")
def _():
    import pyarrow

    indices = pyarrow.array([0] * 1_000_000, pyarrow.int32())
    parquet(columns(1_000_000, Ownership=pyarrow.DictionaryArray.from_arrays(indices, ["x" * 900_000])))


@hostile("parquet-delta", "values that grow out of each other, 30,000", "a page's total and ratio", "plan d.parquet")
def _():
    names = {"Device name": ["x" * length for length in range(1, 30_000)]}
    encodings = {"Device name": "DELTA_BYTE_ARRAY", "OS": "PLAIN"}
    parquet(columns(29_999, **names), compression="zstd", use_dictionary=False, column_encoding=encodings)


@hostile("parquet-metadata", "175 MB that say what is in it", "32 MiB", "plan d.parquet", says="say what is in it")
def _():
    parquet(columns(10).replace_schema_metadata({"a": "x" * 75_000_000}))


@hostile("parquet-footer", "a length of 4 GB at the end", "refused", "plan d.parquet", says="damaged Parquet file")
def _():
    parquet(columns(10))
    data = open("d.parquet", "rb").read()
    binary("d.parquet", data[:-8], b"\xff\xff\xff\xffPAR1")


@hostile("parquet-wide", "20,000 columns", "columns that are not understood", "plan d.parquet")
def _():
    parquet(columns(10, **{f"c{n}": [None] * 10 for n in range(20_000)}))


@hostile("parquet-deep", "a structure 500 deep", "columns that are not read", "plan d.parquet", says="10 of 10 devices")
def _():
    import pyarrow

    kind = pyarrow.int32()
    for _ in range(500):
        kind = pyarrow.struct([("a", kind)])
    parquet(columns(10, deep=pyarrow.nulls(10, kind)))


@hostile("parquet-text", "escapes in names and values", "shown as \\u{1b}", "plan d.parquet", says="\\u{1b}")
def _():
    parquet(columns(10, **{"\x1b[31m\u202e": ["a"] * 10, "Ownership": ["b\x1b[2J\u202e"] * 10}))


# Facts files


def facts(name, cells, count):
    rows("d.csv", ROW.format, 1_000)
    with open(name, "w", encoding="utf-8") as file:
        file.write("Device ID,passcode-set\n")
        for row in range(count):
            file.write(cells(row))


def device(number):
    return f"11111111-1111-1111-1111-{number:012d}"


@hostile("facts-many", "facts of 2 million devices", "150 bytes a device", "plan d.csv --facts f.csv")
def _():
    facts("f.csv", lambda n: f"{device(n)},true\n", 2_000_000)


@hostile("facts-same", "1 million facts of one device, in contradiction", "one device", "plan d.csv --facts f.csv", says="contradict each other")
def _():
    facts("f.csv", lambda n: f"{device(1)},{'true' if n % 2 else 'false'}\n", 1_000_000)


@hostile("facts-ids", "device ids of 900 kB", "ids are cut", "plan d.csv --facts f.csv", says="200 rows have a device id that no device has")
def _():
    facts("f.csv", lambda n: f"{n}{'x' * 900_000},true\n", 200)


@hostile("facts-odd", "another odd text in each of 1 million facts", "texts kept per column", "plan d.csv --facts f.csv")
def _():
    facts("f.csv", lambda n: f"{device(n)},odd{n}\n", 1_000_000)


@hostile("facts-quote", "a quote that is never closed, 100 MB", "a row has at most 1 MiB", "plan d.csv --facts f.csv", says="rejected")
def _():
    facts("f.csv", lambda n: '"' + "x" * 100_000_000, 1)


@hostile("facts-stream", "facts that can be read once", "refused", "plan d.csv --facts /dev/zero", says="ends once")
def _():
    rows("d.csv", ROW.format, 10)


@hostile("not-toml", "550 MB that begin like a policy, as an inventory", "4 MiB", "plan d.toml", says="a TOML file")
def _():
    with open("d.toml", "w", encoding="utf-8") as file:
        file.write("[[rule]]\n")
        for _ in range(50):
            file.write("alpha,beta\n" * 1_000_000)


CARRY = " --devices l.csv --columns " + ",".join(f"c{n}" for n in range(8_000))


@hostile("many-columns", "8,000 columns of 9,000 for a list", "time for each column", "plan d.csv" + CARRY)
def _():
    header = "device-id,platform,os-version,management" + "".join(f",c{n}" for n in range(9_000))
    text("d.csv", header + "\n" + "".join(f"{n},ios,17,device-enrollment" + ",x" * 9_000 + "\n" for n in range(50)))


@hostile("many-properties", "8,000 properties of 9,000 for a list", "time for each property", "plan d.json" + CARRY)
def _():
    more = {f"c{n}": "x" for n in range(9_000)}
    text("d.json", "\n".join(json.dumps({**DEVICE, "id": str(n), **more}) for n in range(50)))
