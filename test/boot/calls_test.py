# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The hypercall properties of test/guest/calls, one boot for all of them."""
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.demo
HERE = Path(__file__).parent


@pytest.mark.parametrize("options", [{"cpus": 1}, {"cpus": 4, "cpu": "max"}],
                         ids=["one-cpu", "four-cpus"])
def test_calls(boot, options):
    """Every property passes, the count is right, and the guest's power-off is the machine's."""
    machine = boot(HERE / "calls.dts", **options)
    match = machine.expect(r"calls: (\d+) passed, (\d+) failed", timeout=90)
    text = machine.line.text
    assert match.group(2) == "0", "\n".join(re.findall(r"FAIL .*", text))
    assert len(re.findall(r"^PASS ", text, re.MULTILINE)) == int(match.group(1)) > 20
    assert "console-io: written" in text
    machine.wait_poweroff()
