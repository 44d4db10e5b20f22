// A conversation as the page holds it.

import { request } from "../api.js";
import { Observable } from "../observable.js";

/**
 * @typedef {import("./turn.js").Turn} Turn
 */

/** A conversation: its turns in order. Without an id until its first question is sent. */
export class Thread extends Observable {
  /** @type {Turn[]} */
  turns = [];
  title = "";
  /** What stands in the question box. */
  unsent = "";

  /** @param {string|null} id */
  constructor(id = null) {
    super();
    this.id = id;
  }

  /** @returns {Turn|undefined} the turn whose answer is on its way */
  get liveTurn() {
    return this.turns.find((turn) => turn.live);
  }

  /**
   * Adds a turn; where it replaces another, that one and all later ones go.
   * @param {Turn} turn
   * @param {Turn|null} replaced
   */
  add(turn, replaced) {
    const place = replaced ? this.turns.indexOf(replaced) : -1;
    if (place >= 0) this.turns.splice(place);
    this.turns.push(turn);
    if (!this.title) this.title = turn.question.slice(0, 80);
    this.notify();
  }

  /** @param {string} title */
  rename(title) {
    this.title = title;
    this.notify();
  }
}

/** The conversations opened so far, so that leaving one does not stop its answer. */
class Threads {
  #opened = new Map();

  /** @param {Thread} thread that has an id */
  keep(thread) {
    this.#opened.set(thread.id, thread);
  }

  /** @param {string} id */
  forget(id) {
    this.#opened.delete(id);
  }

  /** Forgets them all: somebody signed out. */
  clear() {
    this.#opened.clear();
  }

  /**
   * @param {string} id
   * @returns {Thread|undefined} the conversation, where it is already here
   */
  peek(id) {
    return this.#opened.get(id);
  }

  /**
   * @param {string} id
   * @returns {Promise<Thread>}
   * @throws {import("../api.js").Problem} where there is no such conversation
   */
  async open(id) {
    const opened = this.#opened.get(id);
    if (opened) return opened;
    const loading = request("GET", `v1/conversations/${encodeURIComponent(id)}`);
    const [{ title, turns }, { Turn }] = await Promise.all([loading, import("./turn.js")]);
    const thread = new Thread(id);
    thread.title = title;
    thread.turns = turns.map((turn) => new Turn(turn.id, turn.question, turn.answer));
    this.keep(thread);
    return thread;
  }
}

export const threads = new Threads();
