# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The way from the firmware to the hypervisor: what GRUB loads, what it refuses, which slot it picks."""

import zlib

import pytest
from spoilable import MIB, SLOT_B, STATE, Medium, mkimage, qemu, write_plan, write_product

NONE = "no slot can be started"


def facts(said):
    """The probe's lines, without their first word."""
    return [line[6:] for line in said.splitlines() if line.startswith("PROBE ")]


def module(path, cmdline):
    """What the probe says about a module that arrived as it is on the host."""
    data = path.read_bytes()
    return f"module size={len(data)} crc={zlib.crc32(data):x} cmdline={cmdline}"


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_everything_arrives(product, medium, firmware):
    said = facts(medium.boot(firmware=firmware))
    assert said[0] == "start"
    assert said[1] == "cmdline=console=io:0x3f8,115200 ctrl-mem=8192 slot=A"
    assert said[2].endswith("cmdline=ctrl a b=$c;d slot=A")
    assert said[3:] == [
        module(product / "manifest.dtb", "manifest"),
        module(product / "kernel", "module 1 kernel of linux"),
        module(product / "packed", "module 2 ramdisk of linux"),
        module(product / "empty", "module 3 kernel of none"),
        f"firmware={firmware}",
        "end",
    ]


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_other_disks_are_left_alone(product, medium, tmp_path, firmware, monkeypatch):
    other = Medium(product, tmp_path / "other.img")
    other.remove("boot.cfg")
    plan = qemu.load_plan(product / "plan.json")
    plan["board"]["devices"] = [{"path": "00:1c.0/00.0", "qemu": "nvme,serial=bh0"}]
    monkeypatch.setattr(qemu, "load_plan", lambda path: plan)
    disk = f"if=none,id=other,format=raw,snapshot=on,file={other.path}"
    said = medium.boot(firmware=firmware, extra=("-drive", disk, "-device", "ide-hd,bus=ide.0,drive=other"))
    assert "damaged" not in said
    other.path.unlink()


