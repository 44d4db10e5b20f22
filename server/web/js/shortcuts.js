// Single-key shortcuts. They can be switched off: speech input and stray touches press keys too (WCAG 2.1.4).

import { recall, remember } from "./storage.js";

/**
 * @returns {boolean}
 */
export function singleKeysAllowed() {
  return recall("single-keys") !== "off";
}

/**
 * @param {boolean} allowed
 */
export function allowSingleKeys(allowed) {
  remember("single-keys", allowed ? null : "off");
}

/**
 * Calls an action when its key is pressed outside of text fields and dialogs.
 * @param {Record<string, () => void>} actions by `KeyboardEvent.key`
 * @param {AbortSignal} signal
 */
export function listenForKeys(actions, signal) {
  addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !singleKeysAllowed()) return;
      if (event.target.closest?.("input, textarea, select, dialog, [role=menu]")) return;
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    },
    { signal },
  );
}
