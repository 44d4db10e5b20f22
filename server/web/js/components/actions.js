// What can be done with an answer.

import { copyText } from "../clipboard.js";
import { el, iconButton } from "../dom.js";
import { markdownWithFootnotes, plainWithFootnotes } from "../footnotes.js";
import { t } from "../i18n.js";
import { icon } from "../icons.js";
import { panel } from "../state/panel.js";
import { complain, praise } from "./feedback.js";
import { withMenu } from "./menu_button.js";
import { toast } from "./toast.js";

/**
 * @param {import("../state/turn.js").Turn} turn answered
 * @param {() => void} regenerate
 * @returns {HTMLElement}
 */
export function actionsView(turn, regenerate) {
  const { answer } = turn;
  const copy = async (text) => {
    toast((await copyText(text)) ? t("copied") : t("copy.failed"));
  };
  const copyButton = withMenu(iconButton(icon("copy"), t("copy")), () => [
    { label: t("copy.markdown"), run: () => copy(markdownWithFootnotes(answer)) },
    { label: t("copy.plain"), run: () => copy(plainWithFootnotes(answer)) },
  ]);
  return el(
    "div",
    { class: "actions" },
    copyButton,
    iconButton(icon("refresh"), t("regenerate"), { onclick: regenerate }),
    iconButton(icon("up"), t("feedback.up"), {
      onclick: () => praise(turn),
      "aria-pressed": String(turn.rating === "up"),
    }),
    iconButton(icon("down"), t("feedback.down"), {
      onclick: () => complain(turn),
      "aria-pressed": String(turn.rating === "down"),
    }),
    el("button", { type: "button", class: "text-button", onclick: () => panel.showWhy(turn) }, icon("scale"), t("why")),
  );
}
