"""More hostile policies, scenarios, costs, assumptions, keys and expressions."""

import os

from inputs import POLICY, ROW, SCENARIO, STEP, hostile, rows, text

RULE = '[[rule]]\nid = "r"\nwhen = {{ {0} }}\nthen = "remove-passcode"\nsource = "s"\n'
IOS = RULE.format('platform = "ios"')
CASE = '[[case]]\nfacts = {{ {0} }}\nexpect = "eligible"\n'
APPLE = 'title = "many"\ncovers = ["apple-1"]\n[devices.p]\nkind = "apple"\nplatform = "ios"\nos-version = "17.4"\n'


# Policies


def chain(files, last):
    """Writes policies that extend each other."""
    for file in range(files):
        base = f"{file + 1}.toml" if file + 1 < files else last
        text(f"{file}.toml", f'id = "p{file}"\nextends = "{base}"\n')


@hostile("extends-chain", "60,000 policies that extend each other", "100 files", "policy check 0.toml", says="more than 100 files")
def _():
    chain(60_000, "intune-2026-04-21")


@hostile("extends-cycle", "policies that extend each other in a circle", "refused", "policy check 0.toml", says="extends itself")
def _():
    chain(50, "0.toml")


@hostile("extends-pipe", "a policy that extends a pipe", "refused", "policy check 0.toml")
def _():
    text("0.toml", 'id = "p"\nextends = "pipe.toml"\n')
    os.mkfifo("pipe.toml")


@hostile("policy-cases", "40,000 cases", "time for each line", "policy test p.toml")
def _():
    text("p.toml", POLICY + IOS + CASE.format('platform = "ios"') * 40_000)


@hostile("policy-devices", "cases that stand for 100 million devices", "100,000 devices", "policy check p.toml", says="more than 100000 devices")
def _():
    versions = ", ".join(f'"{n}"' for n in range(10_000))
    truth = "[true, false]"
    lists = f"platform = \"ios\", os-version = [{versions}], supervised = {truth}, encrypted = {truth}"
    text("p.toml", POLICY + IOS + CASE.format(lists) * 30)


@hostile("policy-versions", "20,000 ranges of versions, checked", "classes of an analysis", "policy check p.toml", says="too many classes")
def _():
    versions = ", ".join(f'"{2 * n}.x"' for n in range(20_000))
    text("p.toml", POLICY + RULE.format(f"os-version = [{versions}]"))


@hostile("policy-versions-diff", "20,000 ranges of versions, compared", "classes of an analysis", "policy diff p.toml latest", says="too many classes")
def _():
    versions = ", ".join(f'"{2 * n}.x"' for n in range(20_000))
    text("p.toml", POLICY + RULE.format(f"os-version = [{versions}]"))


@hostile("policy-accepted", "40,000 findings that are accepted", "100 problems shown", "policy check p.toml")
def _():
    text("p.toml", POLICY + IOS + '[[accepted]]\nfinding = "gap"\nbecause = "x"\n' * 40_000)


@hostile("policy-escapes", "escapes in title, names and sources", "shown as \\u001b", "policy show p.toml")
def _():
    evil = "\\u001b[31m\\u202e\\u0007"
    text("p.toml", POLICY.replace("Many", f"M{evil}") + IOS.replace('"s"', f'"s{evil}"'))


@hostile("policy-names", "escapes in names of rules", "refused", "policy check p.toml")
def _():
    text("p.toml", POLICY + IOS.replace('"r"', '"r\\u001b[31m\\u2066"'))


@hostile("policy-bytes", "a policy in Latin-1 with NUL bytes", "refused", "policy check p.toml", says="no text in UTF-8")
def _():
    with open("p.toml", "wb") as file:
        file.write(POLICY.encode() + b"# \xe4\0\n")


@hostile("policy-fmt", "3 MB of one line", "time per byte", "policy fmt p.toml")
def _():
    versions = ", ".join(f'"{n}.x"' for n in range(300_000))
    text("p.toml", POLICY + RULE.format(f"os-version = [{versions}]"))


# Scenarios


@hostile("setup-cycle", "a set-up that has a set-up", "refused", "simulate s.toml", says="used twice")
def _():
    text("a.setup.toml", 'setup = "b.setup.toml"\n')
    text("b.setup.toml", 'setup = "a.setup.toml"\n')
    text("s.toml", 'title = "t"\nsetup = "a.setup.toml"\n' + STEP)


@hostile("setup-pipe", "a set-up that is a pipe", "refused", "simulate s.toml", says="is no file")
def _():
    os.mkfifo("a.setup.toml")
    text("s.toml", 'title = "t"\nsetup = "a.setup.toml"\n' + STEP)


@hostile("setup-zero", "a set-up that never ends", "refused", "simulate s.toml", says="not a usable scenario")
def _():
    os.symlink("/dev/zero", "a.setup.toml")
    text("s.toml", 'title = "t"\nsetup = "a.setup.toml"\n' + STEP)


@hostile("scenario-devices", "40,000 devices", "4 MiB", "simulate s.toml --quiet")
def _():
    one = '[devices.d{0}]\nkind = "android"\nenrolment = "none"\n'
    head = 'title = "many"\ncovers = ["android-41"]\napi-levels = 30\n'
    text("s.toml", head + "".join(one.format(n) for n in range(40_000)) + STEP.replace("[[step]]", '[[step]]\non = "d1"'))


