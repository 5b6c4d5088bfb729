# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""libos on stock Xen: the proof that our unikernels speak the public ABI.

One boot of the Xen machine (xenmachine.py) runs all guests; it takes about 40 s on an
idle machine, the first time 20 s more to make the machine.
"""

import pathlib
import re
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import xenmachine  # noqa: E402

TOP = xenmachine.TOP
GUESTS = TOP / "build" / "guest"
SELFTEST = GUESTS / "libos-selftest.elf"

# The way to fail, and what the console must say in this order.
FAULTS = {
    "null": ("FAULT: page fault .* in thread doomed", r"cannot write 0x0: nothing there \(null pointer\)",
             r"fault_null\+", r"fault_thread\+", r"thread_entry\+"),
    "stack": ("FAULT: page fault", "stack overflow of thread doomed", r"recurse\+", r"recurse\+"),
    "write-text": ("FAULT: page fault", "cannot write 0x[0-9a-f]+: not allowed", r"fault_write_text\+"),
    "exec-data": ("FAULT: page fault", "cannot execute 0x[0-9a-f]+: not allowed", r"fault_exec_data\+"),
    "opcode": ("FAULT: invalid opcode", r"fault_opcode\+"),
    "divide": ("FAULT: divide error", r"fault_divide\+"),
    "canary": ("PANIC: a stack buffer was overrun", r"__stack_chk_fail\+"),
    "panic": (r"PANIC: told to, 1 times \(thread doomed\)", r"fault_panic\+"),
    "abort": (r"PANIC: signal 6 \(abort\)", r"abort\+"),
    "free": ("PANIC: libos_page_free: no block of order 0", r"fault_free\+"),
    "handler": ("PANIC: a wait from a handler", r"wait_in_handler\+"),
    "status": ("exit status 3",),
}


def fault_guest(way):
    return xenmachine.Guest(f"fault-{way}", SELFTEST, f"fault {way}", seconds=30)


@pytest.fixture(scope="module")
def results():
    try:
        xenmachine.build()
    except xenmachine.Unavailable as why:
        pytest.skip(f"no Xen machine: {why}")
    guests = [
        xenmachine.Guest("hello", GUESTS / "hello.elf", memory_mib=4),
        xenmachine.Guest("selftest", SELFTEST, "a  b", seconds=120, modules=(b"a module",)),
        xenmachine.Guest("large", GUESTS / "hello.elf", memory_mib=400),
        xenmachine.Guest("typed", SELFTEST, "typed", typed="bulkhead\n"),
        *(fault_guest(way) for way in FAULTS),
    ]
    return xenmachine.run(guests)


def test_hello(results):
    hello = results["hello"]
    assert hello.end == "shutdown"
    assert re.search(r"^hypervisor interface 4\.\d+", hello.console, re.M)
    assert "memory 4096 KiB" in hello.console
    assert "slept 1.0 s" in hello.console
    assert hello.console.rstrip().endswith("bye")


def test_selftest(results):
    selftest = results["selftest"]
    assert selftest.end == "shutdown", selftest.console
    assert 'libos-selftest: "a  b", 3 words, 1 modules' in selftest.console
    assert "FAILED" not in selftest.console, selftest.console
    assert re.search(r"^selftest: 0 of \d+ failed$", selftest.console, re.M)


def test_more_memory(results):
    large = results["large"]
    assert large.end == "shutdown"
    assert "memory 409600 KiB" in large.console


def test_console_input(results):
    typed = results["typed"]
    assert typed.end == "shutdown"
    assert "daehklub" in typed.console


@pytest.mark.parametrize("way", FAULTS)
def test_fault(results, way):
    fault = results[f"fault-{way}"]
    assert fault.end == "crash", fault.console
    at = 0
    for expected in FAULTS[way]:
        match = re.compile(expected).search(fault.console, at)
        assert match, f"{expected!r} is missing in:\n{fault.console}"
        at = match.end()
