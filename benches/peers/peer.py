"""One peer answers one question and prints the answer as JSON: the devices of each decision.

    peer.py duckdb|polars|datafusion wide|narrow|json FILE THREADS [LIST|--check-ins]

FILE is a CSV, perhaps packed, or Parquet with the same columns if its name ends so; `json` is Graph's
devices, one a line. The rule is that of the policy `intune-2018-03-29`, read literally, for the texts
that the generator writes. With LIST, the decision of every device is written there as well. With
`--check-ins` the answer also has what a plan says of the last check-ins: the latest, and how many devices
have not checked in for some numbers of days before it.
"""

import datetime
import json
import os
import sys

# The texts of the column `OS` by what they mean for the rule.
WORK_PROFILE = ["Android (Personally-Owned Work Profile)", "Android (Corporate-Owned Work Profile)"]
OTHER_MODES = [
    "Android (Device Administrator)",
    "Android (Fully Managed)",
    "Android (Dedicated)",
    "Android (AOSP)",
    "AOSP (User-based)",
]
REFUSED = ["macOS", "Windows", "Windows 10 Mobile", "Windows Holographic"]
REFUSED_NAMES = ["macOS", "Windows", "Windows Phone"]
UNMANAGED_AGENTS = ["eas", "configurationManagerClient"]
OTHER_ENROLLMENTS = [
    "androidEnterpriseFullyManaged",
    "androidEnterpriseDedicatedDevice",
    "androidAOSPUserOwnedDeviceEnrollment",
]
PROFILE_ENROLLMENT = "androidEnterpriseCorporateWorkProfile"
PROPERTIES = ["id", "deviceName", "operatingSystem", "osVersion", "managementAgent", "deviceEnrollmentType"]
WORK_PROFILE_MODES = ["personal-work-profile", "corporate-work-profile"]
# The modes of Android as Graph reports some devices: one of three, with and without a work profile.
OPEN_MODES = ["corporate-work-profile|fully-managed|dedicated"]
REFUSED_PLATFORMS = ["macos", "windows", "windows-phone"]


# The option that asks for the check-ins as well.
CHECK_INS = "--check-ins"
CHECK_IN_COLUMNS = {"wide": "Last check-in", "json": "lastSyncDateTime"}
STALE_DAYS = [7, 30, 90]


def properties(check_ins):
    """The properties of a device that are read of JSON."""
    return [*PROPERTIES, CHECK_IN_COLUMNS["json"]] if check_ins else PROPERTIES


def with_check_ins(counted):
    """The whole answer from rows of a decision, a day, their devices and the latest check-in of them."""
    decisions, days, latest = {}, {}, ""
    for decision, day, devices, newest in counted:
        decisions[decision] = decisions.get(decision, 0) + devices
        if day is None:
            continue
        days[day] = days.get(day, 0) + devices
        latest = max(latest, newest)
    end = datetime.date.fromisoformat(latest[:10])
    since = [(number, (end - datetime.timedelta(number)).isoformat()) for number in STALE_DAYS]
    stale = {str(number): sum(days[day] for day in days if day < first) for number, first in since}
    latest = latest[:19].replace(" ", "T") + "Z"
    return {"decisions": decisions, "latest-check-in": latest, "stale": stale}


def sql_of_counts(shape, decision, table, check_ins):
    """The SQL that DuckDB and DataFusion share to count the devices."""
    if not check_ins:
        return f"SELECT {decision} AS decision, count(*) AS n FROM {table} GROUP BY 1"
    cell = f'"{CHECK_IN_COLUMNS[shape]}"'
    columns = f"{decision} AS decision, substr({cell}, 1, 10) AS day, count(*) AS n, max({cell}) AS latest"
    return f"SELECT {columns} FROM {table} GROUP BY 1, 2"


def listed(words):
    return "(" + ", ".join(f"'{word}'" for word in words) + ")"


