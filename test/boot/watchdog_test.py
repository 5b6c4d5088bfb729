# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""A control domain that hangs: the hardware watchdog restarts the machine.

These wait for seconds of the watchdog's own time, so nothing runs beside them.
"""
import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.demo, pytest.mark.alone]
HERE = Path(__file__).parent
PROMPT = "fault> "
TIMEOUT_S = 6  # as the manifests say

DOGS = [("fault.dts", "tco"), ("fault-halt.dts", "i6300esb")]


@pytest.mark.parametrize("manifest,dog", DOGS, ids=[d for _, d in DOGS])
def test_hang_restarts(boot, manifest, dog):
    """Alive it runs for longer than the watchdog's time; hung in any way it does not."""
    machine = boot(HERE / manifest)
    machine.expect_exact(PROMPT, timeout=60)
    machine.never("Bulkhead ", seconds=2.5 * TIMEOUT_S)
    for resets, word in enumerate(("spin", "spin-deaf", "halt-deaf", "sleep")):
        machine.sendline(word)
        machine.expect_exact(f"{word}: here goes")
        hung = time.monotonic()
        machine.wait_reset(resets, timeout=10 * TIMEOUT_S)
        assert time.monotonic() - hung < 3 * TIMEOUT_S, f"{dog} took too long"
        machine.expect_exact(PROMPT, timeout=60)
