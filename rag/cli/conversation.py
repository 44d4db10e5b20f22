"""A conversation in the terminal: what ``pincite chat`` does with each line."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.text import Text

from rag import Answer, Assistant, Concluded, Drafted, Found, Hit, Message, PinciteError
from rag.cli.rendering import answer_view, hits_table, sufficiency_table
from rag.domain import Metadata

_HELP = """\
Ask in English or Chinese. Follow-up questions may refer to what was said.
  /sources N   the source behind marker [N], with the text around it
  /why         retrieval and sufficiency scores of the last answer
  /new         start a new conversation
  /help        this text
  /quit        leave (Ctrl-D does too)
Ctrl-C stops an answer, not the program."""
_CONTEXT_CHARACTERS = 300


class Conversation:
    """The state of one chat: the history and the last answer with what was found for it."""

    def __init__(self, assistant: Assistant, filters: Metadata, console: Console) -> None:
        self._assistant = assistant
        self._filters = filters
        self._console = console
        self._history: list[Message] = []
        self._answer: Answer | None = None
        self._hits: tuple[Hit, ...] = ()

    def run(self, read_line: Callable[[], str]) -> None:
        """Answer line after line until the input ends."""
        while True:
            try:
                line = read_line().strip()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if line in ("/quit", "/exit"):
                return
            if line:
                self.take(line)

    def take(self, line: str) -> None:
        """Obey a command or answer a question."""
        command, _, argument = line.partition(" ")
        commands: dict[str, Callable[[], None]] = {
            "/help": lambda: self._console.print(Text(_HELP)),
            "/new": self._start_anew,
            "/why": self._explain,
            "/sources": lambda: self._show_source(argument.strip()),
        }
        if command in commands:
            commands[command]()
        elif line.startswith("/"):
            self._console.print(Text(f"There is no command {command}; /help lists them.", style="yellow"))
        else:
            try:
                self._ask(line)
            except PinciteError as error:
                self._console.print(Text(f"{error} {error.remedy}", style="red"))

    def _ask(self, question: str) -> None:

        events = self._assistant.stream(question, self._history, self._filters)
        draft = Text("", style="dim italic")
        try:
            with Live(draft, console=self._console, transient=True, refresh_per_second=12, vertical_overflow="visible"):
                for event in events:
                    if isinstance(event, Found):
                        self._hits = event.hits
                        draft.plain = "… "
                    elif isinstance(event, Drafted):
                        draft.append(event.text)
                    elif isinstance(event, Concluded):
                        self._answer = event.answer
        except KeyboardInterrupt:
            events.close()
            self._console.print(Text("Stopped.", style="yellow"))
            return
        if self._answer is not None:
            self._console.print(answer_view(self._answer))
            self._history += [Message("user", question), Message("assistant", self._answer.text)]

    def _start_anew(self) -> None:
        self._history, self._answer, self._hits = [], None, ()
        self._console.print(Text("A new conversation.", style="dim"))

    def _explain(self) -> None:

        if self._answer is None:
            self._console.print(Text("Ask something first.", style="yellow"))
            return
        self._console.print(hits_table(self._hits))
        self._console.print(sufficiency_table(self._answer))

    def _show_source(self, number: str) -> None:
        cited = {str(c.marker): c for c in self._answer.citations} if self._answer else {}
        citation = cited.get(number.strip("[]"))
        document = self._assistant.snapshot.store.document(citation.document.id) if citation else None
        if citation is None or document is None:
            self._console.print(Text("Write /sources N, N being a marker of the last answer.", style="yellow"))
            return
        start, end = citation.start, citation.end
        before = document.text[max(0, start - _CONTEXT_CHARACTERS) : start]
        after = document.text[end : end + _CONTEXT_CHARACTERS]
        path = " › ".join(dict.fromkeys([document.title, *citation.heading]))
        self._console.print(Text(f"{path} · {document.path} · {start}–{end}", style="italic"))
        self._console.print(Text.assemble((before, "dim"), (citation.quote, "bold reverse"), (after, "dim")))