def sql_question(shape):
    """The decision, the identity and the version in the SQL that DuckDB and DataFusion share."""
    if shape == "wide":
        os_name, version, identity = '"OS"', '"OS version"', '"Device ID", "Device name"'
        unmanaged = "\"Managed by\" IN ('EAS', 'ConfigMgr')"
        ios = f"{os_name} = 'iOS/iPadOS'"
        profile = f"{os_name} IN {listed(WORK_PROFILE)}"
        other = f"{os_name} IN {listed(OTHER_MODES)}"
        refused = f"{os_name} IN {listed(REFUSED)}"
    elif shape == "json":
        version, identity = "osVersion", "id, deviceName"
        unmanaged = f"managementAgent IN {listed(UNMANAGED_AGENTS)}"
        ios = "operatingSystem IN ('iOS', 'iPadOS')"
        profile = f"deviceEnrollmentType = '{PROFILE_ENROLLMENT}'"
        other = f"deviceEnrollmentType IN {listed(OTHER_ENROLLMENTS)}"
        refused = f"operatingSystem IN {listed(REFUSED_NAMES)}"
    else:
        version, identity = '"os-version"', '"device-id"'
        unmanaged = "management = 'not-managed'"
        ios = "platform IN ('ios', 'ipados')"
        profile = f"platform = 'android' AND management IN {listed(WORK_PROFILE_MODES)}"
        other = (
            "platform = 'android' AND management IS NOT NULL AND management <> '' "
            f"AND management NOT IN {listed(WORK_PROFILE_MODES + OPEN_MODES)}"
        )
        refused = f"platform IN {listed(REFUSED_PLATFORMS)}"
    major = f"TRY_CAST(split_part({version}, '.', 1) AS INTEGER)"
    late = f"{major} >= 7"
    early = f"({major} < 6 OR {version} IN ('6', '6.0'))"
    decision = f"""CASE
        WHEN {unmanaged} THEN 'ineligible'
        WHEN {ios} THEN 'eligible'
        WHEN {refused} THEN 'ineligible'
        WHEN {profile} AND {late} THEN 'conditional'
        WHEN {profile} AND {early} THEN 'ineligible'
        WHEN {other} AND {early} THEN 'eligible'
        WHEN {other} AND {late} THEN 'ineligible'
        ELSE 'undetermined' END"""
    return decision, identity, version


def duckdb_answer(shape, path, threads, out, check_ins):
    import duckdb

    connection = duckdb.connect(config={"threads": threads})
    decision, identity, version = sql_question(shape)
    table = f"read_csv('{path}', header = true, all_varchar = true)"
    if path.endswith(".parquet"):
        table = f"read_parquet('{path}')"
    elif shape == "json":
        columns = ", ".join(f"{name}: 'VARCHAR'" for name in properties(check_ins))
        table = f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"
    if out:
        rows = f"SELECT {identity}, {decision} AS decision, {version} FROM {table}"
        connection.execute(f"COPY ({rows}) TO '{out}' (HEADER)")
        return {}
    counted = connection.execute(sql_of_counts(shape, decision, table, check_ins)).fetchall()
    return with_check_ins(counted) if check_ins else {"decisions": dict(counted)}


def datafusion_answer(shape, path, threads, out, check_ins):
    import pyarrow
    from datafusion import CsvReadOptions, SessionConfig, SessionContext

    context = SessionContext(SessionConfig().with_target_partitions(threads))
    if path.endswith(".parquet"):
        context.register_parquet("devices", path)
    else:
        with open(path, encoding="utf-8-sig") as file:
            names = file.readline().rstrip("\r\n").split(",")
        schema = pyarrow.schema([(name, pyarrow.string()) for name in names])
        # A quoted cell may have line ends, and then no other setting reads the file.
        options = CsvReadOptions(schema=schema, newlines_in_values=True)
        context.register_csv("devices", path, options=options)
    decision, identity, version = sql_question(shape)
    if out:
        rows = context.sql(f"SELECT {identity}, {decision} AS decision, {version} FROM devices")
        rows.write_csv(out, with_header=True)
        return {}
    table = context.sql(sql_of_counts(shape, decision, "devices", check_ins)).to_arrow_table()
    counted = zip(*(column.to_pylist() for column in table.columns))
    return with_check_ins(counted) if check_ins else {"decisions": dict(counted)}


