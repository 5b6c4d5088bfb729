# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""Where everything lies on the medium.  doc/IMAGE.md is this file's manual.

These numbers are in the field and never change: an update finds slots and state by them.
"""

import uuid
from dataclasses import dataclass

SECTOR = 512
MIB = 1 << 20

# Every identifier in an image is derived from this one and a name, so that builds repeat.
NAMESPACE = uuid.UUID("6d4f8a52-7c3e-5b1d-9a60-b1e4ead00001")

TYPE_ESP = uuid.UUID("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")
TYPE_BIOS_BOOT = uuid.UUID("21686148-6449-6e6f-744e-656564454649")
TYPE_GUEST = uuid.UUID("0fc63daf-8483-4772-8e79-3d69d8477de4")
TYPE_STATE = uuid.UUID("3f1b6c2e-94d7-4c0a-8e55-b1e4ead00003")
TYPE_SLOT = uuid.UUID("3f1b6c2e-94d7-4c0a-8e55-b1e4ead00004")

ATTR_GROW = 1 << 59  # as in the Discoverable Partitions Specification: grows to the medium's end
ATTR_NO_AUTO = 1 << 63  # nobody mounts this by itself

ESP, BIOS_BOOT, STATE, SLOT_A, SLOT_B = range(1, 6)

# Number, label, type, start and size in MiB.
FIXED = (
    (ESP, "esp", TYPE_ESP, 1, 63),
    (BIOS_BOOT, "bios-boot", TYPE_BIOS_BOOT, 64, 2),
    (STATE, "state", TYPE_STATE, 66, 14),
    (SLOT_A, "slot-a", TYPE_SLOT, 80, 512),
    (SLOT_B, "slot-b", TYPE_SLOT, 592, 512),
)
GUESTS_START = 1104
TAIL = 1  # MiB at the end, for the backup partition table


@dataclass(frozen=True)
class Partition:
    """One entry of the partition table; start and size in bytes."""

    number: int
    label: str
    type: uuid.UUID
    guid: uuid.UUID
    attributes: int
    start: int
    size: int


@dataclass(frozen=True)
class Layout:
    """A whole medium; size in bytes."""

    guid: uuid.UUID
    size: int
    partitions: list[Partition]

    def part(self, number):
        """The partition with this number, counted from 1."""
        return self.partitions[number - 1]


def volume_id(name):
    """A FAT volume id, eight hex digits, that depends on name alone."""
    return uuid.uuid5(NAMESPACE, name).hex[:8]


def make(product, guests):
    """Lay out a medium: the fixed partitions, then the guests' in their order."""

    def guid(label):
        return uuid.uuid5(NAMESPACE, f"{product}/{label}")

    parts = [
        Partition(n, label, kind, guid(label), ATTR_NO_AUTO if kind in (TYPE_STATE, TYPE_SLOT) else 0, start * MIB, size * MIB)
        for n, label, kind, start, size in FIXED
    ]
    at = GUESTS_START
    for n, guest in enumerate(guests, len(FIXED) + 1):
        attributes = ATTR_NO_AUTO | (ATTR_GROW if guest.grow else 0)
        parts.append(Partition(n, guest.label, TYPE_GUEST, guid("guest/" + guest.label), attributes, at * MIB, guest.size_mib * MIB))
        at += guest.size_mib
    return Layout(guid("disk"), (at + TAIL) * MIB, parts)
