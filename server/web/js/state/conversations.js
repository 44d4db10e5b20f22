// The list of conversations.

import { request, withQuery } from "../api.js";
import { Observable } from "../observable.js";
import { threads } from "./thread.js";

const PAGE = 50;
// The most that one reply lists.
const MOST = 200;

/**
 * @typedef {{id: string, title: string, created: string, updated: string, turns: number}} ConversationSummary
 */

class Conversations extends Observable {
  /** @type {ConversationSummary[]} */
  items = [];
  /** Where the older ones begin; null where there are none. */
  next = null;
  /** @type {Error|null} */
  error = null;
  loaded = false;

  /** Fetches as many as are shown, newest first. */
  async refresh() {
    try {
      const limit = Math.min(Math.max(PAGE, this.items.length), MOST);
      const { conversations: items, next } = await list({ limit });
      this.items = items;
      this.next = next;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.loaded = true;
    this.notify();
  }

  /** Fetches the next older ones. */
  async extend() {
    const { conversations: older, next } = await list({ limit: PAGE, before: this.next });
    this.next = next;
    const known = new Set(this.items.map((item) => item.id));
    this.items = [...this.items, ...older.filter((item) => !known.has(item.id))];
    this.notify();
  }

  /** @param {ConversationSummary} summary of one just made */
  add(summary) {
    this.items = [summary, ...this.items.filter((item) => item.id !== summary.id)];
    this.notify();
  }

  /**
   * @param {string} id
   * @param {string} title
   */
  async rename(id, title) {
    await request("PATCH", path(id), { body: { title } });
    threads.peek(id)?.rename(title);
    this.items = this.items.map((item) => (item.id === id ? { ...item, title } : item));
    this.notify();
  }

  /** @param {string} id */
  async remove(id) {
    await request("DELETE", path(id));
    threads.peek(id)?.liveTurn?.stop();
    threads.forget(id);
    this.items = this.items.filter((item) => item.id !== id);
    this.notify();
  }

  /** Forgets them all: somebody signed out. */
  clear() {
    threads.clear();
    this.items = [];
    this.loaded = false;
    this.notify();
  }
}

export const conversations = new Conversations();

/**
 * @param {string} id
 * @param {"markdown"|"json"} format
 * @returns {string} where a conversation can be downloaded
 */
export function exportHref(id, format) {
  return withQuery(`${path(id)}/export`, { format });
}

function path(id) {
  return `v1/conversations/${encodeURIComponent(id)}`;
}

function list(parameters) {
  return request("GET", withQuery("v1/conversations", parameters));
}
