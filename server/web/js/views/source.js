// A document in the panel, at the sentence that is cited.

import { announce } from "../announcer.js";
import { el, fill, iconButton } from "../dom.js";
import { formatDate, langTag, t, tOr } from "../i18n.js";
import { icon, verdictShape } from "../icons.js";
import { documentText } from "../components/document_text.js";
import { wrongCitation } from "../components/feedback.js";
import { errorText } from "../components/problem.js";
import { stepCitation } from "../citation_steps.js";
import { loadDocument } from "../state/documents.js";
import { panel } from "../state/panel.js";
import { pathAt, pageAt } from "../places.js";

/**
 * @param {import("../state/panel.js").SourceView} view
 * @param {AbortSignal} signal
 * @returns {HTMLElement[]}
 */
export function sourceView(view, signal) {
  const title = el("h2", { class: "source-title", tabindex: "-1", dir: "auto" }, view.title);
  const place = el("p", { class: "source-path", dir: "auto" });
  const facts = el("p", { class: "source-facts fact-line" });
  const notice = el("div", { class: "source-notice" });
  const text = el(
    "div",
    { class: "document-scroll", tabindex: "0", role: "region", "aria-label": t("document.text") },
    skeleton(),
  );

  async function load() {
    try {
      const document = await loadDocument(view.documentId, view.version);
      if (signal.aborted) return;
      show(document);
    } catch (error) {
      if (signal.aborted) return;
      fill(notice, el("p", { class: "outcome failed", role: "alert" }, errorText(error)));
      fill(text, view.span?.quote && el("blockquote", { class: "lone-quote", dir: "auto" }, view.span.quote));
    }
  }

  function show(document) {
    title.textContent = document.title;
    title.lang = langTag(document.language) ?? "";
    const path = view.span ? pathAt(document, view.span.start).filter((heading) => heading !== document.title) : [];
    const page = view.span ? pageAt(document, view.span.start) : null;
    fill(place, path.join(" › "), page === null ? null : [path.length > 0 && " · ", t("page", { page })]);
    fill(facts, factsOf(document));
    fill(notice, document.current === false && olderNotice(document));
    const { element, reveal } = documentText(document, view.span);
    fill(text, element);
    reveal(text);
    announce([t("announce.source", { title: document.title }), view.span?.quote ?? ""].join(" "));
  }

  load();
  return [
    headView(view),
    el("div", { class: "source-head" }, title, place, facts, view.sentence && citedBy(view), notice),
    text,
  ];
}

function headView(view) {
  const close = iconButton(icon("close"), t("close"), { class: "panel-close", onclick: () => panel.close() });
  if (!view.turn) return el("div", { class: "panel-bar" }, el("span", { class: "label" }, t("source")), close);
  const count = markersOf(view.turn);
  const place = count.indexOf(view.marker) + 1;
  return el(
    "div",
    { class: "panel-bar" },
    el("span", { class: "label" }, t("citation.place", { place, count: count.length })),
    iconButton(icon("previous"), t("citation.previous"), { onclick: () => stepCitation(-1) }),
    iconButton(icon("next"), t("citation.next"), { onclick: () => stepCitation(1) }),
    close,
  );
}

/** The sentence of the answer that rests on this place, and the way to object. */
function citedBy(view) {
  const { verdict, text } = view.sentence;
  return el(
    "div",
    { class: "cited-by", "data-verdict": verdict },
    el("p", { dir: "auto" }, verdictShape(verdict), el("strong", {}, t(`verdict.${verdict}.cites`)), ` “${text}”`),
    view.turn.answer &&
      el(
        "button",
        { type: "button", class: "link-button", onclick: () => wrongCitation(view.turn, view.marker) },
        t("feedback.wrong"),
      ),
  );
}

function markersOf(turn) {
  return [...new Set(turn.settled.flatMap(({ sentence }) => sentence.citations))];
}

function factsOf(document) {
  const facts = [
    tOr(`language.${document.language}`, document.language),
    document.topic && tOr(`topic.${document.topic}`, document.topic),
    document.date && formatDate(document.date),
  ];
  const version = el("span", { title: document.version }, t("version", { version: document.version.slice(0, 8) }));
  return [...facts.filter(Boolean), version].map((fact) => el("span", { class: "fact" }, fact));
}

function olderNotice(document) {
  const open = () => panel.showDocument({ id: document.id, title: document.title });
  return el(
    "p",
    { class: "older" },
    t("document.older"),
    " ",
    el("button", { type: "button", class: "link-button", onclick: open }, t("document.open.current")),
  );
}

function skeleton() {
  return [1, 2, 3, 4, 5].map(() => el("div", { class: "skeleton" }));
}
