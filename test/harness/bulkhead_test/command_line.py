# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The one place where tests meet conf/run, which knows how QEMU is called."""
import shlex
import sys

from .image import TREE

sys.path.insert(0, str(TREE / "conf" / "run"))
import qemu  # noqa: E402  pylint: disable=import-error,wrong-import-position


# The serial line's name in QEMU, for sending it a BREAK.
CONSOLE = "console"


def argv(plan, disk, folder, options):
    """QEMU's arguments; `folder` holds the two sockets, on which we listen already."""
    return qemu.command(
        plan, disk, firmware=options.firmware, cpus=options.cpus,
        memory_mib=options.memory, cpu=options.cpu, iommu=options.iommu,
        icount=options.icount, serial=f"socket,path={folder}/console",
        qmp=f"socket,path={folder}/qmp",
        extra=tuple(options.extra))


def printable(args):
    """The same as one would type it."""
    return " ".join(shlex.quote(str(a)) for a in args)
