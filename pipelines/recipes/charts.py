"""Charts of 20 kinds in 3 languages, half by Matplotlib and half by Apache ECharts, as GOT's own charts.

Source: GOT paper, section 3.3.2 (2 M charts, half Matplotlib, half Pyecharts, targets as in OneChart).
"""

from pipelines.recipe import Part, Recipe
from renderers.matplotlib_charts import MatplotlibCharts
from renderers.pyecharts_charts import PyechartsCharts


def recipe() -> Recipe:
    """The recipe `charts`."""
    return Recipe("charts", (Part(MatplotlibCharts()), Part(PyechartsCharts())))
