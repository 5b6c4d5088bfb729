#!/usr/bin/python3
# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""make bench: count what the product costs, against the targets and the record in the tree.

Under QEMU's -icount one tick of the time stamp counter is one instruction, exactly
and repeatably, time that is waited included; so are the figures.  One CPU, BIOS.
A figure that got worse than record.json says, beyond its tolerance, fails the bench;
one that misses its target is printed with its distance and fails nothing.
"""
import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "harness"))
from bulkhead_test import Image, Machine, Options  # noqa: E402  pylint: disable=wrong-import-position
from bulkhead_test.plugin import product_manifest, results_folder  # noqa: E402  pylint: disable=wrong-import-position

RECORD = HERE / "record.json"


@dataclass(frozen=True)
class Figure:
    """One line of the table; smaller is better in all of them."""

    key: str
    what: str
    unit: str
    target: int
    tolerance: float  # how much worse than the record passes, as a fraction


# Targets P9 to P11 are for the whole appliance with its driver domains; what is
# here so far has to leave them room.  Counts repeat exactly; their tolerance is for
# what a commit changes without meaning to: the length of the version it prints.
FIGURES = [
    Figure("ctrl-start", "P9  hv entry to ctrl's first instruction", "instructions", 20_000_000, 0.001),
    Figure("prompt", "P9  hv entry to the prompt", "instructions", 150_000_000, 0.001),
    Figure("payload", "P10 payload, compressed", "bytes", 1_440_000, 0.005),
    Figure("resident-hv", "P11 resident memory of hv", "KiB", 16_384, 0.005),
    Figure("resident-ctrl", "P11 resident memory of ctrl", "KiB", 16_384, 0.005),
    Figure("resident", "P11 resident memory, hv and ctrl", "KiB", 16_384, 0.005),
]

def boot_once(image, run):
    """What the machine says about itself after one deterministic boot."""
    options = Options(cpus=1, icount=True, extra=["-rtc", "base=2026-01-01,clock=vm"])
    with Machine(image.plan, image.disk, results_folder() / "logs" / f"bench-{run}.log", options) as machine:
        machine.wait_prompt(timeout=300)
        return machine.json("info", timeout=60)


def measure(image):
    """All figures, from two boots that must agree to the instruction."""
    first, again = (boot_once(image, run) for run in (1, 2))
    # When GRUB starts us is its own business; from then on every tick is ours.
    ticks, repeated = ({what: boot[f"boot-tsc-{what}"] - boot["boot-tsc-entry"]
                        for what in ("ctrl", "prompt")} for boot in (first, again))
    if ticks != repeated:
        raise SystemExit(f"bench: two boots differ: {ticks} and {repeated}")
    hv, ctrl = first["memory-hv-kib"], first["memory-ctrl-used-kib"]
    disk = json.loads(image.disk.with_name("disk.img.json").read_text(encoding="utf-8"))
    return {
        "ctrl-start": ticks["ctrl"],
        "prompt": ticks["prompt"],
        "payload": disk["payload"],
        "resident-hv": hv,
        "resident-ctrl": ctrl,
        "resident": hv + ctrl,
    }


def table(measured, record):
    """Print ours, record, target, ratio; return the figures that got worse."""
    worse = []
    print(f"{'figure':<44}{'ours':>13}{'record':>13}{'target':>13}{'ours/target':>13}")
    for figure in FIGURES:
        ours, was = measured[figure.key], record.get(figure.key)
        mark = ""
        if was is not None and ours > was * (1 + figure.tolerance):
            worse.append(figure)
            mark = "  WORSE"
        elif ours > figure.target:
            mark = "  missed"
        print(f"{figure.what:<44}{ours:>13,}{was if was is not None else 0:>13,}"
              f"{figure.target:>13,}{ours / figure.target:>13.3f}{mark}  {figure.unit}")
    return worse


def main():
    """Measure, compare, perhaps record."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--record", action="store_true", help="keep these figures as the new record")
    args = parser.parse_args()
    if os.environ.get("MANIFEST"):
        print(f"bench: of {product_manifest()}; the record is the demo's")
    image = Image.build(product_manifest())
    measured = measure(image)
    record = json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}
    worse = table(measured, record)
    results_folder().mkdir(parents=True, exist_ok=True)
    (results_folder() / "bench.json").write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    if args.record:
        RECORD.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
        print(f"bench: recorded in {RECORD.relative_to(Path.cwd())}")
        return 0
    for figure in worse:
        print(f"bench: {figure.what} got worse by more than {figure.tolerance:.1%}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
