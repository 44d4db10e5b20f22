// The sources under an answer, as footnotes.

import { el } from "../dom.js";
import { langTag, t } from "../i18n.js";
import { panel } from "../state/panel.js";

/**
 * @param {import("../state/turn.js").Turn} turn answered
 * @returns {HTMLElement|null} null where nothing is cited
 */
export function sourcesView(turn) {
  const { citations } = turn.answer;
  if (citations.length === 0) return null;
  return el(
    "section",
    { class: "sources" },
    el("h3", { class: "label" }, t("sources")),
    el(
      "ol",
      { class: "source-list" },
      citations.map((citation) => sourceView(turn, citation)),
    ),
  );
}

function sourceView(turn, citation) {
  const path = [...new Set([citation.document.title, ...citation.heading])].join(" › ");
  const page = citation.page === null ? "" : ` · ${t("page", { page: citation.page })}`;
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", class: "source", onclick: () => panel.showCitation(turn, citation.marker) },
      el("span", { class: "source-number" }, String(citation.marker)),
      el(
        "span",
        { class: "source-body" },
        el("span", { class: "source-place", lang: langTag(citation.document.language), dir: "auto" }, path + page),
        el("span", { class: "source-quote", lang: langTag(citation.document.language), dir: "auto" }, citation.quote),
      ),
    ),
  );
}
