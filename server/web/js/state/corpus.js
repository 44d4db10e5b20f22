// What the corpus holds, in short.

import { request, withQuery } from "../api.js";
import { Observable } from "../observable.js";

// The most that one reply lists.
const LISTED = 500;

class Corpus extends Observable {
  /** Those in the language of the interface: material for example questions. */
  own = [];
  /** All that one reply lists: what the filters of the corpus page offer. */
  documents = [];

  /**
   * Fetches what example questions need; where nothing is in that language, some in others.
   * @param {"en"|"zh"} language
   */
  async refreshOwn(language) {
    const own = await list({ language, limit: 100 });
    this.own = own?.length === 0 ? ((await list({ limit: 4 })) ?? []) : (own ?? this.own);
    this.notify();
  }

  /** Fetches the list for the filters. */
  async refresh() {
    const listed = await list({ limit: LISTED });
    if (listed) this.documents = listed;
    this.notify();
  }

  /** @returns {string[]} the topics there are, in order */
  get topics() {
    return distinct(this.documents.flatMap((document) => (document.topic ?? "").split(", ")));
  }

  /** @returns {string[]} the languages there are, in order */
  get languages() {
    return distinct(this.documents.map((document) => document.language));
  }
}

export const corpus = new Corpus();

/** Null while the server is loading or away: the page does without. */
async function list(parameters) {
  try {
    return (await request("GET", withQuery("v1/documents", parameters))).documents;
  } catch {
    return null;
  }
}

function distinct(values) {
  return [...new Set(values.filter(Boolean))].sort();
}
