"""Random content without pixels: words, chart data, fonts, palettes. Pure functions of a generator."""