def cut(data):
    """The first half."""
    return data[: len(data) // 2]


def zero_tail(data):
    """Right size, but the end never reached the medium: gzip then claims to hold nothing."""
    return data[: len(data) // 2] + bytes(len(data) - len(data) // 2)


def flip(data):
    """One wrong bit."""
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 4]) + data[len(data) // 2 + 1 :]


def no_gzip(data):
    """A spoilt first byte: GRUB would take the file for one that is not compressed."""
    return b"\0" + data[1:]


DAMAGE = [
    (name, damage)
    for name in ("boot.cfg", "hv.elf.gz", "ctrl.elf.gz", "manifest.dtb.gz", "mod001.gz")
    for damage in (None, cut)
] + [("mod001.gz", zero_tail), ("mod001.gz", flip), ("mod001.gz", no_gzip), ("mod003.gz", cut), ("hv.elf.gz", flip), ("boot.cfg", flip)]  # fmt: skip


def spoil(medium, name, damage):
    """Damage one file of slot A, or delete it when damage is None."""
    data = medium.read(name)
    medium.remove(name)
    if damage:
        medium.write(name, damage(data))


@pytest.mark.parametrize("name,damage", DAMAGE)
def test_damage_is_named_and_nothing_starts(medium, name, damage):
    spoil(medium, name, damage)
    said = medium.boot(until=NONE)
    assert any(f"slot A: {full} is missing or damaged" in said for full in (name, "/" + name))
    assert "PROBE" not in said


def test_damage_is_named_on_uefi(medium):
    spoil(medium, "mod002.gz", None)
    assert "slot A: /mod002.gz is missing or damaged" in medium.boot(until=NONE, firmware="uefi")


def test_missing_checksum_counts_as_damage(medium):
    medium.remove("mod001.gz.crc32")
    assert "slot A: /mod001.gz is missing or damaged" in medium.boot(until=NONE)


def test_module_larger_than_memory(tmp_path):
    folder = tmp_path / "product"
    plan = write_product(folder)
    with open(folder / "kernel", "wb") as huge:
        huge.truncate(300 * MIB)
    write_plan(folder, plan)
    mkimage(folder)
    said = Medium(folder, tmp_path / "medium.img").boot(until=NONE)
    assert "slot A: /mod001.gz cannot be loaded" in said and "PROBE" not in said
    (tmp_path / "medium.img").unlink()
    (folder / "disk.img").unlink()


def test_enter_restarts_a_halted_machine(medium):
    medium.remove("hv.elf.gz")
    with pytest.raises(AssertionError, match="was not said"):
        # -no-reboot makes QEMU end at a reset
        medium.boot(until="never", send=("Enter restarts", b"\r"))


@pytest.mark.parametrize("firmware", ["bios", "uefi"])
def test_damaged_slot_falls_back_to_the_other(product, medium, firmware):
    medium.fill_slot_b()
    medium.set_state()
    medium.remove("mod003.gz")
    said = medium.boot(firmware=firmware)
    assert "slot A: /mod003.gz is missing or damaged" in said
    assert "cmdline=console=io:0x3f8,115200 ctrl-mem=8192 slot=B" in facts(said)
    modules = [line for line in facts(said) if line.startswith("module")]
    assert len(modules) == 5 and modules[2] == module(product / "kernel", "module 1 kernel of linux")


def slot_of(said):
    """The slot that was started."""
    return next(line[-1] for line in facts(said) if line.startswith("cmdline"))


@pytest.mark.parametrize(
    "words,slot",
    [
        ({}, "A"),
        ({"ORDER": "B A"}, "B"),
        ({"ORDER": "B"}, "B"),
        ({"ORDER": "X Y"}, "A"),
        ({"ORDER": ""}, "A"),
        ({"A_OK": 0}, "B"),
        ({"ORDER": "B A", "B_OK": 0}, "A"),
        ({"A_TRY": 2}, "A"),
        ({"A_TRY": 3}, "B"),
        ({"A_TRY": "x"}, "B"),
        ({"A_TRY": 3, "B_OK": 0}, "A"),
        ({"A_TRY": 3, "B_TRY": 3, "ORDER": "B A"}, "B"),
        ({"A_OK": "?", "B_OK": "?"}, "A"),
    ],
)
def test_state_decides_the_slot(medium, words, slot):
    medium.fill_slot_b()
    medium.set_state(**words)
    assert slot_of(medium.boot()) == slot


def test_no_slot_marked_good(medium):
    medium.fill_slot_b()
    medium.set_state(A_OK=0, B_OK=0)
    said = medium.boot(until=NONE)
    assert "PROBE" not in said and "loading" not in said


@pytest.mark.parametrize("firmware,boots", [("bios", 8), ("uefi", 2)])
def test_tries_are_counted_on_the_medium(medium, firmware, boots):
    medium.fill_slot_b()
    medium.set_state()
    seen = []
    for _ in range(boots):
        slot = slot_of(medium.boot(firmware=firmware, snapshot=False))
        state = medium.state()
        seen.append((slot, state["A_TRY"], state["B_TRY"]))
    counted = [("A", "1", "0"), ("A", "2", "0"), ("A", "3", "0"), ("B", "3", "1"), ("B", "3", "2"), ("B", "3", "3"),
               ("A", "1", "0"), ("A", "2", "0")]  # fmt: skip
    assert seen == counted[:boots]


def test_marking_good_resets_the_count(medium):
    medium.set_state(A_TRY=3, B_OK=0)
    medium.set_state(A_TRY=0, B_OK=0)
    assert "try 1 of 3" in medium.boot()


@pytest.mark.parametrize("kind", ["garbage", "gone", "no file system", "foreign words"])
def test_bad_state_block_still_boots(medium, kind):
    if kind == "garbage":
        medium.write("grubenv", b"\xff" * 1024, STATE)
    elif kind == "gone":
        medium.remove("grubenv", STATE)
    elif kind == "no file system":
        medium.patch(STATE, bytes(14 * MIB))
    else:
        medium.set_state(root="hd9", prefix="(hd9)", disk="hd9", slot="C", loaded="yes", state="(hd9)/x")
    said = medium.boot()
    assert slot_of(said) == "A"
    assert ("state block cannot be read" in said) == (kind != "foreign words")


def test_empty_slot_is_no_danger(medium):
    medium.set_state(ORDER="B A")
    said = medium.boot()
    assert "slot B: boot.cfg is missing or damaged" in said and slot_of(said) == "A"


def test_slot_of_somebody_elses_bytes(medium):
    medium.set_state(ORDER="B A")
    medium.patch(SLOT_B, b"\xa5" * MIB)
    assert slot_of(medium.boot()) == "A"
