"""A plan of a table is the plan of a file with the same cells."""

import datetime
import json
import pathlib
import random

import duckdb
import pandas
import polars
import pyarrow
import pyarrow.csv
import pyarrow.parquet
import pytest

import relatch
from conftest import QUILLMOOR

LIBRARIES = ["pandas", "polars", "duckdb", "duckdb-relation", "pyarrow", "reader", "batch", "native"]


def quillmoor():
    names = pyarrow.csv.read_csv(QUILLMOOR).column_names
    options = pyarrow.csv.ConvertOptions(
        column_types={name: pyarrow.string() for name in names}, strings_can_be_null=True
    )
    return pyarrow.csv.read_csv(QUILLMOOR, convert_options=options)


def by(library, table):
    """The same cells in another library's table."""
    cells = table  # DuckDB finds it by its name.
    if library == "pandas":
        return table.to_pandas()
    if library == "polars":
        return polars.from_arrow(table)
    if library == "duckdb":
        return duckdb.sql("SELECT * FROM cells").arrow()
    if library == "duckdb-relation":
        return duckdb.sql("SELECT * FROM cells")
    if library == "reader":
        return table.to_reader(max_chunksize=37)
    if library == "batch":
        return table.combine_chunks().to_batches()[0]
    if library == "native":
        return relatch.Table(table, ["x"])
    return table


def named(report, path):
    """A report of a file under the name of a table, without its list of devices."""
    return {**json.loads(json.dumps(report).replace(str(path), "table")), "devices": None}


def cells(row):
    return {name: None if cell == "" else cell for name, cell in row.items()}


def listed(table):
    """The devices of a table as a list of the command line has them."""
    rows = pyarrow.table(table).to_pylist()
    decided = [row for row in rows if row["status"] == "decided"]
    own = {"inventory", "row", "status", "problem"}
    return [{name: cell for name, cell in row.items() if name not in own} for row in decided]


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_example_is_planned_as_on_the_command_line(command_line, library):
    report, devices = command_line.plan(QUILLMOOR)
    plan = relatch.plan(by(library, quillmoor()))
    assert plan.report == named(report, QUILLMOOR)
    assert plan.report["inventories"] == ["table"]
    assert listed(plan.devices) == [cells(row) for row in devices]
    assert plan.counts == report["decisions"] and plan.cautions == report["cautions"]
    assert len(plan.devices) == 400 and not plan.problems


@pytest.mark.parametrize("policy", ["2018-03-29", "as-of:2020-01-01", "latest"])
@pytest.mark.parametrize("reading", ["literal", "intended"])
def test_a_path_is_planned_as_on_the_command_line(command_line, policy, reading):
    report, devices = command_line.plan(QUILLMOOR, "--policy", policy, "--reading", reading)
    plan = relatch.plan(QUILLMOOR, policy=policy, reading=reading)
    assert {**plan.report, "devices": None} == {**report, "devices": None}
    assert listed(plan.devices) == [cells(row) for row in devices]


