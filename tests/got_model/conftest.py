"""One thread for each test process: as many of them as there are cores run side by side."""

from pathlib import Path

import pytest
import torch

from tests.got_model.slices import make

torch.set_num_threads(1)


@pytest.fixture(scope="module")
def slices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("slices"), 64)
