"""charts: Vega-Lite charts, each with a title and a sentence, drawn as SVG by a child process.

* `domain`: makes specifications of charts, and adapts their SVG to a page. No I/O.
* `drawn_charts`: runs the child process and caches the charts that it has drawn.
* `drawing_process`: the program of the child process.
"""
