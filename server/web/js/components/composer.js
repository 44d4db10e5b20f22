// The question box.

import { el, fill, hiddenText } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icons.js";
import { autosize, onEnter } from "./text_box.js";

/**
 * @param {import("../state/thread.js").Thread} thread
 * @param {(question: string) => Promise<boolean>} send says whether the question was taken
 * @param {AbortSignal} signal
 * @returns {HTMLFormElement}
 */
export function composerView(thread, send, signal) {
  const box = el("textarea", {
    id: "question",
    class: "composer-box",
    rows: 1,
    placeholder: t("composer.placeholder"),
    "aria-label": t("composer.label"),
    "aria-describedby": "composer-hint",
    autocomplete: "off",
    dir: "auto",
    value: thread.unsent,
  });
  const button = el("button", { type: "submit", class: "send-button" });

  function setText(text) {
    box.value = text;
    box.dispatchEvent(new Event("input"));
  }

  async function submit() {
    const question = box.value.trim();
    if (!question || thread.liveTurn) return;
    setText("");
    // On a phone the keyboard would stay up, over the answer.
    if (!matchMedia("(pointer: fine)").matches) box.blur();
    const sent = await send(question);
    if (!sent && !box.value) setText(question);
  }

  function update() {
    const live = thread.liveTurn !== undefined;
    if (button.dataset.does !== (live ? "stop" : "send")) {
      button.dataset.does = live ? "stop" : "send";
      const label = t(live ? "stop" : "send");
      button.title = label;
      fill(button, icon(live ? "stop" : "send"), hiddenText(label));
    }
    button.disabled = !live && !box.value.trim();
  }

  box.addEventListener("input", () => {
    thread.unsent = box.value;
    update();
  });
  autosize(box);
  onEnter(box, submit);
  thread.subscribe(update, signal);
  update();
  const onsubmit = (event) => {
    event.preventDefault();
    if (thread.liveTurn) thread.liveTurn.stop();
    else submit();
  };
  return el(
    "form",
    { class: "composer", onsubmit },
    el("div", { class: "composer-frame" }, box, button),
    el("p", { class: "composer-hint", id: "composer-hint" }, t("composer.hint")),
  );
}
