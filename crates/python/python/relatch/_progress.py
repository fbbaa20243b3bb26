"""How far a long call has come: a function of the caller, or a line of text."""

from __future__ import annotations

import contextlib
import sys
import time
import typing

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

Progress = typing.Callable[[str, int], object]
"""Called with the name of the step and how far it has come."""

AFTER = 1.0
"""After how many seconds a line of text appears."""

STEPS = {
    "take": "taking the table: {done:,} rows",
    "plan": "planning: {megabytes:,.0f} MB read",
}


class _Line:
    """A line on standard error that is written again and again, and removed at the end."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._width = 0

    def __call__(self, step: str, done: int) -> None:
        if time.monotonic() - self._began >= AFTER:
            self._show("relatch: " + STEPS[step].format(done=done, megabytes=done / 1e6))

    def end(self) -> None:
        if self._width:
            self._show("")
            sys.stderr.write("\r")

    def _show(self, text: str) -> None:
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)


def _is_watched() -> bool:
    return "ipykernel" in sys.modules or sys.stderr.isatty()


@contextlib.contextmanager
def watching(progress: Progress | bool | None) -> Iterator[Progress | None]:
    """Returns the object that gets the progress of a call."""
    if callable(progress):
        yield progress
    elif progress or (progress is None and _is_watched()):
        line = _Line()
        try:
            yield line
        finally:
            line.end()
    else:
        yield None
