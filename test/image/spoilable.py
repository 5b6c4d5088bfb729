# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""A product of its own for the image tests, and copies of its image that a test may spoil and boot.

A probe kernel stands in for the hypervisor, and plan.json is written by hand: no manifest is needed.
"""

import json
import os
import random
import select
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TREE = HERE.parents[1]
sys.path.insert(0, str(TREE / "conf" / "run"))
import qemu

MIB = 1 << 20
STATE, SLOT_A, SLOT_B, SLOT_SIZE = 66 * MIB, 80 * MIB, 592 * MIB, 512 * MIB
# Ten times what an idle machine needs.
LIMIT = {"bios": 60, "uefi": 300}

CFLAGS = (
    "-m32 -march=i686 -std=gnu17 -O2 -ffreestanding -fno-pic -fno-pie -fno-stack-protector "
    "-fcf-protection=none -fno-asynchronous-unwind-tables -mgeneral-regs-only -Wall -Wextra -Werror -c"
).split()


def build_probe(folder):
    """Compile and link the probe kernel."""
    for source in ("start.S", "probe.c"):
        subprocess.run(["gcc", *CFLAGS, HERE / "probe" / source, "-o", folder / (source[:-2] + ".o")], check=True)
    objects = [folder / "start.o", folder / "probe.o"]
    script = ["-T", HERE / "probe" / "probe.lds", "--build-id=none", "-z", "max-page-size=4096"]
    subprocess.run(["ld", "-m", "elf_i386", *script, "-o", folder / "probe.elf", *objects], check=True)


def write_product(folder):
    """A product: plan.json and the files that it names."""
    folder.mkdir(parents=True)
    build_probe(folder)
    seeded = random.Random(1)
    (folder / "manifest.dtb").write_bytes(seeded.randbytes(3000))
    (folder / "kernel").write_bytes(seeded.randbytes(300000))
    (folder / "packed").write_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\xc8\x04\x00\xac\x2a\x93\xd8\x02\x00\x00\x00")
    (folder / "empty").write_bytes(b"")
    (folder / "rootfs").write_bytes(bytes(MIB) + seeded.randbytes(100000))
    plan = {
        "name": "probe",
        "board": {"memory-kib": 262144, "cpus": 1, "iommu": "none", "cpu": "EPYC-Rome",
                  "console": {"location": "io:0x3f8", "speed": 115200}, "devices": []},
        "hv-cmdline": "console=io:0x3f8,115200 ctrl-mem=8192",
        "ctrl-cmdline": "a b=$c;d",
        "ctrl": "probe.elf",
        "manifest": "manifest.dtb",
        "modules": [{"index": 1, "name": "kernel of linux", "file": "kernel"},
                    {"index": 2, "name": "ramdisk of linux", "file": "packed"},
                    {"index": 3, "name": "kernel of none", "file": "empty"}],
        "partitions": [{"label": "data", "image": None, "size-mib": 16},
                       {"label": "rootfs", "image": "rootfs", "size-mib": 20, "grow": True}],
    }  # fmt: skip
    write_plan(folder, plan)
    return plan


def write_plan(folder, plan):
    """(Re)write plan.json."""
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")


def mkimage(folder, check=True, **env):
    """Run mkimage on a product's folder."""
    argv = [TREE / "conf/image/mkimage", "--plan", folder / "plan.json", "--hv", folder / "probe.elf", "-o", folder / "disk.img"]
    done = subprocess.run(argv, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


class Medium:
    """A copy of the image that a test may spoil."""

    def __init__(self, product, path):
        self.product = product
        self.path = path
        subprocess.run(["cp", "--sparse=always", "--reflink=auto", product / "disk.img", path], check=True)

    def patch(self, offset, data):
        """Overwrite bytes of the medium."""
        with open(self.path, "r+b") as disk:
            disk.seek(offset)
            disk.write(data)

    def read(self, name, at=SLOT_A):
        """A file of a FAT partition."""
        return subprocess.run(["mtype", "-i", f"{self.path}@@{at}", "::/" + name], check=True, capture_output=True).stdout

    def write(self, name, data, at=SLOT_A):
        """Replace a file of a FAT partition."""
        subprocess.run(["mcopy", "-o", "-i", f"{self.path}@@{at}", "-", "::/" + name], input=data, check=True)

    def remove(self, name, at=SLOT_A):
        """Delete a file of a FAT partition."""
        subprocess.run(["mdel", "-i", f"{self.path}@@{at}", "::/" + name], check=True)

    def fill_slot_b(self):
        """Copy slot A's contents, as an update would."""
        used = 8 * MIB
        with open(self.path, "r+b") as disk:
            disk.seek(SLOT_A)
            data = disk.read(used)
        self.patch(SLOT_B, data)

    def set_state(self, **words):
        """Write the environment block."""
        words = {"ORDER": "A B", "A_OK": 1, "A_TRY": 0, "B_OK": 1, "B_TRY": 0, **words}
        text = "# GRUB Environment Block\n" + "".join(f"{k}={v}\n" for k, v in words.items())
        self.write("grubenv", text.ljust(1024, "#").encode(), STATE)

    def state(self):
        """Read the environment block."""
        lines = self.read("grubenv", STATE).decode().splitlines()[1:]
        return dict(line.split("=", 1) for line in lines if "=" in line)

    def boot(self, until="PROBE end", firmware="bios", send=None, **options):
        """Boot, return all that was said up to and with `until`; `send` is (text to wait for, bytes to type)."""
        plan = qemu.load_plan(self.product / "plan.json")
        extra = ("-no-reboot", "-device", "isa-debug-exit,iobase=0xf4,iosize=4") + tuple(options.pop("extra", ()))
        argv = qemu.command(plan, self.path, firmware=firmware, extra=extra, **options)
        end = time.monotonic() + LIMIT[firmware]
        said = b""
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
            try:
                while until.encode() not in said:
                    ready, _, _ = select.select([child.stdout], [], [], max(end - time.monotonic(), 0))
                    piece = os.read(child.stdout.fileno(), 4096) if ready else b""
                    assert piece, f"{until!r} was not said in time:\n{said.decode(errors='replace')}"
                    said += piece
                    if send and send[0].encode() in said:
                        child.stdin.write(send[1])
                        child.stdin.flush()
                        send = None
            finally:
                child.kill()
        return said.decode(errors="replace").replace("\r", "")
