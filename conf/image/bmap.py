# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The block map beside an image, so that bmaptool writes only what matters.  Source: bmaptool's format 2.0."""

import hashlib

from disk import BLOCK

MIB = 1 << 20

HEAD = """<?xml version="1.0" ?>
<!-- SPDX-License-Identifier: MIT -->
<bmap version="2.0">
    <ImageSize> {size} </ImageSize>
    <BlockSize> {block} </BlockSize>
    <BlocksCount> {count} </BlocksCount>
    <MappedBlocksCount> {mapped} </MappedBlocksCount>
    <ChecksumType> sha256 </ChecksumType>
    <BmapFileChecksum> {checksum} </BmapFileChecksum>
    <BlockMap>
"""
TAIL = """    </BlockMap>
</bmap>
"""


def range_sum(disk, first, last):
    """SHA-256 of blocks first to last."""
    total = hashlib.sha256()
    at, end = first * BLOCK, min((last + 1) * BLOCK, disk.size)
    while at < end:
        piece = disk.read(at, min(MIB, end - at))
        total.update(piece)
        at += len(piece)
    return total.hexdigest()


def make(disk):
    """Return the map's text."""
    body = ""
    for first, last in disk.ranges():
        span = str(first) if first == last else f"{first}-{last}"
        body += f'        <Range chksum="{range_sum(disk, first, last)}"> {span} </Range>\n'
    fields = {"size": disk.size, "block": BLOCK, "count": -(-disk.size // BLOCK), "mapped": len(disk.blocks)}
    # The map's own checksum is taken with zeros in its place.
    blank = HEAD.format(checksum="0" * 64, **fields) + body + TAIL
    return HEAD.format(checksum=hashlib.sha256(blank.encode()).hexdigest(), **fields) + body + TAIL
