"""Draws the page ornament, ``static/pdf/ornament.svg``: ``python -m registry.pdf.ornament``.

The frame of the page, two bands of interlaced waves, and, very pale behind the
text, a rosette after the star and rings of the Đông Sơn drums. All lines are
computed, so the drawing stays editable: change a number here and run it again.
"""

import sys
from collections.abc import Iterator
from math import cos, pi, sin

from registry.pdf.bundle import STATIC
from registry.pdf.figures import ACCENT

PALE = "#edf3f1"
WAVES = "#8fb3af"
WIDTH, HEIGHT = 210.0, 297.0
"""A4, in millimetres; so are all lengths below."""


def wave_band(top: float, bottom: float, left: float, right: float) -> Iterator[str]:
    """Yield the paths of four interlaced waves that fill a band of the frame."""
    middle, reach = (top + bottom) / 2, (bottom - top) / 2
    half_waves = 44
    length = (right - left) / half_waves
    for share in (1, 0.42, -0.42, -1):
        # A parabola's crest lies halfway to its control point, hence the factor 2;
        # "T" mirrors the control point, which makes the next half wave.
        start = f"M{left:.2f} {middle:.2f}q{length / 2:.3f} {2 * reach * share:.2f} {length:.3f} 0"
        yield start + f"t{length:.3f} 0" * (half_waves - 1)


def star(rays: int, inner: float, outer: float) -> str:
    """Return the path of a star around the origin."""
    points = (
        (radius * sin(pi * step / rays), -radius * cos(pi * step / rays))
        for step in range(2 * rays)
        for radius in [outer if step % 2 == 0 else inner]
    )
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points) + "z"


def ring_wave(radius: float, reach: float, petals: int, phase: float) -> str:
    """Return a closed curve that swings ``petals`` times about a circle."""
    half = pi / petals

    def point(distance: float, angle: float) -> str:
        return f"{distance * cos(angle):.2f} {distance * sin(angle):.2f}"

    steps = [f"M{point(radius, phase)}"]
    for step in range(2 * petals):
        crest = radius + (2 * reach if step % 2 == 0 else -2 * reach)
        angle = phase + step * half
        steps.append(f"Q{point(crest, angle + half / 2)} {point(radius, angle + half)}")
    return "".join(steps) + "z"


def rosette() -> Iterator[str]:
    """Yield the shapes of the rosette around the origin."""
    yield f'<path d="{star(14, 7, 17)}"/>'
    for radius in (19, 20.2, 30, 31.2, 44, 45.2, 61, 62.2):
        yield f'<circle r="{radius}"/>'
    for shift in (0, 0.5, 1, 1.5):
        yield f'<path d="{ring_wave(25.1, 4.2, 21, shift * pi / 21)}"/>'
        yield f'<path d="{ring_wave(53.1, 7.2, 35, shift * pi / 35)}"/>'
    for step in range(28):
        angle = 2 * pi * step / 28
        yield f'<circle cx="{37.6 * cos(angle):.2f}" cy="{37.6 * sin(angle):.2f}" r="3.1"/>'


def ornament() -> str:
    """Return the whole drawing as SVG."""
    left, right, top, bottom = 8.0, WIDTH - 8, 8.0, HEIGHT - 8
    waves = "".join(
        f'<path d="{path}"/>'
        for band in ((top + 1.6, top + 6.4), (bottom - 4.2, bottom - 1.6))
        for path in wave_band(*band, left + 1.6, right - 1.6)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" '
        f'width="{WIDTH:.0f}mm" height="{HEIGHT:.0f}mm" fill="none">'
        f'<g stroke="{PALE}" stroke-width=".35" transform="translate({WIDTH / 2:.0f} 158)">'
        f"{''.join(rosette())}</g>"
        f'<g stroke="{WAVES}" stroke-width=".12">{waves}</g>'
        f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" '
        f'stroke="{ACCENT}" stroke-width=".55"/>'
        f'<rect x="{left + 1.2}" y="{top + 1.2}" width="{right - left - 2.4}" '
        f'height="{bottom - top - 2.4}" stroke="{ACCENT}" stroke-width=".12"/>'
        "</svg>\n"
    )


if __name__ == "__main__":
    target = STATIC / "ornament.svg"
    target.write_text(ornament(), "utf-8")
    sys.stdout.write(f"{target.stat().st_size} bytes\n")
