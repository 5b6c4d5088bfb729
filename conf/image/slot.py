# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""What a slot holds: hypervisor, control domain, manifest, modules, and boot.cfg, which loads them.

A slot's contents do not say which slot they are for: the same bytes serve A and B.
"""

import hashlib
import os
import subprocess
import zlib
from pathlib import Path

from plan import Error

BOOT_CFG = """\
# Loads this slot into memory.  Sourced by the image's GRUB with $slot set to A or B and $root naming the
# slot's partition.  Sets loaded=yes when all is in memory.  GRUB goes on after errors: all is checked.
set failed=

function verify {{
	if [ -z "$failed" ]; then
		if hashsum --hash $1 --check ($root)$2.$1 --prefix ($root); then true; else
			set failed="$2"
			echo "Bulkhead: slot $slot: $2 is missing or damaged"
		fi
	fi
}}

function load {{
	if [ -z "$failed" ]; then
		if "$@"; then true; else
			set failed="$2"
			echo "Bulkhead: slot $slot: $2 cannot be loaded"
		fi
	fi
}}

{verify}
{load}
if [ -z "$failed" ]; then set loaded=yes; fi
"""


def gzip(data):
    """Compress as GRUB can read it: no name, no date."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(data) + packer.flush()


def stripped(path, scratch):
    """An ELF file without what only a debugger reads; GRUB would load that into memory too.

    Kernels that the manifest compiler has packed have no section left, and are as they must be.
    """
    head = Path(path).read_bytes()[:64]
    if len(head) == 64 and head[:4] == b"\x7fELF" and head[60:62] == b"\0\0":
        return Path(path).read_bytes()
    out = scratch / "stripped.elf"
    argv = [os.environ.get("OBJCOPY", "objcopy"), "--strip-all", path, out]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Error(f"{path}: {done.stderr.strip()}")
    return out.read_bytes()


def quoted(text):
    """Words for GRUB's script, each taken as it is."""
    return " ".join(f"'{word}'" for word in text.split())


def sum_of(kind, name, data):
    """The companion of a file: the line that GRUB's hashsum checks."""
    value = f"{zlib.crc32(data):08x}" if kind == "crc32" else hashlib.sha256(data).hexdigest()
    return f"{name}.{kind}", f"{value}  {name}\n".encode("ascii")


def files(plan, hv, ctrl, scratch):
    """Return the slot's files as a list of (name, contents).

    What nobody else checks has a SHA-256.  For modules, whose SHA-256 the control domain compares with the
    manifest, a CRC is enough here: GRUB counts ten times as long for a SHA-256.
    """
    main = [
        ("hv.elf.gz", gzip(stripped(hv, scratch))),
        ("ctrl.elf.gz", gzip(stripped(plan.ctrl or ctrl, scratch))),
        ("manifest.dtb.gz", gzip(Path(plan.manifest).read_bytes())),
    ]
    modules = [(f"mod{m.index:03}.gz", gzip(m.data)) for m in plan.modules]
    verify = [f"verify sha256 /{name}" for name, _ in main] + [f"verify crc32 /{name}" for name, _ in modules]
    load = [
        f"load multiboot2 /hv.elf.gz {quoted(plan.hv_cmdline)} slot=$slot",
        f"load module2 /ctrl.elf.gz ctrl {quoted(plan.ctrl_cmdline)} slot=$slot",
        "load module2 /manifest.dtb.gz manifest",
    ] + [f"load module2 /mod{m.index:03}.gz module {m.index} {quoted(m.name)}" for m in plan.modules]
    text = BOOT_CFG.format(verify="\n".join(verify), load="\n".join(load))
    boot = ("boot.cfg", text.encode("ascii"))
    sums = [sum_of("sha256", *f) for f in (boot, *main)] + [sum_of("crc32", *f) for f in modules]
    return [boot, *main, *modules, *sums]
