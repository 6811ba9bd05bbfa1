"""The generated pages of one registry in their states."""

from __future__ import annotations

from app.registry import Registry
from bench.axe.eye import Eye, Skip, States
from bench.axe.stock import Stock, stay_fresh

NOTHING = "tidakadasamasekali"
TEXT = "main form[method=post] :is(input:not([type]), input[type=text], textarea):not([name^=_]):not([inputmode])"


def of(eye: Eye, registry: Registry, stock: Stock) -> States:
    """(name, what leads there)"""
    key, base = registry.key, f"/staff/{registry.key}"
    stay_fresh()
    yield f"{key}: list", lambda: eye.open(f"{base}/")
    yield f"{key}: list without a hit", lambda: eye.open(f"{base}/?q={NOTHING}")
    yield f"{key}: trash", lambda: eye.open(f"{base}/?trash=1")
    yield f"{key}: filters and numbers", lambda: _filters(eye, base)
    yield f"{key}: an unfinished condition", lambda: _unfinished(eye, base)
    yield f"{key}: columns", lambda: _open(eye, base, "details.columns")
    yield f"{key}: save this view", lambda: _open(eye, base, "details.keep")
    yield f"{key}: cell edit", lambda: _cell(eye, base)
    yield f"{key}: new", lambda: _fillable(eye, f"{base}/new/")
    yield f"{key}: new, faulty", lambda: eye.post_as_is()
    yield f"{key}: new with rows and pickers", lambda: _rows(eye, f"{base}/new/")
    yield f"{key}: new within new", lambda: _within(eye, f"{base}/new/")
    yield f"{key}: import", lambda: _allowed(eye, f"/staff/import/{key}/")
    yield f"{key}: import, faulty", lambda: eye.post_as_is()
    if stock.first.get(key):
        yield from _record(eye, key, base, f"id={stock.first[key]}")
    if stock.aged.get(key):
        yield from _past(eye, key, base, f"id={stock.past[key]}", stock.aged[key])


def _record(eye: Eye, key: str, base: str, one: str) -> States:
    yield f"{key}: record", lambda: eye.open(f"{base}/details/?{one}")
    for tab in _tabs(eye, f"{base}/details/?{one}") if eye.wants(f"{key}: record") else ():
        yield f"{key}: record, {tab}", lambda tab=tab: eye.open(f"{base}/details/?{one}&tab={tab}")  # type: ignore[misc]
    yield f"{key}: edit", lambda: _fillable(eye, f"{base}/edit/?{one}")
    yield f"{key}: edit, faulty", lambda: _emptied(eye)
    yield f"{key}: edit with rows and pickers", lambda: _rows(eye, f"{base}/edit/?{one}")
    yield f"{key}: delete", lambda: _allowed(eye, f"{base}/delete/?{one}")


def _tabs(eye: Eye, path: str) -> list[str]:
    """Parts of a page that has some."""
    eye.open(path)
    read = "found => found.map(one => new URL(one.href).searchParams.get('tab')).filter(one => one)"
    names: list[str] = eye.page.eval_on_selector_all("main nav .tabs a", read)
    return names[1:]  # the first stands open already


def _past(eye: Eye, key: str, base: str, one: str, aged: str) -> States:
    yield f"{key}: history", lambda: eye.open(f"{base}/history/?{one}")
    yield f"{key}: history without a hit", lambda: eye.open(f"{base}/history/?{one}&action=purge")
    yield f"{key}: version", lambda: eye.open(f"{base}/version/?{one}&v=1")
    yield f"{key}: compare", lambda: eye.open(f"{base}/compare/?{one}&a=1&b=2")
    yield f"{key}: compare, all fields", lambda: eye.open(f"{base}/compare/?{one}&a=1&b=2&all=1")
    yield f"{key}: go back", lambda: _allowed(eye, f"{base}/revert/?{one}&to=1")
    yield f"{key}: two changes meet", lambda: _meeting(eye, f"{base}/edit/?{one}", aged)


# ---- lists


def _filters(eye: Eye, base: str) -> None:
    eye.open(f"{base}/?counts=1")
    eye.unfold("details.filter-box")
    add = eye.page.locator("details.filter-box button[name='w.do'][value^='add:']").first
    if add.count() == 0:
        return
    add.click()
    eye.page.locator("details.filter-box [data-rule]").first.wait_for()
    eye.unfold("details.filter-box, .facets details")


def _unfinished(eye: Eye, base: str) -> None:
    """A condition without a value, as sent."""
    eye.open(f"{base}/")
    box = eye.page.locator("details.filter-box select[name$='.f']").first
    eye.unfold("details.filter-box")
    if box.count() == 0:
        eye.open(f"{base}/?w.1.f=created_at&w.1.o=before&w.1.v=")
    else:
        field = box.locator("option").nth(1).get_attribute("value")
        eye.open(f"{base}/?w.1.f={field}&w.1.o=&w.1.v=")
    eye.unfold("details.filter-box")


def _open(eye: Eye, base: str, panel: str) -> None:
    eye.open(f"{base}/?order=-updated_at")
    eye.unfold(panel)


def _cell(eye: Eye, base: str) -> None:
    eye.open(f"{base}/")
    if eye.page.locator("td[data-field]").count() == 0:
        raise Skip
    eye.page.keyboard.press("j")
    for _column in range(12):
        if eye.page.evaluate("document.activeElement.dataset.field !== undefined"):
            break
        eye.page.keyboard.press("ArrowRight")
    eye.page.keyboard.press("Enter")
    eye.page.locator("[data-cell-form]").wait_for()


# ---- forms


def _allowed(eye: Eye, path: str) -> None:
    """A page that some registries do not have."""
    eye.open(path)
    if eye.page.locator("main form[method=post], main .note").count() == 0:
        raise Skip


def _fillable(eye: Eye, path: str) -> None:
    _allowed(eye, path)
    eye.page.locator("main form[method=post]").first.wait_for()


def _emptied(eye: Eye) -> None:
    """What is required, empty."""
    names = eye.page.eval_on_selector_all(TEXT, "found => found.map(one => one.name)")
    eye.post_as_is("main form[method=post].panel", **dict.fromkeys(names, ""))


def _rows(eye: Eye, path: str) -> None:
    """A row of every kind, and a picker that has found something."""
    _fillable(eye, path)
    adds = "main form button[name=_step][value^='add']"
    pickers = eye.page.locator("main .ts-control")
    if eye.page.locator(adds).count() == 0 and pickers.count() == 0:
        raise Skip
    for number in range(eye.page.locator(adds).count()):
        eye.page.locator(adds).nth(number).click()
        eye.page.wait_for_timeout(300)
    if pickers.count():
        pickers.first.click()
        eye.page.locator(".ts-dropdown:visible").first.wait_for()


def _within(eye: Eye, path: str) -> None:
    """What a picker does not find, made without leaving the form."""
    _fillable(eye, path)
    button = eye.page.locator("main form button[data-create], main form a[data-create]").first
    if button.count() == 0:
        raise Skip
    button.click()
    eye.page.locator("dialog[open]").wait_for()


def _meeting(eye: Eye, path: str, name: str) -> None:
    """My change of a text on the first version; somebody else has changed it since."""
    _fillable(eye, path)
    if eye.page.locator(f"main form.panel [name={name or '_none'}]").count() == 0:
        raise Skip
    eye.post_as_is("main form[method=post].panel", **{name: "Zzz Lain", "row_version": "1"})
    if eye.status not in (409, 422):
        raise AssertionError(f"the page where two changes meet answered {eye.status}")
