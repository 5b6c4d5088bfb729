# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""A control domain that hangs: the machine restarts, by its watchdog or by the hypervisor."""
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.demo
HERE = Path(__file__).parent
PROMPT = "fault> "
TIMEOUT_S = 10  # as the manifests say

DOGS = [("fault.dts", "tco"), ("fault-halt.dts", "i6300esb")]
HANGS = ("spin", "spin-deaf", "sleep")


def restarts(machine, word, resets):
    """Hang by that word; seconds until the machine was reset."""
    machine.sendline(word)
    machine.expect_exact(f"{word}: here goes")
    hung = time.monotonic()
    machine.wait_reset(resets, timeout=10 * TIMEOUT_S)
    hung = time.monotonic() - hung
    machine.expect_exact(PROMPT, timeout=60)
    return hung


@pytest.mark.parametrize("manifest,dog", DOGS, ids=[d for _, d in DOGS])
def test_hardware_restarts(boot, manifest, dog):
    """Alive it runs for longer than the watchdog's time; hung in any way it does not."""
    machine = boot(HERE / manifest)
    machine.expect_exact(PROMPT, timeout=60)
    assert f"watchdog: {dog} armed, {TIMEOUT_S} s" in machine.line.text
    machine.never("Bulkhead ", seconds=1.5 * TIMEOUT_S)
    for resets, word in enumerate(HANGS):
        assert restarts(machine, word, resets) < 3 * TIMEOUT_S
    # It was the device: QEMU names it, and the hypervisor had nothing to say.
    assert machine.qmp.count("WATCHDOG") == len(HANGS)
    assert "hangs" not in machine.line.text


@pytest.mark.parametrize("manifest", ["fault.dts", "fault-halt.dts"])
def test_hypervisor_restarts(boot, manifest):
    """The domain's own promise runs out first: said, and restarted whatever on-crash is."""
    machine = boot(HERE / manifest)
    machine.expect_exact(PROMPT, timeout=60)
    machine.sendline("short")
    machine.expect_exact("short: came back")
    assert restarts(machine, "spin", 0) < TIMEOUT_S
    assert "control domain: hangs, rebooting" in machine.line.text
    assert machine.qmp.count("WATCHDOG") == 0


def test_halted_vcpu_is_a_crash(boot):
    """Interrupts off and HLT: nobody can ever wake it, so nobody waits for a watchdog."""
    machine = boot(HERE / "fault.dts")
    machine.expect_exact(PROMPT, timeout=60)
    assert restarts(machine, "halt-deaf", 0) < TIMEOUT_S
    assert "halted with interrupts off" in machine.line.text
