# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""One emulated machine that boots an image, as a test sees it.

The QEMU command line comes from conf/run, the same code that `make run` uses;
what a test adds is the serial line on a socket, the machine protocol, a private
copy-on-write view of the disk, and time limits.
"""
import ctypes
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pexpect

from . import command_line
from .qmp import Qmp, QmpError
from .serial import SerialLine

PROMPT = "bulkhead> "

# The first line that the hypervisor prints, whatever happens next.
BANNER = r"Bulkhead \d\S*"

# Seconds from power-on to the prompt, ten times what an idle machine needs.
BOOT_LIMIT = {"bios": 60, "uefi": 180}

# Seconds that one verb may take.
VERB_LIMIT = 20

_libc = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


def _die_with_parent():
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def time_factor():
    """BULKHEAD_TIME_FACTOR stretches every time limit, for slow machines."""
    return float(os.environ.get("BULKHEAD_TIME_FACTOR", "1"))


@dataclass
class Options:
    """What a test may ask of the machine; None is what the manifest's board says."""

    firmware: str = "bios"
    cpus: int = None
    memory: int = None  # MiB
    cpu: str = None
    iommu: str = None
    icount: bool = False
    extra: list = field(default_factory=list)  # more QEMU arguments


@dataclass
class Result:
    """What one line given to the shell did."""

    command: str
    status: int
    text: str

    @property
    def lines(self):
        """The output, line by line."""
        return self.text.splitlines()

    @property
    def json(self):
        """The one JSON value that the output must be."""
        lines = [line for line in self.lines if line]
        assert len(lines) == 1, f"{self.command}: not one line of JSON:\n{self.text}"
        return json.loads(lines[0])

    def ok(self):
        """Fail the test unless the status was 0; returns self."""
        assert self.status == 0, f"{self.command}: status {self.status}:\n{self.text}"
        return self


class MachineFailure(AssertionError):
    """The machine did not do what was awaited; the message ends with its last words."""


