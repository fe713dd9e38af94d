"""From values to px, and from names to where the target has them."""

import math
from dataclasses import dataclass

from renderers.content.charts.data import Chart, ValueAxis, point_path
from renderers.labels.charts import Path as TargetPath


@dataclass(frozen=True, slots=True)
class Scale:
    """Values of an axis to px, linear or logarithmic."""

    axis: ValueAxis
    from_px: float
    to_px: float

    def __call__(self, value: float) -> float:
        """Where a value lies, in px."""
        low, high = self.axis.low, self.axis.high
        if self.axis.log:
            share = math.log(max(value, low) / low) / math.log(high / low)
        else:
            share = (value - low) / (high - low)
        return self.from_px + share * (self.to_px - self.from_px)

    def base(self) -> float:
        """Where bars start: at zero, or at the limit next to it."""
        if self.axis.log:
            return self(self.axis.low)
        return self(min(max(0.0, self.axis.low), self.axis.high))


def category_path(chart: Chart, index: int) -> TargetPath:
    """The first key of the target that names a category."""
    for series in chart.series:
        if index < len(series.points):
            return (*point_path(chart, series, index), "")
    raise IndexError(index)


def series_path(name: str) -> TargetPath:
    """The key of the target that names a series."""
    return ("values", name, "")
