# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The image boots to the prompt on each kind of machine, and says the right things about it."""
import re

import pytest

# firmware, CPUs, MiB, CPU model: each value of each column at least once.
MACHINES = [
    ("bios", 1, 256, "EPYC-Rome"),
    ("bios", 4, 6144, "max"),
    ("uefi", 4, 256, "EPYC-Rome"),
    ("uefi", 1, 6144, "max"),
]


@pytest.mark.parametrize("firmware,cpus,memory,cpu", MACHINES)
def test_boots(boot, firmware, cpus, memory, cpu):
    """Prompt, the machine as it is, an orderly power-off with exit status 0."""
    machine = boot(firmware=firmware, cpus=cpus, memory=memory, cpu=cpu).wait_prompt()
    info = machine.json("info")
    assert info["firmware"] == firmware
    assert info["cpus"] == cpus
    # Firmware and the hole below 4 GiB take their part.
    assert 0.9 * memory * 1024 < info["memory-total-kib"] <= memory * 1024
    assert machine.resets == 0
    machine.sendline("poweroff")
    machine.wait_poweroff()


def test_first_lines(boot):
    """What a person sees first: version, build, slot, watchdog, domains, time."""
    machine = boot().wait_prompt()
    text = machine.line.text
    assert re.search(r"Bulkhead \d\S*", text)
    for word in (r"slot\W+A", r"watchdog", r"domains?\W", r"ready", r"failed", r"\d ?m?s\b"):
        assert re.search(word, text, re.IGNORECASE), f"no {word} in the first lines:\n{text}"
    assert not re.search(r"unsafe", text.split("Bulkhead ", 1)[1].replace("none unsafe", ""))


def test_boot_lines_fit(boot):
    """After GRUB's last word, nothing is wider than a terminal or steers one."""
    machine = boot().wait_prompt()
    own = machine.line.text[machine.line.text.index(": starting"):]
    assert all(len(line) <= 80 for line in own.splitlines())
    assert machine.escape_codes(own) == []


@pytest.mark.demo
@pytest.mark.parametrize("without", ["hpet=off", "hpet=off,pit=off", "i8042=off,hpet=off"])
def test_lean_board(boot, without):
    """A board without the old timers and keyboard controller is only a board."""
    machine = boot(extra=["-machine", without]).wait_prompt()
    assert machine.shell("uptime").status == 0
    before = machine.json("uptime")
    machine.shell("echo wait")
    assert machine.json("uptime") != before
    machine.sendline("reboot")
    machine.wait_reset()
    machine.wait_prompt()


@pytest.mark.demo
def test_other_serial_port(boot):
    """Nobody listens on COM1's wire: the machine comes up all the same."""
    machine = boot(extra=["-device", "isa-serial,index=1,chardev=second",
                          "-chardev", "null,id=second"]).wait_prompt()
    assert machine.shell("version").status == 0
