// A refusal: what was searched, and which documents are near.

import { el } from "../dom.js";
import { t, tNodes } from "../i18n.js";
import { icon } from "../icons.js";
import { server } from "../state/server.js";
import { documentLink } from "./document_link.js";

/**
 * @param {import("../state/turn.js").Turn} turn refused
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function refusalView(turn) {
  const { answer } = turn;
  const question = el("q", { dir: "auto" }, answer.standalone_question || answer.question);
  const searched = server.documents
    ? tNodes("refusal.searched.count", { question, count: server.documents })
    : tNodes("refusal.searched", { question });
  const element = el(
    "section",
    { class: "refusal", "aria-label": t("refusal.title") },
    el("p", { class: "refusal-title" }, icon("none"), t("refusal.title")),
    el("p", {}, searched),
    turn.progress.draft && el("p", { class: "muted" }, t("refusal.withdrawn")),
    answer.near.length > 0 && nearList(answer.near),
  );
  return { element, update: () => {} };
}

function nearList(near) {
  return [
    el("p", { class: "refusal-near" }, t("refusal.near")),
    el(
      "ul",
      { class: "near-list" },
      near.map((reference) => el("li", {}, documentLink(reference))),
    ),
  ];
}
