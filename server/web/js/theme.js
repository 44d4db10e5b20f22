// Light and dark: the system's, or the one chosen.

import { recall, remember } from "./storage.js";

export const THEMES = ["auto", "light", "dark"];

/**
 * @returns {"auto"|"light"|"dark"}
 */
export function theme() {
  const chosen = recall("theme");
  return THEMES.includes(chosen) ? chosen : "auto";
}

/**
 * @param {"auto"|"light"|"dark"} wanted
 */
export function useTheme(wanted) {
  remember("theme", wanted === "auto" ? null : wanted);
  if (wanted === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = wanted;
}
