// Words of the interface, in English and Simplified Chinese.

import { recall, remember } from "./storage.js";

export const LANGUAGES = ["en", "zh"];

let current = "en";
let words = {};

/**
 * @returns {"en"|"zh"} the language of the interface
 */
export function language() {
  return current;
}

/**
 * @returns {"en"|"zh"} the chosen language, else the browser's
 */
export function preferredLanguage() {
  const chosen = recall("language");
  if (LANGUAGES.includes(chosen)) return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/**
 * Loads the words of a language and makes it current.
 * @param {"en"|"zh"} wanted
 * @param {boolean} [chosen] whether a person chose it, so that it is remembered
 */
export async function useLanguage(wanted, chosen = false) {
  const response = await fetch(`locales/${wanted}.json`);
  if (!response.ok) throw new Error(`no words for ${wanted}`);
  words = await response.json();
  current = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-Hans" : "en";
  if (chosen) remember("language", wanted);
}

/**
 * The text of a key, `{name}` filled from `values`; `values.count` chooses the plural.
 * @param {string} key
 * @param {Record<string, string|number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  return template(key, values).replace(/\{(\w+)\}/g, (_, name) => shown(values[name]));
}

/**
 * As `t`, with nodes among the values.
 * @param {string} key
 * @param {Record<string, string|number|Node>} values
 * @returns {(string|Node)[]}
 */
export function tNodes(key, values) {
  const parts = template(key, values).split(/\{(\w+)\}/);
  return parts.map((part, n) =>
    n % 2 === 0 ? part : values[part] instanceof Node ? values[part] : shown(values[part]),
  );
}

/**
 * The text of a key that may be missing.
 * @param {string} key
 * @param {string} fallback
 * @returns {string}
 */
export function tOr(key, fallback) {
  return key in words ? t(key) : fallback;
}

/**
 * The language of a document as an HTML attribute takes it.
 * @param {"en"|"zh"|"other"} documentLanguage
 * @returns {string|null} null where it is not known
 */
export function langTag(documentLanguage) {
  return documentLanguage === "other" ? null : documentLanguage;
}

/**
 * A list from the locale file, such as the example questions.
 * @param {string} key
 * @returns {any[]}
 */
export function wordList(key) {
  return words[key] ?? [];
}

/**
 * @param {string|Date} date ISO text or a date
 * @param {Intl.DateTimeFormatOptions} [options]
 * @returns {string} the date in words, or the text itself where it is no date
 */
export function formatDate(date, options = { dateStyle: "medium" }) {
  const value = date instanceof Date ? date : new Date(/^\d{4}-\d\d-\d\d$/.test(date) ? `${date}T00:00` : date);
  return Number.isNaN(value.getTime()) ? String(date) : new Intl.DateTimeFormat(current, options).format(value);
}

/**
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 * @returns {string}
 */
export function formatNumber(value, options = {}) {
  return new Intl.NumberFormat(current, options).format(value);
}

/**
 * @param {number} share in [0, 1]
 * @returns {string}
 */
export function percent(share) {
  return formatNumber(share, { style: "percent" });
}

/**
 * @param {number} milliseconds
 * @returns {string} seconds, in words
 */
export function seconds(milliseconds) {
  return t("seconds", { value: formatNumber(milliseconds / 1000, { maximumFractionDigits: 1 }) });
}

function template(key, values) {
  const entry = words[key] ?? key;
  if (typeof entry === "string") return entry;
  return entry[new Intl.PluralRules(current).select(Number(values.count))] ?? entry.other;
}

function shown(value) {
  return typeof value === "number" ? formatNumber(value) : String(value ?? "");
}
