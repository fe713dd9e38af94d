"""Callbacks of a run: its progress (a live line or JSON lines), and predictions beside their pictures."""

import html
import json
import sys
import time
from base64 import b64encode
from pathlib import Path
from typing import Any

from msgspec import Struct
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.integrations import TensorBoardCallback

_SHOWN_METRICS = (
    "loss",
    "eval_loss",
    "eval_cer",
    "samples_per_s",
    "tokens_per_s",
    "mfu",
    "grad_norm",
    "dropped",
    "broken",
)


class ProgressReporter(TrainerCallback):
    """Shows steps done of all, losses, samples a second and time left: a live line on a terminal, else JSON lines."""

    def __init__(self) -> None:
        """Nothing is shown before training begins."""
        self._line: Progress | None = None
        self._began = (0, 0.0)
        self._last_values: dict[str, float] = {}

    def on_train_begin(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Starts the line."""
        self._began = (state.global_step, time.monotonic())
        if state.is_world_process_zero and sys.stderr.isatty():
            self._line = Progress(
                TextColumn("{task.completed}/{task.total}"),
                BarColumn(),
                TextColumn("{task.description}"),
                TimeElapsedColumn(),
                TimeRemainingColumn(),
                transient=True,
            )
            self._line.add_task("", total=state.max_steps, completed=state.global_step)
            self._line.start()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Moves the line on."""
        if self._line is not None:
            self._line.update(self._line.task_ids[0], completed=state.global_step)

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, float] | None = None,
        **_: Any,
    ) -> None:
        """Shows the values that the Trainer logged."""
        if not state.is_world_process_zero or not logs:
            return
        self._last_values |= {name: float(logs[name]) for name in _SHOWN_METRICS if name in logs}
        if self._line is not None:
            description = "  ".join(f"{name} {value:.4g}" for name, value in self._last_values.items())
            self._line.update(self._line.task_ids[0], description=description)
            return
        start, since = self._began
        done = state.global_step - start
        left = (time.monotonic() - since) / done * (state.max_steps - state.global_step) if done else None
        line: dict[str, Any] = {"step": state.global_step, "steps": state.max_steps}
        line |= {name: float(f"{value:.5g}") for name, value in logs.items() if isinstance(value, int | float)}
        line["eta_s"] = None if left is None else round(left)
        sys.stderr.write(json.dumps(line) + "\n")

    def on_train_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_: Any) -> None:
        """Ends the line."""
        self.stop()

    def stop(self) -> None:
        """Ends the line; also where the run broke."""
        if self._line is not None:
            self._line.stop()
            self._line = None


class Prediction(Struct, frozen=True):
    """A sample of the validation split with the model's answer; `picture` is encoded, as in the row."""

    id: str
    picture: bytes
    target: str
    answer: str


class PredictionLogger(TensorBoardCallback):
    """Writes predictions on the validation split: pictures beside target and answer.

    They go to TensorBoard, and as one HTML page a step to `readings/` in the run's folder.
    """

    def __init__(self, out: Path) -> None:
        """Args: out: folder of the run."""
        super().__init__()
        self._folder, self._logs = out / "readings", out / "tensorboard"

    def _init_summary_writer(self, args: TrainingArguments) -> None:
        # transformers takes the folder from the environment, which a second run in a process would inherit.
        self.tb_writer = self._SummaryWriter(log_dir=str(self._logs))

    def write(self, args: TrainingArguments, step: int, predictions: list[Prediction]) -> None:
        """Write the predictions of optimizer step `step`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        page = self._folder / f"step-{step:08d}.html"
        page.write_text(_HTML.format(step=step, rows="\n".join(map(_row, predictions))), encoding="utf-8")
        if self.tb_writer is None:
            self._init_summary_writer(args)
        for index, prediction in enumerate(predictions):
            text = (
                f"{prediction.id}\n\ntarget\n\n```\n{prediction.target}\n```\n\nanswer\n\n```\n{prediction.answer}\n```"
            )
            self.tb_writer.add_text(f"reading/{index}", text, step)


# The page itself is three lines of markup; a template language would be more than it.
_HTML = """<!doctype html><meta charset="utf-8"><title>Step {step}</title>
<style>body{{font:15px system-ui;margin:2rem}}td{{padding:.5rem;vertical-align:top;border-top:1px solid #ddd}}
img{{max-width:24rem;max-height:18rem}}pre{{white-space:pre-wrap;margin:0;max-width:32rem}}.wrong{{background:#fee}}</style>
<h1>Step {step}</h1><table><tr><th>picture<th>target<th>answer</tr>
{rows}</table>"""


def _row(prediction: Prediction) -> str:
    picture = b64encode(prediction.picture).decode()
    wrong = "" if prediction.answer == prediction.target else ' class="wrong"'
    target, answer = (f"<pre>{html.escape(text)}</pre>" for text in (prediction.target, prediction.answer))
    return f'<tr{wrong}><td><img src="data:image/png;base64,{picture}"><td>{target}<td>{answer}</tr>'