class Machine:
    """Boots `disk` (made for `plan`) and talks to it.

    Use it as a context manager, or through the `boot` and `machine` fixtures.
    """

    def __init__(self, plan, disk, log, options=None):
        self.plan = plan
        self.disk = Path(disk)
        self.log = Path(log)
        self.options = options or Options()
        self.prompt = PROMPT
        self.line = None
        self.qmp = None
        self.epoch = None
        self._process = None
        self._folder = None

    # ---- power ------------------------------------------------------------

    def start(self):
        """Power on; returns self at once."""
        self._folder = tempfile.TemporaryDirectory(prefix="bulkhead-")
        folder = Path(self._folder.name)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        listeners = {n: self._listen(folder / n) for n in ("console", "qmp")}
        argv = command_line.argv(self.plan, self.disk, folder, self.options)
        with open(self.log.with_suffix(".qemu"), "w", encoding="utf-8") as qemu_log:
            qemu_log.write(command_line.printable(argv) + "\n")
            qemu_log.flush()
            self._process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=qemu_log,
                stderr=subprocess.STDOUT, preexec_fn=_die_with_parent)
        self.epoch = time.time()
        self.line = SerialLine(self._accept(listeners["console"]), self.log)
        self.qmp = Qmp(self._accept(listeners["qmp"]))
        return self

    @staticmethod
    def _listen(path):
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(str(path))
        sock.listen(1)
        sock.settimeout(30)
        return sock

    def _accept(self, listener):
        try:
            sock, _ = listener.accept()
        except socket.timeout:
            raise MachineFailure("QEMU did not start: " + self.qemu_says) from None
        finally:
            listener.close()
        sock.settimeout(None)
        return sock

    @property
    def qemu_says(self):
        """QEMU's own messages, after its command line."""
        return self.log.with_suffix(".qemu").read_text(encoding="utf-8")

    @property
    def running(self):
        """Whether QEMU is still there."""
        return self._process is not None and self._process.poll() is None

    def quit(self):
        """Pull the plug, if it is still in; safe to call twice."""
        if self._process is None:
            return
        if self.running:
            self._process.kill()
        self._process.wait()
        if self.line is not None and not self.line.closed:
            self.line.close()
        if self.qmp is not None:
            self.qmp.close()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.quit()

    def power_button(self):
        """Press it once."""
        self.qmp.command("system_powerdown")

    def wait_poweroff(self, timeout=60):
        """Wait until the machine switched itself off; checks QEMU's exit status."""
        timeout *= time_factor()
        try:
            self.qmp.wait_event(["SHUTDOWN"], timeout=timeout)
            status = self._process.wait(timeout=30)
        except (TimeoutError, QmpError, subprocess.TimeoutExpired) as why:
            raise self._failure(f"no power-off: {why}") from None
        assert status == 0, f"QEMU's exit status is {status}: {self.qemu_says}"

    @property
    def resets(self):
        """How often the machine was reset since power-on."""
        return self.qmp.count("RESET")

    def wait_reset(self, after=0, timeout=60):
        """Wait for the reset that follows the first `after` ones; returns QEMU's event."""
        try:
            return self.qmp.wait_event(["RESET"], skip=after, timeout=timeout * time_factor())
        except (TimeoutError, QmpError) as why:
            raise self._failure(f"no reset: {why}") from None

    # ---- serial line ------------------------------------------------------

    def _failure(self, what):
        self.line.settle(quiet=0.1, limit=2)
        tail = "\n".join(self.line.text.splitlines()[-40:])
        events = ", ".join(f"{e['event']} at {e['timestamp']['seconds'] - self.epoch:.0f} s"
                           for e in self.qmp.events if "timestamp" in e)
        now = time.time() - self.epoch
        return MachineFailure(f"{what}, {now:.0f} s after power-on (events: {events or 'none'})\n"
                              f"--- last lines of {self.log}:\n{tail}\n---")

    def expect(self, pattern, timeout=VERB_LIMIT):
        """Wait for a regular expression (or the first of a list); returns the match."""
        try:
            self.line.expect(pattern, timeout=timeout * time_factor())
        except (pexpect.TIMEOUT, pexpect.EOF) as why:
            raise self._failure(f"{type(why).__name__} waiting for {pattern!r}") from None
        return self.line.match

    def expect_exact(self, text, timeout=VERB_LIMIT):
        """Wait for a string (or the first of a list); returns its index."""
        try:
            return self.line.expect_exact(text, timeout=timeout * time_factor())
        except (pexpect.TIMEOUT, pexpect.EOF) as why:
            raise self._failure(f"{type(why).__name__} waiting for {text!r}") from None

    def never(self, pattern, seconds):
        """Fail if the pattern comes within so many seconds."""
        try:
            self.line.expect(pattern, timeout=seconds)
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            raise self._failure("the machine went away") from None
        raise self._failure(f"unexpected {self.line.match.group(0)!r}")

    def send(self, text):
        """Type text, without Enter."""
        self.line.send(text)

    def sendline(self, text=""):
        """Type text and Enter."""
        self.line.sendline(text)

    def send_break(self):
        """A BREAK condition on the serial line."""
        self.qmp.command("chardev-send-break", id=command_line.CONSOLE)

    # ---- shell ------------------------------------------------------------

    def wait_banner(self, timeout=None):
        """Wait for the hypervisor's first line."""
        return self.expect(BANNER, timeout or BOOT_LIMIT[self.options.firmware])

    def wait_prompt(self, timeout=None):
        """Wait for the prompt of a machine that is booting; returns self."""
        self.expect_exact(self.prompt, timeout or BOOT_LIMIT[self.options.firmware])
        return self

    def sync(self):
        """Get back in step with the prompt: clear the line, be sure that it answers."""
        marker = f"sync{time.monotonic_ns()}"
        self.send("\x03")
        self.sendline(f"echo {marker[:4]}''{marker[4:]}")
        self.expect_exact(marker)
        self.expect_exact(self.prompt)

    def shell(self, command, timeout=VERB_LIMIT):
        """Run one line in the control shell; returns its Result.

        The status is that of the line's last verb.  Output is taken between two
        markers which the echo of the typed line does not contain.
        """
        marker = f"mark{time.monotonic_ns()}"
        hidden = f"'{marker[:4]}''{marker[4:]}'"
        self.sendline(f"echo {hidden}; {command}; echo {hidden} $?")
        match = self.expect(rf"{marker}\r*\n(.*){marker} (\d+)\r*\n", timeout)
        text = match.group(1).replace("\r", "")
        self.expect_exact(self.prompt)
        return Result(command, int(match.group(2)), text)

    def json(self, command, timeout=VERB_LIMIT):
        """Run a verb with --json, which must succeed; returns the parsed value."""
        return self.shell(command + " --json", timeout).ok().json

    @staticmethod
    def escape_codes(text):
        """Terminal control sequences in text, which a dumb terminal must not get."""
        return re.findall(r"\x1b.?|[\x00-\x06\x0e-\x1a\x1c-\x1f]", text)
