"""How fast lists and records are over a million companies, beside stock Flask-Admin and stock Django admin.

The same rows on SQLite and on PostgreSQL; every server under gunicorn with one process, asked in turn in one run,
medians of what a client waits for the whole page. Then, without a peer: an export of all, an edit of 100,000, the
first load of the list on a slow telephone line.

BENCH_ROWS=20000 is a quick look (its goals mean little); BENCH_ROUNDS, how often each is asked; BENCH_ENGINES and
BENCH_PARTS (lists, records, many, paint) take a part of it; BENCH_CACHE, where the made-up rows are kept.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import _contenders, _many, _million, _paint, _records
from bench._asked import Times, ask_all, questions
from bench._contenders import Contender
from bench._report import Report

ROWS = int(os.environ.get("BENCH_ROWS") or _million.ROWS)
SMALL = 10_000
ROUNDS = int(os.environ.get("BENCH_ROUNDS") or 21)
PEER_EVERY = 4  # rounds: a peer that takes seconds a page is asked less often
ENGINES = (os.environ.get("BENCH_ENGINES") or "SQLite,PostgreSQL").split(",")
PARTS = (os.environ.get("BENCH_PARTS") or "lists,records,many,paint").split(",")
MOST_MS, GROWTH = 80.0, 1.5
TIMES_PEER = {"flask_admin": 10.0, "django": 5.0}
AGAINST_STOCK = ("last page", "search 1 hit", "search 0 hits")
ONLY_SAID = "facets on, two filters"  # three lists are read for it: the whole, and one without each filter
FOUND_BY_TWO = ("two filters", "facets on, two filters")  # where two indexes meet, the rows of one are read
AGAINST_TUNED = ("search 75k hits", "search 1 hit", "search 0 hits")  # what pg_trgm helps with


@dataclass(frozen=True)
class Databases:
    """One engine: addresses of the product's rows, of few of them, of the peers' copies."""

    engine: str
    large: str
    small: str
    peers: str
    tuned: str | None
    spare: str  # a copy that may be written to at will


def main() -> None:
    strange = {*ENGINES} - {"SQLite", "PostgreSQL"} | {*PARTS} - {"lists", "records", "many", "paint"}
    if strange:
        sys.exit(f"No engine or part is called {', '.join(sorted(strange))}")
    report = Report()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that its servers end with it
    with tempfile.TemporaryDirectory(prefix="sinergi-bench-") as name:
        folder = Path(name)
        if "SQLite" in ENGINES:
            with sqlite() as databases:
                engine(report, databases, folder / "sqlite")
        if "PostgreSQL" in ENGINES:
            with postgres() as databases:
                engine(report, databases, folder / "postgres")
    report.end()


@contextmanager
def sqlite() -> Iterator[Databases]:
    large, small = _million.sqlite(ROWS), _million.sqlite(SMALL)
    peers = large.with_name("peers.db")
    if not peers.exists():
        making = _million.copied(large, large.with_name("peers.making"))
        _contenders.prepare_peers(_url(making))
        making.rename(peers)
    with tempfile.TemporaryDirectory(dir=large.parent) as folder:
        spare = Path(folder) / "spare.db"
        if "many" in PARTS:
            _million.copied(large, spare)
        yield Databases("SQLite", _url(large), _url(small), _url(peers), None, _url(spare))


def _url(path: Path) -> str:
    return f"sqlite:///{path}"


@contextmanager
def postgres() -> Iterator[Databases]:
    with _million.postgres(ROWS) as large, _million.postgres(SMALL) as small:
        peers, tuned = _million.sibling(large, "peers"), _million.sibling(large, "tuned")
        if _million.cloned(large, "peers"):
            _contenders.prepare_peers(peers)
        if _million.cloned(peers, "tuned"):
            _million.tune(tuned)
        spare = _million.sibling(large, "spare")
        if "many" in PARTS:
            _million.cloned(large, "spare", again=True)
        yield Databases("PostgreSQL", large, small, peers, tuned, spare)


def engine(report: Report, databases: Databases, folder: Path) -> None:
    """All figures of one engine."""
    with ExitStack() as stack:
        if {"lists", "records", "paint"} & set(PARTS):
            ours = stack.enter_context(_contenders.product("product", databases.large, folder / "large"))
            stock = [
                stack.enter_context(_contenders.flask_admin("Flask-Admin", databases.peers, folder)),
                stack.enter_context(_contenders.django("Django admin", databases.peers, folder)),
            ]
            if "lists" in PARTS:
                lists(report, databases, ours, stock, folder)
            if "records" in PARTS:
                _records.figures(report, databases.engine, databases.large, ours, stock, ROWS, ROUNDS * 2)
            if "paint" in PARTS and databases.engine == "SQLite":
                _paint.figures(report, ours, stock[0])
    if "many" in PARTS:
        _many.figures(report, databases.engine, databases.spare, ROWS)


def lists(report: Report, databases: Databases, ours: Contender, stock: list[Contender], folder: Path) -> None:
    with ExitStack() as stack:
        few = stack.enter_context(_contenders.product("product, 10k rows", databases.small, folder / "small"))
        peers = list(stock)
        if databases.tuned is not None:
            peers += [
                stack.enter_context(_contenders.flask_admin("Flask-Admin, pg_trgm", databases.tuned, folder)),
                stack.enter_context(_contenders.django("Django admin, pg_trgm", databases.tuned, folder)),
            ]
        asked = questions(databases.large, ROWS)
        times = ask_all([ours, *peers], asked, ROUNDS, {peer.name for peer in peers}, PEER_EVERY)
        small = ask_all([few], questions(databases.small, SMALL), ROUNDS, set(), 1, beside=(ours, asked))
    for question in times.questions:
        own_goal(report, databases.engine, question, times)
        beside_peers(report, databases.engine, question, times, stock)
        beside_tuned(report, databases.engine, question, times, peers[len(stock) :])
        growth(report, databases.engine, question, small)


def own_goal(report: Report, engine_: str, question: str, times: Times) -> None:
    value = times.median("product", question) * 1000
    said = f"{ROWS:,} companies"
    goal, ok = ("(no goal)", True) if question == ONLY_SAID else (f"<= {MOST_MS:g} ms", value <= MOST_MS)
    report.line(f"{question}, {engine_}", value, "ms", goal, ok,
                times.count("product", question), ratio=value / MOST_MS, against=said)  # fmt: skip


def beside_peers(report: Report, engine_: str, question: str, times: Times, peers: list[Contender]) -> None:
    for peer in peers:
        if times.count(peer.name, question):
            wanted = TIMES_PEER[peer.kind] if question in AGAINST_STOCK else None
            beside(report, f"{question}, {engine_}, beside stock {peer.name}", question, times, peer.name, wanted)


def beside_tuned(report: Report, engine_: str, question: str, times: Times, peers: list[Contender]) -> None:
    for peer in peers:
        if question in AGAINST_TUNED:
            beside(report, f"{question}, {engine_}, beside {peer.name}", question, times, peer.name, 1.0)


def beside(report: Report, figure: str, question: str, times: Times, peer: str, wanted: float | None) -> None:
    """How many times as long the peer takes; without `wanted` only said."""
    ours, theirs = times.median("product", question), times.median(peer, question)
    goal, ok = ("(no goal)", True) if wanted is None else (f">= {wanted:g}x", theirs / ours >= wanted)
    report.line(figure, theirs / ours, "x", goal, ok, times.count(peer, question), ratio=theirs / ours,
                against=f"{peer} {theirs * 1000:.1f} ms, product {ours * 1000:.1f} ms")  # fmt: skip


def growth(report: Report, engine_: str, question: str, times: Times) -> None:
    many, few = times.median("product", question), times.median("product, 10k rows", question)
    goal, ok = (f"<= {GROWTH}x", many / few <= GROWTH) if question not in FOUND_BY_TWO else ("(no goal)", True)
    report.line(f"{question}, {engine_}, growth from 10k rows", many / few, "x", goal, ok,
                times.count("product", question), ratio=many / few,
                against=f"10k rows {few * 1000:.1f} ms, {ROWS:,} rows {many * 1000:.1f} ms")  # fmt: skip


if __name__ == "__main__":
    main()
