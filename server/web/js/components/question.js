// A question as the heading of its turn, and the form that edits it.

import { el, fill, iconButton } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icons.js";
import { autosize, onEnter } from "./text_box.js";

const LONG = 240;

/**
 * @param {import("../state/turn.js").Turn} turn
 * @param {(question: string) => void} resend
 * @returns {HTMLElement}
 */
export function questionView(turn, resend) {
  const container = el("header", { class: "question" });

  function show() {
    const edit = iconButton(icon("edit"), t("edit"), { class: "edit-button", onclick: editText });
    const heading = el("h2", { class: turn.question.length > LONG ? "long" : null, dir: "auto" }, turn.question);
    fill(container, heading, edit);
  }

  function editText() {
    const form = editForm(turn.question, resend, () => {
      show();
      container.querySelector(".edit-button").focus();
    });
    fill(container, form);
    form.firstChild.focus();
  }

  show();
  return container;
}

function editForm(question, resend, cancel) {
  const box = el("textarea", { class: "input", rows: 2, "aria-label": t("edit.label"), value: question, dir: "auto" });
  const send = () => {
    const text = box.value.trim();
    if (text) resend(text);
  };
  autosize(box);
  onEnter(box, send);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.stopPropagation();
    cancel();
  });
  const submit = (event) => {
    event.preventDefault();
    send();
  };
  return el(
    "form",
    { class: "edit-form", onsubmit: submit },
    box,
    el(
      "div",
      { class: "edit-foot" },
      el("span", { class: "muted" }, t("edit.note")),
      el("button", { type: "button", class: "button", onclick: cancel }, t("cancel")),
      el("button", { type: "submit", class: "button primary" }, t("edit.send")),
    ),
  );
}
