// Modal dialogs on the platform's own <dialog>.

import { el, iconButton } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icons.js";

/**
 * Opens a dialog; it removes itself when it closes.
 * @param {{title: string, content: unknown[], submit?: string, danger?: boolean,
 *   onsubmit?: () => void|Promise<void>}} options without `submit` there is nothing to confirm
 * @returns {HTMLDialogElement}
 */
export function openDialog({ title, content, submit, danger = false, onsubmit }) {
  const close = () => dialog.close();
  const heading = el("h2", { id: "dialog-title" }, title);
  const confirm = el("button", { type: "submit", class: `button ${danger ? "danger" : "primary"}` }, submit ?? "");
  const form = el(
    "form",
    { method: "dialog" },
    el("header", { class: "dialog-head" }, heading, iconButton(icon("close"), t("close"), { onclick: close })),
    el("div", { class: "dialog-body" }, content),
    submit &&
      el(
        "footer",
        { class: "dialog-foot" },
        el("button", { type: "button", class: "button", onclick: close }, t("cancel")),
        confirm,
      ),
  );
  const dialog = el("dialog", { class: "dialog", "aria-labelledby": "dialog-title" }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    confirm.disabled = true;
    await onsubmit?.();
    close();
  });
  // A click on the backdrop has the dialog itself as its target.
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    // What opened it may be gone; then the question box is the place to go on.
    if (document.activeElement === document.body) document.getElementById("question")?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