@hostile("scenario-claims", "20,000 claims that do not hold", "100 shown", "simulate s.toml", says="more; `--format json` lists them")
def _():
    claim = '[[always]]\nexpect = { device-token = "active" }\n'
    text("s.toml", SCENARIO + STEP * 300 + claim * 20_000)


@hostile("scenario-values", "30,000 values that are none", "20 problems shown", "simulate s.toml")
def _():
    text("s.toml", SCENARIO + STEP.replace('"disabled"', '"odd"') * 30_000)


# A phone that comes by itself every eight hours.
CHECK_INS = 'enrolment = "supervised"\n[devices.p.intune]\nfirst-check-in-minutes = 0\n'
CLAIM = '[[always]]\nexpect = { reachable = true }\n'


@hostile("scenario-years", "forty years of a device", "time for each event", "simulate s.toml", says="87 601 events")
def _():
    text("s.toml", 'run-for = "14600d"\n' + APPLE + CHECK_INS + CLAIM)


@hostile("scenario-plist", "a device whose messages are property lists, for ten years", "time for each message", "simulate s.toml", says="21 901 events")
def _():
    text("s.toml", 'run-for = "3650d"\n' + APPLE + "through-plist = true\n" + CHECK_INS + CLAIM)


@hostile("scenario-variants", "a million variants", "1,000 variants", "simulate s.toml", says="more than 1000 variants")
def _():
    numbers = ", ".join(map(str, range(255)))
    text("s.toml", SCENARIO.replace("[devices", f"for = {{ weaver-slots = [{numbers}], target-sdk = [{numbers}] }}\n[devices").replace("target-sdk = [0, ", "target-sdk = [") + STEP)


@hostile("scenario-lock", "a passcode of 2 MB", "4 MiB", "simulate s.toml --quiet")
def _():
    text("s.toml", SCENARIO + f'lock = "{"7" * 2_000_000}"\n' + STEP)


@hostile("scenario-escapes", "escapes in title and names", "shown as \\u001b", "simulate s.toml")
def _():
    evil = "\\u001b[31m\\u202e\\u0007"
    text("s.toml", SCENARIO.replace('"many"', f'"{evil}"').replace("devices.phone", f'devices."p{evil}"') + STEP)


@hostile("scenario-junit", "escapes in title and names, as JUnit", "no such letters", "simulate s.toml --format junit")
def _():
    evil = "\\u001b[31m\\u202e\\u0007"
    text("s.toml", SCENARIO.replace('"many"', f'"{evil}"') + STEP.replace('"disabled"', '"active"'))


# Costs, assumptions, keys and expressions


@hostile("costs-keys", "costs with 40,000 unknown keys", "100 problems shown", "plan d.csv --costs c.toml")
def _():
    rows("d.csv", ROW.format, 10)
    text("c.toml", "".join(f"key-{n} = 1\n" for n in range(40_000)))


@hostile("costs-changes", "40,000 changes of 2^64-1", "100 problems shown", "plan d.csv --costs c.toml")
def _():
    rows("d.csv", ROW.format, 10)
    text("c.toml", "".join(f'[[change]]\nid = "c{n}"\ncost = 18446744073709551615\n' for n in range(40_000)))


@hostile("costs-zero", "costs that never end", "4 MiB", "plan d.csv --costs /dev/zero", says="longer than 4 MiB")
def _():
    rows("d.csv", ROW.format, 10)


@hostile("assumptions-keys", "assumptions with 40,000 unknown keys", "100 problems shown", "simulate --fleet d.csv --assumptions a.toml")
def _():
    rows("d.csv", ROW.format, 10)
    text("a.toml", "".join(f"key-{n} = 1\n" for n in range(40_000)))


@hostile("key-zero", "a key that never ends", "refused", "plan d.csv --redact /dev/zero", says="no key for `--redact`")
def _():
    rows("d.csv", ROW.format, 10)


@hostile("key-inventory", "the inventory as key", "refused", "plan d.csv --redact d.csv", says="no key for `--redact`")
def _():
    rows("d.csv", ROW.format, 10)


@hostile("key-folder", "a folder as key", "refused", "plan d.csv --redact d", says="is a directory")
def _():
    os.mkdir("d")
    rows("d.csv", ROW.format, 10)


@hostile("where-deep", "arrays in arrays in conditions, 60,000 deep", "refused", "plan d.csv --where os-version=" + "[" * 60_000)
def _():
    rows("d.csv", ROW.format, 10)


@hostile("where-long", "10,000 versions in conditions", "time per byte", "plan d.csv --where os-version=[" + ",".join(f'"{n}"' for n in range(10_000)) + "]")
def _():
    rows("d.csv", ROW.format, 100_000)


@hostile("where-escapes", "escapes in conditions", "shown as \\u001b", "plan d.csv --where platform='\x1b[31m\u202e'")
def _():
    rows("d.csv", ROW.format, 10)


@hostile("explore-all", "a search without a bound on states", "as many as there are", "explore android-token --depth 30 --states 18446744073709551615")
def _():
    pass
