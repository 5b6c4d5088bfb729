# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""A board, as the build plan describes it, as a QEMU command line.

Owns which QEMU devices stand for the board's; used by `make run` and by the tests.  Starts nothing itself.
No network ever leaves the machine.  Manual: qemu-system-x86_64(1), and doc/IMAGE.md for the disk.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

QEMU = "qemu-system-x86_64"
OVMF = (
    ("/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"),
    ("/usr/share/OVMF/OVMF_CODE.fd", "/usr/share/OVMF/OVMF_VARS.fd"),
)
IOMMU = {
    "vtd": "intel-iommu,intremap=on",
    "intel": "intel-iommu,intremap=on",
    "amd-vi": "amd-iommu,intremap=on",
    "amd": "amd-iommu,intremap=on",
    "none": None,
}
WATCHDOG = {"intel,tco": None, "intel,i6300esb": "i6300esb"}
# Ports of the four serial lines of a PC.
COM = {0x3F8: 0, 0x2F8: 1, 0x3E8: 2, 0x2E8: 3}

NICS = re.compile(r"e1000e?|igb|rtl8139|virtio-net\S*|vmxnet3|i8255\w+")
DISKS = re.compile(r"nvme|virtio-blk\S*")
AHCI = re.compile(r"(ich9-)?ahci")
SLOT = re.compile(r"([0-9a-f]{1,2})\.([0-7])")


class Error(Exception):
    """A sentence for the person who called."""


@dataclass(frozen=True)
class Options:
    """How to run a plan; None stands for what the board says.

    serial and qmp are QEMU chardevs without their id, for instance "socket,path=/x,server=on,wait=off"; serial
    "stdio" is the terminal with QEMU's Ctrl-A escapes.  The serial chardev's id is "console".  With snapshot
    nothing is ever written to the image.  extra are further arguments of QEMU's.
    """

    firmware: str = "bios"
    cpus: int | None = None
    memory_mib: int | None = None
    cpu: str | None = None
    iommu: str | None = None
    icount: bool = False
    accel: str = "tcg"
    serial: str = "stdio"
    qmp: str | None = None
    snapshot: bool = True
    extra: tuple = ()


def load_plan(path):
    """Read a plan.json."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise Error(f"{path}: {err}") from err


def choose(table, key, what):
    """Look up a word, or say which words there are."""
    if key not in table:
        raise Error(f"{what} {key!r} is unknown; one of: {' '.join(table)}")
    return table[key]


def escaped(path):
    """A file name inside a QEMU option."""
    return str(path).replace(",", ",,")


def machine(board, opts):
    """Machine, accelerator, CPUs, memory, IOMMU."""
    iommu = choose(IOMMU, opts.iommu or board.get("iommu", "none"), "IOMMU")
    accel = choose({"tcg": "tcg", "kvm": "kvm"}, opts.accel, "accelerator")
    cpu = opts.cpu or board.get("cpu") or "EPYC-Rome"
    if "," not in cpu:
        cpu += ",+svm,+npt"
    mem = f"{opts.memory_mib}M" if opts.memory_mib else f"{board.get('memory-kib', 1 << 20)}K"
    split = ",kernel-irqchip=split" if accel == "kvm" and iommu else ""
    argv = ["-machine", "q35" + split, "-accel", accel, "-cpu", cpu]
    argv += ["-smp", str(opts.cpus or board.get("cpus", 1)), "-m", mem]
    if opts.icount:
        argv += ["-icount", "shift=0,sleep=off"]
    if iommu:
        argv += ["-device", iommu]
    return argv


def firmware(opts):
    """SeaBIOS is QEMU's default; OVMF keeps its variables in a throw-away overlay."""
    if choose({"bios": False, "uefi": True}, opts.firmware, "firmware") is False:
        return []
    for code, variables in OVMF:
        if Path(code).exists() and Path(variables).exists():
            return [
                "-drive", f"if=pflash,unit=0,format=raw,readonly=on,file={code}",
                "-drive", f"if=pflash,unit=1,format=raw,snapshot=on,file={variables}",
            ]  # fmt: skip
    raise Error("no OVMF in /usr/share/OVMF; install the package ovmf")


def console(board, opts):
    """The board's serial console, and the monitor."""
    if opts.serial == "stdio":
        argv = ["-chardev", "stdio,id=console,mux=on,signal=off", "-mon", "chardev=console,mode=readline"]
    else:
        argv = ["-chardev", f"{opts.serial},id=console"]
    location = (board.get("console") or {}).get("location") or "io:0x3f8"
    kind, _, where = location.partition(":")
    if kind == "io" and int(where, 0) in COM:
        device = f"isa-serial,chardev=console,index={COM[int(where, 0)]}"
    elif kind == "io":
        device = f"isa-serial,chardev=console,iobase={int(where, 0):#x},irq=4"
    elif kind == "pci" and where.startswith("00:"):
        device = f"pci-serial,chardev=console,bus=pcie.0,addr={where[3:]}"
    else:
        raise Error(f"QEMU has no serial console at {location}")
    argv += ["-device", device]
    if opts.qmp:
        argv += ["-chardev", f"{opts.qmp},id=qmp", "-mon", "chardev=qmp,mode=control"]
    return argv


