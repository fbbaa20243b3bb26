"""The command line beside the package, for comparison."""

import csv
import json
import os
import pathlib
import subprocess
import sys

import pytest

# The workers of Spark have the package where this process has it.
os.environ["PYSPARK_PYTHON"] = sys.executable

ROOT = pathlib.Path(__file__).resolve().parents[3]
QUILLMOOR = ROOT / "examples/quillmoor.csv"


class CommandLine:
    """The program, and what it prints."""

    def __init__(self, folder):
        self.program = os.environ.get("RELATCH", ROOT / "target/debug/relatch")
        self.folder = folder

    def run(self, *arguments):
        run = subprocess.run([self.program, *arguments], capture_output=True, text=True, cwd=self.folder)
        assert run.returncode < 2, run.stderr
        return run.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments, "--format", "json"))

    def plan(self, path, *options):
        """The report of an inventory, and its list of devices."""
        out = self.folder / "listed.csv"
        report = self.json("plan", str(path), "--devices", str(out), *options)
        with open(out, newline="", encoding="utf-8") as file:
            return report, list(csv.DictReader(file))


@pytest.fixture
def command_line(tmp_path):
    return CommandLine(tmp_path)
