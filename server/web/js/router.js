// Places of the page, kept in the hash: `#/` a new conversation, `#/c/ID` a stored one, `#/corpus` the documents.

import { Observable } from "./observable.js";

/**
 * @typedef {{name: "chat", conversationId: string|null} | {name: "corpus", documentId: string|null}} Route
 */

/**
 * @param {string} hash
 * @returns {Route}
 */
export function parseRoute(hash) {
  const [place = "", id = ""] = hash.replace(/^#\/?/, "").split("/").map(decode);
  if (place === "corpus") return { name: "corpus", documentId: id || null };
  return { name: "chat", conversationId: place === "c" && id ? id : null };
}

/**
 * @param {string} conversationId
 * @returns {string}
 */
export function conversationHref(conversationId) {
  return `#/c/${encodeURIComponent(conversationId)}`;
}

/**
 * @param {string} documentId
 * @returns {string}
 */
export function documentHref(documentId) {
  return `#/corpus/${encodeURIComponent(documentId)}`;
}

class Router extends Observable {
  /** @returns {Route} */
  get route() {
    return parseRoute(location.hash);
  }

  /** Begins to listen to the address bar. */
  start() {
    addEventListener("hashchange", () => this.notify());
  }

  /**
   * Goes to a place.
   * @param {string} hash
   */
  go(hash) {
    if (location.hash === hash) this.notify();
    else location.hash = hash;
  }

  /**
   * Names the place where one already is, without moving: a new conversation that got its id.
   * @param {string} hash
   */
  rename(hash) {
    history.replaceState(null, "", hash);
  }
}

export const router = new Router();

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
