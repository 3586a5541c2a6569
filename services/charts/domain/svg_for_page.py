"""Adaptation of a chart's SVG to a page: the chart's title and sentence replace the renderer's English texts."""

import re
from html import escape
from typing import Final

_SPOKEN: Final = re.compile(r"\s(?:role|aria-[a-z]+|style)=\"[^\"]*\"")
_ROOT: Final = re.compile(r"<svg\b[^>]*>")
_BOX: Final = re.compile(r"viewBox=\"([^\"]*)\"")
_ID: Final = re.compile(r"(\bid=\"|url\(#|href=\"#)")


def prepared(svg: str, name: str, title: str, sentence: str) -> str:
    """Return the SVG with the role of an image, and with a title and a sentence for screen readers.

    Its ids begin with `chart-` and `name`, so that they are unique on the page. Raises `ValueError` if `svg` is not an
    SVG or contains a script.
    """
    name = f"chart-{name}"
    root, box = _ROOT.search(svg), _BOX.search(svg)
    if root is None or box is None or "<script" in svg:
        message = "this is no picture"
        raise ValueError(message)
    _, _, width, height = box[1].split()
    begin = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="atips-chart" viewBox="{box[1]}" width="{width}" '
        f'height="{height}" role="img" aria-labelledby="{name}-title {name}-sentence" focusable="false">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-sentence">{escape(sentence)}</desc>'
    )
    rest = _ID.sub(rf"\1{name}-", _SPOKEN.sub("", svg[root.end() :]))
    return begin + rest
