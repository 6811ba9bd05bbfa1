"""Conditions in words, for chips, the builder and saved views: "Kawasan adalah Ngoro atau Jetis"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from app import wording
from app.domain.conditions import Condition, Kind, Operator, Part, kind_of
from app.domain.fields import Field
from app.domain.semantic import Invalid
from app.domain.types import DateType
from app.queries.filters import Target

Named = Callable[[str, str], str]  # (registry, public id) → name


class Words:
    """Says conditions in the language of the page; `named` knows how a record is called."""

    def __init__(self, targets: Mapping[str, Target], named: Named, language: str) -> None:
        self.targets, self.named, self.language = targets, named, language

    def said(self, part: Part, *, inside: bool = False) -> str:
        if isinstance(part, Condition):
            return self._condition(part)
        glue = _("and") if part.join == "all" else _("or")
        text = f" {glue} ".join(self.said(one, inside=True) for one in part.parts)
        return f"({text})" if inside and len(part.parts) > 1 else text

    def field(self, path: str) -> str:
        """How a field is called; through a reference: "Perusahaan › Kawasan"."""
        found = self.targets.get(path)
        if found is None:
            return path
        name = found.field.label.text(self.language)
        return f"{found.through.label.text(self.language)} › {name}" if found.through else name

    def _condition(self, one: Condition) -> str:
        found = self.targets.get(one.path)
        if found is None:
            return one.path
        name, kind = self.field(one.path), kind_of(found.field)
        phrase = phrases(kind).get(one.operator, "%(value)s")
        values = self._values(found.field, kind, one)
        text = phrase.replace("…", "%(value)s") if "…" in phrase else f"{phrase} %(value)s"
        return f"{name} {text % {'value': values}}".strip()

    def _values(self, spec: Field, kind: Kind, one: Condition) -> str:
        texts = [self.value(spec, kind, one.operator, str(value)) for value in one.values]
        glue = _("and") if one.operator == "between" else _("or")
        return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} {glue} {texts[-1]}" if texts else ""

    def value(self, spec: Field, kind: Kind, operator: Operator, text: str) -> str:
        """One value as a person reads it; what cannot be read stands as it was typed, and is said to be unknown."""
        if operator in ("next", "last", "ago", "beyond"):
            return text
        if operator == "period":
            return dict(periods()).get(text, text)
        if spec.reference:
            name = self.named(spec.reference, text)
            return name if name != text else _("“%(value)s” (not known)", value=text)
        try:
            if kind in ("date", "instant"):
                return wording.short_date(DateType().parse(text), self.language)
            if kind in ("choice", "list"):
                return spec.type.show(spec.type.parse(text), self.language)
        except Invalid:
            if kind in ("choice", "list"):
                return _("“%(value)s” (not known)", value=text)
        return f"“{text}”" if kind == "text" else text


def phrases(kind: Kind) -> dict[Operator, str]:
    """The operators of a kind in words; "…" is where the value stands, at the end where there is none."""
    made: dict[Operator, str] = {"empty": _("is empty"), "filled": _("is filled in")}
    if kind == "text":
        made |= {"contains": _("contains"), "lacks": _("does not contain"), "starts": _("starts with")}
        made |= {"is": _("is exactly"), "not": _("is not"), "in": _("is one of")}
    elif kind == "number":
        made |= {"is": _("is exactly"), "not": _("is not"), "ge": _("is at least"), "le": _("is at most")}
        made |= {"gt": _("is more than"), "lt": _("is less than"), "between": _("is between")}
    elif kind in ("date", "instant"):
        made |= {"is": _("is on"), "not": _("is not on"), "ge": _("is on or after"), "le": _("is on or before")}
        made |= {"gt": _("is after"), "lt": _("is before"), "between": _("is between")}
        made |= {"next": _("is within the next … days"), "last": _("was within the last … days")}
        made |= {"past": _("has passed"), "ahead": _("is today or later"), "period": _("falls in")}
        made |= {"ago": _("was more than … days ago"), "beyond": _("is more than … days away")}
    elif kind == "list":
        made |= {"has": _("holds"), "lacks": _("does not hold")}
    elif kind != "files":
        made |= {"is": _("is"), "not": _("is not")}
    return made


def periods() -> list[tuple[str, str]]:
    return [
        ("today", _("today")),
        ("yesterday", _("yesterday")),
        ("tomorrow", _("tomorrow")),
        ("this_week", _("this week")),
        ("last_week", _("last week")),
        ("next_week", _("next week")),
        ("this_month", _("this month")),
        ("last_month", _("last month")),
        ("next_month", _("next month")),
        ("this_quarter", _("this quarter")),
        ("last_quarter", _("last quarter")),
        ("next_quarter", _("next quarter")),
        ("this_year", _("this year")),
        ("last_year", _("last year")),
        ("next_year", _("next year")),
    ]
