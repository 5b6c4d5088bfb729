# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""FAT file systems, made without mounting: mkfs.vfat and mtools on a scratch file.

Source for the layout that is read back: "Microsoft FAT Specification", sections 3 and 4.
"""

import os
import struct
import subprocess
from pathlib import Path

from plan import Error

# Cluster sizes in sectors, and the choices that put the first cluster at a multiple of 4 KiB.
FAT12 = ("-F", "12", "-s", "8", "-a", "-R", "2", "-r", "512", "-f", "2")
FAT32_SMALL = ("-F", "32", "-s", "1")
FAT32 = ("-F", "32", "-s", "8")


def run(argv, epoch):
    """Run a tool quietly, with the date, the zone and the character set pinned."""
    env = dict(os.environ, SOURCE_DATE_EPOCH=str(epoch), TZ="UTC", LC_ALL="C", MTOOLS_SKIP_CHECK="1")
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Error(f"{' '.join(map(str, argv))}: {done.stderr.strip() or done.stdout.strip()}")


class Fat:
    """One file system in a scratch file of its own."""

    def __init__(self, path, size, kind, volume_id, label, epoch):
        self.path = Path(path)
        self.epoch = epoch
        self.free = size
        with open(self.path, "wb") as image:
            image.truncate(size)
        run(["mkfs.vfat", "--invariant", *kind, "-i", volume_id, "-n", label, self.path], epoch)

    def mkdir(self, name):
        """Make one folder."""
        run(["mmd", "-i", self.path, "::" + name], self.epoch)

    def add(self, name, data):
        """Add one file."""
        scratch = self.path.with_suffix(".file")
        scratch.write_bytes(data)
        os.utime(scratch, (self.epoch, self.epoch))
        run(["mcopy", "-m", "-i", self.path, scratch, "::" + name], self.epoch)
        scratch.unlink()

    def geometry(self):
        """Return (byte offset of cluster 2, bytes a cluster, bytes in use from the start)."""
        with open(self.path, "rb") as image:
            boot = image.read(512)
            sector, per_cluster, reserved, copies, root, fat16 = struct.unpack_from("<HBHBH3xH", boot, 11)
            fat = fat16 or struct.unpack_from("<I", boot, 36)[0]
            data = (reserved + copies * fat) * sector + root * 32
            image.seek(reserved * sector)
            table = image.read(fat * sector)
        used = last_cluster12(table) if fat16 else last_cluster32(table)
        cluster = sector * per_cluster
        return data, cluster, data + (used - 1) * cluster


def last_cluster12(table):
    """The highest cluster in use in a 12-bit table; never less than 1."""
    last = 1
    for n in range(2, len(table) * 2 // 3):
        pair = table[n * 3 // 2] | table[n * 3 // 2 + 1] << 8
        if (pair >> 4 if n & 1 else pair & 0xFFF) != 0:
            last = n
    return last


def last_cluster32(table):
    """The highest cluster in use in a 32-bit table; never less than 1."""
    return max(len(table.rstrip(b"\0")) - 1, 4) // 4
