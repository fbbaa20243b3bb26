"""What Intune's Remove passcode / Reset passcode will do, before it is pressed.

``plan`` decides every device of a table or a file, ``decide`` one device, ``Decider`` the rows of
tables that come piece by piece, and ``policies`` lists the built-in policies. On Spark, see
``relatch.spark``.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import tempfile
import typing
import warnings

from . import _relatch
from ._progress import Progress, watching
from ._relatch import RelatchError
from ._table import Arrow, Table

if typing.TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "Arrow",
    "Decider",
    "InventoryWarning",
    "Plan",
    "Problem",
    "Progress",
    "RelatchError",
    "Table",
    "decide",
    "plan",
    "policies",
]

Reading = typing.Literal["literal", "intended"]
Duplicates = typing.Literal["newest", "all", "refuse"]
Path = typing.Union[str, "os.PathLike[str]"]
FactValue = typing.Union[str, bool, int, "Sequence[str]", None]


class InventoryWarning(UserWarning):
    """Rows were rejected, cells were not understood, or a policy is at odds with itself."""


class Problem(typing.NamedTuple):
    """A rejected row, or a cell that was not understood, whose fact is unknown."""

    inventory: str
    """The file; ``table`` for a table."""
    row: int
    """The number of the row in it, counting from 1 after the header."""
    column: str | None
    """The column; None where the row as a whole is malformed."""
    text: str
    """What was found."""
    expected: str
    """What was expected."""
    suggestion: str | None
    """The known spelling that was most likely meant."""
    rejected: bool
    """Whether the row was rejected; otherwise only the fact of the cell is unknown."""


class Plan:
    """The decisions for an inventory."""

    report: dict[str, typing.Any]
    """What ``relatch plan --format json`` prints."""
    devices: Table
    """A row for each row of the inventory, in its order; see ``Table``."""
    problems: list[Problem]
    """Rejected rows, and cells that were not understood."""

    def __init__(
        self, report: dict[str, typing.Any], devices: Table, problems: list[Problem]
    ) -> None:
        self.report = report
        self.devices = devices
        self.problems = problems

    @property
    def counts(self) -> dict[str, int]:
        """The number of devices by decision."""
        return dict(self.report["decisions"])

    @property
    def rejected(self) -> list[Problem]:
        """The rejected rows."""
        return [problem for problem in self.problems if problem.rejected]

    @property
    def cautions(self) -> list[dict[str, typing.Any]]:
        """What is known against the promises of the policy, with the devices that it concerns."""
        return list(self.report["cautions"])

    def __repr__(self) -> str:
        counts = ", ".join(f"{devices:,} {decision}" for decision, devices in self.counts.items())
        more = {"rows rejected": len(self.rejected), "cautions": len(self.cautions)}
        rest = [f"{number:,} {name}" for name, number in more.items() if number]
        return f"<Plan by {self.report['policy']}: {', '.join([counts, *rest])}>"


class Decider:
    """One policy, loaded once, for tables that come piece by piece."""

    def __init__(
        self, *, policy: Path = "latest", reading: Reading = "literal", costs: Path | None = None
    ) -> None:
        self._decider = _relatch.Decider(
            os.fspath(policy), reading, None if costs is None else os.fspath(costs)
        )

    def rows(self, table: Arrow) -> Table:
        """Decides every row of a table.

        Every row counts, also if another row is about the same device, and a row that is rejected
        is a row of the result, with its problem.
        """
        return Table(self._decider.rows(table), ["table"])


def plan(
    source: Arrow | Path | Sequence[Path],
    /,
    *,
    policy: Path = "latest",
    reading: Reading = "literal",
    by: Iterable[str] = ("platform", "management"),
    duplicates: Duplicates = "newest",
    facts: Arrow | Path | Sequence[Arrow | Path] = (),
    where: str | None = None,
    stale: int | None = None,
    active: int | None = None,
    now: datetime.date | str | None = None,
    costs: Path | None = None,
    threads: int | None = None,
    progress: Progress | bool | None = None,
) -> Plan:
    """Decides every device of an inventory.

    ``source`` is a table of Polars, DuckDB, pandas, pyarrow or anything else with
    ``__arrow_c_stream__``, or what ``relatch plan`` takes: the path of an export, a folder, a
    pattern, or several of them. The columns are those of an Intune export or named after facts.

    ``duplicates`` says what to do with several rows of one device: ``newest`` counts the row with the
    latest check-in, ``all`` every row, and ``refuse`` raises.

    ``facts`` is a table or a path, or several, of what an export does not tell: a column by which
    devices are found (``device-id``, ``serial-number`` or ``device-name``) and columns named after
    facts, such as ``reset-token``. They are joined by the same rules as by ``--facts``.

    ``where`` has conditions in the grammar of policies: ``'platform = "ios", os-version = "<17"'``.
    ``stale`` keeps the devices without a check-in for more than this number of days, ``active`` those
    with one within this number, before ``now``, or else before the latest check-in of any device.

    ``progress`` is a function that is called with the name of the step and how far it has come:
    rows of a table in ``take``, bytes in ``plan``. True shows a line of text, None does so in
    notebooks and on terminals.

    A table is written to a temporary file, which is removed at the end.
    """
    options = {
        "threads": threads,
        "policy": os.fspath(policy),
        "reading": reading,
        "by": ",".join(by) or "none",
        "duplicates": duplicates,
        "where": where,
        "stale": stale,
        "active": active,
        "now": now,
        "costs": None if costs is None else os.fspath(costs),
    }
    line = [f"--{name}={value}" for name, value in options.items() if value is not None]
    with watching(progress) as step, tempfile.TemporaryDirectory(prefix="relatch-") as folder:
        names: dict[str, str] = {}

        def spooled(table: object, name: str, is_inventory: bool) -> str:
            path = os.path.join(folder, f"{name}.parquet")
            _relatch.spool(typing.cast("Arrow", table), path, is_inventory, step)
            names[path] = name
            return path

        def named(text: str) -> str:
            for path, name in names.items():
                text = text.replace(path, name).replace(json.dumps(path)[1:-1], name)
            return text

        paths = _paths(source) or [spooled(source, "table", True)]
        for number, one in enumerate(_several(facts), 1):
            name = "facts" if number == 1 else f"facts-{number}"
            is_path = isinstance(one, (str, os.PathLike))
            path = os.fspath(typing.cast("Path", one)) if is_path else spooled(one, name, False)
            line.append(f"--facts={path}")
        try:
            output, notes, native = _relatch.plan(["plan", *line, "--format=json", "--", *paths], step)
        except RelatchError as error:
            raise RelatchError(named(str(error))) from None
    report = json.loads(named(output))
    inventories = report["inventories"]
    problems = [Problem(inventories[one[0]], *one[1:]) for one in native.problems()]
    _warn(problems, [named(note) for note in notes])
    return Plan(report, Table(native, inventories), problems)


def decide(
    *, policy: Path = "latest", reading: Reading = "literal", explain: bool = False, **facts: FactValue
) -> dict[str, typing.Any]:
    """Decides one device: what ``relatch decide --format json`` prints.

    The facts are named as on the command line, with ``_`` for ``-``: ``platform="ios"``,
    ``os_version="17.1"``, ``supervised=True``. None, like a fact that is left out, means unknown; a
    list means any of its values.
    """
    arguments = [f"--policy={os.fspath(policy)}", f"--reading={reading}", "--format=json"]
    arguments += ["--explain"] if explain else []
    arguments += [
        f"--{fact.replace('_', '-')}={_word(fact, value)}"
        for fact, value in facts.items()
        if value is not None
    ]
    output, notes = _relatch.run(["decide", *arguments])
    _warn([], notes)
    return dict(json.loads(output))


def policies() -> list[dict[str, typing.Any]]:
    """Lists the built-in policies: id, title, date, source, number of rules, and the default."""
    output, _ = _relatch.run(["policy", "list", "--format=json"])
    return list(json.loads(output)["policies"])


def _word(fact: str, value: FactValue) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, float):
        raise TypeError(f"{fact}={value!r}: pass a text, because 17.1 and 17.10 are two versions")
    return ",".join(_word(fact, one) for one in typing.cast("Sequence[str]", value))


def _paths(source: object) -> list[str] | None:
    """Returns the paths of inventories; None for a table."""
    if isinstance(source, (str, os.PathLike)):
        paths = [os.fspath(source)]
    elif isinstance(source, (list, tuple)):
        if not source:
            raise ValueError("there is no inventory in an empty list")
        if not all(isinstance(one, (str, os.PathLike)) for one in source):
            raise TypeError("a list of inventories has paths; pass one table alone")
        paths = [os.fspath(one) for one in source]
    else:
        return None
    if "-" in paths:
        raise ValueError("standard input is not read from Python: pass a path or a table")
    return [str(pathlib.PurePath(path)) for path in paths]


def _several(facts: object) -> Sequence[object]:
    """Returns the facts tables and their paths, one or several."""
    return facts if isinstance(facts, (list, tuple)) else [facts]


def _warn(problems: list[Problem], notes: list[str]) -> None:
    rejected = sum(problem.rejected for problem in problems)
    cells = len(problems) - rejected
    said = list(notes)
    if problems:
        said.append(
            f"{rejected:,} rows were rejected and {cells:,} cells not understood: see `problems`"
        )
    for text in said:
        warnings.warn(text, InventoryWarning, stacklevel=3)
