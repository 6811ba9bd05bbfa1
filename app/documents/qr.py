"""QR codes. A QR leads to the original; it is never a signature."""

from __future__ import annotations

import io

import segno


def svg(text: str, *, scale: int = 4) -> str:
    """An inline SVG, `scale` pixels a module; dark on white, quiet zone included."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        scale=scale,
        border=4,
        dark="#16202e",
        light="#ffffff",
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue().decode()


def svg_bytes(text: str) -> bytes:
    """The same as a file of its own, for a document."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=4, border=2, dark="#000000")
    return out.getvalue()
