// Example questions for an empty conversation: those of the locale whose documents are there, else made from titles.

import { el, fill } from "../dom.js";
import { t, wordList } from "../i18n.js";
import { corpus } from "../state/corpus.js";

const MOST = 4;

/**
 * @param {(question: string) => void} ask
 * @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
export function examplesView(ask, signal) {
  const list = el("ul", { class: "examples" });

  function update() {
    const questions = exampleQuestions();
    fill(
      list,
      questions.map((question) =>
        el(
          "li",
          {},
          el("button", { type: "button", class: "example", onclick: () => ask(question), dir: "auto" }, question),
        ),
      ),
    );
  }

  corpus.subscribe(update, signal);
  update();
  return list;
}

function exampleQuestions() {
  const known = new Set(corpus.own.map(({ id }) => id));
  const fitting = wordList("examples").filter(({ document }) => known.has(document));
  if (fitting.length > 0) return fitting.slice(0, MOST).map(({ question }) => question);
  return corpus.own.slice(0, MOST).map(({ title }) => t("example.about", { title }));
}
