from rag.answering.refusal import near_documents, refusal_text
from rag.domain import DocumentReference, Hit, Passage


def hit(document_id: str) -> Hit:
    return Hit(Passage("p" + document_id, document_id, "T", 0, 1, "x", "en"), 0.5)


def test_near_documents_are_named_once_best_first() -> None:
    references = {i: DocumentReference(i, f"Title {i}", f"{i}.md", "en", "v") for i in "abcd"}
    near = near_documents([hit("b"), hit("a"), hit("b"), hit("c"), hit("d")], references)
    assert [reference.id for reference in near] == ["b", "a", "c"]
    assert refusal_text("en", near) == "The corpus does not say. Not an answer, but near: Title b; Title a; Title c."
    assert refusal_text("zh", near).startswith("语料库中没有")


def test_without_near_documents_it_only_says_so() -> None:
    assert refusal_text("en", ()) == "The corpus does not say."
