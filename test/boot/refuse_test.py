# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""What cannot work is refused in one clear line, never half-started."""
import gzip
import hashlib
import zlib

import pytest

pytestmark = pytest.mark.demo


def replace(image, name, data):
    """Put data into slot A, with a checksum that fits: the target has to find out."""
    image.write("slot-a", name, data)
    names = image.files("slot-a")
    for kind, value in (("sha256", hashlib.sha256(data).hexdigest()),
                        ("crc32", f"{zlib.crc32(data):08x}")):
        if f"{name}.{kind}" in names:
            image.write("slot-a", f"{name}.{kind}", f"{value}  {name}\n".encode())


@pytest.mark.parametrize("cpu,missing", [
    ("EPYC-Rome,-svm", "SVM"),
    ("EPYC-Rome,-npt", "nested paging"),
])
def test_cpu_falls_short(boot, cpu, missing):
    """Without virtualisation: one line that names what is missing, and a halt."""
    machine = boot(cpu=cpu)
    match = machine.expect(rf"[^\r\n]*{missing}[^\r\n]*\r\n", timeout=60)
    assert len(match.group(0).strip()) <= 80
    machine.never(r"bulkhead> |Bulkhead \d", seconds=3)
    assert machine.resets == 0 and machine.running
    assert len([line for line in machine.line.text.splitlines() if missing in line]) == 1


def test_all_shortcomings_at_once(boot):
    """One probe pass names every missing feature, not only the first."""
    machine = boot(cpu="EPYC-Rome,-svm,-smep,-smap")
    machine.expect("halted", timeout=60)
    for feature in ("SVM", "SMEP", "SMAP"):
        assert feature in machine.line.text


def test_no_execute_is_hidden(boot):
    """Some firmware hides NX; before there are page tables, one line still gets out."""
    machine = boot(cpu="EPYC-Rome,-nx")
    machine.expect(r"NX[^\r\n]*missing[^\r\n]*halted", timeout=60)
    machine.never("starting", seconds=2)
    assert machine.resets == 0 and machine.running


@pytest.mark.parametrize("name", ["ctrl.elf.gz", "hv.elf.gz", "manifest.dtb.gz"])
def test_missing_file(boot, image, tmp_path, name):
    """A file that is not there ends in GRUB with its name, and nothing is started."""
    broken = image().copy(tmp_path)
    broken.remove("slot-a", name)
    machine = boot(broken)
    machine.expect(rf"{name}[^\r\n]*missing", timeout=60)
    machine.expect("no slot can be started", timeout=60)
    machine.never("bulkhead> ", seconds=2)


@pytest.mark.parametrize("name", ["ctrl.elf.gz", "hv.elf.gz"])
def test_truncated_file(boot, image, tmp_path, name):
    """Half a file is as bad as none."""
    broken = image().copy(tmp_path)
    broken.write("slot-a", name, broken.read("slot-a", name)[:-1000])
    machine = boot(broken)
    machine.expect(rf"{name}[^\r\n]*damaged", timeout=60)
    machine.expect("no slot can be started", timeout=60)


MANIFESTS = {
    "empty": lambda blob: b"",
    "noise": lambda blob: bytes((i * 7919 + 13) & 0xFF for i in range(4096)),
    "cut": lambda blob: blob[: len(blob) // 2],
    "not a version that we know": lambda blob: blob.replace(b"bulkhead,manifest-v1", b"bulkhead,manifest-v9"),
    "unknown word": lambda blob: blob.replace(b"watchdog-timeout-s", b"watchdog-timeout-x"),
}


@pytest.mark.parametrize("how", MANIFESTS)
def test_broken_manifest(boot, image, tmp_path, how):
    """The target checks again: the shell comes up, says so, and starts no domain."""
    broken = image().copy(tmp_path)
    blob = gzip.decompress(broken.read("slot-a", "manifest.dtb.gz"))
    replace(broken, "manifest.dtb.gz", gzip.compress(MANIFESTS[how](blob), mtime=0))
    machine = boot(broken)
    machine.expect(r"manifest[^\r\n]*", timeout=60)
    machine.wait_prompt()
    assert machine.shell("echo here").text == "here\n"


def test_ctrl_is_no_program(boot, image, tmp_path):
    """A control domain that is no ELF file: the hypervisor says so and stops."""
    broken = image().copy(tmp_path)
    replace(broken, "ctrl.elf.gz", gzip.compress(b"not an ELF file" * 1000, mtime=0))
    machine = boot(broken)
    machine.expect(r"control domain[^\r\n]*ELF|ELF[^\r\n]*control domain", timeout=60)
