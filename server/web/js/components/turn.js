// A turn: its question, and below it what became of it.

import { announce } from "../announcer.js";
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { actionsView } from "./actions.js";
import { bylineView } from "./byline.js";
import { outcomeView } from "./outcome.js";
import { markShown } from "./pins.js";
import { proseView } from "./prose.js";
import { questionView } from "./question.js";
import { readingView } from "./reading.js";
import { refusalView } from "./refusal.js";
import { sourcesView } from "./sources.js";
import { panel } from "../state/panel.js";

/**
 * @typedef {object} TurnActions
 * @property {(question: string) => void} resend asks anew in the turn's place
 * @property {() => void} resume asks for the answer of the same turn again
 */

/**
 * @param {import("../state/turn.js").Turn} turn
 * @param {TurnActions} actions
 * @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
export function turnView(turn, actions, signal) {
  const byline = bylineView(turn);
  const body = el("div", { class: "turn-body" });
  const foot = el("div", { class: "turn-foot" });
  const element = el(
    "article",
    { class: "turn", "data-turn": turn.id },
    questionView(turn, actions.resend),
    byline.element,
    body,
    foot,
  );
  let content = null;
  let footKey = "";

  function update() {
    const kind = contentKind(turn);
    if (content?.kind === kind) content.update();
    else {
      // A refusal takes the place of a draft: the room stays, so nothing below jumps.
      if (kind === "refusal" && content?.kind === "prose") body.style.minHeight = `${body.offsetHeight}px`;
      content = { kind, ...contentView(kind, turn) };
      fill(body, content.element);
    }
    byline.update();
    const key = `${turn.state} ${turn.rating}`;
    if (key !== footKey) {
      footKey = key;
      fill(foot, footView(turn, actions));
      element.setAttribute("aria-busy", String(turn.live));
    }
    markShown(element, turn);
  }

  let state = turn.state;
  turn.subscribe(() => {
    update();
    if (state !== turn.state) announceState(turn);
    state = turn.state;
  }, signal);
  panel.subscribe(() => markShown(element, turn), signal);
  update();
  return element;
}

function contentKind(turn) {
  if (turn.refused) return "refusal";
  if (turn.answer || turn.shown.draft) return "prose";
  return turn.live ? "reading" : "nothing";
}

function contentView(kind, turn) {
  if (kind === "refusal") return refusalView(turn);
  if (kind === "prose") return proseView(turn);
  if (kind === "reading") return readingView(turn);
  return { element: null, update: () => {} };
}

function footView(turn, actions) {
  if (turn.live) return null;
  if (!turn.answer) return outcomeView(turn, actions.resume);
  return [sourcesView(turn), searchedAs(turn.answer), actionsView(turn, () => actions.resend(turn.question))];
}

function searchedAs(answer) {
  const same = answer.standalone_question === answer.question || answer.status === "not_in_corpus";
  return same
    ? null
    : el("p", { class: "muted searched-as", dir: "auto" }, t("searched.as", { question: answer.standalone_question }));
}

/** Screen readers hear the settled answer, not its tokens. */
function announceState(turn) {
  if (turn.answer) announce(turn.refused ? turn.answer.text : `${t("announce.answer")} ${spoken(turn.answer)}`);
  else if (turn.state === "stopped") announce(t("stopped"));
  else if (turn.state === "reconnecting") announce(t("step.reconnecting"));
}

function spoken(answer) {
  const parts = answer.sentences.map((sentence) => {
    return sentence.verdict === "supported"
      ? sentence.text
      : `${sentence.text} (${t(`verdict.${sentence.verdict}.note`)})`;
  });
  return parts.join(" ");
}
