"""One thread for each test process: as many of them as there are cores run side by side."""

import torch

torch.set_num_threads(1)
