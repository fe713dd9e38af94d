"""How the renderer pyecharts_charts draws: look, layout, ECharts options, and the proof of what came out."""