def telemetry():
    """What a program of one's own knows of every other device."""
    ids = quillmoor()["Device ID"].to_pylist()[::2]
    facts = {"device-id": ids, "passcode-required": [True] * len(ids)}
    return pyarrow.table({**facts, "reset-token": ["active", "pending"] * (len(ids) // 2)})


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb", "pyarrow", "path"])
def test_facts_are_joined_and_devices_selected_as_on_the_command_line(command_line, tmp_path, library):
    path = tmp_path / "facts.csv"
    pyarrow.csv.write_csv(telemetry(), path)
    words = ["--facts", str(path), "--where", 'platform = "android"', "--active", "90d"]
    report, devices = command_line.plan(QUILLMOOR, *words)
    facts = path if library == "path" else by(library, telemetry())
    plan = relatch.plan(quillmoor(), facts=facts, where='platform = "android"', active=90)
    joined = "facts" if library != "path" else str(path)
    expected = json.loads(json.dumps(named(report, QUILLMOOR)).replace(str(path), joined))
    assert plan.report == expected
    assert listed(plan.devices) == [cells(row) for row in devices] and devices
    status = pyarrow.table(plan.devices)["status"].to_pylist()
    assert status.count("decided") == len(devices) == sum(plan.counts.values())
    assert status.count("not-selected") == report["selection"]["left-out"] == 400 - len(devices)
    without = relatch.plan(quillmoor(), where='platform = "android"', active=90)
    assert without.counts["eligible"] < plan.counts["eligible"]


def test_several_facts_and_ages_from_a_day(command_line, tmp_path):
    path = tmp_path / "more.csv"
    pyarrow.csv.write_csv(telemetry().select(["device-id", "reset-token"]), path)
    required = telemetry().select(["device-id", "passcode-required"])
    required_path = tmp_path / "required.csv"
    pyarrow.csv.write_csv(required, required_path)
    words = ["--facts", str(required_path), "--facts", str(path), "--stale", "40", "--now", "2026-10-01"]
    report, devices = command_line.plan(QUILLMOOR, *words)
    day = datetime.date(2026, 10, 1)
    plan = relatch.plan(QUILLMOOR, facts=[required, path], stale=40, now=day)
    assert plan.report["decisions"] == report["decisions"]
    assert plan.report["selection"] == report["selection"]
    assert [one["file"] for one in plan.report["joined"]] == ["facts", str(path)]
    assert listed(plan.devices) == [cells(row) for row in devices] and devices


def test_what_is_wrong_with_facts_and_conditions_is_said():
    rows = pyarrow.concat_tables([quillmoor(), quillmoor().slice(0, 1)])
    with pytest.raises(relatch.RelatchError, match="1 row repeats a device"):
        relatch.plan(rows, duplicates="refuse")
    with pytest.raises(relatch.RelatchError, match="did you mean `platform`"):
        relatch.plan(quillmoor(), where='platfrom = "ios"')
    with pytest.raises(relatch.RelatchError, match="`facts`") as raised:
        relatch.plan(quillmoor(), facts=pyarrow.table({"passcode-required": [True]}))
    assert "/" not in str(raised.value).split("\n")[0], "no temporary path"


def test_a_table_is_read_once():
    told = []
    relatch.plan(quillmoor(), progress=lambda step, done: told.append(step))
    assert set(told) <= {"take", "plan"}


def random_table(seed):
    """An export whose cells were exchanged, blanked, misspelt and repeated by chance."""
    chance = random.Random(seed)
    rows = quillmoor().to_pylist()
    rows = [dict(chance.choice(rows)) for _ in range(chance.randrange(1, 900))]
    words = ["", "?", "Corporate", "Android (fully managed)", "iOS", "17.3", "True", "0", "2026-02-30"]
    for row in rows:
        for name in row:
            if chance.random() < 0.03:
                row[name] = chance.choice([None, *words])
    return pyarrow.Table.from_pylist(rows, schema=quillmoor().schema)


@pytest.mark.filterwarnings("ignore::relatch.InventoryWarning")
@pytest.mark.parametrize("seed", range(12))
def test_random_tables_are_planned_as_on_the_command_line(command_line, tmp_path, seed):
    table = random_table(seed)
    pyarrow.parquet.write_table(table, tmp_path / "random.parquet")
    for duplicates in ["newest", "all"]:
        report, devices = command_line.plan(tmp_path / "random.parquet", "--duplicates", duplicates)
        for library in LIBRARIES[:5]:
            plan = relatch.plan(by(library, table), duplicates=duplicates)
            assert plan.report == named(report, tmp_path / "random.parquet"), library
            assert listed(plan.devices) == [cells(row) for row in devices]
            rows = pyarrow.table(plan.devices).to_pylist()
            status = [row["status"] for row in rows]
            assert len(rows) == table.num_rows == report["rows"]
            assert status.count("rejected") == report["rejected"] == len(plan.rejected)
            assert status.count("decided") == sum(report["decisions"].values())
            # Each row of the result is about the row of the table in its place.
            for row, ident in zip(rows, table["Device ID"].to_pylist()):
                assert row["status"] == "rejected" or row["device-id"] == (ident or None)
                assert (row["decision"] is None) == (row["status"] != "decided")


@pytest.mark.filterwarnings("ignore::relatch.InventoryWarning")
@pytest.mark.parametrize("seed", range(4))
def test_rows_that_come_piece_by_piece_are_decided_as_all_together(seed):
    table = random_table(seed)
    decider = relatch.Decider(policy="2018-03-29")
    whole = listed(relatch.plan(table, policy="2018-03-29", duplicates="all").devices)
    pieces = [table.slice(start, 50) for start in range(0, table.num_rows, 50)]
    assert [row for piece in pieces for row in listed(decider.rows(piece))] == whole


def typed():
    day = datetime.datetime(2026, 8, 1, 12, 30, 15)
    moments = [day, None, day - datetime.timedelta(days=40)]
    column = lambda kind: pyarrow.array(moments, pyarrow.timestamp(*kind))
    yield from (("s", column(("s",))), ("ms", column(("ms",))), ("us", column(("us", "UTC"))))
    yield from (("ns", column(("ns",))), ("text", pyarrow.array(["2026-08-01T12:30:15Z", None, "2026-06-22T12:30:15Z"])))


def test_typed_columns_say_what_texts_say():
    shared = {
        "Device ID": ["1", "2", "3"],
        "OS": pyarrow.array(["iOS", "iOS", "Android (fully managed)"]).dictionary_encode(),
        "OS version": pyarrow.array(["17.1", None, "14"], pyarrow.string_view()),
        "Supervised": [True, False, None],
        "Model": pyarrow.nulls(3),
        "Score": [1.5, 2.5, None],
        "Groups": [["a"], [], None],
    }
    reports = {}
    for name, moments in typed():
        table = pyarrow.table({**shared, "Last check-in": moments})
        plan = relatch.plan(table)
        reports[name] = (plan.report, listed(plan.devices))
        assert plan.report["latest-check-in"] == "2026-08-01T12:30:15Z", name
        assert plan.report["columns"]["ignored"] == ["Score", "Groups"]
    assert all(one == reports["text"] for one in reports.values())


def test_days_in_milliseconds_are_days():
    days = pyarrow.array([datetime.date(2026, 8, 1), None], pyarrow.date64())
    table = pyarrow.table({"Device ID": ["1", "2"], "OS": ["iOS", "iOS"], "Last check-in": days})
    assert relatch.plan(table).report["latest-check-in"].startswith("2026-08-01")


def test_a_column_of_fractions_is_refused_by_name():
    table = pyarrow.table({"Device ID": ["1"], "OS": ["iOS"], "OS version": [17.1]})
    with pytest.raises(relatch.RelatchError, match="`OS version`.*DOUBLE") as refused:
        relatch.plan(table)
    assert "parquet`" not in str(refused.value) and "`table`" in str(refused.value)


def test_older_rows_do_not_count():
    table = pyarrow.table({
        "Device ID": ["1", "1", "2"],
        "OS": ["Android (fully managed)", "iOS", "iOS"],
        "Last check-in": ["2026-01-01", "2026-02-01", None],
    })
    plan = relatch.plan(table)
    rows = pyarrow.table(plan.devices).to_pylist()
    assert [row["status"] for row in rows] == ["older-row", "decided", "decided"]
    assert rows[0]["decision"] is None and sum(plan.counts.values()) == 2
    with pytest.raises(relatch.RelatchError, match="repeats a device"):
        relatch.plan(table, duplicates="refuse")


def test_what_is_not_understood_comes_along():
    table = pyarrow.table({
        "Device ID": ["1", "2", "3"],
        "OS": ["iOS", "Android (fully managed)", "Andriod"],
        "Ownership": ["Corporate", "Corporat", "Personal"],
        "platform": ["android", "android", None],
    })
    with pytest.warns(relatch.InventoryWarning, match="1 rows were rejected and"):
        plan = relatch.plan(table)
    rows = pyarrow.table(plan.devices).to_pylist()
    assert [row["status"] for row in rows] == ["rejected", "decided", "decided"]
    assert plan.rejected[0].row == 1 and plan.rejected[0].inventory == "table"
    suggestion = {(one.row, one.column): one.suggestion for one in plan.problems}
    assert suggestion[2, "Ownership"] == "Corporate"
    assert "`Corporat`" in rows[1]["problem"] and rows[0]["decision"] is None
    assert "rejected" in repr(plan)


def test_cautions_come_along():
    table = pyarrow.table({"Device ID": ["1"], "platform": ["ios"], "management": ["user-enrollment"]})
    plan = relatch.plan(table, policy="2018-03-29")
    concerned = [one["id"] for one in plan.cautions if one["devices"] == 1]
    assert concerned == ["user-enrollment"]
    assert pyarrow.table(plan.devices).to_pylist()[0]["cautions"] == "user-enrollment"


def test_columns_named_after_facts_count():
    frame = pandas.DataFrame({
        "Device ID": ["1", "2"],
        "OS": ["Android (personally-owned work profile)"] * 2,
        "OS version": ["14", "14"],
        "reset-token": ["active", "absent"],
    })
    decisions = relatch.plan(frame, policy="2018-03-29").devices.to_pandas()["decision"].tolist()
    assert decisions == ["eligible", "ineligible"]


def test_every_library_takes_the_result():
    devices = relatch.plan(QUILLMOOR).devices
    arrow = devices.to_pyarrow()
    assert arrow.num_rows == len(devices) == 400
    assert devices.to_polars().height == 400
    assert devices.to_polars()["decision"].cast(polars.String).to_list() == arrow["decision"].to_pylist()
    assert devices.to_pandas()["decision"].astype(object).tolist() == arrow["decision"].to_pylist()
    count = duckdb.sql("SELECT decision, count(*) AS n FROM arrow GROUP BY ALL ORDER BY n").fetchall()
    assert sum(n for _, n in count) == 400
    assert devices.column_names == arrow.column_names


def test_several_files_keep_their_rows_apart(tmp_path):
    text = QUILLMOOR.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    for name, rows in [("a.csv", text[1:11]), ("b.csv", text[11:16])]:
        (tmp_path / name).write_text(text[0] + "".join(rows), encoding="utf-8")
    for source in [tmp_path, str(tmp_path), [tmp_path / "a.csv", tmp_path / "b.csv"]]:
        plan = relatch.plan(source)
        assert [pathlib.Path(one).name for one in plan.devices.inventories] == ["a.csv", "b.csv"]
        rows = pyarrow.table(plan.devices)
        assert rows["inventory"].to_pylist() == [0] * 10 + [1] * 5
        assert rows["row"].to_pylist() == [*range(1, 11), *range(1, 6)]
