"""Hostile inputs: each is made in an empty folder and given to one command of relatch.

An entry of INPUTS is a name, what it tries, the bound that holds, the function that makes it, the
arguments, what comes on standard input, if anything does: a function that gives blocks, and what the
program must say, so that nothing is lost in silence. `readers.py` and `documents.py` have more of them.
"""

import gzip
import io
import json
import os
import struct
import zipfile

HEADER = "Device ID,Device name,OS,OS version,Managed by,Ownership,Supervised\n"
ROW = "11111111-1111-1111-1111-{0:012d},phone-{0},iOS/iPadOS,17.5,Intune,Corporate,True\n"
DEVICE = {
    "id": "11111111-1111-1111-1111-000000000001",
    "deviceName": "phone-1",
    "operatingSystem": "iOS",
    "osVersion": "17.5",
    "managementAgent": "mdm",
    "managedDeviceOwnerType": "company",
    "isSupervised": True,
}
POLICY = 'id = "many"\ntitle = "Many"\nsource = "https://example.com"\ndocumented = 2018-03-29\n'
RULE = (
    '[[rule]]\nid = "r{0}"\nwhen = {{ platform = "ios", os-version = ">={0}.0" }}\n'
    'then = "remove-passcode"\nsource = "rule {0}"\n'
)
SCENARIO = (
    'title = "many"\ncovers = ["android-41"]\napi-levels = "26-"\n'
    '[devices.phone]\nkind = "android"\nenrolment = "none"\n'
)
STEP = (
    '[[step]]\ndo = "add-escrow-token"\nthrows = "SecurityException"\n'
    'expect = { device-token = "disabled" }\n'
)

INPUTS = []


def hostile(name, tries, bound, arguments, blocks=None, says=""):
    """Adds the function below as a hostile input."""

    def add(make):
        INPUTS.append((name, tries, bound, make, arguments.split(), blocks, says))
        return make

    return add


def text(name, content):
    with open(name, "w", encoding="utf-8", newline="") as file:
        file.write(content)


def rows(name, cells, count):
    """Writes an inventory whose rows repeat the text that `cells` returns for their number."""
    with open(name, "w", encoding="utf-8", newline="") as file:
        file.write(HEADER)
        for start in range(0, count, 10_000):
            file.write("".join(cells(row) for row in range(start, min(count, start + 10_000))))


# Tables


@hostile("endless-line", "200 MB without a line end", "a row has at most 1 MiB", "plan d.csv")
def _():
    with open("d.csv", "wb") as file:
        file.write(HEADER.encode())
        for _ in range(200):
            file.write(b"a" * 1_000_000)


@hostile("zeros", "an inventory that never ends: /dev/zero", "the header, at most 1 MiB", "plan /dev/zero")
def _():
    pass


@hostile("open-quote", "a quote that is never closed, 100 MB", "a row has at most 1 MiB", "plan d.csv")
def _():
    rows("d.csv", lambda n: ('"' if n == 5 else "") + ROW.format(n), 1_000_000)


@hostile("wide", "a header of 100,000 columns", "16,384 columns", "plan d.csv")
def _():
    more = 100_000
    head = HEADER.strip() + "".join(f",c{n}" for n in range(more)) + "\n"
    text("d.csv", head + "".join(ROW.format(n).strip() + "," * more + "\n" for n in range(50)))


@hostile("blank-lines", "10 million blank lines", "time per byte", "plan d.csv")
def _():
    text("d.csv", HEADER + ROW.format(1) + "\n" * 10_000_000)


@hostile("carriage-returns", "1 million rows that end in CR alone", "time per byte", "plan d.csv")
def _():
    rows("d.csv", ROW.format, 1_000_000)
    text("d.csv", open("d.csv", encoding="utf-8").read().replace("\n", "\r"))


@hostile("nul-bytes", "100 MB of NUL bytes below a header", "a row has at most 1 MiB", "plan d.csv")
def _():
    with open("d.csv", "wb") as file:
        file.write(HEADER.encode() + b"\0" * 100_000_000)


@hostile("versions", "1 million OS versions, as groups", "131,072 groups", "plan d.csv --by os-version")
def _():
    cells = "{0},phone-{0},iOS/iPadOS,17.{0},Intune,Corporate,True\n"
    rows("d.csv", cells.format, 1_000_000)


