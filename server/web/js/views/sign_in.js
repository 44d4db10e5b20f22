// The form that asks for a key.

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { brandMark } from "../icons.js";
import { errorText } from "../components/problem.js";
import { server } from "../state/server.js";

/**
 * @param {(language: "en"|"zh") => void} switchLanguage
 * @returns {HTMLElement}
 */
export function signInView(switchLanguage) {
  const key = el("input", {
    type: "password",
    id: "key",
    class: "input",
    required: true,
    autocomplete: "current-password",
    spellcheck: "false",
  });
  const error = el("p", { class: "outcome failed", role: "alert", hidden: true });
  const button = el("button", { type: "submit", class: "button primary" }, t("sign.in"));

  async function onsubmit(event) {
    event.preventDefault();
    button.disabled = true;
    error.hidden = true;
    try {
      await server.signIn(key.value.trim());
    } catch (problem) {
      error.textContent = errorText(problem);
      error.hidden = false;
      key.select();
    }
    button.disabled = false;
  }

  const other = t("language.other.code");
  return el(
    "main",
    { class: "sign-in" },
    el(
      "form",
      { onsubmit },
      brandMark(),
      el("h1", {}, t("sign.in.title")),
      el("p", { class: "muted" }, t("sign.in.text")),
      el("label", { for: "key", class: "field-label" }, t("key")),
      key,
      error,
      button,
      el(
        "button",
        { type: "button", class: "link-button", lang: other, onclick: () => switchLanguage(other) },
        t("language.other"),
      ),
    ),
  );
}
