// A conversation: its turns, and the question box below them.

import { el, fill, iconButton } from "../dom.js";
import { t } from "../i18n.js";
import { brandMark, icon, verdictShape } from "../icons.js";
import { bannerView } from "../components/banner.js";
import { composerView } from "../components/composer.js";
import { examplesView } from "../components/examples.js";
import { withConversationMenu } from "../components/menu_button.js";
import { attempt } from "../components/toast.js";
import { loadStylesheet } from "../stylesheet.js";

/**
 * @param {import("../state/thread.js").Thread} thread
 * @param {AbortSignal} signal
 * @returns {Promise<HTMLElement[]>} what the main area holds
 */
export async function chatView(thread, signal) {
  const title = el("h1", { class: "bar-title", dir: "auto" });
  const menu = withConversationMenu(iconButton(icon("more"), t("conversation.menu")), thread);
  const list = el("div", { class: "log-list" });
  const log = el("div", { class: "log", tabindex: "-1" }, list);
  let turns = null;

  /** Answers need more than the empty page: that is loaded while the first question is written. */
  async function prepare() {
    const [{ turnList }] = await Promise.all([import("./turns.js"), loadStylesheet("css/turn.css")]);
    turns ??= turnList(thread, list, signal);
    return turns;
  }

  const send = (question) => attempt(async () => (await prepare()).ask(question));
  const composer = composerView(thread, send, signal);
  composer.addEventListener("input", () => prepare().catch(() => {}), { once: true, signal });

  function update() {
    title.textContent = thread.title || t("conversation.new");
    menu.hidden = !thread.id;
    document.title = thread.title ? `${thread.title} – Pincite` : "Pincite";
  }

  thread.subscribe(update, signal);
  update();
  if (thread.turns.length > 0) await prepare();
  else fill(list, welcomeView(send, signal));
  return [
    el("div", { class: "bar" }, el("div", { class: "bar-inner" }, title, menu)),
    log,
    el("div", { class: "dock" }, el("div", { class: "dock-inner" }, bannerView(signal), composer)),
  ];
}

function welcomeView(send, signal) {
  const legend = ["supported", "partial", "unsupported"].map((verdict) =>
    el("li", { "data-verdict": verdict }, verdictShape(verdict), t(`legend.${verdict}`)),
  );
  return el(
    "section",
    { class: "welcome" },
    brandMark(),
    el("h2", {}, t("welcome.title")),
    el("p", { class: "welcome-text" }, t("welcome.text")),
    examplesView(send, signal),
    el("ul", { class: "legend", "aria-label": t("legend.label") }, legend),
  );
}
