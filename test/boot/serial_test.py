# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The serial line: nothing is lost, a BREAK always comes back, a dumb terminal stays clean."""
import string

import pexpect.replwrap
import pytest

ALPHABET = string.ascii_letters + string.digits


def pattern(size):
    """Text in which every loss, swap or repetition shows."""
    words = (f"{i:04x}{ALPHABET[i % 62]}" for i in range(size))
    return "".join(words)[:size]


def test_paste_4k(machine):
    """A pasted line of 4 KiB arrives and comes back whole."""
    text = pattern(4096 - len("echo "))
    machine.send(f"echo {text}\r")
    machine.expect_exact("\r\n" + text + "\r\n", timeout=60)
    machine.expect_exact(machine.prompt)


def test_paste_many_lines(machine):
    """So do two hundred lines pasted at once."""
    lines = [pattern(20 + i % 40) + str(i) for i in range(200)]
    machine.send("".join(f"echo {line}\r" for line in lines))
    for line in lines:
        machine.expect_exact(f"\r\n{line}\r\n", timeout=60)


def test_break_drops_a_half_typed_line(machine):
    """BREAK: what was typed is gone, the prompt is back."""
    machine.send("echo this is never run")
    machine.line.settle(0.3)
    machine.send_break()
    machine.expect_exact(machine.prompt)
    machine.sendline("echo fresh; echo $?")
    machine.expect(r"fresh\r\n0\r\n")
    assert "\nthis is never run" not in machine.line.text


def test_break_storm(machine):
    """A loose plug sends many of them."""
    for _ in range(50):
        machine.send_break()
    machine.line.settle(0.5)
    machine.sync()


def test_nul_and_noise(machine):
    """Bytes that no keyboard sends do not upset the line editor."""
    machine.line.send("\x00\x01\x0e\x0f\x7f\x7f\x1b[999;999H\x1b[?25h\u20ac")
    machine.line.settle(0.3)
    machine.sync()


def test_dumb_terminal(machine):
    """No escape code comes until the terminal has shown that it knows them."""
    start = len(machine.line.text)
    machine.shell("help")
    machine.shell("list")
    machine.send("hel\t\x7f\x7f\r")
    machine.sync()
    assert machine.escape_codes(machine.line.text[start:]) == []


def test_editing(machine):
    """Backspace, kill line, word erase, interrupt: as a terminal's line discipline."""
    for typed, shown in [("echo abX\x7fc", "abc"), ("rubbish\x15echo clean", "clean"),
                         ("echo one tqo\x17two", "one two")]:
        machine.sendline(typed)
        machine.expect_exact(f"\r\n{shown}\r\n")
        machine.expect_exact(machine.prompt)
    machine.send("echo never")
    machine.send("\x03")
    machine.expect_exact(machine.prompt)


def test_completion(machine):
    """Tab finishes a verb that is the only one."""
    machine.send("vers\t\r")
    machine.expect(r"\d+\.\d+")
    machine.expect_exact(machine.prompt)


def test_history(machine):
    """Ctrl-P brings the last line back."""
    machine.shell("echo remembered")
    machine.sendline("echo first")
    machine.expect_exact(machine.prompt)
    machine.send("\x10\r")
    machine.expect_exact("\r\nfirst\r\n")
    machine.expect_exact(machine.prompt)


def test_pexpect_replwrap(machine):
    """pexpect's own shell driver needs nothing but the prompt."""
    machine.line.linesep = "\r"
    machine.line.settle(0.2)
    machine.sendline("")
    repl = pexpect.replwrap.REPLWrapper(_Quiet(machine.line), machine.prompt, None)
    assert repl.run_command("echo one; echo two").replace("\r", "").endswith("one\ntwo\n")


class _Quiet:
    """What REPLWrapper asks of a child, without its meddling with echo."""

    echo = False

    def __init__(self, line):
        self._line = line

    def __getattr__(self, name):
        return getattr(self._line, name)


@pytest.mark.parametrize("command,output,status", [
    ("echo hello", ["hello"], 0),
    ("nosuchverb", None, 127),
    ("echo 'a  b' \"c  d\"; echo $?", ["a  b c  d", "0"], 0),
])
def test_labgrid_uboot_driver(machine, command, output, status):
    """labgrid's UBootDriver sends exactly this line."""
    marker = "KWZPQRXYLM"
    hidden = f"'{marker[:4]}''{marker[4:]}'"
    machine.sendline(f"echo {hidden}; {command}; echo \"$?\"; echo {hidden};")
    match = machine.expect(rf"{marker}(.*){marker}\s+bulkhead> ")
    data = match.group(1).replace("\r\n", "\n").split("\n")[1:-1]
    assert int(data[-1]) == status
    if output is not None:
        assert data[:-1] == output


def test_labgrid_shell_driver(machine):
    """labgrid's ShellDriver: its injected function, then each command through it."""
    marker = "QXHVNTRKPA"
    machine.sendline("run() { echo -n \"$MARKER\"; sh -c \"$@\"; echo \"$MARKER $?\"; }")
    machine.expect_exact(machine.prompt)
    for command, status in [("echo 'in side'", 0), ("nosuchverb", 127)]:
        quoted = "'" + command.replace("'", "'\"'\"'") + "'"
        machine.sendline(f"MARKER='{marker[:4]}''{marker[4:]}' run {quoted}")
        match = machine.expect(rf"{marker}(.*){marker}\s+(\d+)\s+bulkhead> ")
        assert int(match.group(2)) == status
        if status == 0:
            assert match.group(1).replace("\r\n", "\n").split("\n")[:-1] == ["in side"]
