# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The manifest's word for who sits at the serial line."""
from pathlib import Path

import pytest

pytestmark = pytest.mark.demo
HERE = Path(__file__).parent


def test_operator_looks(boot):
    """All that looks works; what ends the machine is refused with a status and a reason."""
    machine = boot(HERE / "operator.dts").wait_prompt()
    for verb in ("list", "info", "version", "dmesg", "uptime", "watchdog", "vcpu-list"):
        machine.shell(verb).ok()
    assert machine.resets == 0


def test_off(boot):
    """No prompt, no answer, but the machine is up and its button works."""
    machine = boot(HERE / "no-shell.dts")
    machine.wait_banner()
    machine.expect("shell[^\r\n]*off|off[^\r\n]*shell", timeout=60)
    machine.sendline("echo anybody")
    machine.send_break()
    machine.never("bulkhead> |\r\nanybody", seconds=3)
    machine.power_button()
    machine.wait_poweroff()
