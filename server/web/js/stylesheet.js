// Styles of pages that are not the first.

import { el } from "./dom.js";

const loading = new Map();

/**
 * Loads a stylesheet, once.
 * @param {string} href
 * @returns {Promise<void>} when its rules hold
 */
export function loadStylesheet(href) {
  if (!loading.has(href)) loading.set(href, load(href));
  return loading.get(href);
}

function load(href) {
  return new Promise((resolve, reject) => {
    const failed = () => {
      loading.delete(href);
      reject(new Error(`no stylesheet ${href}`));
    };
    document.head.append(el("link", { rel: "stylesheet", href, onload: () => resolve(), onerror: failed }));
  });
}
