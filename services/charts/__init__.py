"""charts: Vega-Lite charts, each with a title and a sentence, drawn as SVG by a child process.

* `domain`: makes specifications of charts, and adapts their SVG to a page. No I/O.
* `process`: runs the child process and caches the charts that it has drawn.
* `drawing`: the program of the child process.
"""
