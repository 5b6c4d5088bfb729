# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""Tests of a Bulkhead appliance in an emulated machine; see doc/TESTING.md."""
from .image import Image
from .machine import BANNER, PROMPT, Machine, MachineFailure, Options, Result

__all__ = ["BANNER", "Image", "Machine", "MachineFailure", "Options", "PROMPT", "Result"]
