# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""A control domain that crashes: what is printed, and what the machine does next."""
from pathlib import Path

import pytest

pytestmark = pytest.mark.demo
HERE = Path(__file__).parent
PROMPT = "fault> "

# The word for test/guest/fault.c, and what must be said about it, in this order.
WAYS = [
    ("panic", ["told to panic", r"panic\+0x"]),
    ("abort", [r"abort"]),
    ("null", [r"null_write\+0x"]),
    ("write-text", [r"write_text\+0x"]),
    ("write-constant", [r"write_constant\+0x"]),
    ("run-data", [r"[Pp]age fault|#PF"]),
    ("run-heap", [r"[Pp]age fault|#PF"]),
    ("run-stack", [r"[Pp]age fault|#PF"]),
    ("overflow", [r"stack|guard", r"recurse\+0x"]),
    ("thread-overflow", [r"stack overflow of thread overflow", r"recurse\+0x"]),
    ("smash", [r"stack"]),
    ("bad-opcode", [r"bad_opcode\+0x"]),
    ("bad-msr", [r"bad_msr\+0x"]),
    ("bad-pat", [r"bad_pat\+0x"]),
    ("divide", [r"divide\+0x"]),
    ("nested", [r"nested\+0x"]),
    ("triple", [r"triple fault"]),
    ("exit", []),
    ("crash", []),
]


@pytest.fixture(scope="module", name="faulty")
def _faulty(_shared):
    """One machine for all ways to die: each ends with a restart, which is the point."""
    return _shared


@pytest.mark.parametrize("word,said", WAYS, ids=[w for w, _ in WAYS])
def test_crash_restarts(faulty, word, said):
    """on-crash = reboot-host: the reason is printed, and the machine starts anew."""
    machine = faulty["machine"]
    if machine is None or not machine.running:
        machine = faulty["machine"] = faulty["booter"](HERE / "fault.dts")
        machine.expect_exact(PROMPT, timeout=60)
    resets = machine.resets
    faulty["machine"] = None  # unless all goes well
    try:
        machine.sendline(word)
        machine.expect_exact(f"{word}: here goes")
        for pattern in said:
            machine.expect(pattern)
        machine.expect(r"[Cc]ontrol domain[^\r\n]*crash|crash[^\r\n]*[Cc]ontrol domain|dom(ain)? ?0[^\r\n]*crash")
        machine.wait_reset(resets)
        machine.expect_exact(PROMPT, timeout=60)
    except BaseException:
        machine.quit()
        raise
    assert "came back" not in machine.line.text
    faulty["machine"] = machine


@pytest.mark.parametrize("word", ["panic", "triple"])
def test_crash_halts(boot, word):
    """on-crash = halt-host: the reason is printed, and stays on the screen."""
    machine = boot(HERE / "fault-halt.dts")
    machine.expect_exact(PROMPT, timeout=60)
    machine.sendline(word)
    machine.expect(r"crash")
    machine.expect(r"[Hh]alt")
    machine.never("Bulkhead ", seconds=20)  # more than the watchdog's time
    assert machine.resets == 0 and machine.running


@pytest.mark.parametrize("word,event", [("reboot", "reset"), ("poweroff", "off")])
def test_orderly_ends(boot, word, event):
    """SCHEDOP_shutdown's other reasons are the machine's."""
    machine = boot(HERE / "fault-halt.dts")
    machine.expect_exact(PROMPT, timeout=60)
    machine.sendline(word)
    if event == "off":
        machine.wait_poweroff()
    else:
        machine.wait_reset()
        machine.expect_exact(PROMPT, timeout=60)
