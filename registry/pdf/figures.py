"""Small vector figures for documents: a QR code, and a measured value between its limits."""

from decimal import Decimal, InvalidOperation

import segno
from markupsafe import Markup

ACCENT, WASH, INK = "#0b5351", "#e6efed", "#13211f"
"""The site's colours: a figure is drawn by itself and cannot read the style sheet."""

WIDTH = 120.0
"""Width of an interval figure in its own units; its height is 16."""


def qr_code(text: str, title: str) -> Markup:
    """Return ``text`` as a QR code (ISO/IEC 18004), an inline SVG with a four-module quiet zone.

    Error correction M, raised where the symbol's size allows it for nothing:
    a fold or a stamp over some modules still leaves it readable. ``title`` is
    the figure's alternative text.
    """
    code = segno.make(text, error="m", micro=False)
    modules = code.symbol_size(border=4)[0]
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, line in enumerate(code.matrix_iter(border=4))
        for column, dark in enumerate(line)
        if dark
    )
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" role="img" '
        'viewBox="0 0 {0} {0}"><title>{1}</title>'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>'
    ).format(modules, title, path)


def interval_figure(
    value: str,
    half_width: str | None,
    lower: str | None,
    upper: str | None,
    *,
    acceptance: tuple[str | None, str | None] = (None, None),
) -> Markup:
    """Return a line figure of ``value`` ± ``half_width`` against its limits, as inline SVG.

    All are decimal numbers as text, in one unit. The allowed side of the limits is a
    pale band; the ``acceptance`` limits inside it, where a guard band moves them, are
    broken lines. Returns nothing where there is no number or no limit
    to draw: a result such as "pass" has no figure.
    """
    number, half = _decimal(value), _decimal(half_width)
    low, high = _decimal(lower), _decimal(upper)
    if number is None or (low is None and high is None):
        return Markup("")
    half = abs(half) if half is not None else None
    guards = [mark for text in acceptance if (mark := _decimal(text)) not in (None, low, high)]
    ends = (low, high, *guards, number - (half or 0), number + (half or 0))
    marks = [end for end in ends if end is not None]
    span = (max(marks) - min(marks)) or Decimal(1)
    origin = min(marks) - span * Decimal("0.15")
    scale = Decimal(WIDTH) / (span * Decimal("1.3"))

    def place(mark: Decimal) -> str:
        return f"{float((mark - origin) * scale):.2f}"

    left = place(low) if low is not None else "0.00"
    right = place(high) if high is not None else f"{WIDTH:.2f}"
    allowed = max(float(right) - float(left), 0)
    shapes = [
        Markup('<rect x="{}" y="3" width="{:.2f}" height="10" fill="{}"/>').format(
            left, allowed, WASH
        )
    ]
    shapes += [
        Markup('<path d="M{} 1v14" stroke="{}" stroke-width="1.2"/>').format(place(limit), ACCENT)
        for limit in (low, high)
        if limit is not None
    ]
    shapes += [
        Markup(
            '<path d="M{} 3v10" stroke="{}" stroke-width="0.8" stroke-dasharray="2 1.5"/>'
        ).format(place(mark), ACCENT)
        for mark in guards
    ]
    if half:
        shapes.append(
            Markup('<path d="M{0} 8H{1}M{0} 5v6M{1} 5v6" fill="none" stroke="{2}"/>').format(
                place(number - half), place(number + half), INK
            )
        )
    shapes.append(Markup('<circle cx="{}" cy="8" r="2.4" fill="{}"/>').format(place(number), INK))
    reading = f"{value} ± {half_width}" if half is not None else value
    title = f"{reading} [{lower or '−∞'}; {upper or '+∞'}]"
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="interval" role="img" '
        'viewBox="0 0 {:.0f} 16"><title>{}</title>{}</svg>'
    ).format(WIDTH, title, Markup("").join(shapes))


def _decimal(text: str | None) -> Decimal | None:
    """Return ``text`` as a finite number, with a decimal comma read as a point; else None."""
    try:
        number = Decimal((text or "").strip().replace("−", "-").replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
