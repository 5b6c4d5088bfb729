# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The QEMU command line that stands for a board."""

import json
import shlex
import subprocess

import pytest
from spoilable import TREE, qemu

BOARD = {
    "memory-kib": 1 << 20, "cpus": 4, "iommu": "vtd", "cpu": "EPYC-Rome",
    "console": {"location": "io:0x3f8", "speed": 115200},
    "devices": [
        {"path": "00:1c.1/00.0", "qemu": "e1000e"},
        {"path": "00:1c.0/00.0", "qemu": "nvme,serial=bh0"},
        {"path": "00:1d.2/00.0", "qemu": "ich9-ahci"},
        {"path": "00:03.0", "qemu": "virtio-net-pci,disable-legacy=on"},
        {"path": "00:04.0/00.0/01.0/00.0", "qemu": "virtio-blk-pci"},
    ],
}  # fmt: skip


def line(changes=None, **options):
    """The command line of BOARD with changes, as one string."""
    return shlex.join(qemu.command({"name": "x", "board": {**BOARD, **(changes or {})}}, "/x/disk.img", **options))


def test_board_gives_the_defaults():
    text = line()
    for words in ("-smp 4", "-m 1048576K", "-cpu EPYC-Rome,+svm,+npt", "-device intel-iommu,intremap=on", "-accel tcg"):
        assert words in text


def test_options_win_over_the_board():
    text = line(cpus=1, memory_mib=256, cpu="max,-svm", iommu="amd", icount=True)
    for words in ("-smp 1", "-m 256M", "-cpu max,-svm ", "-device amd-iommu", "-icount shift=0,sleep=off"):
        assert words in text
    assert "iommu" not in line(iommu="none")


def test_no_network_leaves_the_machine():
    text = line()
    assert text.count("-netdev user,id=") == text.count("restrict=on") == 2
    assert "-nodefaults" in text


def test_image_is_never_written_unless_asked():
    assert "snapshot=on,file=/x/disk.img" in line()
    assert "snapshot=off,file=/x/disk.img" in line(snapshot=False)


def test_image_is_on_the_device_marked_so():
    devices = [dict(d) for d in BOARD["devices"]]
    assert "nvme,serial=bh0,id=dev1,bus=rp1c.0,addr=0.0,drive=disk1,bootindex=0" in line()
    devices[4]["image"] = True
    text = line({"devices": devices})
    assert "virtio-blk-pci,id=dev4,bus=sw4.0-0.0-1.0,addr=0.0,drive=disk4,bootindex=0" in text and text.count("bootindex") == 1
    assert "ide-hd,bus=ide.0" in line({"devices": []})


def test_serial_consoles():
    assert "isa-serial,chardev=console,index=1" in line({"console": {"location": "io:0x2f8"}})
    assert "pci-serial,chardev=console,bus=pcie.0,addr=05.0" in line({"console": {"location": "pci:00:05.0"}})


def test_watchdogs():
    assert "-global ICH9-LPC.noreboot=false" in line()
    assert "-device i6300esb" in line({"watchdog": {"compatible": "intel,i6300esb"}})
    assert "-device i6300esb,addr=6" in line({"watchdog": {"compatible": "intel,i6300esb", "qemu": "i6300esb,addr=6"}})


@pytest.mark.parametrize(
    "changes,options",
    [
        ({"devices": [{"path": "1c.1", "qemu": "nvme"}]}, {}),
        ({"watchdog": {"compatible": "acme"}}, {}),
        ({"console": {"location": "mmio:0xfe000000"}}, {}),
        ({}, {"iommu": "smmu"}),
        ({}, {"firmware": "openfirmware"}),
    ],
)
def test_what_qemu_cannot_be_is_said(changes, options):
    with pytest.raises(qemu.Error):
        line(changes, **options)


@pytest.mark.parametrize("iommu", ["intel", "amd", "none"])
def test_whole_board_boots(medium, iommu, monkeypatch):
    plan = {"name": "x", "board": {**BOARD, "memory-kib": 262144, "cpus": 1}}
    monkeypatch.setattr(qemu, "load_plan", lambda path: plan)
    assert "PROBE end" in medium.boot(iommu=iommu)


def test_printed_command_can_be_pasted(tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps({"name": "x", "board": BOARD}))
    folder = tmp_path / "with, comma"
    folder.mkdir()
    argv = [TREE / "conf/run/run", "--plan", tmp_path / "plan.json", "--image", folder / "disk.img", "--mem", "6G", "--print"]
    text = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    assert text.count("\n") == 1 and "-m 6144M" in text
    assert any(word.endswith("with,, comma/disk.img") for word in shlex.split(text))
