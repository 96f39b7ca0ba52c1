"""A signature that was drawn: strokes as an SVG path, bounded, and nothing else than strokes. Pure."""

import re

from archive.core.errors import BadInput

WIDTH, HEIGHT = 600, 160
"""The box in which it is drawn, in units of the path."""

LONGEST = 40_000
LEAST_EXTENT = 30

_PATH = re.compile(r"(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})*)+")
_POINT = re.compile(r"[ML](\d{1,3}) (\d{1,3})")


class BadDrawing(BadInput):
    """So that a page can say it beside the drawing."""


def check_drawing(path: str) -> str:
    """`path` if it is strokes inside of the box, and more than a dot; raises `BadDrawing`."""
    if len(path) > LONGEST:
        raise BadDrawing("The drawn signature has too many strokes.", "Draw it again, or type your name instead.")
    if not _PATH.fullmatch(path):
        raise BadDrawing("The drawn signature can't be read.", "Draw it again, or type your name instead.")
    points = [(int(x), int(y)) for x, y in _POINT.findall(path)]
    if any(x > WIDTH or y > HEIGHT for x, y in points):
        raise BadDrawing("The drawn signature is larger than its box.", "Draw it again, or type your name instead.")
    across, down = ([point[axis] for point in points] for axis in (0, 1))
    if max(max(across) - min(across), max(down) - min(down)) < LEAST_EXTENT:
        raise BadDrawing("The drawn signature is hardly more than a dot.", "Draw your name, or type it instead.")
    return path


def as_svg(path: str) -> str:
    """A picture of a path that was checked."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f'<path d="{path}" fill="none" stroke="#111827" stroke-width="3" stroke-linecap="round"'
        ' stroke-linejoin="round"/></svg>'
    )
