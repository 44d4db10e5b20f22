// What a stream has brought so far.

/**
 * @typedef {object} AnswerSentence
 * @property {string} text
 * @property {number} start
 * @property {number} end
 * @property {"supported"|"partial"|"unsupported"} verdict
 * @property {number} support
 * @property {number[]} citations
 *
 * @typedef {object} Citation
 * @property {number} marker
 * @property {{id: string, title: string, path: string, language: string, version: string}} document
 * @property {string} passage_id
 * @property {number} start
 * @property {number} end
 * @property {string} quote
 * @property {string[]} heading
 * @property {number|null} page
 * @property {number} score
 *
 * @typedef {{sentence: AnswerSentence, gap: string}} SettledSentence
 *   `gap` is the white space before the sentence
 */

/** A draft in the making: sentences that settled, then text that may still change. */
export class Progress {
  step = "sending";
  standaloneQuestion = "";
  hits = [];
  evidence = [];
  draft = "";
  /** @type {SettledSentence[]} */
  settled = [];
  /** @type {Map<number, Citation>} */
  citations = new Map();
  #cursor = 0;

  /** @returns {string} the draft after the last settled sentence */
  get rest() {
    return this.draft.slice(this.#cursor);
  }

  /**
   * Takes in one event of the stream; events it does not know change nothing.
   * @param {string} event
   * @param {any} data
   */
  apply(event, data) {
    if (event === "status") {
      this.step = data.step;
      this.standaloneQuestion = data.standalone_question ?? this.standaloneQuestion;
    } else if (event === "evidence") {
      this.hits = data.hits;
      this.evidence = data.sentences;
      this.step = "reading";
      this.#startAnew();
    } else if (event === "token") {
      this.draft = (this.draft + data.text).trimStart();
      this.step = "writing";
    } else if (event === "sentence") {
      this.#settle(data.sentence, data.citations);
    }
  }

  /** More evidence comes before another draft. */
  #startAnew() {
    this.draft = "";
    this.settled = [];
    this.citations = new Map();
    this.#cursor = 0;
  }

  #settle(sentence, citations) {
    for (const citation of citations) this.citations.set(citation.marker, citation);
    const found = this.draft.indexOf(sentence.text, this.#cursor);
    const start = found < 0 ? this.#cursor : found;
    this.settled.push({ sentence, gap: this.draft.slice(this.#cursor, start) });
    this.#cursor = Math.min(start + sentence.text.length, this.draft.length);
  }
}
