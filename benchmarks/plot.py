"""Curves on two logarithmic scales, as an SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM, EDGE = 640, 400, 70, 50, 36
COLOURS = ("#1f5fa8", "#b3541e", "#3a7d44")


@dataclass(frozen=True)
class Curve:
    """A curve: its name, and its points (both figures above 0)."""

    name: str
    points: Sequence[tuple[float, float]]


def plot(curves: Sequence[Curve], across: str, up: str) -> str:
    """The SVG's text, with a grey line of the slope at which ten times as much takes ten times as long.

    Args:
        curves: The curves.
        across: What the horizontal scale shows.
        up: What the vertical one shows.
    """
    low_x, high_x = _decades(x for curve in curves for x, _ in curve.points)
    low_y, high_y = _decades(y for curve in curves for _, y in curve.points)

    def place(x: float, y: float) -> tuple[float, float]:
        right = (math.log10(x) - low_x) / (high_x - low_x) * (WIDTH - LEFT - EDGE)
        above = (math.log10(y) - low_y) / (high_y - low_y) * (HEIGHT - BOTTOM - EDGE)
        return round(LEFT + right, 1), round(HEIGHT - BOTTOM - above, 1)

    def lines() -> Iterator[str]:
        yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        yield f'  font-family="sans-serif" font-size="13" aria-label="{up} by {across}">'
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        for decade in range(low_x, high_x + 1):
            x, y = place(10**decade, 10**low_y)
            yield f'<path d="M{x} {y}V{EDGE}" stroke="#ddd"/>'
            yield f'<text x="{x}" y="{y + 18}" text-anchor="middle">{10**decade:,}</text>'
        for decade in range(low_y, high_y + 1):
            x, y = place(10**low_x, 10**decade)
            yield f'<path d="M{x} {y}H{WIDTH - EDGE}" stroke="#ddd"/>'
            yield f'<text x="{x - 8}" y="{y + 4}" text-anchor="end">{10.0**decade:g}</text>'
        steps = min(high_x - low_x, high_y - low_y)
        start, end = (
            place(10**low_x, 10**low_y),
            place(10 ** (low_x + steps), 10 ** (low_y + steps)),
        )
        yield f'<path d="M{start[0]} {start[1]}L{end[0]} {end[1]}" stroke="#aaa" stroke-dasharray="4"/>'
        for number, (curve, colour) in enumerate(zip(curves, COLOURS, strict=False)):
            dots = [place(x, y) for x, y in curve.points]
            path = "L".join(f"{x} {y}" for x, y in dots)
            yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
            yield from (f'<circle cx="{x}" cy="{y}" r="4" fill="{colour}"/>' for x, y in dots)
            where = f'x="{LEFT + 16}" y="{EDGE + 18 + 18 * number}"'
            yield f'<text {where} fill="{colour}">{curve.name}</text>'
        yield f'<text x="{WIDTH - EDGE}" y="{HEIGHT - 10}" text-anchor="end">{across}</text>'
        yield f'<text x="{EDGE}" y="{EDGE - 16}">{up}</text>'
        yield "</svg>"

    return "\n".join(lines()) + "\n"


def _decades(figures: Iterator[float]) -> tuple[int, int]:
    """The powers of ten around figures, at least one apart."""
    powers = [math.log10(figure) for figure in figures]
    low, high = math.floor(min(powers)), math.ceil(max(powers))
    return low, max(high, low + 1)
