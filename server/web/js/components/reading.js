// What is being read, before the first token: the best sentences found, by document.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";

const MOST = 4;

/**
 * @param {import("../state/turn.js").Turn} turn
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function readingView(turn) {
  const element = el("div", { class: "reading" });
  let before = null;

  function update() {
    const { evidence } = turn.shown;
    if (evidence === before) return;
    before = evidence;
    if (evidence.length === 0)
      fill(
        element,
        [1, 2, 3].map(() => el("div", { class: "skeleton" })),
      );
    else
      fill(
        element,
        el("ul", { class: "reading-list", "aria-label": t("reading.label") }, leads(turn.shown).map(leadView)),
      );
  }

  update();
  return { element, update };
}

/** The most relevant sentence of each document, best first. */
function leads({ evidence, hits }) {
  const best = new Map();
  for (const sentence of [...evidence].sort((a, b) => b.relevance - a.relevance)) {
    if (!best.has(sentence.document_id)) best.set(sentence.document_id, sentence);
  }
  return [...best.values()].slice(0, MOST).map((sentence) => {
    const hit = hits.find((other) => other.passage_id === sentence.passage_id);
    return { text: sentence.text, title: hit?.title ?? "", heading: hit?.heading ?? [] };
  });
}

function leadView({ text, title, heading }) {
  const place = [...new Set([title, ...[heading].flat()])].filter(Boolean).join(" › ");
  return el(
    "li",
    {},
    el("span", { class: "reading-place", dir: "auto" }, place),
    el("span", { class: "reading-quote", dir: "auto" }, text),
  );
}
