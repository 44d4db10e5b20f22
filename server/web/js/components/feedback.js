// What a person says about an answer or a citation.

import { request } from "../api.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { openDialog } from "./dialog.js";
import { attempt, toast } from "./toast.js";

const REASONS = {
  answer: ["wrong_citation", "not_in_source", "incomplete", "other"],
  citation: ["wrong_citation", "not_in_source", "other"],
};

/**
 * Says that an answer is good.
 * @param {import("../state/turn.js").Turn} turn
 */
export async function praise(turn) {
  await attempt(async () => {
    await send(turn, { rating: "up", target: "answer", index: null, reason: "", comment: "" });
    turn.rating = "up";
    turn.notify();
    toast(t("feedback.thanks"));
  });
}

/**
 * Asks what is wrong with an answer, and sends it.
 * @param {import("../state/turn.js").Turn} turn
 */
export function complain(turn) {
  openForm(t("feedback.answer.title"), "answer", async (reason, comment) => {
    await send(turn, { rating: "down", target: "answer", index: null, reason, comment });
    turn.rating = "down";
    turn.notify();
  });
}

/**
 * Asks what is wrong with a citation, and sends it.
 * @param {import("../state/turn.js").Turn} turn
 * @param {number} marker
 */
export function wrongCitation(turn, marker) {
  openForm(t("feedback.citation.title", { marker }), "citation", (reason, comment) =>
    send(turn, { rating: "down", target: "citation", index: marker, reason, comment }),
  );
}

function openForm(title, target, submit) {
  const reasons = REASONS[target].map((reason, n) => choice(reason, n === 0));
  const comment = el("textarea", { id: "feedback-comment", rows: 3, maxlength: 2000, class: "input" });
  openDialog({
    title,
    submit: t("feedback.send"),
    content: [
      el("fieldset", { class: "choices" }, el("legend", {}, t("feedback.reason")), reasons),
      el("label", { for: "feedback-comment", class: "field-label" }, t("feedback.comment")),
      comment,
    ],
    onsubmit: () => {
      const reason = reasons.map((label) => label.firstChild).find((input) => input.checked).value;
      return attempt(async () => {
        await submit(reason, comment.value.trim());
        toast(t("feedback.thanks"));
      });
    },
  });
}

function choice(reason, checked) {
  const input = el("input", { type: "radio", name: "reason", value: reason, checked });
  return el("label", { class: "choice" }, input, el("span", {}, t(`feedback.reason.${reason}`)));
}

async function send(turn, feedback) {
  await request("POST", "v1/feedback", { body: { answer_id: turn.answer.id, ...feedback } });
}
