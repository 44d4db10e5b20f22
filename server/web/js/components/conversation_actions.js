// What can be done with a whole conversation.

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { router } from "../router.js";
import { conversations, exportHref } from "../state/conversations.js";
import { openDialog } from "./dialog.js";
import { attempt } from "./toast.js";

/**
 * @param {{id: string, title: string}} conversation
 * @returns {import("./menu_button.js").MenuItem[]}
 */
export function conversationActions(conversation) {
  const { id } = conversation;
  return [
    { label: t("conversation.rename"), run: () => rename(conversation) },
    { label: t("conversation.export.markdown"), href: exportHref(id, "markdown") },
    { label: t("conversation.export.json"), href: exportHref(id, "json") },
    { label: t("conversation.delete"), run: () => remove(conversation), danger: true },
  ];
}

function rename({ id, title }) {
  const input = el("input", {
    id: "conversation-title",
    class: "input",
    value: title,
    maxlength: 200,
    required: true,
    dir: "auto",
  });
  openDialog({
    title: t("conversation.rename"),
    submit: t("save"),
    content: [el("label", { for: "conversation-title", class: "field-label" }, t("conversation.title")), input],
    onsubmit: () => attempt(() => conversations.rename(id, input.value.trim())),
  });
  input.select();
}

function remove({ id, title }) {
  openDialog({
    title: t("conversation.delete"),
    submit: t("delete"),
    danger: true,
    content: [el("p", { dir: "auto" }, t("conversation.delete.sure", { title }))],
    onsubmit: () =>
      attempt(async () => {
        await conversations.remove(id);
        if (router.route.conversationId === id) router.go("#/");
      }),
  });
}
