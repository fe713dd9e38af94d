"""GOT's encoder, forward and backward of one picture at 1024 x 1024: ours against transformers' eager class.

Each runs in a process of its own, since a peak of memory is a process's: `python -m tests.bench.encoder ours` (or
`transformers`) prints seconds of a step and bytes over what the process held before it. Memory is measured apart from
time, with an allocator that gives back what is freed: what glibc keeps in pieces differs from run to run by a GiB.
"""

import json
import os
import resource
import subprocess
import sys
import time

from rich.table import Table

_STEPS = 2
_GIVING_BACK = {"MALLOC_MMAP_THRESHOLD_": str(1 << 20)}


def add_rows(table: Table) -> dict[str, float]:
    """Seconds and memory of both, their ratios."""
    found = {}
    for which in ("transformers", "ours"):
        found[which] = _measured(which, {}) | {"bytes": _measured(which, _GIVING_BACK)["bytes"]}
    ours, theirs = found["ours"], found["transformers"]
    faster, smaller = theirs["seconds"] / ours["seconds"], ours["bytes"] / theirs["bytes"]
    table.add_row(
        "got_base encoder, forward + backward", f"{ours['seconds']:.1f} s", f"{theirs['seconds']:.1f} s eager",
        f"{faster:.2f} x", "> 1 x",
    )  # fmt: skip
    table.add_row(
        "got_base encoder, peak memory of it", f"{ours['bytes'] / 2**30:.2f} GiB",
        f"{theirs['bytes'] / 2**30:.2f} GiB", f"{smaller:.2f} x", "< 0.5 x",
    )  # fmt: skip
    return {"faster": faster, "memory": smaller}


def _measured(which: str, environment: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.encoder", which]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | environment)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _measure(which: str) -> dict[str, float]:
    import torch
    from transformers.models.got_ocr2.modeling_got_ocr2 import GotOcr2VisionEncoder

    from got_model.modeling.encoder import GotEncoder
    from got_model.modeling.sizes import got_base

    torch.manual_seed(0)
    kind = GotEncoder if which == "ours" else GotOcr2VisionEncoder
    encoder = kind(got_base(151860, 151859).vision_config)
    pixels = torch.randn(1, 3, 1024, 1024)
    before = _peak_bytes()
    seconds = []
    for _ in range(_STEPS):
        started = time.perf_counter()
        encoder(pixels).last_hidden_state.square().mean().backward()
        seconds.append(time.perf_counter() - started)
    return {"seconds": min(seconds), "bytes": _peak_bytes() - before}


def _peak_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(sys.argv[1])) + "\n")
