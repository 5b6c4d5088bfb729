# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""A vendor's product in a folder of its own: built there, booted, with a test of his."""
import os
import subprocess
import sys

import pytest

from bulkhead_test.image import TREE

pytestmark = pytest.mark.demo

MANIFEST = """
/dts-v1/;
#include "bulkhead.h"
#include "board.dtsi"
/ {
    chosen {
        hypervisor {
            compatible = "bulkhead,manifest-v1", "hypervisor,xen";
            console = <&uart>;
            ctrl { compatible = "xen,domain"; domid = <0>; memory = <MB(12)>; };
        };
    };
};
"""

BOARD = """
/ {
    board {
        compatible = "bulkhead,board";
        model = "their-board";
        memory = <MB(384)>;
        cpus = <2>;
        uart: serial { compatible = "ns16550a"; location = "io:0x2f8"; };
    };
};
"""

TEST = """
def test_theirs(machine):
    assert machine.plan["model"] == "their-board"
    assert machine.json("info")["cpus"] == 2
    assert machine.shell("echo 'their test'").ok().text == "their test\\n"
"""


def test_their_folder(tmp_path):
    """Board without watchdog, console on COM2, files beside the manifest, tests too."""
    (tmp_path / "their.dts").write_text(MANIFEST)
    (tmp_path / "board.dtsi").write_text(BOARD)
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "their_test.py").write_text(TEST)
    env = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "MAKE", "MFLAGS"))}
    env |= {"MANIFEST": str(tmp_path / "their.dts"),
            "BULKHEAD_TEST_RESULTS": str(tmp_path / "results")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "bulkhead_test.plugin", "-p", "no:cacheprovider",
         "-c", str(TREE / "test" / "pytest.ini"), "--rootdir", str(tmp_path), "-q", str(tmp_path / "tests")],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600, check=False)
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout
