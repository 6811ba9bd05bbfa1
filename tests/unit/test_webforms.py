"""One form builder for both doors: what is declared is asked, what was typed is kept, what is wrong is said there."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app import webforms
from app.domain.errors import Problem
from app.domain.fields import Field
from app.domain.types import DecimalType
from app.registry import get, registries
from app.webforms import Lookup

ALL = list(registries().values())


def company(*keys: str) -> list[Field]:
    fields = get("company").fields
    return [fields[key] for key in keys]


def form_of(fields: list[Field], typed: Any = None, **options: Any) -> Any:
    made = webforms.build(fields, "id", **options)
    return made(MultiDict(typed)) if typed is not None else made()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("registry", ALL, ids=lambda registry: registry.key)
def test_every_field_of_every_registry_has_a_control_that_draws_itself(registry: Any, language: str) -> None:
    fields = [field for field in registry.fields.values() if not field.computed]
    form = webforms.build(fields, language)()

    assert set(webforms.values(form)) == {field.key for field in fields}
    for control in form:
        html = str(control())
        assert f'name="{control.name}"' in html
        assert "required" not in html, "no HTML5 validation"
        assert control.label.text == control.spec.label.text(language)


@pytest.mark.parametrize("registry", ALL, ids=lambda registry: registry.key)
def test_a_sample_typed_into_its_box_is_taken_by_the_validator(registry: Any) -> None:
    fields = [field for field in registry.fields.values() if not (field.computed or field.reference)]
    typed = {field.key: field.type.entry(field.type.parse(field.sample())) for field in fields if field.sample()}
    form = webforms.build(fields, "id")(MultiDict(typed))

    _clean, problems = registry.validate(webforms.values(form), "update")

    assert [problem for problem in problems if problem.code != "dates_reversed"] == []


def test_what_was_typed_wrong_stands_in_its_box_with_the_sentence_beside() -> None:
    form = form_of(company("legal_name", "nib"), {"legal_name": "", "nib": '12"3'})
    schema = get("company")
    _clean, problems = schema.validate(webforms.values(form))

    left = webforms.errors_onto(form, problems, "id")

    assert left == []
    assert 'aria-invalid="true"' in str(form["nib"]())
    assert 'value="12&#34;3"' in str(form["nib"]())
    assert form["nib"].described_by == "nib-help nib-error"
    assert [anchor for anchor, _label, _sentence in webforms.summary(form)] == ["legal_name", "nib"]


def test_a_problem_without_a_field_comes_back() -> None:
    form = form_of(company("legal_name"), {"legal_name": "PT Contoh"})
    stray = Problem("duplicate", field="nib")

    assert webforms.errors_onto(form, [stray], "id") == [stray]


def test_a_day_in_three_boxes_is_one_answer() -> None:
    fields = [get("foreign_national").fields["birth_date"]]
    typed = {"birth_date-d": "3", "birth_date-m": "12", "birth_date-y": "1985"}
    form = form_of(fields, typed, dates="parts")

    assert webforms.values(form) == {"birth_date": "3/12/1985"}
    assert str(form["birth_date"]()).count("<input") == 3
    assert form["birth_date"].input_id == "birth_date-d"
    assert webforms.values(form_of(fields, {}, dates="parts")) == {"birth_date": ""}


def test_an_unticked_box_is_a_no_and_a_usual_value_has_no_blank() -> None:
    form = form_of(company("is_sponsor", "status"), {})

    assert webforms.values(form)["is_sponsor"] is False
    assert '<option value="">' not in str(form["status"]())
    assert not form["status"].optional


def test_an_answer_that_is_no_choice_stays_visible() -> None:
    form = form_of(company("capital_status"), {"capital_status": "PMX"})

    assert '<option selected value="PMX">' in str(form["capital_status"]())


def test_few_records_are_a_list_many_are_a_box_that_searches() -> None:
    few = form_of(company("zone"), lookups=lambda _field: Lookup(choices=[("abc", "Kawasan Contoh")]))
    many = form_of(company("zone"), lookups=lambda _field: Lookup(source="/cari", suggestions=["Kawasan <b>"]))

    assert '<option value="abc">Kawasan Contoh</option>' in str(few["zone"]())
    assert 'data-source="/cari"' in str(many["zone"]())
    assert "&lt;b&gt;" in str(many["zone"]())


def test_a_prefix_keeps_the_rows_of_one_page_apart() -> None:
    form = form_of(company("legal_name"), {"rows-7-legal_name": "PT Contoh"}, prefix="rows-7-")

    assert webforms.values(form) == {"legal_name": "PT Contoh"}
    assert 'id="rows-7-legal_name"' in str(form["legal_name"]())


def test_an_example_of_an_amount_is_written_as_the_reader_writes_and_no_example_is_misread() -> None:
    (levy,) = webforms.build([get("levy_payment").fields["amount_usd"]], "en")()
    assert levy.help.endswith("For example: 1,200")
    for registry in ALL:
        numbers = [field for field in registry.fields.values() if isinstance(field.type, DecimalType)]
        shown = {language: [one.help for one in webforms.build(numbers, language)()] for language in ("id", "en")}
        for field, *told in zip(numbers, shown["id"], shown["en"], strict=True):
            read = {field.type.parse(one.rpartition(": ")[2]) for one in told}
            assert len(read) == 1, (registry.key, field.key, told)