def watchdog(board):
    """The chipset's TCO timer is always there and allowed to reset; other watchdogs are devices."""
    timer = board.get("watchdog") or {}
    device = timer.get("qemu") or choose(WATCHDOG, timer.get("compatible", "intel,tco"), "watchdog")
    return ["-global", "ICH9-LPC.noreboot=false"] + (["-device", device] if device else [])


def parse_path(path):
    """Split "00:1c.1/00.0" into [(0x1c, 1), (0, 0)]."""
    bus, _, rest = path.partition(":")
    hops = [SLOT.fullmatch(hop) for hop in rest.split("/")]
    if bus != "00" or not all(hops):
        raise Error(f"PCI path {path!r} is not of the form 00:1c.1/00.0")
    return [(int(h[1], 16), int(h[2])) for h in hops]


class Tree:
    """The PCI tree under construction: bridges are made once, functions of one slot share it."""

    def __init__(self, paths):
        self.argv = []
        self.bridges = {}
        self.first_hops = {path[0] for path in paths}

    def function(self, hop):
        """The addr= of a function; function 0 announces that there are others."""
        slot, fn = hop
        more = fn == 0 and any(s == slot and f for s, f in self.first_hops)
        return f"addr={slot:x}.{fn}" + (",multifunction=on" if more else "")

    def root_port(self, hop):
        """Make a root port at a place, with one at function 0 of its slot, without which it is not found."""
        slot, fn = hop
        if fn and (slot, 0) not in self.first_hops:
            self.first_hops.add((slot, 0))
            self.root_port((slot, 0))
        ident = f"rp{slot:x}.{fn}"
        number = len(self.bridges) + 1
        self.argv += ["-device", f"pcie-root-port,id={ident},bus=pcie.0,{self.function(hop)},chassis={number},slot={number}"]
        self.bridges[(hop,)] = ident

    def switch_port(self, path):
        """Make one hop of a switch below a root port: upstream and downstream ports take turns."""
        parent = self.bus(path[:-1])
        slot, fn = path[-1]
        ident = "sw" + "-".join(f"{s:x}.{f}" for s, f in path)
        number = len(self.bridges) + 1
        kind = "x3130-upstream" if len(path) % 2 == 0 else f"xio3130-downstream,chassis={number},slot={number}"
        self.argv += ["-device", f"{kind},id={ident},bus={parent},addr={slot:x}.{fn}"]
        self.bridges[path] = ident

    def bus(self, path):
        """The bus below the bridges of path, making them where needed."""
        if not path:
            return "pcie.0"
        if path not in self.bridges:
            if len(path) == 1:
                self.root_port(path[0])
            else:
                self.switch_port(path)
        return self.bridges[path]

    def place(self, path):
        """bus= and addr= for an endpoint at path."""
        slot, fn = path[-1]
        addr = self.function(path[-1]) if len(path) == 1 else f"addr={slot:x}.{fn}"
        return f"bus={self.bus(path[:-1])},{addr}"


def drive(index, image, opts):
    """Return (QEMU arguments that make the drive, its id): the image, or zeros when image is None."""
    ident = f"disk{index}"
    if image is None:
        return ["-blockdev", f"driver=null-co,node-name={ident},size=1073741824,read-zeroes=on"], ident
    snapshot = "on" if opts.snapshot else "off"
    return ["-drive", f"if=none,id={ident},format=raw,snapshot={snapshot},file={escaped(image)}"], ident


def image_device(devices):
    """The index of the device that carries the flashed image: the one marked so, else the first disk."""
    disks = [n for n, d in enumerate(devices) if DISKS.match(d["qemu"]) or AHCI.match(d["qemu"])]
    marked = [n for n in disks if devices[n].get("image")]
    return (marked or disks or [None])[0]


def devices_of(board, image, opts):
    """The board's PCI devices at their places, with networks and disks behind them."""
    devices = [d for d in board.get("devices") or [] if d.get("qemu")]
    paths = [tuple(parse_path(d["path"])) for d in devices]
    tree = Tree(paths)
    boot = image_device(devices)
    argv = []
    for n, (device, path) in enumerate(zip(devices, paths)):
        words = f"{device['qemu']},id=dev{n},{tree.place(path)}"
        name = device["qemu"].split(",")[0]
        if NICS.fullmatch(name) and "netdev=" not in words:
            argv += ["-netdev", f"user,id=net{n},restrict=on"]
            words += f",netdev=net{n},romfile="
        behind_ahci = AHCI.fullmatch(name)
        if (DISKS.fullmatch(name) or behind_ahci) and "drive=" not in words:
            made, ident = drive(n, image if n == boot else None, opts)
            argv += made
            where = f"drive={ident}" + (",bootindex=0" if n == boot else "")
            if behind_ahci:
                argv += ["-device", words]
                words = f"ide-hd,bus=dev{n}.0,{where}"
            else:
                words += "," + where
        argv += ["-device", words]
    if boot is None:
        made, ident = drive("-boot", image, opts)
        argv += made + ["-device", f"ide-hd,bus=ide.0,drive={ident},bootindex=0"]
    return tree.argv + argv


def command(plan, disk, **options):
    """Return the argument list that runs disk on the board of plan, the parsed plan.json; options as in Options."""
    opts = Options(**options)
    board = plan["board"]
    argv = [QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-boot", "menu=off"]
    argv += machine(board, opts) + firmware(opts) + console(board, opts) + watchdog(board)
    return argv + devices_of(board, disk, opts) + list(opts.extra)
