# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""The pytest plug-in: fixtures `image`, `boot` and `machine` (doc/TESTING.md).

MANIFEST in the environment names the product under test, else it is the demo.
"""
import os
import re
from pathlib import Path

import pytest

from .image import TREE, Image
from .machine import Machine, MachineFailure, Options

DEMO = TREE / "conf" / "demo.dts"
_images = {}


def product_manifest():
    """The manifest of the product under test."""
    return Path(os.environ.get("MANIFEST") or DEMO).resolve()


def results_folder():
    """Where logs and JUnit files go."""
    return Path(os.environ.get("BULKHEAD_TEST_RESULTS") or TREE / "build" / "test-results")


def build_image(manifest=None):
    """The image of a manifest, built at most once by each worker."""
    manifest = Path(manifest or product_manifest()).resolve()
    if manifest not in _images:
        _images[manifest] = Image.build(manifest)
    return _images[manifest]


def pytest_configure(config):
    """Words that tests may be marked with."""
    config.addinivalue_line("markers", "alone: counts instructions or time; no other boot beside it")
    config.addinivalue_line("markers", "demo: depends on what conf/demo.dts says")
    config.addinivalue_line("markers", "long: belongs to `make test-long`")


def pytest_collection_modifyitems(items):
    """A vendor's product runs the tests that hold for every product, and his own."""
    if product_manifest() == DEMO:
        return
    skip = pytest.mark.skip(reason="is about the demo or a manifest of its own, not about MANIFEST")
    for item in items:
        if item.get_closest_marker("demo"):
            item.add_marker(skip)


def pytest_report_header():
    """What is under test, in the first lines."""
    return f"product: {product_manifest()}; logs: {results_folder()}/logs"


def _log_name(request, count):
    name = re.sub(r"[^\w.-]+", "-", request.node.nodeid.split("/")[-1]).strip("-")
    return results_folder() / "logs" / (f"{name}.log" if count == 0 else f"{name}-{count + 1}.log")


class Booter:
    """Starts machines for one test (or one module) and switches off what is left."""

    def __init__(self, request):
        self._request = request
        self._machines = []

    def __call__(self, source=None, **options):
        """Power on; source is an Image, a manifest's path, or None for the product."""
        image = source if isinstance(source, Image) else build_image(source)
        log = _log_name(self._request, len(self._machines))
        machine = Machine(image.plan, image.disk, log, Options(**options))
        self._machines.append(machine)
        return machine.start()

    def quit(self):
        """Switch everything off."""
        for machine in self._machines:
            machine.quit()


@pytest.fixture
def image():
    """Function: image(manifest=None) -> Image."""
    return build_image


@pytest.fixture
def boot(request):
    """Function: boot(source=None, **options) -> Machine that has just been switched on."""
    booter = Booter(request)
    yield booter
    booter.quit()


@pytest.fixture(scope="module")
def _shared(request):
    booter = Booter(request)
    state = {"booter": booter, "machine": None}
    yield state
    booter.quit()


@pytest.fixture
def machine(_shared):
    """The product at its prompt.

    One boot serves a module's tests, one after the other; a test that leaves the
    machine without a prompt costs the next one a boot, not a failure.
    """
    current = _shared["machine"]
    if current is not None:
        try:
            current.sync()
        except (MachineFailure, OSError):
            current.quit()
            current = None
    if current is None:
        current = _shared["booter"]()
        _shared["machine"] = current
        current.wait_prompt()
    return current
