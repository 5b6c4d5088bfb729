# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The partition table.  Source: UEFI Specification 2.10, chapter 5, "GUID Partition Table (GPT) Disk Layout"."""

import struct
import zlib

from layout import SECTOR

ENTRIES = 128
ENTRY_SIZE = 128
TABLE_SECTORS = ENTRIES * ENTRY_SIZE // SECTOR
BOOT_CODE_SIZE = 440


def protective_mbr(boot_code, sectors):
    """Sector 0: boot code for BIOS, and one entry of type 0xee over the whole medium."""
    count = min(sectors - 1, 0xFFFFFFFF)
    entry = struct.pack("<B3sB3sII", 0, b"\x00\x02\x00", 0xEE, b"\xff\xff\xff", 1, count)
    return boot_code[:BOOT_CODE_SIZE].ljust(BOOT_CODE_SIZE, b"\0") + bytes(6) + entry + bytes(48) + b"\x55\xaa"


def entries(layout):
    """The array of partition entries."""
    table = b""
    for part in layout.partitions:
        first = part.start // SECTOR
        last = (part.start + part.size) // SECTOR - 1
        name = part.label.encode("utf-16-le")
        if len(name) > 72:
            raise ValueError(f"partition label {part.label!r} is longer than 36 characters")
        table += struct.pack("<16s16sQQQ72s", part.type.bytes_le, part.guid.bytes_le, first, last, part.attributes, name)
    return table.ljust(ENTRIES * ENTRY_SIZE, b"\0")


def header(layout, table, own, other, table_lba):
    """One of the two headers, with its checksum."""
    sectors = layout.size // SECTOR
    fields = "<8sIIIIQQQQ16sQIII"

    def pack(crc):
        return struct.pack(
            fields, b"EFI PART", 0x00010000, 92, crc, 0, own, other,
            2 + TABLE_SECTORS, sectors - TABLE_SECTORS - 2, layout.guid.bytes_le,
            table_lba, ENTRIES, ENTRY_SIZE, zlib.crc32(table),
        )  # fmt: skip

    return pack(zlib.crc32(pack(0))).ljust(SECTOR, b"\0")


def write(disk, layout, boot_code):
    """Write boot sector, table and backup table."""
    sectors = layout.size // SECTOR
    table = entries(layout)
    disk.write(0, protective_mbr(boot_code, sectors) + header(layout, table, 1, sectors - 1, 2) + table)
    backup = sectors - 1 - TABLE_SECTORS
    disk.write(backup * SECTOR, table + header(layout, table, sectors - 1, 1, backup))
