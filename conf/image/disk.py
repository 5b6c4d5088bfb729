# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""A sparse image file that remembers which parts of the medium must be written when it is flashed.

Zeros are left as holes in the file, yet count as written: a medium that is flashed by block map keeps its
old bytes wherever the map has nothing, so every zero that somebody will read belongs into the map.
"""

BLOCK = 4096
ZERO = bytes(BLOCK)


class Disk:
    """One image under construction; extents are kept in units of BLOCK."""

    def __init__(self, path, size):
        self.file = open(path, "w+b")
        self.file.truncate(size)
        self.size = size
        self.blocks = set()

    def write(self, offset, data):
        """Write data at a byte offset."""
        self.claim(offset, len(data))
        view = memoryview(data)
        at = 0
        while at < len(view):
            step = BLOCK - (offset + at) % BLOCK
            piece = view[at : at + step]
            if piece != ZERO[: len(piece)]:
                self.file.seek(offset + at)
                self.file.write(piece)
            at += step

    def claim(self, offset, size):
        """Have size bytes of the medium overwritten, whatever the image holds there."""
        if size:
            self.blocks.update(range(offset // BLOCK, (offset + size - 1) // BLOCK + 1))

    def copy_file(self, offset, path, size=None):
        """Write a file, or its first size bytes, in pieces."""
        with open(path, "rb") as src:
            left = size
            while piece := src.read(MIB if left is None else min(MIB, left)):
                self.write(offset, piece)
                offset += len(piece)
                left = None if left is None else left - len(piece)

    def ranges(self):
        """Yield (first, last) block numbers of each run that is to be written, in order."""
        first = last = None
        for block in sorted(self.blocks):
            if last is not None and block == last + 1:
                last = block
                continue
            if first is not None:
                yield first, last
            first = last = block
        if first is not None:
            yield first, last

    def read(self, offset, size):
        """Read back."""
        self.file.seek(offset)
        return self.file.read(size)

    def close(self):
        """Flush and close the file."""
        self.file.close()


MIB = 1 << 20
