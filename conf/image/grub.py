# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""GRUB for both firmwares: one core image each, with the slot logic (grub.cfg) inside.

Nothing of GRUB is read from a file system at boot, so a damaged file system cannot leave the machine at a
GRUB prompt.  Source for the two patched fields: GRUB's include/grub/i386/pc/boot.h and
include/grub/offsets.h, as grub-bios-setup uses them.
"""

import io
import os
import struct
import tarfile
from pathlib import Path

from fat import run
from layout import SECTOR
from plan import Error

HERE = Path(__file__).resolve().parent
GRUB_LIB = Path(os.environ.get("GRUB_LIB", "/usr/lib/grub"))

MODULES = (
    "boot configfile echo fat gcry_crc gcry_sha256 gzio hashsum loadenv memdisk multiboot2 normal "
    "part_gpt read reboot regexp serial sleep tar terminal terminfo test true"
).split()

# boot.img: where the first sector of the core image lies, and the check of the BIOS' drive number.
BOOT_KERNEL_SECTOR = 0x5C
BOOT_DRIVE_CHECK = 0x66
NOP_NOP = 0x9090
# First sector of the core image (diskboot.img): start of the block list's only entry.
DISKBOOT_FIRST_BLOCK = SECTOR - 12

EARLY = "normal (memdisk)/grub.cfg\n"


def console_lines(console):
    """GRUB's own console: the board's port, or the firmware's console when GRUB cannot drive the port."""
    location = console.get("location") or "io:0x3f8"
    kind, _, where = location.partition(":")
    if kind != "io":
        return "terminal_input console\nterminal_output console\n"
    speed = int(console.get("speed") or 115200)
    return (
        f"serial --port={int(where, 0):#x} --speed={speed} --word=8 --parity=no --stop=1\n"
        "terminfo serial dumb\nterminal_input serial\nterminal_output serial\n"
    )


def memdisk(console, epoch):
    """A tar archive that holds grub.cfg alone."""
    text = (HERE / "grub.cfg").read_text(encoding="ascii").replace("@CONSOLE@\n", console_lines(console))
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        info = tarfile.TarInfo("grub.cfg")
        info.size, info.mtime = len(text), epoch
        tar.addfile(info, io.BytesIO(text.encode("ascii")))
    return out.getvalue()


def core(scratch, platform, console, epoch, extra=()):
    """Make one core image and return it."""
    if not (GRUB_LIB / platform / "moddep.lst").exists():
        package = {"i386-pc": "grub-pc-bin", "x86_64-efi": "grub-efi-amd64-bin"}[platform]
        raise Error(f"{GRUB_LIB / platform}: not there; install {package}")
    disk, early, out = scratch / "memdisk.tar", scratch / "early.cfg", scratch / f"core.{platform}"
    disk.write_bytes(memdisk(console, epoch))
    early.write_text(EARLY, encoding="ascii")
    run(
        ["grub-mkimage", "-O", platform, "-d", GRUB_LIB / platform, "-m", disk, "-p", "(,gpt1)/",
         "-c", early, "-o", out, *MODULES, *extra],
        epoch,
    )  # fmt: skip
    return out.read_bytes()


def bios(scratch, console, epoch, partition):
    """Return (boot code for sector 0, contents of the BIOS boot partition)."""
    image = bytearray(core(scratch, "i386-pc", console, epoch, ["biosdisk"]))
    # Half of the partition is left free, so that another core image can be put beside this one.
    if len(image) > partition.size // 2:
        raise Error(f"GRUB's BIOS core image has {len(image)} bytes, the half partition {partition.size // 2}")
    first = partition.start // SECTOR
    struct.pack_into("<Q", image, DISKBOOT_FIRST_BLOCK, first + 1)
    boot = bytearray((GRUB_LIB / "i386-pc" / "boot.img").read_bytes())
    struct.pack_into("<Q", boot, BOOT_KERNEL_SECTOR, first)
    struct.pack_into("<H", boot, BOOT_DRIVE_CHECK, NOP_NOP)
    return bytes(boot), bytes(image)


def efi(scratch, console, epoch):
    """Return the contents of EFI/BOOT/BOOTX64.EFI."""
    return core(scratch, "x86_64-efi", console, epoch)
