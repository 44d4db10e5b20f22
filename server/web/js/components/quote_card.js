// The card that shows what a marker rests on, while it is pointed at or has the focus.

import { el, fill } from "../dom.js";
import { langTag, t } from "../i18n.js";
import { verdictShape } from "../icons.js";
import { panel } from "../state/panel.js";
import { wrongCitation } from "./feedback.js";
import { place } from "./placing.js";

const OPEN_MS = 120;
const CLOSE_MS = 200;

const card = el("span", { class: "quote-card", popover: "manual" });
let timer = 0;
let shownFor = null;

card.addEventListener("pointerenter", () => clearTimeout(timer));
card.addEventListener("pointerleave", () => hideSoon());
card.addEventListener("focusout", (event) => {
  if (!card.contains(event.relatedTarget) && event.relatedTarget !== shownFor) hideCard();
});

/**
 * Shows the quote while `button` is pointed at or focused.
 * @param {HTMLButtonElement} button
 * @param {import("../state/turn.js").Turn} turn
 * @param {import("../state/progress.js").AnswerSentence} sentence
 * @param {number} marker
 */
export function withQuoteCard(button, turn, sentence, marker) {
  const show = () => showCard(button, turn, sentence, marker);
  button.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") schedule(show, shownFor ? 0 : OPEN_MS);
  });
  button.addEventListener("pointerleave", () => hideSoon());
  button.addEventListener("focus", () => {
    // Only where the focus is visible: a tap opens the source instead.
    if (button.matches(":focus-visible")) schedule(show, 0);
  });
  button.addEventListener("blur", (event) => {
    if (!card.contains(event.relatedTarget)) hideSoon();
  });
}

/** Hides the card. */
export function hideCard() {
  clearTimeout(timer);
  removeEventListener("keydown", onKey, { capture: true });
  shownFor?.removeAttribute("aria-describedby");
  shownFor = null;
  if (card.isConnected && card.matches(":popover-open")) card.hidePopover();
  card.remove();
}

/** Escape hides the card and closes nothing else. */
function onKey(event) {
  if (event.key !== "Escape") return;
  event.stopPropagation();
  if (card.contains(document.activeElement)) shownFor.focus();
  hideCard();
}

function showCard(button, turn, sentence, marker) {
  const citation = turn.citation(marker);
  if (!citation || !button.isConnected || shownFor === button || panel.shows(turn, marker)) return;
  hideCard();
  shownFor = button;
  fill(card, verdictLine(sentence), quoteOf(citation), placeOf(citation), turn.answer && wrongButton(turn, marker));
  button.setAttribute("aria-describedby", "quote-card-quote");
  // Beside the marker in the document, so that Tab goes into the card; on the top layer for the eye.
  button.parentElement.after(card);
  card.showPopover();
  addEventListener("keydown", onKey, { capture: true });
  place(card, button.getBoundingClientRect(), "above");
}

function verdictLine({ verdict }) {
  return el("span", { class: "card-verdict", "data-verdict": verdict }, verdictShape(verdict), t(`legend.${verdict}`));
}

function quoteOf(citation) {
  return el(
    "span",
    { class: "card-quote", id: "quote-card-quote", lang: langTag(citation.document.language), dir: "auto" },
    citation.quote,
  );
}

function placeOf(citation) {
  const path = [...new Set([citation.document.title, ...citation.heading])].join(" › ");
  const page = citation.page === null ? "" : ` · ${t("page", { page: citation.page })}`;
  return el("span", { class: "card-place", dir: "auto" }, path + page);
}

function wrongButton(turn, marker) {
  const run = () => {
    hideCard();
    wrongCitation(turn, marker);
  };
  return el("button", { type: "button", class: "link-button card-action", onclick: run }, t("feedback.wrong"));
}

function hideSoon() {
  schedule(hideCard, CLOSE_MS);
}

function schedule(action, delay) {
  clearTimeout(timer);
  timer = setTimeout(action, delay);
}
