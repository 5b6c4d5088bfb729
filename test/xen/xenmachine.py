# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""A machine with Debian's own Xen, for QEMU: proof that our guests speak the real ABI.

Xen, a dom0 kernel and the tool stack are fetched as Debian packages (apt-get download,
nothing is installed) and put into one initramfs with a small init (dom0-init), cached in
build/xen.  One boot runs any number of guests one after the other.

By hand:  /usr/bin/python3 test/xen/xenmachine.py [--icount] build/guest/hello.elf [words of its command line]
"""

import dataclasses
import gzip
import hashlib
import io
import lzma
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]
CACHE = TOP / "build" / "xen"

# Modules of the dom0 kernel that the tool stack needs, in the order to load them.
MODULES = ("xen-privcmd", "xen-evtchn", "xen-gntdev", "xen-gntalloc", "xenfs")

PROGRAMS = ("xl", "xenstored", "xen-init-dom0", "xenconsoled")

# Seconds from power-on to a dom0 that is ready, ten times what it takes.
BOOT_LIMIT = 900


class Unavailable(Exception):
    """The machine cannot be made here."""


@dataclasses.dataclass
class Guest:
    """One guest of a run: an ELF file and what it gets."""

    name: str
    elf: pathlib.Path
    cmdline: str = ""
    memory_mib: int = 16
    seconds: int = 60  # until it must have ended
    typed: str = ""  # what is typed on its console
    modules: tuple = ()  # at most one: xl knows a ramdisk

    def config(self):
        """Its xl.cfg."""
        lines = [
            'type="pvh"',
            f'name="{self.name}"',
            f'kernel="/guests/{self.name}.elf"',
            f'cmdline="{self.cmdline}"',
            f"memory={self.memory_mib}",
            "vcpus=1",
            'tsc_mode="native"',
            'on_poweroff="preserve"',
            'on_reboot="preserve"',
            'on_crash="preserve"',
        ]
        if self.modules:
            lines.append(f'ramdisk="/guests/{self.name}.ramdisk"')
        return "\n".join(lines) + "\n"


@dataclasses.dataclass
class Result:
    """How a guest ended ("shutdown", "crash", "timeout", ...) and what it wrote."""

    end: str
    console: str


# ---- packages -----------------------------------------------------------------


def _output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _first(candidates, what):
    for candidate in candidates:
        return candidate
    raise Unavailable(f"the package lists know no {what} (apt-get update)")


def _depends(package):
    """What a package depends on; nothing if the package lists do not know it."""
    command = ["apt-cache", "depends", package]
    text = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    return re.findall(r"^ *\|?Depends: ([a-z0-9][^\s<>]*)$", text, re.M)


def main_packages():
    """Hypervisor, tool stack and dom0 kernel of whatever release this is."""
    system = _depends("xen-system-amd64")
    hypervisor = _first((p for p in system if re.fullmatch(r"xen-hypervisor-[\d.]+-amd64", p)), "Xen")
    utils = "xen-utils-" + re.search(r"[\d.]+", hypervisor).group()
    kernel = _first((p for p in _depends("linux-image-amd64") if p.startswith("linux-image-")), "kernel")
    return [hypervisor, utils, kernel]


def all_packages(hypervisor, utils, kernel):
    """With what they need; only libraries are followed."""
    todo = [p for p in _depends(utils) + ["libxenstore4"] if p.startswith(("lib", "zlib"))]
    libraries = set()
    while todo:
        package = todo.pop()
        if package not in libraries:
            libraries.add(package)
            todo += [p for p in _depends(package) if p.startswith(("lib", "zlib"))]
    return [hypervisor, utils, kernel, "xenstore-utils", "busybox-static", *sorted(libraries)]


def _unpack(package_file, wanted, into):
    """Unpack the members whose path the pattern wanted matches."""
    pipe = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package_file], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=pipe.stdout, mode="r|") as tar:
        for member in tar:
            if re.search(wanted, member.name):
                tar.extract(member, into)
    pipe.stdout.close()
    pipe.wait()


# ---- initramfs ----------------------------------------------------------------


class Cpio:
    """A "newc" archive; the kernel takes several in a row."""

    def __init__(self):
        self.out = io.BytesIO()
        self.inode = 1
        self.folders = set()

    def _entry(self, name, mode, data):
        encoded = name.encode() + b"\0"
        fields = (self.inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(encoded), 0)
        self.inode += 1
        self.out.write(b"070701" + b"".join(b"%08x" % f for f in fields) + encoded)
        self.out.write(b"\0" * (-self.out.tell() % 4) + data)
        self.out.write(b"\0" * (-self.out.tell() % 4))

    def folder(self, name):
        if name not in ("", ".") and name not in self.folders:
            self.folder(os.path.dirname(name))
            self.folders.add(name)
            self._entry(name, 0o040755, b"")

    def file(self, name, data, mode=0o755):
        self.folder(os.path.dirname(name))
        self._entry(name, 0o100000 | mode, data)

    def finish(self):
        self._entry("TRAILER!!!", 0, b"")
        self.out.write(b"\0" * (-self.out.tell() % 512))
        return self.out.getvalue()


def _needed(path):
    return re.findall(r"NEEDED +(\S+)", _output("objdump", "-p", str(path)))


def _add_programs(cpio, tree):
    """The tool stack and, transitively, the libraries that it needs."""
    libraries = {}
    for path in tree.rglob("*.so*"):
        libraries.setdefault(path.name, path)
    found = {}
    for name in PROGRAMS + ("xenstore-read",):
        path = next(p for p in sorted(tree.rglob(name)) if p.is_file())
        cpio.file(f"xen/bin/{name}", path.read_bytes())
        found[name] = path
    # glibc opens libgcc_s by name when a thread is cancelled.
    done, todo = set(), ["libgcc_s.so.1"] + [n for p in found.values() for n in _needed(p)]
    while todo:
        name = todo.pop()
        if name not in done and name in libraries:
            done.add(name)
            real = libraries[name].resolve()
            cpio.file(f"lib/{name}", real.read_bytes())
            todo += _needed(real)
    loader = libraries["ld-linux-x86-64.so.2"].resolve()
    cpio.file("lib64/ld-linux-x86-64.so.2", loader.read_bytes())


def _add_modules(cpio, tree):
    order = []
    for name in MODULES:
        path = next(iter(sorted(tree.rglob(name + ".ko*"))), None)
        if path is None:
            continue  # built into this kernel
        data = path.read_bytes()
        if path.suffix == ".xz":
            data = lzma.decompress(data)
        cpio.file(f"modules/{name}.ko", data, 0o644)
        order.append(name + ".ko")
    cpio.file("modules/order", ("\n".join(order) + "\n").encode(), 0o644)


def _base_initramfs(tree):
    cpio = Cpio()
    cpio.file("init", (TOP / "test" / "xen" / "dom0-init").read_bytes())
    busybox = next(p for p in tree.rglob("busybox") if p.is_file())
    cpio.file("bin/busybox", busybox.read_bytes())
    cpio.file("etc/xen/xl.conf", b'autoballoon="off"\n', 0o644)
    cpio.folder("dev")
    _add_programs(cpio, tree)
    _add_modules(cpio, tree)
    return cpio.finish()


def _download(packages, into):
    if os.environ.get("DEPS") == "check":
        raise Unavailable("DEPS=check forbids to fetch " + " ".join(packages))
    command = ["apt-get", "-qq", "download", *packages]
    result = subprocess.run(command, cwd=into, check=False, capture_output=True, text=True)
    if result.returncode != 0:
        raise Unavailable(f"apt-get download failed: {result.stderr.strip()}")


def build(say=print):
    """Make build/xen/{xen,vmlinuz,initrd} unless they are there and current.

    Raises Unavailable if packages are missing and cannot be fetched.
    """
    packages = main_packages()
    inputs = [pathlib.Path(__file__), TOP / "test" / "xen" / "dom0-init"]
    key = hashlib.sha256(b"".join(p.read_bytes() for p in inputs) + repr(packages).encode()).hexdigest()
    stamp = CACHE / "key"
    if stamp.exists() and stamp.read_text() == key:
        return
    packages = all_packages(*packages)
    say(f"building the Xen test machine from {len(packages)} Debian packages")
    downloads, tree = CACHE / "packages", CACHE / "tree"
    downloads.mkdir(parents=True, exist_ok=True)
    missing = [p for p in packages if not list(downloads.glob(p + "_*.deb"))]
    if missing:
        _download(missing, downloads)
    shutil.rmtree(tree, ignore_errors=True)
    wanted = "|".join((r"boot/(vmlinuz|xen-[\d.]+-amd64\.gz$)", r"/bin/", r"\.so[.\d]*$",
                       "|".join(rf"/{m}\.ko" for m in MODULES)))
    for package in packages:
        for deb in downloads.glob(package + "_*.deb"):
            _unpack(deb, wanted, tree)
    xen = next((tree / "boot").glob("xen-*.gz"))
    (CACHE / "xen").write_bytes(gzip.decompress(xen.read_bytes()))
    shutil.copy(next((tree / "boot").glob("vmlinuz*")), CACHE / "vmlinuz")
    (CACHE / "initrd").write_bytes(_base_initramfs(tree))
    shutil.rmtree(tree)
    stamp.write_text(key)


# ---- runs ---------------------------------------------------------------------


def _guests_archive(guests):
    cpio = Cpio()
    lines = []
    for g in guests:
        cpio.file(f"guests/{g.name}.elf", pathlib.Path(g.elf).read_bytes(), 0o644)
        cpio.file(f"guests/{g.name}.cfg", g.config().encode(), 0o644)
        for module in g.modules:
            cpio.file(f"guests/{g.name}.ramdisk", module, 0o644)
        typed = "-"
        if g.typed:
            typed = f"{g.name}.typed"
            cpio.file(f"guests/{typed}", g.typed.encode(), 0o644)
        lines.append(f"{g.name} {g.seconds} {typed}")
    cpio.file("guests/list", ("\n".join(lines) + "\n").encode(), 0o644)
    return cpio.finish()


def qemu_command(initrd, icount=False):
    """The machine; no network, no disk, the console on standard output.

    With icount one tick of the TSC is one instruction, in guests too.
    """
    return [
        "qemu-system-x86_64",
        "-machine", "q35", "-accel", "tcg,thread=single", "-cpu", "EPYC-Rome,+svm,+npt,-smap,-monitor",
        "-m", "1024", "-nic", "none", "-display", "none", "-no-reboot",
        "-serial", "stdio", "-monitor", "none",
        "-kernel", str(CACHE / "xen"),
        "-append", "console=com1 com1=115200,8n1 dom0_mem=384M noreboot=0 loglvl=warning guest_loglvl=all"
                   " watchdog=0 sched=credit",
        "-initrd", f"{CACHE}/vmlinuz console=hvc0 quiet panic=5,{initrd}",
        *(("-icount", "shift=0,sleep=off") if icount else ()),
    ]


def _results(serial, guests):
    results = {}
    for g in guests:
        end = re.search(rf"^=== {g.name}: end: (.*)$", serial, re.M)
        text = re.search(rf"^=== {g.name}: console\n(.*?)^=== {g.name}: end", serial, re.M | re.S)
        results[g.name] = Result(end.group(1).strip() if end else "machine ended early",
                                 text.group(1) if text else "")
    return results


def run(guests, log=None, icount=False):
    """Boot once, run the guests in order; returns {name: Result} and writes the serial log."""
    limit = BOOT_LIMIT + sum(10 + 10 * g.seconds for g in guests)
    log = pathlib.Path(log) if log else CACHE / "serial.log"
    with tempfile.NamedTemporaryFile(dir=CACHE, suffix=".initrd") as initrd:
        initrd.write((CACHE / "initrd").read_bytes())
        initrd.write(_guests_archive(guests))
        initrd.flush()
        with open(log, "wb") as out:
            subprocess.run(qemu_command(initrd.name, icount), stdin=subprocess.DEVNULL, stdout=out,
                           stderr=subprocess.STDOUT, timeout=limit, check=False)
    serial = log.read_bytes().decode(errors="replace").replace("\r", "")
    return _results(serial, guests)


def main():
    build()
    start = time.monotonic()
    icount = sys.argv[1] == "--icount"
    elf, *words = sys.argv[1 + icount:]
    guest = Guest(re.sub(r"\W", "-", pathlib.Path(elf).stem), elf, " ".join(words))
    result = run([guest], icount=icount)[guest.name]
    print(result.console, end="")
    print(f"[{guest.name}: {result.end}, {time.monotonic() - start:.0f} s in all, serial log in {CACHE}/serial.log]")
    return 0 if result.end == "shutdown" else 1


if __name__ == "__main__":
    sys.exit(main())
