"""`python -m services.charts.drawing_process`: child process that draws charts, so that the server need not wait.

It reads one specification a line, as JSON, and answers each with one line of JSON: the SVG, or null if it cannot be
drawn. It exits when its input ends, so that it ends together with its parent process.
"""

import sys
from importlib.resources import files

import orjson
import vl_convert

FONT_PACKAGE = "fontpkg_atkinson_hyperlegible"


def main() -> None:
    """Read specifications from standard input until it ends, and write the answer to each."""
    vl_convert.register_font_directory(str(files(FONT_PACKAGE) / "files"))
    for line in sys.stdin.buffer:
        sys.stdout.buffer.write(orjson.dumps(_drawn(line)) + b"\n")
        sys.stdout.buffer.flush()


def _drawn(line: bytes) -> str | None:
    try:
        return str(vl_convert.vegalite_to_svg(orjson.loads(line)))
    except ValueError:
        return None


if __name__ == "__main__":
    main()
