"""Staff see how each kind of message looks, in both languages; nobody else does, and nothing is sent."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.domain.messages import KINDS, WRITABLE
from tests.fixtures.login import log_in_as

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_a_preview(client: FlaskClient, kind: str, language: str) -> None:
    log_in_as(client, "secretariat")
    page = client.get(f"/staff/mail/preview/{kind}?language={language}")
    assert page.status_code == 200
    assert f'src="/staff/mail/preview/{kind}/html?language={language}"' in page.text
    assert ("PT Contoh Maju Sejahtera" if kind in WRITABLE else "Rina Contoh") in page.text
    letter = client.get(f"/staff/mail/preview/{kind}/html?language={language}")
    assert f'<html lang="{language}">' in letter.text
    policy = letter.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert letter.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_all_kinds_are_listed(client: FlaskClient) -> None:
    log_in_as(client, "auditor")
    page = client.get("/staff/mail/preview").text
    for kind in KINDS.values():
        assert kind.title.id in page


def test_strangers_see_no_preview(client: FlaskClient) -> None:
    assert client.get("/staff/mail/preview/link").status_code in (302, 401, 403)


def test_there_is_no_preview_of_nothing(client: FlaskClient) -> None:
    log_in_as(client, "admin")
    assert client.get("/staff/mail/preview/nothing").status_code == 404
