// The markers behind a sentence: the shape of its verdict, then a button for each source.

import { el, hiddenText } from "../dom.js";
import { t } from "../i18n.js";
import { verdictShape } from "../icons.js";
import { panel } from "../state/panel.js";
import { hideCard, withQuoteCard } from "./quote_card.js";

/**
 * @param {import("../state/turn.js").Turn} turn
 * @param {import("../state/progress.js").AnswerSentence} sentence
 * @returns {HTMLSpanElement}
 */
export function pinsView(turn, sentence) {
  const { verdict, citations } = sentence;
  const words = verdict === "unsupported" ? t("verdict.unsupported.note") : null;
  return el(
    "span",
    { class: "pins", "data-verdict": verdict },
    verdictShape(verdict),
    words ? el("span", { class: "pins-words" }, words) : hiddenText(t(`verdict.${verdict}`)),
    citations.map((marker) => markerButton(turn, sentence, marker)),
  );
}

/**
 * Marks the markers of a turn that the panel shows.
 * @param {Element} element holds the turn
 * @param {import("../state/turn.js").Turn} turn
 */
export function markShown(element, turn) {
  for (const button of element.querySelectorAll(".marker")) {
    if (panel.shows(turn, Number(button.dataset.marker))) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
}

function markerButton(turn, sentence, marker) {
  const citation = turn.citation(marker);
  const label = t("marker.label", {
    marker,
    verdict: t(`verdict.${sentence.verdict}`),
    title: citation?.document.title ?? "",
  });
  const onclick = () => {
    hideCard();
    panel.showCitation(turn, marker, sentence);
  };
  const attributes = { type: "button", class: "marker", "data-marker": marker, "aria-label": label, onclick };
  const button = el("button", attributes, String(marker));
  withQuoteCard(button, turn, sentence, marker);
  return button;
}
