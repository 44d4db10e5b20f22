// Asking a question over HTTP.

import { ConnectionLost, readJson, send } from "./api.js";
import { readEvents } from "./sse.js";

// The server sends a sign of life every few seconds; a minute of silence is a lost connection.
const PATIENCE_MS = 60_000;

/**
 * Asks a question and gives back what the server says until its answer, in order.
 * @param {object} body as of POST /v1/chat
 * @param {AbortSignal} signal
 * @returns {AsyncGenerator<{event: string, data: any}>}
 * @throws {import("./api.js").Problem|ConnectionLost} ConnectionLost also where the stream ends before its answer
 */
export async function* chat(body, signal) {
  const response = await send("POST", "v1/chat", { body, signal, accept: "text/event-stream" });
  if (!(response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")) {
    yield { event: "answer", data: await readJson(response) };
    return;
  }
  try {
    for await (const { event, data } of readEvents(response.body, PATIENCE_MS)) {
      yield { event, data: JSON.parse(data) };
      if (event === "answer" || event === "error") return;
    }
  } catch (error) {
    if (signal.aborted) throw error;
  }
  throw new ConnectionLost();
}
