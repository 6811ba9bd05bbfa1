"""Closed lists: choices, countries, references to other records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from app.domain import countries
from app.domain.fields import Label
from app.domain.semantic import Invalid, SemanticType
from app.domain.types.text import fold, line

Options = Sequence[tuple[str, Label]]
_GOOD_ENOUGH = 75.0


class ChoiceType(SemanticType):
    """One of a closed list. Read by stored value, either label or a synonym, whatever the case."""

    key: ClassVar[str] = "choice"
    input: ClassVar[str] = "select"

    def __init__(
        self, options: Iterable[tuple[str, Label]], synonyms: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self.options: Options = tuple(options)
        self.labels: dict[str, Label] = dict(self.options)
        self._known: dict[str, str] = {}
        for value, label in self.options:
            for word in (value, label.id, label.en, *(synonyms or {}).get(value, ())):
                self._known.setdefault(fold(word) or word, value)
        self._exact: dict[str, str] = {value: value for value in self.labels}
        self.max_length: int | None = max((len(value) for value in self.labels), default=None)
        self.example = self.options[0][1].id if self.options else ""

    def parse(self, raw: Any) -> str:
        if type(raw) is str and raw in self._exact:
            return raw
        text = line(raw)
        value = self._known.get(fold(text) or text)
        if value is None or "?" in text or "\uff1f" in text:  # who writes "L?" is not sure
            raise Invalid("choice_unknown", suggestion=self.closest(text))
        return value

    def closest(self, text: str, language: str = "id") -> str | None:
        """The label most like a mistyped one."""
        from rapidfuzz import fuzz, process

        best = process.extractOne(fold(text), list(self._known), scorer=fuzz.ratio)
        if best is None or best[1] < _GOOD_ENOUGH:
            return None
        return self.labels[self._known[best[0]]].text(language)

    def held(self, text: str, language: str = "id") -> str | None:
        """The label of the known words inside a longer remark: "resign 3 Okt" speaks of leaving."""
        padded = f" {fold(text)} "
        held = [word for word in self._known if len(word) > 2 and f" {word} " in padded]
        whole = [word for word in held if not any(word != other and word in other for other in held)]
        meant = {self._known[word] for word in whole}
        return self.labels[meant.pop()].text(language) if len(meant) == 1 else None

    def show(self, value: Any, language: str = "id") -> str:
        label = self.labels.get(str(value))
        return label.text(language) if label else ("" if value is None else str(value))

    def cell(self, value: Any) -> Any:
        return self.show(value) if value is not None else None

    def choices(self, language: str = "id") -> list[tuple[str, str]] | None:
        return [(value, label.text(language)) for value, label in self.options]


class MultiChoiceType(ChoiceType):
    """Several of a closed list, stored as a list of values in the order of the options."""

    key: ClassVar[str] = "multi_choice"
    python: ClassVar[type] = list
    input: ClassVar[str] = "multiselect"

    def parse(self, raw: Any) -> Any:
        words = list(raw) if isinstance(raw, list | tuple | set | frozenset) else _split(line(raw))
        chosen = {ChoiceType.parse(self, word) for word in words if str(word).strip()}
        if not chosen:
            raise Invalid("required")
        return [value for value in self.labels if value in chosen]

    def show(self, value: Any, language: str = "id") -> str:
        return ", ".join(ChoiceType.show(self, one, language) for one in value or ())

    def entry(self, value: Any) -> str:
        return ", ".join(value or ())

    def cell(self, value: Any) -> Any:
        return self.show(value) if value else None


def _split(text: str) -> list[str]:
    for mark in (";", "\n", "|", ","):
        text = text.replace(mark, "\x1f")
    return text.split("\x1f")


class SexType(ChoiceType):
    """Sex as in the passport: M, F or X. Sheets write L/P, Pria/Wanita, M/F."""

    key: ClassVar[str] = "sex"

    def __init__(self) -> None:
        super().__init__(
            [
                ("M", Label("Laki-laki", "Male")),
                ("F", Label("Perempuan", "Female")),
                ("X", Label("Tidak disebutkan", "Unspecified")),
            ],
            {
                "M": (
                    "L",
                    "LK",
                    "Laki",
                    "Lk.",
                    "Laki2",
                    "Lelaki",
                    "Pria",
                    "Man",
                    "Cowok",
                    "男",
                    "男性",
                    "남",
                    "남자",
                    "남성",
                    "♂",
                    "Mr",
                    "Tn",
                    "Tuan",
                    "Bpk",
                    "1",
                ),
                "F": (
                    "P",
                    "PR",
                    "Pr.",
                    "Wanita",
                    "W",
                    "Woman",
                    "Cewek",
                    "女",
                    "女性",
                    "여",
                    "여자",
                    "여성",
                    "♀",
                    "Mrs",
                    "Ms",
                    "Miss",
                    "Ny",
                    "Nyonya",
                    "Nn",
                    "Nona",
                    "Ibu",
                    "2",
                ),
                "X": ("<", "Lainnya", "Other"),
            },
        )
        self.example = "L"


class KbliSectionType(ChoiceType):
    """Section of the KBLI (A to U), the sector of a company."""

    key: ClassVar[str] = "kbli_section"

    def __init__(self) -> None:
        super().__init__(KBLI_SECTIONS)
        self.example = "C"

    def show(self, value: Any, language: str = "id") -> str:
        label = self.labels.get(str(value))
        return f"{value} – {label.text(language)}" if label else ("" if value is None else str(value))

    def parse(self, raw: Any) -> str:
        if isinstance(raw, str) and len(raw) > 1 and raw[:1].upper() in self.labels and not raw[1].isalnum():
            return raw[:1].upper()  # "C – Industri Pengolahan", "C. Manufacturing"
        return super().parse(raw)

    def choices(self, language: str = "id") -> list[tuple[str, str]] | None:
        return [(value, self.show(value, language)) for value in self.labels]


class CountryCodeType(SemanticType):
    """A state or other issuer, stored as alpha-3 (CHN); names, synonyms, ISO-2 and MRZ codes are read."""

    key: ClassVar[str] = "country"
    input: ClassVar[str] = "select"
    max_length: int | None = 3
    example = "Tiongkok"

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str):
            raise Invalid("choice_unknown")
        code = countries.find(raw)
        if code is None:
            text = line(raw)
            code = countries.find(text)
            if code is None:
                raise Invalid("choice_unknown", suggestion=countries.closest(text))
        return code

    def show(self, value: Any, language: str = "id") -> str:
        return countries.name(str(value), language) if value else ""

    def cell(self, value: Any) -> Any:
        return self.show(value) if value else None

    def choices(self, language: str = "id") -> list[tuple[str, str]] | None:
        return list(countries.names(language).items())


class ReferenceType(SemanticType):
    """A record of another registry, by its public id (int keys pass); whether it exists is asked on writing."""

    key: ClassVar[str] = "reference"
    input: ClassVar[str] = "reference"
    example = ""

    def __init__(self, registry: str, max_length: int = 200) -> None:
        self.registry = registry
        self.max_length: int | None = max_length

    def parse(self, raw: Any) -> Any:
        if isinstance(raw, int) and not isinstance(raw, bool):
            return raw
        text = line(raw)
        if self.max_length is not None and len(text) > self.max_length:
            raise Invalid("too_long", max=self.max_length, length=len(text))
        return text


KBLI_SECTIONS: Options = (
    ("A", Label("Pertanian, Kehutanan, dan Perikanan", "Agriculture, forestry and fishing")),
    ("B", Label("Pertambangan dan Penggalian", "Mining and quarrying")),
    ("C", Label("Industri Pengolahan", "Manufacturing")),
    (
        "D",
        Label(
            "Pengadaan Listrik, Gas, Uap/Air Panas, dan Udara Dingin", "Electricity, gas, steam and air conditioning"
        ),
    ),
    ("E", Label("Pengelolaan Air, Air Limbah, dan Sampah", "Water supply, sewerage and waste management")),
    ("F", Label("Konstruksi", "Construction")),
    ("G", Label("Perdagangan Besar dan Eceran", "Wholesale and retail trade")),
    ("H", Label("Pengangkutan dan Pergudangan", "Transport and storage")),
    ("I", Label("Penyediaan Akomodasi dan Makan Minum", "Accommodation and food service")),
    ("J", Label("Informasi dan Komunikasi", "Information and communication")),
    ("K", Label("Aktivitas Keuangan dan Asuransi", "Finance and insurance")),
    ("L", Label("Real Estat", "Real estate")),
    ("M", Label("Aktivitas Profesional, Ilmiah, dan Teknis", "Professional, scientific and technical services")),
    ("N", Label("Aktivitas Penyewaan dan Penunjang Usaha", "Rental and business support services")),
    ("O", Label("Administrasi Pemerintahan dan Pertahanan", "Public administration and defence")),
    ("P", Label("Pendidikan", "Education")),
    ("Q", Label("Aktivitas Kesehatan dan Sosial", "Health and social work")),
    ("R", Label("Kesenian, Hiburan, dan Rekreasi", "Arts, entertainment and recreation")),
    ("S", Label("Aktivitas Jasa Lainnya", "Other services")),
    ("T", Label("Rumah Tangga sebagai Pemberi Kerja", "Households as employers")),
    ("U", Label("Badan Internasional", "International organisations")),
)
