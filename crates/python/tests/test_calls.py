"""One device, policies, errors, progress and interrupts."""

import itertools
import random
import signal
import tempfile
import threading
import time

import pyarrow
import pytest

import relatch
from conftest import QUILLMOOR
from test_plan import quillmoor

VALUES = {
    "platform": ["android", "ios", "macos", None],
    "management": ["personal-work-profile", "device-enrollment", "mdm", None],
    "os_version": ["6.0.1", "7", "8.1", 14, None],
    "ownership": ["corporate", None],
    "supervised": [True, False, None],
    "passcode_required": [True, None],
    "reset_token": ["active", ["active", "pending"], None],
}


def test_one_device_is_decided_as_on_the_command_line(command_line):
    chance = random.Random(1)
    for _ in range(60):
        facts = {fact: chance.choice(values) for fact, values in VALUES.items()}
        policy = chance.choice(["latest", "2018-03-29", "as-of:2019-06-01"])
        flags = []
        for fact, value in facts.items():
            if value is not None:
                word = ",".join(value) if isinstance(value, list) else str(value)
                word = word.lower() if isinstance(value, bool) else word
                flags += [f"--{fact.replace('_', '-')}", word]
        try:
            decided = relatch.decide(policy=policy, **facts)
        except relatch.RelatchError as error:
            assert "does not exist on" in str(error)
            with pytest.raises(AssertionError, match="does not exist on"):
                command_line.json("decide", "--policy", policy, *flags)
            continue
        assert decided == command_line.json("decide", "--policy", policy, *flags)


def test_a_version_as_a_fraction_is_refused():
    with pytest.raises(TypeError, match="17.1 and 17.10 are two versions"):
        relatch.decide(platform="ios", os_version=17.1)


def test_policies_are_those_of_the_command_line(command_line):
    assert relatch.policies() == command_line.json("policy", "list")["policies"]


def test_a_policy_of_ones_own_is_a_path(tmp_path):
    policy = tmp_path / "own.toml"
    policy.write_text(
        'id = "own"\ntitle = "Own"\nsource = "https://example.com"\ndocumented = 2026-01-01\n'
        '[[rule]]\nid = "ios"\nwhen = { platform = "ios" }\nthen = "remove-passcode"\n'
        'source = "a sentence"\n'
    )
    assert relatch.decide(platform="ios", policy=policy)["decision"] == "eligible"
    assert relatch.plan(QUILLMOOR, policy=policy).report["policy"] == "own"
    policy.write_text("id = 1\n")
    with pytest.raises(relatch.RelatchError, match="own.toml"):
        relatch.Decider(policy=policy)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: relatch.plan(QUILLMOOR, policy="2018-03-28x"), relatch.RelatchError, "no policy.*\nhint:"),
        (lambda: relatch.plan(QUILLMOOR, reading="loose"), relatch.RelatchError, "loose"),
        (lambda: relatch.plan(QUILLMOOR, by=["colour"]), relatch.RelatchError, "colour"),
        (lambda: relatch.plan("no-such-file.csv"), relatch.RelatchError, "no-such-file.csv"),
        (lambda: relatch.plan("-"), ValueError, "standard input"),
        (lambda: relatch.plan([]), ValueError, "empty list"),
        (lambda: relatch.plan([quillmoor()]), TypeError, "paths"),
        (lambda: relatch.plan(17), TypeError, "`int` is no table"),
        (lambda: relatch.plan(pyarrow.table({"a": [1]})), relatch.RelatchError, "`table`"),
        (lambda: relatch.plan(quillmoor().slice(0, 0)), relatch.RelatchError, "`table`.*without a device"),
        (lambda: relatch.decide(platfrom="ios"), relatch.RelatchError, "platform"),
        (lambda: relatch.decide(platform="tv"), relatch.RelatchError, "tv"),
    ],
)
def test_errors_say_what_is_wrong(call, error, message):
    with pytest.raises(error, match=f"(?s){message}"):
        call()


def endless():
    """A table that never ends."""
    batch = quillmoor().combine_chunks().to_batches()[0]
    return pyarrow.RecordBatchReader.from_batches(batch.schema, itertools.repeat(batch))


def big(times=3000):
    return pyarrow.concat_tables([quillmoor()] * times)


def test_progress_is_told_and_its_exception_ends_the_call():
    told = []
    relatch.plan(big(), duplicates="all", progress=lambda step, done: told.append((step, done)))
    steps = [step for step, _ in told]
    assert steps and steps == sorted(steps, key=["take", "plan", "read", "decide"].index)
    assert all(done > 0 for _, done in told[-1:])

    class Enough(Exception):
        pass

    def stop(step, done):
        raise Enough(step)

    for table in [endless(), big()]:
        with pytest.raises(Enough):
            relatch.plan(table, progress=stop)


def test_a_line_of_text_shows_progress_and_goes_away(capsys, monkeypatch):
    monkeypatch.setattr("relatch._progress.AFTER", 0.0)
    relatch.plan(big(), duplicates="all", progress=True)
    shown = capsys.readouterr().err
    assert "relatch: taking the table:" in shown and shown.endswith("\r")
    relatch.plan(QUILLMOOR)
    assert capsys.readouterr().err == ""


def test_an_interrupt_ends_a_long_call_and_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    # A shell starts what it runs in the background with interrupts ignored, and Python keeps that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    main = threading.main_thread().ident
    timer = threading.Timer(0.5, signal.pthread_kill, [main, signal.SIGINT])
    began = time.monotonic()
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            relatch.plan(endless())
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - began < 5
    assert list(tmp_path.iterdir()) == []
    assert relatch.plan(QUILLMOOR).counts


def test_other_threads_run_meanwhile():
    ticks, done = [], threading.Event()

    def tick():
        while not done.wait(0.005):
            ticks.append(time.monotonic())

    thread = threading.Thread(target=tick)
    table = big()
    thread.start()
    relatch.plan(table, duplicates="all")
    done.set()
    thread.join()
    assert len(ticks) > 5
