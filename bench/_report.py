"""One JSON line a figure, and whether all of them reached their goal."""

from __future__ import annotations

import json
from dataclasses import dataclass, field


@dataclass
class Report:
    missed: list[str] = field(default_factory=list)
    printed: int = 0

    def line(
        self,
        figure: str,
        value: float,
        unit: str,
        goal: str,
        ok: bool,
        n: int,
        *,
        ratio: float | None = None,
        against: str = "",
    ) -> None:
        """`n` is how many times it was asked, or how many rows it was about."""
        self.printed += 1
        if not ok:
            self.missed.append(figure)
        said = {"figure": figure, "value": round(value, 3), "unit": unit}
        said |= {"ratio": None if ratio is None else round(ratio, 2), "against": against, "goal": goal, "ok": ok}
        print(json.dumps(said | {"n": n}), flush=True)

    def end(self) -> None:
        """Exit 1 where a goal was missed."""
        if self.missed:
            raise SystemExit(1)
