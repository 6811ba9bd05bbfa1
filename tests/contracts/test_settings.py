"""Every setting a screen asks for: known to the configuration, in both languages, readable as its own example."""

from __future__ import annotations

import pytest

from app.config import VARIABLES, variable
from app.registry import SettingGroup, setting_groups
from app.setting_fields import Settings

GROUPS = list(setting_groups().values())
pytestmark = pytest.mark.parametrize("group", GROUPS, ids=lambda group: group.key)


def test_a_field_is_a_setting_by_the_same_name(group: SettingGroup) -> None:
    assert group.fields.keys() - {"office_logo"} <= Settings.model_fields.keys()
    assert all(variable(name) for name in group.fields)
    assert set(VARIABLES) <= Settings.model_fields.keys()


def test_words_help_and_examples_are_there_in_both_languages(group: SettingGroup) -> None:
    for f in group.fields.values():
        assert all((f.label.id.strip(), f.label.en.strip())), f.key
        assert f.help is not None, f.key
        assert all((f.help.id.strip(), f.help.en.strip())), f.key
        assert f.group is not None, f.key
        if f.sample() and f.type.input != "file":
            assert f.type.parse(f.sample()) is not None, f.key


def test_every_box_may_stay_empty_and_then_the_default_holds(group: SettingGroup) -> None:
    clean, problems = group.validate(dict.fromkeys(group.fields), "update", base={})
    assert problems == []
    assert set(clean.values()) == {None}


def test_a_default_passes_its_own_check(group: SettingGroup) -> None:
    for name, f in group.fields.items():
        default = Settings.model_fields[name].default if name in Settings.model_fields else None
        if default not in (None, "", 0, "127.0.0.1"):
            assert f.type.parse(f.type.entry(default)) == default, name


def test_secrets_are_shown_by_nobody(group: SettingGroup) -> None:
    for name in group.secrets:
        kind = group.fields[name].type
        assert "rahasia" not in kind.show("rahasia") + kind.entry("rahasia") + str(kind.cell("rahasia"))


def test_whoever_writes_also_reads(group: SettingGroup) -> None:
    assert group.write <= group.read