@hostile("odd-cells", "1 million rows, another odd text in each", "texts kept per column", "plan d.csv")
def _():
    cells = "{0},phone-{0},iOS/iPadOS,17.5,Intune {0},Corporate{0},True{0}\n"
    rows("d.csv", cells.format, 1_000_000)


@hostile("odd-systems", "1 million operating systems", "texts kept per column", "plan d.csv")
def _():
    rows("d.csv", "{0},phone-{0},Systematic {0},17.5,Intune,Corporate,True\n".format, 1_000_000)


@hostile("short-rows", "1 million rows of one cell", "rejections kept", "plan d.csv")
def _():
    rows("d.csv", "{0}\n".format, 1_000_000)


@hostile("same-device", "1 million rows of one device", "one device", "plan d.csv")
def _():
    rows("d.csv", lambda _: ROW.format(1), 1_000_000)


@hostile("long-cells", "cells of 900 kB, 100 rows", "a row has at most 1 MiB", "plan d.csv")
def _():
    cell = "x" * 900_000
    rows("d.csv", lambda n: ROW.format(n).replace("phone", cell), 100)


@hostile("not-utf-8", "100 MB of random bytes", "the header, at most 1 MiB", "plan d.csv")
def _():
    with open("d.csv", "wb") as file:
        file.write(os.urandom(100_000_000))


@hostile("controls", "escape sequences in headers and cells", "shown as \\u001b", "plan d.csv")
def _():
    evil = "\x1b]0;owned\x07\u202e"
    text("d.csv", HEADER.strip() + f",{evil}\n" + ROW.format(1).strip().replace("Intune", evil) + ",x\n")


# JSON


@hostile("deep", "arrays in arrays, 10 million deep", "depth of nesting", "plan d.json")
def _():
    text("d.json", "[" * 10_000_000)


@hostile("deep-value", "a property 1 million objects deep", "an object has at most 1 MiB", "plan d.json")
def _():
    text("d.json", '{"value":[' + '{"a":' * 1_000_000 + "1" + "}" * 1_000_000 + "]}")


@hostile("long-string", "a string of 100 MB in an object", "an object has at most 1 MiB", "plan d.json")
def _():
    text("d.json", json.dumps({"value": [{**DEVICE, "notes": "n" * 100_000_000}, DEVICE]}))


@hostile("many-keys", "50,000 keys in one object", "an object has at most 1 MiB", "plan d.json")
def _():
    keys = {f"key{n}": n for n in range(50_000)}
    text("d.json", json.dumps({"value": [DEVICE, {**DEVICE, **keys}]}))


@hostile("other-keys", "20,000 objects, other keys in each", "columns kept", "plan d.json")
def _():
    keys = lambda n: {f"key{n}-{k}": k for k in range(50)}
    text("d.json", json.dumps({"value": [{**DEVICE, **keys(n)} for n in range(20_000)]}))


@hostile("two-values", "two arrays `value` in one page", "both are read or the page is refused", "plan d.json")
def _():
    page = json.dumps([DEVICE])
    text("d.json", f'{{"value":{page},"value":{page.replace("0001", "0002")}}}')


@hostile("surrogates", "lone surrogates and NUL in names", "the text of a cell", "plan d.json")
def _():
    text("d.json", json.dumps({"value": [DEVICE]}).replace("phone-1", "\\ud800\\u0000\\udfff"))


