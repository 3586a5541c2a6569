"""charts: Vega-Lite charts with a title and a sentence each, drawn as SVG by a child process.

* `domain`: specifications of charts, and their SVG made fit for a page. Pure.
* `process`: keeps the child process, and the charts that it drew.
* `drawing`: the child.
"""
