"""What Intune's Remove passcode / Reset passcode will do, before it is pressed.

``plan`` decides every device of a table or a file, ``decide`` one device, ``Decider`` the rows of
tables that come piece by piece, and ``policies`` lists the built-in policies. On Spark, see
``relatch.spark``.
"""

from __future__ import annotations

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
    costs: Path | None = None,
    threads: int | None = None,
    progress: Progress | bool | None = None,
) -> Plan:
    """Decides every device of an inventory.

    ``source`` is a table of Polars, DuckDB, pandas, pyarrow or anything else with
    ``__arrow_c_stream__``, or what ``relatch plan`` takes: the path of an export, a folder, a
    pattern, or several of them. The columns are those of an Intune export or named after facts.

    ``progress`` is a function that is called with the name of the step and how far it has come:
    rows of the table in ``take``, bytes in ``plan`` and ``decide``. True shows a line of text,
    None does so in notebooks and on terminals.

    A table is written to a temporary file, which is removed at the end.
    """
    shared = [f"--threads={threads}"] if threads is not None else []
    shared += [f"--policy={os.fspath(policy)}", f"--reading={reading}"]
    by = ",".join(by) or "none"
    shared += [f"--by={by}", f"--duplicates={duplicates}", "--format=json"]
    if costs is not None:
        shared.append(f"--costs={os.fspath(costs)}")
    with watching(progress) as step, tempfile.TemporaryDirectory(prefix="relatch-") as folder:
        spooled = os.path.join(folder, "table.parquet")
        paths = _paths(source)
        if paths is None:
            _relatch.spool(typing.cast("Arrow", source), spooled, step)
            paths = [spooled]

        def named(text: str) -> str:
            return text.replace(spooled, "table").replace(json.dumps(spooled)[1:-1], "table")

        try:
            output, notes, _ = _relatch.run(["plan", *shared, "--", *paths], step)
            report = json.loads(named(output))
            read = [spooled] if paths == [spooled] else report["inventories"]
            decider = _relatch.Decider(
                os.fspath(policy), reading, None if costs is None else os.fspath(costs)
            )
            native = decider.files(read, by if duplicates == "newest" else None, threads, step)
        except RelatchError as error:
            raise RelatchError(named(str(error))) from None
    names = report["inventories"]
    problems = [Problem(names[one[0]], *one[1:]) for one in native.problems()]
    _warn(problems, notes)
    return Plan(report, Table(native, names), problems)


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
    output, notes, _ = _relatch.run(["decide", *arguments])
    _warn([], notes)
    return dict(json.loads(output))


def policies() -> list[dict[str, typing.Any]]:
    """Lists the built-in policies: id, title, date, source, number of rules, and the default."""
    output, _, _ = _relatch.run(["policy", "list", "--format=json"])
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
