// The conversations, and the switches of the page.

import { el, fill, iconButton } from "../dom.js";
import { formatDate, language, LANGUAGES, t } from "../i18n.js";
import { brandMark, icon } from "../icons.js";
import { conversationHref, router } from "../router.js";
import { conversations } from "../state/conversations.js";
import { server } from "../state/server.js";
import { theme, THEMES, useTheme } from "../theme.js";
import { withConversationMenu } from "../components/menu_button.js";
import { attempt } from "../components/toast.js";

const DAY_MS = 86_400_000;
const THEME_ICONS = { auto: "screen", light: "sun", dark: "moon" };

/**
 * @param {{switchLanguage: (language: "en"|"zh") => void, openHelp: () => void, newConversation: () => void}} actions
 * @param {AbortSignal} signal
 * @returns {HTMLElement[]} what the sidebar holds
 */
export function sidebarView(actions, signal) {
  const list = el("div", { class: "conversation-list" });
  const corpusLink = el("a", { href: "#/corpus", class: "nav-link" }, icon("book"), t("corpus"));

  function update() {
    const { route } = router;
    setCurrent(corpusLink, route.name === "corpus");
    fill(list, groups().map(groupView), conversations.next && moreButton());
    if (conversations.loaded && conversations.items.length === 0)
      fill(list, el("p", { class: "muted" }, t("conversations.none")));
  }

  conversations.subscribe(update, signal);
  router.subscribe(update, signal);
  update();
  return [
    el("a", { href: "#/", class: "brand", onclick: actions.newConversation }, brandMark(), "Pincite"),
    el(
      "a",
      { href: "#/", class: "button new-button", onclick: actions.newConversation },
      icon("plus"),
      t("conversation.new"),
    ),
    corpusLink,
    el("h2", { class: "label" }, t("conversations")),
    list,
    footView(actions, signal),
  ];
}

function groups() {
  const byLabel = new Map();
  for (const item of conversations.items) {
    const label = ageLabel(item.updated);
    byLabel.set(label, [...(byLabel.get(label) ?? []), item]);
  }
  return [...byLabel];
}

function ageLabel(updated) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  const then = new Date(updated).getTime();
  if (then >= midnight) return t("today");
  if (then >= midnight - DAY_MS) return t("yesterday");
  if (then >= midnight - 7 * DAY_MS) return t("last.week");
  return formatDate(updated, { year: "numeric", month: "long" });
}

function groupView([label, items]) {
  return el("section", {}, el("h3", { class: "group-label" }, label), el("ul", {}, items.map(itemView)));
}

function itemView(item) {
  const title = item.title || t("conversation.untitled");
  const link = el("a", { href: conversationHref(item.id), class: "conversation", dir: "auto", title }, title);
  setCurrent(link, router.route.conversationId === item.id);
  const menu = iconButton(icon("more"), t("conversation.menu.of", { title }), { class: "item-menu" });
  return el("li", {}, link, withConversationMenu(menu, item));
}

function moreButton() {
  return el(
    "button",
    { type: "button", class: "link-button", onclick: () => attempt(() => conversations.extend()) },
    t("more"),
  );
}

function setCurrent(link, current) {
  if (current) link.setAttribute("aria-current", "page");
  else link.removeAttribute("aria-current");
}

function footView(actions, signal) {
  const signOut = iconButton(icon("out"), t("sign.out"), { onclick: () => attempt(() => server.signOut()) });
  const update = () => {
    signOut.hidden = !server.session.required;
  };
  server.subscribe(update, signal);
  update();
  return el(
    "div",
    { class: "sidebar-foot" },
    languageSwitch(actions.switchLanguage),
    themeSwitch(),
    iconButton(icon("help"), t("help"), { onclick: actions.openHelp }),
    signOut,
  );
}

function languageSwitch(switchLanguage) {
  const button = (code) =>
    el(
      "button",
      {
        type: "button",
        class: "segment",
        lang: code,
        "aria-label": code === "zh" ? "中文" : "English",
        "aria-pressed": String(code === language()),
        onclick: () => switchLanguage(code),
      },
      code === "zh" ? "中" : "EN",
    );
  return el("div", { class: "segments", role: "group", "aria-label": t("language") }, LANGUAGES.map(button));
}

function themeSwitch() {
  const group = el("div", { class: "segments", role: "group", "aria-label": t("theme") });
  const buttons = THEMES.map((name) =>
    iconButton(icon(THEME_ICONS[name]), t(`theme.${name}`), { class: "segment", onclick: () => choose(name) }),
  );
  const choose = (name) => {
    useTheme(name);
    buttons.forEach((button, n) => button.setAttribute("aria-pressed", String(THEMES[n] === name)));
  };
  choose(theme());
  group.append(...buttons);
  return group;
}
