// A side of the page that becomes a drawer over the rest where the window is narrow.

import { el } from "../dom.js";

export class Drawer {
  isOpen = false;
  #opener = null;

  /**
   * @param {HTMLElement} side
   * @param {string} narrow the media query under which it is a drawer
   * @param {() => void} onDismiss called when a person points beside the open drawer
   */
  constructor(side, narrow, onDismiss) {
    this.side = side;
    this.media = matchMedia(narrow);
    this.scrim = el("div", { class: "scrim", hidden: true, onclick: onDismiss });
    this.onChange = () => {};
  }

  /** @returns {boolean} whether it lies over the rest */
  get covers() {
    return this.media.matches && this.isOpen;
  }

  /** @returns {boolean} whether it is out of sight */
  get away() {
    return this.media.matches && !this.isOpen;
  }

  /** Opens it; what had the focus gets it back later. */
  open() {
    if (this.isOpen) return;
    this.isOpen = true;
    this.#opener = document.activeElement;
    this.apply();
    if (this.covers) this.side.focus();
  }

  /** Closes it. */
  close() {
    if (!this.isOpen) return;
    const covered = this.covers || this.side.contains(document.activeElement);
    this.isOpen = false;
    this.apply();
    if (covered) this.#opener?.focus?.({ preventScroll: true });
  }

  /** Shows what is the case. */
  apply() {
    this.side.classList.toggle("open", this.isOpen);
    this.scrim.hidden = !this.covers;
    this.onChange();
  }
}

/**
 * Lets drawers follow the width of the window, and keeps what they cover, or what is away, out of reach.
 * @param {Drawer[]} drawers
 * @param {HTMLElement} rest
 * @param {AbortSignal} signal
 */
export function watchDrawers(drawers, rest, signal) {
  const settle = () => {
    rest.inert = drawers.some((drawer) => drawer.covers);
    for (const drawer of drawers) {
      drawer.side.inert = drawer.away || drawers.some((other) => other !== drawer && other.covers);
    }
  };
  for (const drawer of drawers) {
    drawer.side.before(drawer.scrim);
    drawer.onChange = settle;
    drawer.media.addEventListener("change", () => drawer.apply(), { signal });
    drawer.apply();
  }
}
