# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""Off and on again: by the shell, by the button."""
import pytest


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_power_button(boot, firmware):
    """Pressed once, the control domain shuts the machine down in order."""
    machine = boot(firmware=firmware).wait_prompt()
    machine.power_button()
    machine.expect("[Pp]ower button")
    machine.wait_poweroff()


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_reboot_and_poweroff(boot, firmware):
    """reboot comes back to the prompt, twice; poweroff does not."""
    machine = boot(firmware=firmware).wait_prompt()
    for resets in range(2):
        machine.sendline("reboot")
        machine.wait_reset(resets)
        machine.wait_banner()
        machine.wait_prompt()
    machine.sendline("poweroff")
    machine.wait_poweroff()