def polars_answer(shape, path, out, check_ins):
    import polars as pl

    column = pl.col
    if shape == "wide":
        version, identity = column("OS version"), [column("Device ID"), column("Device name")]
        unmanaged = column("Managed by").is_in(["EAS", "ConfigMgr"])
        ios = column("OS") == "iOS/iPadOS"
        profile = column("OS").is_in(WORK_PROFILE)
        other = column("OS").is_in(OTHER_MODES)
        refused = column("OS").is_in(REFUSED)
    elif shape == "json":
        version, identity = column("osVersion"), [column("id"), column("deviceName")]
        unmanaged = column("managementAgent").is_in(UNMANAGED_AGENTS)
        ios = column("operatingSystem").is_in(["iOS", "iPadOS"])
        profile = column("deviceEnrollmentType") == PROFILE_ENROLLMENT
        other = column("deviceEnrollmentType").is_in(OTHER_ENROLLMENTS)
        refused = column("operatingSystem").is_in(REFUSED_NAMES)
    else:
        version, identity = column("os-version"), [column("device-id")]
        unmanaged = column("management") == "not-managed"
        ios = column("platform").is_in(["ios", "ipados"])
        android = column("platform") == "android"
        profile = android & column("management").is_in(WORK_PROFILE_MODES)
        other = android & (column("management") != "") & ~column("management").is_in(
            WORK_PROFILE_MODES + OPEN_MODES
        )
        refused = column("platform").is_in(REFUSED_PLATFORMS)
    major = version.str.split_exact(".", 1).struct.field("field_0").cast(pl.Int32, strict=False)
    late = major >= 7
    early = (major < 6) | version.is_in(["6", "6.0"])
    decision = (
        pl.when(unmanaged).then(pl.lit("ineligible"))
        .when(ios).then(pl.lit("eligible"))
        .when(refused).then(pl.lit("ineligible"))
        .when(profile & late).then(pl.lit("conditional"))
        .when(profile & early).then(pl.lit("ineligible"))
        .when(other & early).then(pl.lit("eligible"))
        .when(other & late).then(pl.lit("ineligible"))
        .otherwise(pl.lit("undetermined"))
        .alias("decision")
    )
    if path.endswith(".parquet"):
        rows = pl.scan_parquet(path)
    elif shape == "json":
        rows = pl.scan_ndjson(path, schema={name: pl.String for name in properties(check_ins)})
    else:
        rows = pl.scan_csv(path, infer_schema=False)
    if out:
        rows.select([*identity, decision, version]).sink_csv(out)
        return {}
    if check_ins:
        cell = column(CHECK_IN_COLUMNS[shape])
        rows = rows.select(decision, cell.str.head(10).alias("day"), cell.alias("cell"))
        counts = [pl.len(), column("cell").max().alias("latest")]
        counted = rows.group_by("decision", "day").agg(counts).collect(engine="streaming")
        return with_check_ins(counted.iter_rows())
    counted = rows.select(decision).group_by("decision").len().collect(engine="streaming")
    return {"decisions": dict(counted.iter_rows())}


def main():
    peer, shape, path, threads, *rest = sys.argv[1:]
    check_ins = CHECK_INS in rest
    out = next((path for path in rest if path != CHECK_INS), None)
    if peer == "duckdb":
        answer = duckdb_answer(shape, path, int(threads), out, check_ins)
    elif peer == "datafusion":
        os.environ["TOKIO_WORKER_THREADS"] = threads
        answer = datafusion_answer(shape, path, int(threads), out, check_ins)
    else:
        os.environ["POLARS_MAX_THREADS"] = threads
        answer = polars_answer(shape, path, out, check_ins)
    print(json.dumps(answer, sort_keys=True))


if __name__ == "__main__":
    main()
