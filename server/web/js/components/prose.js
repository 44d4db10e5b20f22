// The text of an answer: settled sentences with their markers, then the draft.

import { el } from "../dom.js";
import { pinsView } from "./pins.js";

// How long text after the end of a sentence waits for that sentence to settle, so that its markers push nothing away.
const HOLD_MS = 600;
const SENTENCE_END = /[.!?]["'”’)\]]*(?=\s+\S)|[。！？][”’」』）]*(?=\s*\S)/;

/**
 * @param {import("../state/turn.js").Turn} turn
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function proseView(turn) {
  const draft = el("span", { class: "draft" });
  const element = el("div", { class: "prose", dir: "auto" }, draft);
  const hold = new Hold(() => update());
  const shown = [];

  function update() {
    const settled = turn.settled;
    const same = commonLength(shown, settled);
    for (const { node } of shown.splice(same)) node.remove();
    for (const item of settled.slice(same)) {
      const node = sentenceView(turn, item);
      draft.before(node);
      shown.push({ key: keyOf(item), node });
    }
    const text = turn.answer ? "" : hold.visible(turn.shown.rest, settled.length);
    if (draft.textContent !== text) draft.textContent = text;
    if (turn.answer) element.lang = turn.answer.language;
    element.classList.toggle("provisional", turn.live);
  }

  update();
  return { element, update };
}

/** Keeps back what comes after the end of a sentence, for a moment. */
class Hold {
  #since = 0;
  #settled = -1;

  constructor(onRelease) {
    this.onRelease = onRelease;
  }

  /** The part of the draft to show. */
  visible(rest, settledCount) {
    const end = SENTENCE_END.exec(rest);
    if (!end) return rest;
    if (this.#settled !== settledCount) {
      this.#settled = settledCount;
      this.#since = performance.now();
      setTimeout(this.onRelease, HOLD_MS);
    }
    const over = performance.now() - this.#since >= HOLD_MS - 1;
    return over ? rest : rest.slice(0, end.index + end[0].length);
  }
}

function sentenceView(turn, { sentence, gap }) {
  const words = el("span", { class: "words" }, sentence.text);
  return el("span", { class: "sentence", "data-verdict": sentence.verdict }, gap, words, pinsView(turn, sentence));
}

function commonLength(shown, settled) {
  let same = 0;
  while (same < shown.length && same < settled.length && shown[same].key === keyOf(settled[same])) same += 1;
  return same;
}

function keyOf({ sentence, gap }) {
  return JSON.stringify([gap, sentence.text, sentence.verdict, sentence.citations]);
}
