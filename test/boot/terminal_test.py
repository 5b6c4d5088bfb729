# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The shell and what sits at the other end of the line: terminals, ^C, BREAK, roles."""
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def test_silent_terminal_stays_dumb(machine):
    """Asked, it does not answer: no control sequence after the question."""
    machine.sendline("terminal auto")
    machine.expect_exact("\x1b[6n")
    machine.expect_exact("dumb, 80 columns\r\n" + machine.prompt)
    start = len(machine.line.text)
    machine.send("echo abc\x1b[D\x1b[DX\x1b[A\x1b[B\x01\x05\x0b\r")
    machine.expect_exact("\r\naXbc\r\n" + machine.prompt)
    assert machine.escape_codes(machine.line.text[start:]) == []


def test_answering_terminal(machine):
    """It answers with its width; a BREAK makes no such assumption any more."""
    machine.sendline("terminal auto --json")
    machine.expect_exact("\x1b[6n")
    machine.send("\x1b[1;132R")
    machine.expect_exact('{"terminal":"ansi","columns":132}\r\n' + machine.prompt)
    machine.send("echo " + "x" * 200 + "\x01\x04\r")  # wrapped: needs sequences
    machine.expect_exact("\x1b[1A\r")
    machine.sync()
    machine.send_break()
    machine.expect_exact(machine.prompt)
    assert machine.json("terminal") == {"terminal": "dumb", "columns": 80}


def test_interrupt_ends_output(machine):
    """^C while the log is printed: the rest of line and log is dropped, the status says so."""
    # A megabyte: even a starved tester is back with its ^C before it has all been printed.
    machine.send("dmesg; " * 1100 + "echo end-was-reached\r")
    machine.expect_exact("echo end-was-reached\r\n")
    machine.send("\x03")
    machine.expect_exact("^C\r\n" + machine.prompt)
    machine.line.settle(0.3)
    assert "\nend-was-reached" not in machine.line.text
    machine.sendline("echo status $?")
    machine.expect_exact("\r\nstatus 130\r\n" + machine.prompt)


def test_break_ends_output(machine):
    """So does a BREAK."""
    machine.send("dmesg; " * 1100 + "echo end-was-seen\r")
    machine.expect_exact("echo end-was-seen\r\n")
    machine.send_break()
    machine.expect_exact("\r\n" + machine.prompt)
    machine.line.settle(0.3)
    machine.sync()
    assert "\nend-was-seen" not in machine.line.text


def test_a_line_too_long_is_not_run(machine):
    """Beyond what fits, a line is refused as a whole, not cut."""
    machine.send("echo " + "0123456789" * 900 + "\r")
    machine.expect_exact("the line is longer than 8191 bytes: not run\r\n" + machine.prompt, timeout=60)
    assert machine.shell("echo next").text == "next\n"


@pytest.mark.demo
def test_operator_is_refused(boot):
    """What changes something is refused with status 1 and a reason; the machine stays up."""
    machine = boot(HERE / "operator.dts").wait_prompt()
    for line in ("reboot", "poweroff", "dmesg --clear", "watchdog --test", "run reboot", "reboot --json"):
        result = machine.shell(line)
        assert result.status == 1
        assert "refused" in result.text and "operator" in result.text
    assert machine.resets == 0 and machine.running


@pytest.mark.demo
def test_watchdog_test_restarts(boot):
    """`watchdog --test` stops the kicks: the machine restarts by itself, and not before."""
    machine = boot().wait_prompt()
    result = machine.shell("watchdog --test --json").ok()
    assert result.json["fed"] is False
    machine.wait_reset(0, timeout=120)
    machine.wait_prompt()
    assert machine.json("watchdog")["fed"] is True
