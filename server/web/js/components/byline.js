// The line under a question: what is being done, then how sure the answer is.

import { el, fill } from "../dom.js";
import { percent, seconds, t } from "../i18n.js";
import { verdictShape } from "../icons.js";
import { Problem } from "../api.js";
import { server } from "../state/server.js";

/**
 * @param {import("../state/turn.js").Turn} turn
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function bylineView(turn) {
  const element = el("p", { class: "byline" });
  let before = "";

  function update() {
    const { kind, facts, verdict } = bylineOf(turn);
    const key = JSON.stringify([kind, facts]);
    if (key === before) return;
    before = key;
    element.dataset.kind = kind;
    const sign = verdict
      ? verdictShape(verdict)
      : kind === "live" && el("span", { class: "pulse", "aria-hidden": "true" });
    fill(
      element,
      sign,
      el(
        "span",
        { class: "byline-text fact-line" },
        facts.map((fact) => el("span", { class: "fact" }, fact)),
      ),
    );
  }

  update();
  return { element, update };
}

function bylineOf(turn) {
  if (turn.answer) return settledLine(turn.answer);
  if (turn.state === "stopped") return { kind: "stopped", facts: [t("stopped")] };
  if (turn.state === "failed") return { kind: "failed", facts: [t("failed")] };
  if (turn.state === "unfinished") return { kind: "stopped", facts: [t("unfinished")] };
  return { kind: "live", facts: [turn.state === "reconnecting" ? waitingLine(turn.error) : liveLine(turn.shown)] };
}

function settledLine({ status, sentences, confidence, timings_ms: timings, repeated }) {
  const took = repeated ? t("repeated") : seconds(timings.total);
  const tail = [t("sure", { confidence: percent(confidence) }), took];
  if (status === "not_in_corpus") return { kind: "refused", facts: tail };
  const count = sentences.length;
  const without = sentences.filter((sentence) => sentence.verdict === "unsupported").length;
  const partly = sentences.filter((sentence) => sentence.verdict === "partial").length;
  const verdict = without ? "unsupported" : partly ? "partial" : "supported";
  return { kind: "settled", verdict, facts: [t(`byline.${verdict}`, { count, without, partly }), ...tail] };
}

function waitingLine(error) {
  return error instanceof Problem ? t("step.loading") : t("step.reconnecting");
}

function liveLine(progress) {
  const { step, standaloneQuestion: question, evidence } = progress;
  const documents = new Set(evidence.map((sentence) => sentence.document_id)).size;
  if (step === "searching" && question) return t("step.searching.for", { question });
  if (step === "reading" && documents) return t("step.reading.count", { count: evidence.length, documents });
  if (step === "searching" && server.documents) return t("step.searching.count", { count: server.documents });
  return t(`step.${step}`);
}
