"""One control for each way a person can answer; each renders itself without HTML5 validation or scripts.

A control's `data` is the raw answer: text, a list of texts (multiple), True/False (checkbox) or an upload.
Templates put label, help and error around it; `described_by` names them for screen readers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import wtforms
from markupsafe import Markup, escape

from app.domain.errors import Problem
from app.domain.fields import Field

Choice = tuple[str, str]

# how phones and password managers should help; a key of the semantic type
_TYPES = {"email": "email", "tel": "tel", "url": "url"}
_INPUT_MODES = {"number": "numeric", "decimal": "decimal", "email": "email", "tel": "tel", "url": "url", "date": "text"}
_FEWEST_ROWS, _MOST_ROWS = 3, 18  # of a box for long text
_DIGITS = frozenset({"nib", "npwp", "nik", "nitku", "kbli", "region_code"})


class Control(wtforms.Field):
    """Base of all controls. `kind` is what templates branch on."""

    kind = "text"

    def __init__(self, label: str, spec: Field, language: str, help: str = "", **kw: Any) -> None:
        super().__init__(label, **kw)
        self.spec = spec
        self.language = language
        self.help = help
        self.sentence = ""
        self.problem: Problem | None = None

    @property
    def optional(self) -> bool:
        """Whether it may be left empty; a field with a usual value is never empty."""
        return not self.spec.required and self.spec.default in (None, list)

    @property
    def input_id(self) -> str:
        """Where a label and the error summary lead: the first box of the control."""
        return self.id

    @property
    def described_by(self) -> str | None:
        parts = [f"{self.id}-help"] if self.help else []
        parts += [f"{self.id}-error"] if self.sentence else []
        return " ".join(parts) or None

    @property
    def raw(self) -> Any:
        """The answer as `Schema.validate` takes it."""
        return self.data

    def fail(self, problem: Problem, sentence: str) -> None:
        """Put the first problem of this field at it."""
        if self.problem is None:
            self.problem, self.sentence = problem, sentence
            self.errors = [sentence]

    def process_data(self, value: Any) -> None:
        self.data = value if isinstance(value, str) else self.spec.type.entry(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:
            self.data = valuelist[0]

    def attributes(self, **given: Any) -> dict[str, Any]:
        return {
            "id": self.id,
            "name": self.name,
            "aria_describedby": self.described_by or False,
            "aria_invalid": "true" if self.sentence else False,
            "data_field": self.spec.key,
            **given,
        }

    def __call__(self, **given: Any) -> Markup:
        input_kind = self.spec.type.input
        mode = "numeric" if self.spec.type.key in _DIGITS else _INPUT_MODES.get(input_kind, False)
        kind = _TYPES.get(input_kind, "text")
        extra = {
            "type": kind,
            "value": self.data or "",
            "autocomplete": "off",
            "inputmode": mode,
            "spellcheck": "false",
        }
        return _html(f"<input {html_params(**self.attributes(**extra, **given))}>")


class TextArea(Control):
    kind = "textarea"

    def __call__(self, **given: Any) -> Markup:
        rows = min(_MOST_ROWS, max(_FEWEST_ROWS, str(self.data or "").count("\n") + 2))
        attributes = html_params(**self.attributes(**{"rows": rows, **given}))
        return _html(f"<textarea {attributes}>\n{escape(self.data or '')}</textarea>")


class CheckBox(Control):
    """Yes, or nothing: an absent box is an answer (False) once the form was sent."""

    kind = "checkbox"

    def process_data(self, value: Any) -> None:
        self.data = bool(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = bool(valuelist) and valuelist[0] not in ("", "0", "false")

    def __call__(self, **given: Any) -> Markup:
        extra = {"type": "checkbox", "value": "1", "checked": bool(self.data)}
        return _html(f"<input {html_params(**self.attributes(**extra, **given))}>")


class Select(Control):
    """One of a list. `source` is the address a picker searches; then `choices` holds what is chosen now."""

    kind = "select"
    multiple = False

    def __init__(self, label: str, spec: Field, language: str, choices: Iterable[Choice] = (), **kw: Any) -> None:
        self.source: str | None = kw.pop("source", None)
        self.blank: bool = kw.pop("blank", True)  # whether "no answer" is one of the choices
        super().__init__(label, spec, language, **kw)
        self.choices = list(choices)

    def chosen(self) -> Sequence[str]:
        return [self.data] if self.data else []

    def __call__(self, **given: Any) -> Markup:
        chosen = self.chosen()
        known = {value for value, _ in self.choices}
        rows = [("", "")] if self.blank and not self.multiple else []
        # An unknown answer stays visible, so that what was typed or pasted is never lost.
        rows += [*self.choices, *((value, value) for value in chosen if value not in known)]
        options = "".join(_option(value, text, value in chosen or not (value or chosen)) for value, text in rows)
        extra = {"multiple": self.multiple, "data_source": self.source or False}
        return _html(f"<select {html_params(**self.attributes(**extra, **given))}>{options}</select>")


class MultiSelect(Select):
    kind = "multiselect"
    multiple = True

    def process_data(self, value: Any) -> None:
        self.data = [str(one) for one in value or []]

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [value for value in valuelist if value]

    def chosen(self) -> Sequence[str]:
        return list(self.data or [])


class Reference(Control):
    """A record of another registry with too many records for a list: type its name, or pick with JavaScript.

    The answer is a public id (picked) or the typed name or number; `shown` names the present record.
    """

    kind = "reference"

    def __init__(self, label: str, spec: Field, language: str, suggestions: Iterable[str] = (), **kw: Any) -> None:
        self.source: str | None = kw.pop("source", None)
        self.shown: str = kw.pop("shown", "")
        super().__init__(label, spec, language, **kw)
        self.suggestions = list(suggestions)

    def __call__(self, **given: Any) -> Markup:
        extra = {
            "type": "text", "value": self.data or "", "autocomplete": "off", "list": f"{self.id}-list",
            "data_reference": True, "data_source": self.source or False, "data_shown": self.shown or False,
        }  # fmt: skip
        options = "".join(f'<option value="{escape(one)}"></option>' for one in self.suggestions)
        box = html_params(**self.attributes(**extra, **given))
        return _html(f'<input {box}><datalist id="{escape(self.id)}-list">{options}</datalist>')


class DateParts(Control):
    """A day in three boxes (Tanggal / Bulan / Tahun), as phones and slow typists like it; data is "d/m/y"."""

    kind = "date"
    PARTS = (("d", "Tanggal", "Day", 2), ("m", "Bulan", "Month", 2), ("y", "Tahun", "Year", 4))

    def __init__(self, label: str, spec: Field, language: str, **kw: Any) -> None:
        super().__init__(label, spec, language, **kw)
        self.parts: dict[str, str] = dict.fromkeys("dmy", "")

    @property
    def input_id(self) -> str:
        return f"{self.id}-d"

    def process_data(self, value: Any) -> None:
        super().process_data(value)
        pieces = (self.data or "").split("/")
        self.parts = dict(zip("dmy", pieces, strict=False)) if len(pieces) == 3 else dict.fromkeys("dmy", "")

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, *([] if data is None else [data]))
        names = [f"{self.name}-{part}" for part, *_ in self.PARTS]
        if formdata is not None and any(name in formdata for name in names):
            self.parts = {part: str(formdata.get(f"{self.name}-{part}", "")).strip() for part, *_ in self.PARTS}
            self.data = "/".join(self.parts.values()) if any(self.parts.values()) else ""

    def boxes(self) -> list[dict[str, Any]]:
        """What a template needs to draw the three boxes."""
        return [
            {
                "id": f"{self.id}-{part}",
                "name": f"{self.name}-{part}",
                "value": self.parts.get(part, ""),
                "length": length,
                "label": english if self.language == "en" else indonesian,
            }
            for part, indonesian, english, length in self.PARTS
        ]

    def __call__(self, **given: Any) -> Markup:
        made = []
        shared = {"type": "text", "inputmode": "numeric", "autocomplete": "off", **given}
        shared["aria_invalid"] = "true" if self.sentence else False
        for box in self.boxes():
            own = html_params(id=box["id"], name=box["name"], value=box["value"], size=box["length"], **shared)
            label = f'<label for="{escape(box["id"])}">{box["label"]}</label>'
            made.append(f'<span class="date-part">{label}<input {own}></span>')
        return _html("".join(made))


class Password(Control):
    """A secret: written, never shown, not even as it was typed a moment ago."""

    kind = "password"

    def __call__(self, **given: Any) -> Markup:
        extra = {"type": "password", "value": "", "autocomplete": "new-password", "spellcheck": "false"}
        return _html(f"<input {html_params(**self.attributes(**extra, **given))}>")


class Colour(Control):
    """A colour as #rrggbb; with JavaScript a picker stands beside it and its contrast is said while choosing."""

    kind = "colour"

    def __call__(self, **given: Any) -> Markup:
        extra = {
            "type": "text",
            "value": self.data or "",
            "autocomplete": "off",
            "spellcheck": "false",
            "data_colour": True,
        }
        return _html(f"<input {html_params(**self.attributes(**extra, **given))}>")


