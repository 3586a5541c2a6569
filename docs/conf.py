"""Settings of Sphinx for `make docs`."""

project = "atips"
author = "The A-TIPs Council's maintainers"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "atips"
source_suffix = {".md": "markdown"}
myst_heading_anchors = 3
# These pages link to files of the repository, which are no pages.
suppress_warnings = ["myst.xref_missing"]