@hostile("json-end", "a page cut off in the middle", "said", "plan d.json")
def _():
    whole = json.dumps({"value": [{**DEVICE, "id": str(n)} for n in range(1000)]})
    text("d.json", whole[: len(whole) // 2])


# Packed


def packed(member, content, count):
    """Writes a zip whose member is `content` followed by `count` times a million bytes."""
    with zipfile.ZipFile("d.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        with archive.open(member, "w", force_zip64=True) as file:
            file.write(content)
            block = b"x,y\n" * 250_000
            for _ in range(count):
                file.write(block)


@hostile("zip-bomb", "2 GB of odd rows in a zip of 2 MB", "total and ratio of a member", "plan d.zip")
def _():
    packed("d.csv", HEADER.encode(), 2_000)


@hostile("zip-zeros", "4 GB of zeros in a zip of 4 MB", "total and ratio of a member", "plan d.zip")
def _():
    with zipfile.ZipFile("d.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("d.csv", "w", force_zip64=True) as file:
            block = bytes(1_000_000)
            for _ in range(4_000):
                file.write(block)


@hostile("zip-members", "a zip of 60,000 members", "1,000 members", "plan d.zip")
def _():
    with zipfile.ZipFile("d.zip", "w") as archive:
        for member in range(60_000):
            archive.writestr(f"{member}.csv", HEADER)


@hostile("zip-in-zip", "a zip in a zip in a zip", "one level", "plan d.zip")
def _():
    content = (HEADER + ROW.format(1)).encode()
    for level in range(5):
        memory = io.BytesIO()
        with zipfile.ZipFile(memory, "w") as archive:
            archive.writestr("d.csv" if level == 0 else "d.zip", content)
        content = memory.getvalue()
    open("d.zip", "wb").write(content)


@hostile("zip-paths", "member names that climb and that are absolute", "nothing is unpacked", "plan d.zip")
def _():
    with zipfile.ZipFile("d.zip", "w") as archive:
        archive.writestr("../../../../tmp/relatch-was-here.csv", HEADER + ROW.format(1))


@hostile("zip-lies", "sizes in the directory that are not true", "what the member holds", "plan d.zip")
def _():
    with zipfile.ZipFile("d.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("d.csv", HEADER + "".join(ROW.format(n) for n in range(100_000)))
    data = bytearray(open("d.zip", "rb").read())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = struct.pack("<I", 10)
    open("d.zip", "wb").write(data)


@hostile("gzip-bomb", "4 GB of zeros in a gzip of 4 MB", "a row has at most 1 MiB", "plan d.csv.gz")
def _():
    with gzip.open("d.csv.gz", "wb", compresslevel=6) as file:
        file.write(HEADER.encode())
        block = bytes(1_000_000)
        for _ in range(4_000):
            file.write(block)


@hostile("gzip-members", "100,000 members of gzip", "time per byte", "plan d.csv.gz")
def _():
    member = gzip.compress(ROW.format(1).encode())
    open("d.csv.gz", "wb").write(gzip.compress(HEADER.encode()) + member * 100_000)


def endless_zip():
    yield b"PK\x03\x04"
    for _ in range(1_000):
        yield bytes(1 << 20)


@hostile("stream-zeros", "1 GB that begins like a zip, on standard input", "16 GiB copied aside", "plan -", endless_zip)
def _():
    pass


def workbook(name, sheet, strings="<sst/>"):
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": '<Relationships><Relationship Id="r0" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="d" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/'
        'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": strings,
    }
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)


@hostile("workbook-corner", "a cell in the last row and column", "cells of a sheet", "plan d.xlsx")
def _():
    cell = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>Device ID</t></is></c></row>'
    sheet = cell.format(1, "A") + cell.format(1_048_576, "XFD")
    workbook("d.xlsx", f"<worksheet><sheetData>{sheet}</sheetData></worksheet>")


@hostile("workbook-laughs", "entities that expand to gigabytes", "no entities", "plan d.xlsx")
def _():
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>&a11;</t></is></c></row>'
    workbook("d.xlsx", f"<!DOCTYPE x [{entities}]><worksheet><sheetData>{sheet}</sheetData></worksheet>")


@hostile("workbook-bomb", "a sheet of 2 GB in 2 MB", "total and ratio of a member", "plan d.xlsx")
def _():
    workbook("d.xlsx", "<worksheet><sheetData>" + " " * 2_000_000_000)


# Parquet, where pyarrow is installed


def parquet(table, **options):
    import pyarrow.parquet

    pyarrow.parquet.write_table(table, "d.parquet", **options)


def columns(count, **more):
    import pyarrow

    plain = {
        "Device ID": [str(row) for row in range(count)],
        "OS": ["iOS/iPadOS"] * count,
        "OS version": ["17.5"] * count,
        "Managed by": ["Intune"] * count,
    }
    return pyarrow.table({**plain, **more})


@hostile("parquet-bomb", "one value of 1 GB, packed to kilobytes", "a page's total and ratio", "plan d.parquet")
def _():
    parquet(columns(1, **{"Ownership": ["x" * 1_000_000_000]}), compression="zstd", use_dictionary=False)


@hostile("parquet-null", "a column of type null", "unknown", "plan d.parquet")
def _():
    import pyarrow

    parquet(columns(10, Ownership=pyarrow.nulls(10)))


@hostile("parquet-groups", "20,000 groups of one row", "time per group", "plan d.parquet")
def _():
    parquet(columns(20_000), row_group_size=1)


@hostile("parquet-cut", "a file without its end", "refused", "plan d.parquet")
def _():
    parquet(columns(10_000))
    data = open("d.parquet", "rb").read()
    open("d.parquet", "wb").write(data[: len(data) // 2])


@hostile("parquet-noise", "random bytes in the pages", "an error of the column", "plan d.parquet")
def _():
    parquet(columns(10_000), compression="none", use_dictionary=False)
    data = bytearray(open("d.parquet", "rb").read())
    data[1_000:2_000] = os.urandom(1_000)
    open("d.parquet", "wb").write(data)


# Documents and the command line


def policy(rules):
    text("p.toml", POLICY + "".join(RULE.format(n) for n in range(rules)))


@hostile("policy-keys", "a policy with 40,000 unknown keys", "4 MiB; 100 problems shown", "policy check p.toml")
def _():
    text("p.toml", POLICY + "".join(f"key-{n} = 1\n" for n in range(40_000)))


@hostile("policy-rules", "a policy of 1 million rules", "4 MiB", "policy check p.toml")
def _():
    policy(1_000_000)


@hostile("policy-check", "an analysis of 4,000 rules", "pieces of an analysis", "policy check p.toml")
def _():
    policy(4_000)


@hostile("policy-diff", "a comparison of 3,000 rules", "pieces of an analysis", "policy diff p.toml latest")
def _():
    policy(3_000)


@hostile("policy-compile", "a table of 4,000 rules", "cells of a table", "policy compile p.toml --to sql")
def _():
    policy(4_000)


@hostile("policy-zero", "a policy that never ends", "4 MiB", "policy check /dev/zero")
def _():
    pass


@hostile("policy-deep", "arrays in arrays, 100,000 deep", "depth of TOML", "policy check p.toml")
def _():
    text("p.toml", "x = " + "[" * 100_000)


@hostile("scenario-zero", "a scenario that never ends", "4 MiB", "simulate /dev/zero")
def _():
    pass


@hostile("scenario-steps", "a scenario of 35,000 steps", "4 MiB", "simulate s.toml")
def _():
    text("s.toml", SCENARIO + STEP * 35_000)


@hostile("scenario-keys", "a scenario with 40,000 unknown keys", "4 MiB; 20 problems shown", "simulate s.toml")
def _():
    text("s.toml", "".join(f"key-{n} = 1\n" for n in range(40_000)))


@hostile("explore-steps", "an exploration of 3,000 steps", "4 MiB; states", "explore s.toml --depth 6")
def _():
    text("s.toml", SCENARIO + STEP * 3_000)


@hostile("threads", "100,000 threads", "256", "plan d.csv --threads 100000")
def _():
    rows("d.csv", ROW.format, 1_000)


@hostile("threads-max", "2^64-1 threads", "256", "plan d.csv --threads 18446744073709551615")
def _():
    rows("d.csv", ROW.format, 1_000)


# Folders


@hostile("fifo", "a pipe without a writer in a folder", "left out and named", "plan d")
def _():
    os.mkdir("d")
    rows("d/d.csv", ROW.format, 10)
    os.mkfifo("d/pipe.csv")


@hostile("links", "links that lead in a circle", "each folder once", "plan d/**/*.csv")
def _():
    os.makedirs("d/e")
    rows("d/e/d.csv", ROW.format, 10)
    os.symlink("..", "d/e/up")
    os.symlink("loop", "d/loop")


@hostile("many-files", "100,000 files in a folder", "names shown", "plan d")
def _():
    os.mkdir("d")
    for file in range(100_000):
        open(f"d/{file}.txt", "w").close()
    rows("d/d.csv", ROW.format, 10)


@hostile("names", "file names with escapes and line ends", "shown as \\u001b", "plan d")
def _():
    os.mkdir("d")
    rows("d/\x1b[31mred\n.csv", ROW.format, 10)
