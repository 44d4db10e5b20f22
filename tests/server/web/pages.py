"""The page as a person uses it: what can be done, and what is then seen."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

ANSWER_MS = 240_000


class SourcePanel:
    """The panel beside the chat."""

    def __init__(self, page: Page) -> None:
        self.root = page.locator(".panel")
        self.title = self.root.locator(".source-title")
        self.path = self.root.locator(".source-path")
        self.facts = self.root.locator(".source-facts")
        self.position = self.root.locator(".panel-bar .label")
        self.text = self.root.locator(".document-text")
        self.marks = self.text.locator("mark")
        self.why = self.root.locator(".why")

    def highlighted(self) -> str:
        """Return the text that is highlighted."""
        expect(self.marks.first).to_be_visible()
        return "".join(self.marks.all_text_contents())

    def close(self) -> None:
        """Close the panel."""
        self.root.locator(".panel-close").click()


class Turn:
    """A question and its answer."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.question = root.locator("h2")
        self.byline = root.locator(".byline")
        self.prose = root.locator(".prose")
        self.sentences = root.locator(".sentence")
        self.draft = root.locator(".draft")
        self.markers = root.locator(".marker")
        self.refusal = root.locator(".refusal")
        self.outcome = root.locator(".outcome")
        self.actions = root.locator(".actions")

    def wait(self, timeout_ms: float = ANSWER_MS) -> None:
        """Wait until the answer or the refusal is settled."""
        self.actions.wait_for(timeout=timeout_ms)

    def sentence_texts(self) -> list[str]:
        """Return the sentences without their markers."""
        return self.sentences.locator(".words").all_text_contents()

    def verdicts(self) -> list[str]:
        """Return the verdict of each sentence."""
        return [sentence.get_attribute("data-verdict") or "" for sentence in self.sentences.all()]

    def marker(self, number: int) -> Locator:
        """Return the first marker of a citation."""
        return self.root.locator(f'.marker[data-marker="{number}"]').first

    def action(self, place: int) -> Locator:
        """Return an action: 0 copy, 1 answer again, 2 good, 3 bad, 4 why."""
        return self.actions.locator("> button").nth(place)

    def ask_anew(self, question: str) -> None:
        """Edit the question and send it again."""
        self.root.locator(".edit-button").click()
        box = self.root.locator(".edit-form textarea")
        box.fill(question)
        box.press("Enter")


class ChatPage:
    """The whole page."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.box = page.locator("#question")
        self.send_button = page.locator(".send-button")
        self.panel = SourcePanel(page)
        self.card = page.locator(".quote-card")
        self.examples = page.locator(".example")
        self.conversations = page.locator(".conversation")
        self.banner = page.locator(".banner")
        self.toast = page.locator(".toast")
        self.dialog = page.locator("dialog")
        self.menu = page.locator(".menu")
        self.announced = page.locator("#announcer")

    def open(self, path: str = "") -> None:
        """Go to the page, or to a place in it (a hash)."""
        self.page.goto(self.url + path)
        self.page.locator("#app > *").wait_for()

    @property
    def turns(self) -> list[Turn]:
        """The turns, oldest first."""
        return [Turn(root) for root in self.page.locator(".turn").all()]

    @property
    def last(self) -> Turn:
        """The newest turn."""
        return Turn(self.page.locator(".turn").last)

    def send(self, question: str) -> Turn:
        """Send a question and wait until it stands on the page."""
        before = self.page.locator(".turn").count()
        self.box.fill(question)
        self.box.press("Enter")
        expect(self.page.locator(".turn")).to_have_count(before + 1)
        return Turn(self.page.locator(".turn").nth(before))

    def ask(self, question: str) -> Turn:
        """Send a question and wait for its answer."""
        turn = self.send(question)
        turn.wait()
        return turn

    def stop(self) -> None:
        """Stop the answer."""
        expect(self.send_button).to_have_attribute("data-does", "stop")
        self.send_button.click()

    def switch_language(self, code: str) -> None:
        """Switch the language of the interface."""
        self.page.locator(f'.segment[lang="{code}"]').click()
        expect(self.page.locator("html")).to_have_attribute("lang", "zh-Hans" if code == "zh" else "en")

    def give_feedback(self, reason: str, comment: str) -> None:
        """Fill in the feedback dialog and send it."""
        self.dialog.locator(f'input[value="{reason}"]').check()
        self.dialog.locator("textarea").fill(comment)
        self.dialog.locator("button[type=submit]").click()
        expect(self.dialog).to_have_count(0)
