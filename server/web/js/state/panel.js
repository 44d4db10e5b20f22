// What the panel beside the chat shows: a document at a place, or why an answer is as it is.

import { Observable } from "../observable.js";

/**
 * @typedef {import("./progress.js").AnswerSentence} AnswerSentence
 *
 * @typedef {object} SourceView
 * @property {"source"} kind
 * @property {string} documentId
 * @property {string|null} version
 * @property {string} title
 * @property {{start: number, end: number, quote?: string}|null} span code points of the document's text
 * @property {import("./turn.js").Turn|null} turn the turn that cites it
 * @property {number|null} marker
 * @property {AnswerSentence|null} sentence the sentence whose marker was chosen
 *
 * @typedef {{kind: "why", turn: import("./turn.js").Turn}} WhyView
 */

class Panel extends Observable {
  /** @type {SourceView|WhyView|null} */
  view = null;

  /**
   * Opens the document of a citation at its sentence.
   * @param {import("./turn.js").Turn} turn
   * @param {number} marker
   * @param {AnswerSentence} [sentence] the one that cites; without it, the first that does
   */
  showCitation(turn, marker, sentence) {
    const citation = turn.citation(marker);
    if (!citation) return;
    const { document, start, end, quote } = citation;
    this.#show({
      kind: "source",
      documentId: document.id,
      version: document.version,
      title: document.title,
      span: { start, end, quote },
      turn,
      marker,
      sentence:
        sentence ?? turn.settled.find((settled) => settled.sentence.citations.includes(marker))?.sentence ?? null,
    });
  }

  /**
   * Opens a document, at a place or at its beginning.
   * @param {{id: string, title?: string, version?: string|null}} document
   * @param {{start: number, end: number}|null} [span]
   */
  showDocument(document, span = null) {
    const { id, title = "", version = null } = document;
    this.#show({ kind: "source", documentId: id, version, title, span, turn: null, marker: null, sentence: null });
  }

  /** @param {import("./turn.js").Turn} turn */
  showWhy(turn) {
    this.#show({ kind: "why", turn });
  }

  /** Empties the panel. */
  close() {
    if (this.view !== null) this.#show(null);
  }

  /**
   * @param {import("./turn.js").Turn} turn
   * @param {number} marker
   * @returns {boolean} whether that citation is what the panel shows
   */
  shows(turn, marker) {
    return this.view?.kind === "source" && this.view.turn === turn && this.view.marker === marker;
  }

  #show(view) {
    this.view = view;
    this.notify();
  }
}

export const panel = new Panel();
