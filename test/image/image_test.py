# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""What mkimage writes, looked at without booting it."""

import hashlib
import json
import re
import subprocess
import zlib

from spoilable import MIB, SLOT_A, STATE, mkimage, write_plan, write_product


def table(disk):
    """The partition table as sfdisk reads it."""
    done = subprocess.run(["sfdisk", "--json", disk], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["partitiontable"]


def test_partition_table_is_sound(product):
    done = subprocess.run(["sgdisk", "-v", product / "disk.img"], check=True, capture_output=True, text=True)
    assert "No problems found" in done.stdout


def test_layout_is_the_fielded_one(product):
    # These numbers are promised to machines in the field: this test never changes.
    parts = [(p["name"], p["start"] // 2048, p["size"] // 2048) for p in table(product / "disk.img")["partitions"]]
    assert parts == [
        ("esp", 1, 63), ("bios-boot", 64, 2), ("state", 66, 14), ("slot-a", 80, 512), ("slot-b", 592, 512),
        ("data", 1104, 16), ("rootfs", 1120, 20),
    ]  # fmt: skip


def test_growing_partition_is_marked(product):
    parts = table(product / "disk.img")["partitions"]
    assert ["59" in re.split(r"[\s:,]", p.get("attrs", "")) for p in parts] == [False] * 6 + [True]


def test_environment_block_is_at_its_sector(product):
    facts = json.loads((product / "disk.img.json").read_text())
    assert facts["state-lba"] == 135224
    with open(product / "disk.img", "rb") as disk:
        disk.seek(facts["state-lba"] * 512)
        block = disk.read(1024)
    assert block == b"# GRUB Environment Block\nORDER=A B\nA_OK=1\nA_TRY=0\nB_OK=0\nB_TRY=0\n".ljust(1024, b"#")


def test_environment_block_reads_with_grub_editenv(product, tmp_path):
    subprocess.run(["mcopy", "-i", f"{product / 'disk.img'}@@{STATE}", "::/grubenv", tmp_path / "grubenv"], check=True)
    done = subprocess.run(["grub-editenv", tmp_path / "grubenv", "list"], check=True, capture_output=True, text=True)
    assert done.stdout.split("\n")[:5] == ["ORDER=A B", "A_OK=1", "A_TRY=0", "B_OK=0", "B_TRY=0"]


def test_file_systems_are_sound(product, tmp_path):
    for label, start, size in (("esp", 1, 63), ("state", 66, 14), ("slot-a", 80, 512)):
        copy = tmp_path / label
        subprocess.run(["dd", f"if={product / 'disk.img'}", f"of={copy}", "bs=1M", f"skip={start}", f"count={size}",
                        "conv=sparse", "status=none"], check=True)  # fmt: skip
        subprocess.run(["fsck.vfat", "-n", copy], check=True, capture_output=True)
        copy.unlink()


def test_guest_partition_holds_its_image(product):
    image = (product / "rootfs").read_bytes()
    with open(product / "disk.img", "rb") as disk:
        disk.seek(1120 * MIB)
        assert disk.read(len(image)) == image


def test_modules_are_gzip_of_the_very_file(product):
    for number, name in enumerate(("kernel", "packed", "empty"), 1):
        path = f"::/mod{number:03}.gz"
        packed = subprocess.run(["mtype", "-i", f"{product / 'disk.img'}@@{SLOT_A}", path], check=True, capture_output=True).stdout
        assert packed[3] == 0 and packed[4:8] == bytes(4), "a name or a date in the header"
        assert zlib.decompress(packed, 31) == (product / name).read_bytes()


def test_two_builds_are_identical(product, tmp_path):
    other = tmp_path / "somewhere" / "else"
    write_product(other)
    mkimage(other, TZ="Asia/Tokyo", LANG="C.UTF-8")
    for name in ("disk.img", "disk.img.bmap", "disk.img.json"):
        sums = [hashlib.file_digest(open(folder / name, "rb"), "sha256").hexdigest() for folder in (product, other)]
        assert sums[0] == sums[1], name
    (other / "disk.img").unlink()


def test_no_build_path_is_in_the_image(product):
    done = subprocess.run(["grep", "-c", "-a", "-F", str(product), product / "disk.img"], capture_output=True, check=False)
    assert done.stdout.strip() == b"0"


def test_image_is_sparse(product):
    status = (product / "disk.img").stat()
    assert status.st_size == 1141 * MIB and status.st_blocks * 512 < 16 * MIB


def test_bmaptool_accepts_the_map(product, tmp_path):
    out = tmp_path / "copy.img"
    subprocess.run(["bmaptool", "copy", "--bmap", product / "disk.img.bmap", product / "disk.img", out], check=True, capture_output=True)
    assert subprocess.run(["cmp", product / "disk.img", out], check=False).returncode == 0
    out.unlink()


def apply_map(product, medium):
    """Copy what the block map names onto a medium that is full of somebody else's bytes."""
    text = (product / "disk.img.bmap").read_text()
    size = int(re.search(r"<ImageSize> (\d+)", text)[1])
    with open(product / "disk.img", "rb") as src, open(medium, "wb") as dst:
        dst.truncate(size)
        for start in (0, 64, 66, 80, 81, 82, 592, 1104, 1120, 1140):
            dst.seek(start * MIB)
            dst.write(b"\xa5" * MIB)
        for first, last in re.findall(r"> (\d+)(?:-(\d+))? </Range>", text):
            src.seek(int(first) * 4096)
            dst.seek(int(first) * 4096)
            dst.write(src.read((int(last or first) - int(first) + 1) * 4096))


def test_image_boots_from_a_used_medium(product, medium):
    apply_map(product, medium.path)
    done = subprocess.run(["sgdisk", "-v", medium.path], check=True, capture_output=True, text=True)
    assert "No problems found" in done.stdout
    assert "PROBE end" in medium.boot()
    with open(medium.path, "rb") as disk:
        for start in (592, 1104):
            disk.seek(start * MIB)
            assert not any(disk.read(MIB)), "an older file system shows through"


def refused(tmp_path, change):
    """Make a product, change its plan, and return what mkimage says to that."""
    folder = tmp_path / "product"
    plan = write_product(folder)
    change(plan)
    write_plan(folder, plan)
    done = mkimage(folder, check=False)
    assert done.returncode == 1 and not (folder / "disk.img").exists()
    assert done.stderr.startswith("mkimage: ") and "Traceback" not in done.stderr
    return done.stderr


def test_image_larger_than_its_partition(tmp_path):
    assert "rootfs needs 2 MiB, the partition has 1 MiB" in refused(tmp_path, lambda plan: plan["partitions"][1].update({"size-mib": 1}))


def test_module_that_changed_since_the_manifest_was_compiled(tmp_path):
    assert "module 1 (kernel of linux)" in refused(tmp_path, lambda plan: plan["modules"][0].update({"sha256": "0" * 64}))


def test_missing_module(tmp_path):
    assert "module 2 (ramdisk of linux)" in refused(tmp_path, lambda plan: plan["modules"][1].update({"file": "gone"}))


def test_command_line_that_grub_would_change(tmp_path):
    assert "hv-cmdline" in refused(tmp_path, lambda plan: plan.update({"hv-cmdline": "say='x'"}))


def test_growing_partition_must_be_last(tmp_path):
    assert "only the last" in refused(tmp_path, lambda plan: plan["partitions"][0].update({"grow": True}))
