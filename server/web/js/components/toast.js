// Short notices at the lower edge.

import { el } from "../dom.js";
import { errorText } from "./problem.js";

const SHOWN_MS = 5000;

/**
 * @param {string} message
 */
export function toast(message) {
  const notice = el("div", { class: "toast" }, message);
  document.getElementById("toasts").append(notice);
  setTimeout(() => notice.remove(), SHOWN_MS);
}

/**
 * Runs something a person asked for, and says so where it fails.
 * @param {() => Promise<void>} action
 * @returns {Promise<boolean>} whether it was done
 */
export async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    toast(errorText(error));
    return false;
  }
}
