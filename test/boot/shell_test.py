# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The control shell as people and programs use it: verbs, statuses, quoting, JSON."""
import re

import pytest

from shapes import ARGUMENTS, SHAPES, mismatch

VERBS = sorted(SHAPES)


def test_every_verb_has_a_shape(machine):
    """The table in shapes.py is complete: what help lists is what it describes."""
    listed = {verb["name"] for verb in machine.json("help")["verbs"]}
    assert listed - {"reboot", "poweroff"} == set(SHAPES)


@pytest.mark.parametrize("verb", VERBS)
def test_json(machine, verb):
    """One line, the keys that are promised and no others, twice the same ones."""
    for _ in range(2):
        value = machine.shell(f"{verb} --json {ARGUMENTS.get(verb, '')}").ok().json
        assert mismatch(value, SHAPES[verb]) is None


@pytest.mark.parametrize("verb", VERBS)
def test_for_people(machine, verb):
    """Status 0, something to read, nothing wider than 80 columns, no escape codes."""
    result = machine.shell(f"{verb} {ARGUMENTS.get(verb, '')}").ok()
    assert verb == "echo" or result.text.strip()
    assert verb == "dmesg" or all(len(line) <= 80 for line in result.lines)
    assert machine.escape_codes(result.text) == []


@pytest.mark.parametrize("verb", VERBS)
def test_help(machine, verb):
    """help VERB and VERB --help say the same, and --json is in the usage."""
    text = machine.shell(f"help {verb}").ok().text
    assert verb in text and "--json" in text
    if verb != "echo":
        assert machine.shell(f"{verb} --help").ok().text == text


@pytest.mark.parametrize("line,text,status", [
    ("echo a b  c", "a b c\n", 0),
    ("echo 'a b  c'", "a b  c\n", 0),
    ("echo \"a b  c\"", "a b  c\n", 0),
    ("echo 'it'\"'\"'s'", "it's\n", 0),
    ("echo a\\ \\ b", "a  b\n", 0),
    ("echo \"a\\\"b\"", "a\"b\n", 0),
    ("echo 'a;b'; echo c", "a;b\nc\n", 0),
    ("echo a;echo b;;", None, 2),
    ("echo ''", "\n", 0),
    ("echo $?", "0\n", 0),
    ("nosuchverb; echo $?", None, 0),
    ("echo '$?'", "$?\n", 0),
    ("echo \"$?\"", "0\n", 0),
    ("list nosuchdomain", None, 1),
    ("list --nosuchoption", None, 2),
    ("dmesg -n -1", None, 2),
    ("help nosuchverb", None, 1),
    ("nosuchverb", None, 127),
    ("", "", 0),
    ("   ", "", 0),
    ("# a comment", "", 0),
])
def test_lines(machine, line, text, status):
    """A line does what a POSIX shell would have it do."""
    if not line.strip() or line.startswith("#") or ";;" in line:
        machine.sendline(line)
        machine.expect_exact(machine.prompt)
        machine.sync()
        return
    result = machine.shell(line)
    assert result.status == status, result.text
    if text is not None:
        assert result.text == text


@pytest.mark.parametrize("line", ["echo 'open", "echo \"open"])
def test_open_quote(machine, line):
    """An open quote does not swallow what follows for ever."""
    machine.sendline(line)
    machine.line.settle(0.3)
    machine.sync()
    assert machine.shell("echo back").text == "back\n"


def test_unknown_verb_is_answered_clearly(machine):
    """The wrong word is named, and the near one offered."""
    result = machine.shell("verison")
    assert result.status == 127
    assert "verison" in result.text and "version" in result.text


@pytest.mark.parametrize("line", ["nosuchverb --json", "list nosuchdomain --json", "info --what --json"])
def test_json_errors(machine, line):
    """With --json an error is one line of JSON too, or an unknown verb's one line."""
    result = machine.shell(line)
    assert result.status != 0
    assert len([l for l in result.lines if l]) == 1
    if not line.startswith("nosuchverb"):
        assert "error" in result.json


def test_list_has_the_control_domain(machine):
    """Domain 0 is there and runs."""
    domains = machine.json("list")["domains"]
    assert [d["domid"] for d in domains][0] == 0
    assert domains[0]["state"] in ("running", "blocked")


def test_uptime_runs(machine):
    """Two looks at the clock: the second is later."""
    first = machine.json("uptime")
    second = machine.json("uptime")
    assert second["uptime-ns"] > first["uptime-ns"]


def test_date_is_plausible(machine):
    """QEMU's clock is the host's: the year has four digits and is not 1970."""
    assert re.search(r"\b20[2-9]\d-", machine.shell("date").ok().text)


def test_dmesg_begins_with_the_banner(machine):
    """The log starts with the hypervisor's first line."""
    text = machine.shell("dmesg").ok().text
    assert re.search(r"Bulkhead \d", text)
    assert len(machine.shell("dmesg --tail 3").ok().lines) == 3


def test_watchdog_is_armed(machine):
    """The board has one; it is armed and fed."""
    assert re.search(r"armed|fed|running", machine.shell("watchdog").ok().text)


def test_many_commands_leak_nothing(machine):
    """A thousand verbs later, memory in use is what it was."""
    for _ in range(10):
        machine.shell("info --json; list; help; version")
    before = machine.json("info")["memory-ctrl-free-kib"]
    for _ in range(200):
        machine.shell("info --json; list; help; version; nosuch")
    assert machine.json("info")["memory-ctrl-free-kib"] >= before - 16
