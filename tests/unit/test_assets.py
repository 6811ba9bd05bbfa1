"""What the browser gets: only free code, within its weight, from this host."""

from __future__ import annotations

import hashlib
import re

import pytest

from app.web.assets import DIST, manifest

LICENCES = {"MIT", "Apache-2.0", "OFL-1.1", "0BSD", "BSD-3-Clause", "ISC"}
LIMITS = {"public.js": 15, "staff.js": 35, "grid.js": 65, "public.css": 20, "staff.css": 40}  # kB, compressed


def test_every_package_in_a_bundle_is_free_and_named() -> None:
    packages = manifest()["packages"]
    notices = (DIST / "THIRD-PARTY.txt").read_text("utf-8")

    assert packages
    assert {one["licence"] for one in packages} <= LICENCES
    assert all(f"{one['name']} {one['version']}" in notices for one in packages)


@pytest.mark.parametrize(("name", "limit"), LIMITS.items())
def test_bundles_keep_their_weight(name: str, limit: int) -> None:
    assert manifest()["files"][name]["gzip"] <= limit * 1024


def test_files_are_what_their_names_say_and_ask_no_other_host() -> None:
    for name, entry in manifest()["files"].items():
        body = (DIST / entry["file"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == entry["sha256"], name
        if name.endswith(".css"):
            assert not re.search(rb"(?:url\(|@import)\s*[\"']?(?:https?:)?//", body), name
        if name.endswith(".js"):
            assert b"jQuery" not in body, name
            assert b"fonts.googleapis" not in body, name
