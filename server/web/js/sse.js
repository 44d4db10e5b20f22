// Server-sent events read from a fetch stream (EventSource cannot POST).

/**
 * @typedef {{event: string, data: string, id: string}} ServerEvent
 */

/** Collects text as it arrives and gives back the events that are complete. */
export class EventParser {
  #buffer = "";
  #event = "";
  #data = [];
  #id = "";

  /**
   * @param {string} text the next piece, cut anywhere
   * @returns {ServerEvent[]}
   */
  push(text) {
    this.#buffer += text;
    // A carriage return at the very end may be half of a line break.
    const held = this.#buffer.endsWith("\r") ? "\r" : "";
    const lines = this.#buffer.slice(0, this.#buffer.length - held.length).split(/\r\n|\n|\r/);
    this.#buffer = lines.pop() + held;
    return lines.map((line) => this.#line(line)).filter((event) => event !== null);
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id") this.#id = value;
    return null;
  }

  #dispatch() {
    const event = { event: this.#event || "message", data: this.#data.join("\n"), id: this.#id };
    const empty = this.#data.length === 0;
    this.#event = "";
    this.#data = [];
    return empty ? null : event;
  }
}

/**
 * Reads the events of a response body. Ends when the body ends; throws where reading fails or nothing comes in time.
 * @param {ReadableStream<Uint8Array>} body
 * @param {number} patience milliseconds without a byte (servers send comments as a sign of life)
 * @returns {AsyncGenerator<ServerEvent>}
 */
export async function* readEvents(body, patience) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await inTime(reader.read(), patience);
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function inTime(promise, patience) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error("the stream fell silent")), patience);
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
  }
}
