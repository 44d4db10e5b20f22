"""Whether what a draft says is put together from passages that do not say it together.

Asked for the parameters of one model, a small one gives those of another; asked who founded one company, it names the
founder of another. What it names stands in one passage, what it says of that in a second, and both may be cited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rag.answering.evidence import source_line
from rag.answering.names import fold_name, is_named, names_in
from rag.answering.support import Statement, Support, lacking_facts
from rag.domain import Passage
from rag.index.name_pairs import NamePair, writings_of


def is_pieced_together(
    claim: Statement, passages: Collection[Passage], evidence: Sequence[Statement], name_pairs: Sequence[NamePair]
) -> bool:
    """Whether ``claim`` is pinned to several passages of which none holds all facts of one of its clauses.

    Passages count whole, as running text names its subject once. A fact that nothing in ``evidence`` holds is the
    model's own word for something, or its invention: that is judged elsewhere.
    """
    if len(passages) < 2:
        return False
    whole = [Statement(passage.text, claim.vector, source_line(passage), passage_id=passage.id) for passage in passages]
    lacking = lacking_facts(claim, whole, name_pairs)
    return bool(lacking) and not Support(0.0, lacking).within(evidence).absent


def borrows_its_names(
    added: Iterable[str], pinned: Collection[Passage], read: Iterable[Passage], name_pairs: Sequence[NamePair]
) -> bool:
    """Whether all the names that a draft has ``added`` to the question stand in other passages that were ``read``.

    Those that it is ``pinned`` to hold none of them, in either script; that another does hold them, as written, tells
    a borrowed name from one that a passage in the other language writes in a way that is not known.
    """
    names = frozenset(added)
    here = _folded(pinned)
    elsewhere = _folded(passage for passage in read if passage not in pinned)
    return bool(names) and all(
        is_named(name, elsewhere)
        and not any(is_named(writing, here) for writing in {name, *writings_of(name, name_pairs)})
        for name in names
    )


def added_names(question: str, draft: str, known: frozenset[str]) -> list[str]:
    """Return the names of ``draft`` that ``question`` does not hold; ``known`` are names wherever they stand."""
    asked = fold_name(question)
    return [name for name in names_in(draft, known) if not is_named(name, asked)]


def _folded(passages: Iterable[Passage]) -> str:
    return fold_name("\n".join(f"{source_line(passage)}\n{passage.text}" for passage in passages))
