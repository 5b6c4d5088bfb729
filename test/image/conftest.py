# SPDX-FileCopyrightText: The Bulkhead authors
# SPDX-License-Identifier: MIT
"""Fixtures of the image tests; what they are made of is in spoilable.py."""

import pytest
from spoilable import Medium, mkimage, write_product


@pytest.fixture(scope="session")
def product(tmp_path_factory):
    """A built product; nobody changes it."""
    folder = tmp_path_factory.mktemp("image") / "product"
    write_product(folder)
    mkimage(folder)
    return folder


@pytest.fixture
def medium(product, tmp_path):
    """A copy of the product's image."""
    yield Medium(product, tmp_path / "medium.img")
    (tmp_path / "medium.img").unlink()
