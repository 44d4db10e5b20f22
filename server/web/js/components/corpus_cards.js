// A document and a passage found, as lines of the corpus page.

import { el } from "../dom.js";
import { formatDate, langTag, t, tOr } from "../i18n.js";
import { toUnits } from "../offsets.js";
import { documentLink } from "./document_link.js";

/**
 * @param {any} document as of GET /v1/documents
 * @returns {HTMLElement}
 */
export function documentCard(document) {
  const facts = [
    tOr(`language.${document.language}`, document.language),
    document.topic && tOr(`topic.${document.topic}`, document.topic),
    document.date && formatDate(document.date),
    t("characters", { count: document.characters }),
  ];
  return el("li", { class: "card" }, el("h2", {}, documentLink(document)), factLine(facts));
}

/**
 * @param {any} hit as of POST /v1/search
 * @returns {HTMLElement}
 */
export function hitCard({ passage, highlights }) {
  const document = { id: passage.document_id, title: passage.title, language: passage.language };
  const page = passage.page === null ? null : t("page", { page: passage.page });
  // A heading with which the text begins is read there.
  const above = passage.heading_path.filter((heading) => !passage.text.startsWith(heading));
  const path = above.filter((heading) => heading !== passage.title).join(" › ");
  return el(
    "li",
    { class: "card" },
    el("h2", {}, documentLink(document, { start: passage.start, end: passage.end })),
    factLine([path, page]),
    el("p", { class: "hit-text", lang: langTag(passage.language), dir: "auto" }, highlighted(passage, highlights)),
  );
}

function factLine(facts) {
  const given = facts.filter(Boolean);
  return (
    given.length > 0 &&
    el(
      "p",
      { class: "card-facts fact-line" },
      given.map((fact) => el("span", { class: "fact", dir: "auto" }, fact)),
    )
  );
}

/** The text of a passage with its highlights, which are spans of that text. */
function highlighted({ text }, highlights) {
  const units = toUnits(
    text,
    highlights.flatMap(({ start, end }) => [start, end]),
  );
  const parts = [];
  let end = 0;
  for (let n = 0; n < units.length; n += 2) {
    parts.push(text.slice(end, units[n]), el("mark", {}, text.slice(units[n], units[n + 1])));
    end = units[n + 1];
  }
  return [...parts, text.slice(end)];
}
