// Menus of actions.

import { el } from "../dom.js";
import { place } from "./placing.js";

/**
 * Opens a menu at a button.
 * @param {HTMLButtonElement} button
 * @param {import("./menu_button.js").MenuItem[]} items
 */
export function openMenu(button, items) {
  const menu = el("div", {
    class: "menu",
    role: "menu",
    popover: "auto",
    "aria-label": button.getAttribute("aria-label"),
  });
  menu.append(...items.map((item) => menuItem(item, () => menu.hidePopover())));
  menu.addEventListener("keydown", (event) => moveFocus(menu, event));
  menu.addEventListener("toggle", (event) => {
    button.setAttribute("aria-expanded", String(event.newState === "open"));
    if (event.newState === "closed") menu.remove();
  });
  button.after(menu);
  menu.showPopover();
  place(menu, button.getBoundingClientRect(), "below");
  menu.firstElementChild.focus();
}

function menuItem({ label, run, href, danger = false }, close) {
  const attributes = { role: "menuitem", tabindex: "-1", class: danger ? "menu-item danger" : "menu-item" };
  if (href) return el("a", { ...attributes, href, download: "", onclick: close }, label);
  const choose = () => {
    close();
    run();
  };
  return el("button", { ...attributes, type: "button", onclick: choose }, label);
}

function moveFocus(menu, event) {
  const items = [...menu.children];
  const place = items.indexOf(document.activeElement);
  const moves = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: items.length - 1 };
  if (event.key === "Tab") menu.hidePopover();
  if (!(event.key in moves)) return;
  event.preventDefault();
  items[(moves[event.key] + items.length) % items.length].focus();
}
