"""The loader's hand-written tables, with an article of hostile text."""

from pathlib import Path

import pytest

from tests.load.conftest import write_tables


@pytest.fixture(scope="session")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("queries")
    write_tables(folder)
    return folder
