// Errors in words.

import { ConnectionLost, Problem } from "../api.js";
import { t } from "../i18n.js";

/**
 * @param {unknown} error
 * @returns {string} what went wrong, in a sentence or two
 */
export function errorText(error) {
  if (error instanceof ConnectionLost) return t("error.connection");
  if (!(error instanceof Problem)) return t("error.unknown");
  const parts = [error.title || t("error.unknown"), error.detail].filter(Boolean);
  return distinct(parts).join(" — ");
}

function distinct(parts) {
  return [...new Set(parts)];
}
