# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""Disk images for tests: built by `make image`, or a built one with a file spoilt."""
import fcntl
import json
import os
import struct
import subprocess
import zlib
from pathlib import Path

SECTOR = 512
TREE = Path(__file__).resolve().parents[3]


class Image:
    """What `make image` left in a folder."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.plan = json.loads((self.folder / "plan.json").read_text(encoding="utf-8"))
        self.disk = self.folder / "disk.img"

    @property
    def name(self):
        """The product's name, which is the manifest's file name without its ending."""
        return self.plan["name"]

    @classmethod
    def build(cls, manifest, folder=None, limit=900):
        """Make the image of a manifest; parallel test workers take turns."""
        manifest = Path(manifest).resolve()
        out = Path(folder) if folder else TREE / "build" / "test" / cls._folder_name(manifest)
        out.mkdir(parents=True, exist_ok=True)
        env = {k: v for k, v in os.environ.items()
               if k not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")}
        with open(TREE / "build" / ".image.lock", "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = subprocess.run(
                ["make", "-C", str(TREE), "image", f"MANIFEST={manifest}", f"O={out}"],
                env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, timeout=limit, check=False)
        assert done.returncode == 0, f"make image MANIFEST={manifest}:\n{done.stdout}"
        return cls(out)

    @staticmethod
    def _folder_name(manifest):
        """Two vendors may call their manifests alike."""
        if manifest.is_relative_to(TREE):
            return manifest.stem
        return f"{manifest.stem}-{zlib.crc32(bytes(manifest)):08x}"

    # ---- spoiling a copy --------------------------------------------------

    def copy(self, folder):
        """A copy whose disk may be written; the image itself is shared by all tests."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("plan.json", "disk.img"):
            subprocess.run(["cp", "--sparse=always", "--reflink=auto",
                            str(self.folder / name), str(folder / name)], check=True)
        return Image(folder)

    def partition(self, label):
        """(first byte, bytes) of the GPT partition with that name.

        Source: UEFI specification, "GUID Partition Table (GPT) Disk Layout".
        """
        with open(self.disk, "rb") as disk:
            disk.seek(SECTOR)
            first, count, size = struct.unpack_from("<QII", disk.read(SECTOR), 72)
            disk.seek(first * SECTOR)
            table = disk.read(count * size)
        for at in range(0, len(table), size):
            start, end = struct.unpack_from("<QQ", table, at + 32)
            if start and table[at + 56:at + 128].decode("utf-16-le").rstrip("\0") == label:
                return start * SECTOR, (end + 1 - start) * SECTOR
        raise KeyError(f"{self.disk}: no partition named {label}")

    def _mtools(self, label, *command, **kwargs):
        tool, *rest = command
        offset, _ = self.partition(label)
        return subprocess.run([tool, "-i", f"{self.disk}@@{offset}", *rest],
                              check=True, capture_output=True, **kwargs).stdout

    def files(self, label):
        """Paths of all files in a FAT partition."""
        text = self._mtools(label, "mdir", "-/", "-b", "::", text=True)
        return [line[3:] for line in text.splitlines() if not line.endswith("/")]

    def read(self, label, path):
        """A file's bytes."""
        return self._mtools(label, "mtype", f"::/{path}")

    def remove(self, label, path):
        """Delete a file."""
        self._mtools(label, "mdel", f"::/{path}")

    def write(self, label, path, data):
        """Replace a file."""
        self._mtools(label, "mcopy", "-o", "-", f"::/{path}", input=data)
