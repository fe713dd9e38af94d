"""Runs a job on Ray Train. The only file that imports ray.

Each worker runs the same loop; where one is lost, all are started again and go on from the last checkpoint, which lies
in the run's folder: a shared one where there are several machines. What is raised on purpose is not tried again.
"""

import logging
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import ray
import ray.train
from ray.train import FailureConfig, RunConfig, ScalingConfig, TrainingFailedError, UserCallback
from ray.train.torch import TorchConfig, TorchTrainer

from got_model.stopping import StopRequest, TrainingStopped
from got_model.train import TrainJob, run, stop_file
from renderers.core.errors import ConfigError, FactoryError, MachineFault
from renderers.core.machine import lack, memory_limit, shortage
from renderers.core.ray_address import check_ray_answers

_MAX_WORKER_FAILURES = 8
"""Workers that a run may lose before it fails."""

_OBJECT_STORE_BYTES = 128 << 20

_MAX_TEMP_CHARS = 22
"""Of the temporary folder: a socket's path has 107 at most, of which Ray's own part and the folder's name are 85."""

_QUIET = ray.LoggingConfig(log_level="ERROR")
"""For what Ray has running beside the workers: one of its helpers warns every second that there is no dashboard."""


class _StopOnDeliberateError(UserCallback):
    """Ends the run at an error that would come again."""

    def after_exception(self, run_context: Any, worker_exceptions: dict[int, Exception]) -> None:
        for error in worker_exceptions.values():
            deliberate = _deliberate(error)
            if deliberate is not None:
                raise deliberate


def run_on_ray(job: TrainJob, address: str | None) -> None:
    """Train with `job.num_workers` workers of a cluster; without an address it is started here.

    Raises:
        ConfigError, TrainingStopped: as `run`, or the cluster is not there or too small.
    """
    file = stop_file(job)
    file.unlink(missing_ok=True)
    with ExitStack() as stack:
        stack.callback(file.unlink, missing_ok=True)
        _join(address, job.num_workers, stack)
        use_gpu = _check_size(job.num_workers)
        trainer = TorchTrainer(
            _work,
            train_loop_config={"job": job},
            torch_config=TorchConfig(backend="nccl" if use_gpu else "gloo"),
            scaling_config=ScalingConfig(num_workers=job.num_workers, use_gpu=use_gpu),
            run_config=RunConfig(
                name="ray",
                storage_path=str(Path(job.out).absolute()),
                failure_config=FailureConfig(max_failures=_MAX_WORKER_FAILURES),
                callbacks=[_StopOnDeliberateError()],  # type: ignore[list-item]
            ),
        )
        try:
            _fit(trainer, StopRequest(file))
        except TrainingFailedError as error:
            deliberate = _deliberate(error)
            if deliberate is not None:
                raise deliberate from None
            last = str(error).strip().splitlines()[-1]
            raise TrainingStopped(f"training failed: {last}; --resume goes on from the last checkpoint") from error


def _fit(trainer: TorchTrainer, request: StopRequest) -> None:
    """Wait for the workers, and hand on to them that the user wishes the run to end.

    Ray would abort them at Ctrl-C, and end this process at SIGTERM without a word; it leaves signals alone where it is
    called from another thread.
    """
    with ThreadPoolExecutor(1) as waiter, request.by_signals():
        waiter.submit(trainer.fit).result()


def _work(config: dict[str, Any]) -> None:
    job: TrainJob = config["job"]
    # The folder was empty or to be gone on with: what lies there now is what a lost worker left.
    run(msgspec.structs.replace(job, resume=True), StopRequest(stop_file(job)))


def _join(address: str | None, workers: int, stack: ExitStack) -> None:
    address = address or os.environ.get("RAY_ADDRESS")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quiet: dict[str, Any] = {"log_to_driver": True, "logging_level": logging.ERROR, "logging_config": _QUIET}
    if address:
        check_ray_answers(address)
        try:
            ray.init(address=address, **quiet)
        except (ConnectionError, RuntimeError, ValueError) as error:
            raise ConfigError(f"no Ray cluster answers at {address}: {error}") from error
    else:
        folder = stack.enter_context(_own_folder())
        try:
            ray.init(
                address="local",  # Not the cluster that happens to run on this machine.
                num_cpus=max(workers + 1, 2),
                include_dashboard=False,
                object_store_memory=_OBJECT_STORE_BYTES,
                _temp_dir=folder,
                **quiet,
            )
        except Exception as error:  # whatever: Ray has no class for it
            why = shortage(folder) or lack(error) or memory_limit() or " ".join(str(error).split())
            raise MachineFault(f"Ray does not start here: {why}") from error
    stack.callback(ray.shutdown)


@contextmanager
def _own_folder() -> Iterator[str]:
    """Where a Ray of our own keeps sockets and logs; in /tmp where TMPDIR is too long for sockets."""
    parent = tempfile.gettempdir() if len(tempfile.gettempdir()) <= _MAX_TEMP_CHARS else "/tmp"  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="got-model-", dir=parent, ignore_cleanup_errors=True) as folder:
        yield folder


def _check_size(workers: int) -> bool:
    """Whether the workers have a GPU each."""
    resources: dict[str, float] = ray.cluster_resources()  # type: ignore[no-untyped-call]
    gpus, cpus = int(resources.get("GPU", 0)), int(resources.get("CPU", 0))
    if gpus and gpus < workers:
        raise ConfigError(f"{workers} workers requested, the cluster has {gpus} GPUs; give --workers {gpus}")
    if not gpus and cpus < workers:
        raise ConfigError(f"{workers} workers requested, the cluster has {cpus} CPUs; give --workers {cpus}")
    return gpus > 0


def _deliberate(error: BaseException | None) -> FactoryError | None:
    """What was raised on purpose inside of what Ray wraps around it."""
    seen: set[int] = set()
    queue = [error]
    while queue:
        one = queue.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, FactoryError):
            return one
        wrapped = [getattr(one, name, None) for name in ("_base_exc", "controller_failure", "cause")]
        queue += [*wrapped, one.__cause__, *getattr(one, "worker_failures", {}).values()]
    return None
