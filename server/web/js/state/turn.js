// A question and what became of it.

import { sliceByCodePoints } from "../offsets.js";
import { Observable } from "../observable.js";
import { Progress } from "./progress.js";

/**
 * @typedef {import("./progress.js").Citation} Citation
 * @typedef {import("./progress.js").SettledSentence} SettledSentence
 * @typedef {"streaming"|"reconnecting"|"answered"|"stopped"|"failed"|"unfinished"} TurnState
 *   `unfinished`: the server has the question, and no answer to it
 */

/** One turn of a conversation; changes while its answer streams. */
export class Turn extends Observable {
  /** @type {TurnState} */
  state;
  /** @type {any} the whole Answer, once there */
  answer = null;
  /** @type {Error|null} why it failed, or why it is reconnecting */
  error = null;
  /** @type {"up"|"down"|null} */
  rating = null;
  progress = new Progress();
  /** @type {AbortController|null} */
  controller = null;
  #earlier = null;

  /**
   * @param {string} id
   * @param {string} question
   * @param {any} [answer]
   */
  constructor(id, question, answer = null) {
    super();
    this.id = id;
    this.question = question;
    this.answer = answer;
    this.state = answer ? "answered" : "unfinished";
  }

  /** @returns {boolean} whether an answer is on its way */
  get live() {
    return this.state === "streaming" || this.state === "reconnecting";
  }

  /** @returns {boolean} */
  get refused() {
    return this.answer?.status === "not_in_corpus";
  }

  /**
   * The progress to show. After a reconnection that is what was there before, until the new stream has caught up:
   * no text is lost or doubled.
   * @returns {Progress}
   */
  get shown() {
    const before = this.#earlier;
    const behind = before && before.draft.length > this.progress.draft.length;
    return behind && before.draft.startsWith(this.progress.draft) ? before : this.progress;
  }

  /** @returns {SettledSentence[]} */
  get settled() {
    return this.answer ? settledSentences(this.answer) : this.shown.settled;
  }

  /**
   * @param {number} marker
   * @returns {Citation|undefined}
   */
  citation(marker) {
    if (!this.answer) return this.shown.citations.get(marker);
    return this.answer.citations.find((citation) => citation.marker === marker);
  }

  /**
   * A stream begins, for the first time or again.
   * @param {AbortController} controller
   */
  begin(controller) {
    this.controller = controller;
    this.#earlier = this.shown.draft ? this.shown : null;
    this.progress = new Progress();
    this.#become("streaming");
  }

  /**
   * @param {string} event
   * @param {any} data
   */
  take(event, data) {
    this.progress.apply(event, data);
    this.notify();
  }

  /** @param {any} answer */
  conclude(answer) {
    this.answer = answer;
    this.#become("answered");
  }

  /** @param {Error} error */
  reconnect(error) {
    this.#become("reconnecting", error);
  }

  /** @param {Error} error */
  fail(error) {
    this.#become("failed", error);
  }

  /** Has its answer stopped. */
  stop() {
    this.controller?.abort();
  }

  /** It was stopped; what was drafted stays to be seen. */
  halt() {
    this.#become("stopped");
  }

  #become(state, error = null) {
    this.state = state;
    this.error = error;
    this.notify();
  }
}

/**
 * Pairs each sentence of an answer with the white space before it, markers left out.
 * @param {any} answer
 * @returns {SettledSentence[]}
 */
export function settledSentences(answer) {
  let end = 0;
  let markers = "";
  return answer.sentences.map((sentence) => {
    const between = sliceByCodePoints(answer.text, end, sentence.start);
    end = sentence.end;
    const gap = between.startsWith(markers) ? between.slice(markers.length) : between;
    markers = sentence.citations.map((marker) => `[${marker}]`).join("");
    return { sentence, gap };
  });
}
