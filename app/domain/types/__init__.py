"""The vocabulary: every type a field can have, as a class (`NibType`) and as an annotation (`Nib`).

`nib: Nib | None = field(...)` on a model, `BY_KEY["nib"]` for fields made on a screen.
"""

from __future__ import annotations

import decimal as _decimal
from datetime import date as _date
from datetime import datetime as _datetime
from typing import Annotated, Any

from app.domain.semantic import Invalid, SemanticType
from app.domain.types.choices import (
    ChoiceType,
    CountryCodeType,
    KbliSectionType,
    MultiChoiceType,
    ReferenceType,
    SexType,
)
from app.domain.types.dates import BirthDateType, DateType, InstantType, PartialDateType
from app.domain.types.identifiers import (
    DocumentNumberType,
    KbliType,
    MrzType,
    NibType,
    NikType,
    NitkuType,
    NpwpType,
    PassportNumberType,
    RegionCodeType,
    VisaIndexType,
)
from app.domain.types.numbers import BoolType, DecimalType, IntType, MoneyType, PercentType
from app.domain.types.text import EmailType, LegalNameType, LongTextType, PersonNameType, PhoneType, TextType, UrlType
from app.domain.types.things import PICTURES, FileType, GeoPointType, SignatureType, StoredFile

LegalName = Annotated[str, LegalNameType()]
PersonName = Annotated[str, PersonNameType()]
PassportNumber = Annotated[str, PassportNumberType()]
DocumentNumber = Annotated[str, DocumentNumberType()]
Mrz = Annotated[str, MrzType()]
MrzLine = Annotated[str, MrzType(strict=False)]
CountryCode = Annotated[str, CountryCodeType()]
Sex = Annotated[str, SexType()]
Nib = Annotated[str, NibType()]
Npwp = Annotated[str, NpwpType()]
Nik = Annotated[str, NikType()]
Nitku = Annotated[str, NitkuType()]
Kbli = Annotated[str, KbliType()]
KbliSection = Annotated[str, KbliSectionType()]
RegionCode = Annotated[str, RegionCodeType()]
VisaIndex = Annotated[str, VisaIndexType()]
Phone = Annotated[str, PhoneType()]
Email = Annotated[str, EmailType()]
Date = Annotated[_date, DateType()]
BirthDate = Annotated[_date, BirthDateType()]
PartialDate = Annotated[str, PartialDateType()]
Instant = Annotated[_datetime, InstantType()]
Money = Annotated[_decimal.Decimal, MoneyType()]
Percent = Annotated[_decimal.Decimal, PercentType()]
Decimal = Annotated[_decimal.Decimal, DecimalType()]
Int = Annotated[int, IntType()]
Count = Annotated[int, IntType(min=1, max=1_000_000)]
Usd = Annotated[_decimal.Decimal, MoneyType("USD", max=10**9)]
Bool = Annotated[bool, BoolType()]
Url = Annotated[str, UrlType()]
Text = Annotated[str, TextType()]
LongText = Annotated[str, LongTextType()]
GeoPoint = Annotated[str, GeoPointType()]

# Choices, references and files say more: field(choices=…), field(reference="zone"), field(files=FileType(most=5))

BY_KEY: dict[str, type[SemanticType]] = {
    one.key: one
    for one in (
        TextType, LongTextType, LegalNameType, PersonNameType, UrlType, EmailType, PhoneType,
        PassportNumberType, DocumentNumberType, MrzType, NibType, NpwpType, NikType, NitkuType, KbliType,
        RegionCodeType, VisaIndexType, CountryCodeType, SexType, KbliSectionType, ChoiceType, MultiChoiceType,
        ReferenceType, DateType, PartialDateType, InstantType, MoneyType, PercentType, DecimalType, IntType,
        BoolType, FileType, SignatureType, GeoPointType,
    )
}  # fmt: skip


def type_of(annotation: Any) -> SemanticType | None:
    """The semantic type in `Nib`, `Nib | None` or `Annotated[…]`, None for a plain annotation."""
    for meta in getattr(annotation, "__metadata__", ()):
        if isinstance(meta, SemanticType):
            return meta
    for part in getattr(annotation, "__args__", ()):
        found = type_of(part)
        if found is not None:
            return found
    return None


__all__ = [
    "BY_KEY", "PICTURES", "BirthDate", "BirthDateType", "Bool", "BoolType", "ChoiceType", "Count", "CountryCode",
    "CountryCodeType", "Date", "DateType", "Decimal", "DecimalType", "DocumentNumber", "DocumentNumberType",
    "Email", "EmailType", "FileType", "GeoPoint", "GeoPointType", "Instant", "InstantType", "Int", "IntType",
    "Invalid", "Kbli", "KbliSection", "KbliSectionType", "KbliType", "LegalName", "LegalNameType", "LongText",
    "LongTextType", "Money", "MoneyType", "Mrz", "MrzLine", "MrzType", "MultiChoiceType", "Nib", "NibType", "Nik",
    "NikType", "Nitku", "NitkuType", "Npwp", "NpwpType", "PartialDate", "PartialDateType", "PassportNumber",
    "PassportNumberType", "Percent", "PercentType", "PersonName", "PersonNameType", "Phone", "PhoneType",
    "ReferenceType", "RegionCode", "RegionCodeType", "SemanticType", "Sex", "SexType", "SignatureType",
    "StoredFile", "Text", "TextType", "Url", "UrlType", "Usd", "VisaIndex", "VisaIndexType", "type_of",
]  # fmt: skip
