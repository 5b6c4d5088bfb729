# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The build plan (plan.json) that the manifest checker writes, as the image recipe needs it.

Owns the meaning of the plan's words for the image; the checker has proved the manifest itself.
Paths in a plan are absolute or relative to the plan's folder.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path


class Error(Exception):
    """A sentence for the person who called; no traceback is wanted."""


@dataclass(frozen=True)
class Module:
    """One image that the control domain starts or reads, by its index in the manifest blob."""

    index: int
    name: str
    file: Path
    data: bytes


@dataclass(frozen=True)
class GuestPartition:
    """One partition that the manifest gives to a guest."""

    label: str
    image: Path | None
    size_mib: int
    grow: bool


@dataclass(frozen=True)
class Plan:
    """What goes into one image."""

    name: str
    console: dict
    hv_cmdline: str
    ctrl_cmdline: str
    ctrl: Path | None
    manifest: Path
    modules: list[Module]
    partitions: list[GuestPartition]


# Characters that GRUB's script or its own quoting of a kernel's command line would change.
FORBIDDEN = set("'\"\\\n\r\t")


def words(text, where):
    """Return text if it reaches a kernel through GRUB unchanged, or raise Error."""
    bad = sorted(set(text) & FORBIDDEN)
    if bad or not text.isascii():
        raise Error(f"{where}: {text!r}: quotes, backslashes, tabs and non-ASCII characters cannot be passed by GRUB")
    return text


def read_module(folder, entry):
    """Read one module and compare it with the size and the hash that the manifest blob holds."""
    path = folder / entry["file"]
    try:
        data = path.read_bytes()
    except OSError as err:
        raise Error(f"module {entry['index']} ({entry['name']}): {err}") from err
    sha256 = entry.get("sha256")
    if len(data) != entry.get("size", len(data)) or (sha256 and hashlib.sha256(data).hexdigest() != sha256):
        raise Error(f"module {entry['index']} ({entry['name']}): {path} is not the file that the manifest was compiled with; build again")
    return Module(entry["index"], words(entry["name"], "module name"), path, data)


def read_partition(folder, entry):
    """Read one guest partition; its image file must exist and fit."""
    label = entry["label"]
    image = folder / entry["image"] if entry.get("image") else None
    size = entry.get("size-mib") or 0
    if image:
        if not image.is_file():
            raise Error(f"partition {label}: no such image: {image}")
        need = -(-image.stat().st_size // (1 << 20))
        size = size or need
        if need > size:
            raise Error(f"partition {label}: {image} needs {need} MiB, the partition has {size} MiB")
    if size < 1:
        raise Error(f"partition {label}: neither a size nor an image is given")
    return GuestPartition(label, image, size, bool(entry.get("grow")))


def read(path):
    """Read plan.json; raise Error in words when something does not fit."""
    path = Path(path)
    folder = path.parent
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise Error(f"{path}: {err}") from err
    try:
        plan = Plan(
            name=raw["name"],
            console=raw["board"].get("console") or {},
            hv_cmdline=words(raw.get("hv-cmdline", ""), "hv-cmdline"),
            ctrl_cmdline=words(raw.get("ctrl-cmdline", ""), "ctrl-cmdline"),
            ctrl=folder / raw["ctrl"] if raw.get("ctrl") else None,
            manifest=folder / raw["manifest"],
            modules=[read_module(folder, m) for m in raw.get("modules", [])],
            partitions=[read_partition(folder, p) for p in raw.get("partitions", [])],
        )
    except KeyError as err:
        raise Error(f"{path}: the word {err} is missing") from err
    if [m.index for m in plan.modules] != list(range(1, len(plan.modules) + 1)):
        raise Error(f"{path}: modules are not numbered 1, 2, 3, ...")
    if any(p.grow for p in plan.partitions[:-1]):
        raise Error(f"{path}: only the last partition can grow")
    return plan