class Upload(Control):
    kind = "file"

    @property
    def raw(self) -> Any:
        return self.data if getattr(self.data, "filename", "") else None

    def process_data(self, value: Any) -> None:
        self.data = value

    def __call__(self, **given: Any) -> Markup:
        return _html(f"<input {html_params(**self.attributes(**{'type': 'file', **given}))}>")


class Files(Control):
    """Files of a record: a box each for those that stand, taken off where its tick is, and one for more.

    The answer is a list of ids, and of what was refused. `choices` are (id, name) of what may stand. New files come as
    `NAME-new`; the door keeps them and adds their ids to what was typed.
    """

    kind = "files"

    def __init__(self, label: str, spec: Field, language: str, choices: Iterable[Choice] = (), **kw: Any) -> None:
        super().__init__(label, spec, language, **kw)
        taken: Any = spec.type
        self.kinds: Iterable[str] = taken.kinds
        self.most: int = taken.most
        self.names = dict(choices)

    @property
    def input_id(self) -> str:
        return f"{self.id}-new"

    @property
    def raw(self) -> Any:
        """Where one file is all there can be, the newest stands."""
        return self.data[-1:] if self.most == 1 else self.data

    def process_data(self, value: Any) -> None:
        self.data = [one["id"] for one in value or ()]

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist:  # a form that did not show the control says nothing of it
            self.data = [one for one in valuelist if one]

    def __call__(self, **given: Any) -> Markup:
        kept = "".join(self._kept(number, one) for number, one in enumerate(self.raw) if one in self.names)
        shown = {"type": "file", "multiple": self.most > 1, "accept": ",".join(self.kinds), **given}
        box = html_params(**{**self.attributes(**shown), "id": self.input_id, "name": f"{self.name}-new"})
        there = html_params(type="hidden", name=self.name, value="")
        listed = f'<ul class="kept-files" aria-label="{escape(self.label.text)}">{kept}</ul>' if kept else ""
        return _html(f"{listed}<input {there}><input {box}>")

    def _kept(self, number: int, one: str) -> str:
        id_ = f"{self.id}-{number}"
        box = html_params(id=id_, type="checkbox", name=self.name, value=one, checked=True)
        name = f'<label for="{escape(id_)}"><bdi>{escape(self.names[one])}</bdi></label>'
        return f'<li class="check"><input {box}>{name}</li>'


def html_params(**given: Any) -> str:
    """Attributes as the library's function of this name writes them, which formats each one: a form has hundreds."""
    made = []
    for name, value in sorted(given.items()):
        if value is False:
            continue
        said = name.rstrip("_")
        if said.startswith(("data_", "aria_")):
            said = said.replace("_", "-")
        made.append(said if value is True else f'{said}="{escape(value)}"')
    return " ".join(made)


def _option(value: str, text: str, chosen: bool) -> str:
    selected = "selected " if chosen else ""
    return f'<option {selected}value="{escape(value)}">{escape(text)}</option>'


def _html(text: str) -> Markup:
    return Markup(text)  # noqa: S704 - every part went through html_params or escape
