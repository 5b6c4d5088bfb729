# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""libos's own test in place of the control domain: the file that passes on Xen, too."""
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.demo
HERE = Path(__file__).parent


@pytest.mark.parametrize("options", [{"cpus": 1}, {"cpus": 4, "cpu": "max"}],
                         ids=["one-cpu", "four-cpus"])
def test_libos(boot, options):
    """Every part passes, and returning from main() powers the machine off."""
    machine = boot(HERE / "selftest.dts", **options)
    match = machine.expect(r"selftest: (\d+) of (\d+) failed", timeout=90)
    text = machine.line.text
    assert match.group(1) == "0", "\n".join(re.findall(r"not true: .*|FAILED .*", text))
    assert int(match.group(2)) >= 13
    machine.wait_poweroff()
