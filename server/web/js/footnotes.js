// An answer as text with footnotes, for other documents.

import { t } from "./i18n.js";
import { settledSentences } from "./state/turn.js";

const MARKDOWN = /[\\`*_{}[\]()<>#!|~]/g;

/**
 * @param {any} answer
 * @returns {string} Markdown with footnotes; what the documents say is escaped
 */
export function markdownWithFootnotes(answer) {
  const note = (marker) => `[^${marker}]`;
  const notes = answer.citations.map((citation) => {
    return `[^${citation.marker}]: ${escaped(placeOf(citation))}: “${escaped(oneLine(citation.quote))}”`;
  });
  return joined(bodyOf(answer, escaped, note), notes, "\n");
}

/**
 * @param {any} answer
 * @returns {string} plain text with numbered notes
 */
export function plainWithFootnotes(answer) {
  const notes = answer.citations.map((citation) => {
    return `[${citation.marker}] ${placeOf(citation)}: “${oneLine(citation.quote)}”`;
  });
  return joined(
    bodyOf(
      answer,
      (text) => text,
      (marker) => `[${marker}]`,
    ),
    notes,
    "\n",
  );
}

function bodyOf(answer, shown, note) {
  if (answer.sentences.length === 0) return shown(answer.text);
  const parts = settledSentences(answer).map(({ sentence, gap }) => {
    const verdict = sentence.verdict === "supported" ? "" : ` (${t(`verdict.${sentence.verdict}.note`)})`;
    return gap + shown(sentence.text) + sentence.citations.map(note).join("") + verdict;
  });
  return parts.join("");
}

function joined(body, notes, separator) {
  return notes.length ? `${body}\n\n${notes.join(separator)}\n` : `${body}\n`;
}

function placeOf({ document, heading, page }) {
  const path = [...new Set([document.title, ...heading])].join(" › ");
  return page === null ? path : `${path}, ${t("page", { page })}`;
}

function escaped(text) {
  return text.replace(MARKDOWN, "\\$&");
}

function oneLine(text) {
  return text.replace(/\s+/g, " ");
}
