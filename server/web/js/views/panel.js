// The panel beside the chat. What it shows is loaded when it is first needed.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { verdictShape } from "../icons.js";
import { panel } from "../state/panel.js";
import { loadStylesheet } from "../stylesheet.js";
import { toast } from "../components/toast.js";

const VIEWS = {
  source: async () => (await import("./source.js")).sourceView,
  why: async () => (await import("./why.js")).whyView,
};
const STYLES = "css/panel.css";

/**
 * @param {AbortSignal} signal
 * @returns {HTMLElement} what the panel holds
 */
export function panelView(signal) {
  const holder = el("div", { class: "panel-holder" });
  let shown = null;

  async function update() {
    const { view } = panel;
    shown?.abort();
    shown = new AbortController();
    const current = shown;
    if (!view) return fill(holder, emptyView());
    try {
      const [build] = await Promise.all([VIEWS[view.kind](), loadStylesheet(STYLES)]);
      if (!current.signal.aborted) fillKeepingFocus(holder, build(view, current.signal));
    } catch {
      toast(t("error.connection"));
    }
  }

  signal.addEventListener("abort", () => shown?.abort(), { once: true });
  panel.subscribe(update, signal);
  update();
  return holder;
}

/** What is pressed again and again, such as "next", is built anew each time: it is found again by its name. */
function fillKeepingFocus(holder, content) {
  const held = holder.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
  fill(holder, content);
  const buttons = [...holder.querySelectorAll("button[aria-label]")];
  if (held) buttons.find((button) => button.getAttribute("aria-label") === held)?.focus();
}

function emptyView() {
  return el(
    "div",
    { class: "panel-empty" },
    el(
      "p",
      { class: "panel-shapes", "aria-hidden": "true" },
      ["supported", "partial", "unsupported"].map(verdictShape),
    ),
    el("p", {}, t("panel.empty")),
  );
}
