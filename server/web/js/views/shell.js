// The frame of the page: conversations, the main area, the panel; the sides are drawers on a small screen.

import { el, fill, iconButton } from "../dom.js";
import { t } from "../i18n.js";
import { icon } from "../icons.js";
import { router } from "../router.js";
import { panel } from "../state/panel.js";
import { Drawer, watchDrawers } from "../components/drawer.js";
import { panelView } from "./panel.js";
import { sidebarView } from "./sidebar.js";

/**
 * Builds the frame.
 * @param {object} actions as of `sidebarView`
 * @param {AbortSignal} signal
 * @returns {{element: HTMLElement, main: HTMLElement}} `main` is where views go
 */
export function shellView(actions, signal) {
  const main = el("main", { class: "stage", id: "main", tabindex: "-1" });
  const frame = el("div", { class: "stage-frame" });
  const sidebar = el("nav", { class: "sidebar", tabindex: "-1", "aria-label": t("conversations") });
  const aside = el("aside", { class: "panel", tabindex: "-1", "aria-label": t("panel") });
  const app = el("div", { class: "app" }, skipLink(main), sidebar, frame, aside);
  const left = new Drawer(sidebar, "(max-width: 69.99rem)", () => left.close());
  const right = new Drawer(aside, "(max-width: 59.99rem)", () => panel.close());

  frame.append(iconButton(icon("menu"), t("menu"), { class: "menu-button", onclick: () => left.open() }), main);
  fill(
    sidebar,
    iconButton(icon("close"), t("close"), { class: "drawer-close", onclick: () => left.close() }),
    sidebarView(actions, signal),
  );
  fill(aside, panelView(signal));

  function showPanel() {
    app.dataset.panel = panel.view?.kind ?? "";
    if (panel.view) right.open();
    else right.close();
  }

  /** Escape closes what lies on top. */
  function dismiss(event) {
    const taken = event.defaultPrevented || document.querySelector("dialog[open], .menu:popover-open") !== null;
    if (event.key !== "Escape" || event.isComposing || taken) return;
    if (left.isOpen) left.close();
    else panel.close();
  }

  watchDrawers([left, right], frame, signal);
  router.subscribe(() => left.close(), signal);
  panel.subscribe(showPanel, signal);
  addEventListener("keydown", dismiss, { signal });
  showPanel();
  return { element: app, main };
}

function skipLink(main) {
  const skip = (event) => {
    event.preventDefault();
    (document.getElementById("question") ?? main).focus();
  };
  return el("a", { href: "#main", class: "skip-link", onclick: skip }, t("skip"));
}
