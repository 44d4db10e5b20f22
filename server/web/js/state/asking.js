// Asking a question and staying with it until its answer is here: the connection may drop and come back.

import { ConnectionLost, Problem, request } from "../api.js";
import { chat } from "../chat_stream.js";
import { newId } from "../ids.js";
import { conversations } from "./conversations.js";
import { server } from "./server.js";
import { threads } from "./thread.js";
import { Turn } from "./turn.js";

const RETRY_MS = [500, 1000, 2000, 4000, 8000];

/**
 * Asks a question in a conversation.
 * @param {import("./thread.js").Thread} thread
 * @param {string} question
 * @param {{replaced?: Turn|null, onStored?: () => void}} [options] `replaced`: that turn and all later ones go;
 *   `onStored` is called when a new conversation got its id
 * @returns {Promise<Turn>} the turn, when it is answered, stopped or failed
 */
export async function ask(thread, question, { replaced = null, onStored } = {}) {
  const turn = new Turn(newId(), question);
  const controller = new AbortController();
  turn.begin(controller);
  thread.add(turn, replaced);
  await follow(thread, turn, replaced?.id, onStored);
  return turn;
}

/**
 * Asks again for the answer of a turn that stopped, failed or was never finished.
 * @param {import("./thread.js").Thread} thread
 * @param {Turn} turn
 */
export async function resume(thread, turn) {
  turn.begin(new AbortController());
  thread.notify();
  await follow(thread, turn);
}

async function follow(thread, turn, replacedId, onStored) {
  const { signal } = turn.controller;
  let replaces = replacedId;
  for (let attempt = 0; turn.live; attempt += 1) {
    try {
      await store(thread, onStored);
      await stream(thread, turn, replaces);
    } catch (error) {
      const delay = delayAfter(error, attempt);
      if (signal.aborted) turn.halt();
      else if (delay === null) giveUp(thread, turn, error);
      else if (await waitAndRecover(thread, turn, error, delay)) replaces = undefined;
    }
  }
  turn.controller = null;
  thread.notify();
  conversations.refresh();
}

async function store(thread, onStored) {
  if (thread.id) return;
  const conversation = await request("POST", "v1/conversations", { body: {} });
  thread.id = conversation.id;
  threads.keep(thread);
  onStored?.();
  conversations.add({ ...conversation, title: thread.title });
}

async function stream(thread, turn, replaces) {
  const body = { question: turn.question, conversation_id: thread.id, turn_id: turn.id, replace_turn: replaces };
  for await (const { event, data } of chat(body, turn.controller.signal)) {
    if (event === "error") throw new Problem(data);
    if (event === "answer") turn.conclude(data);
    else turn.take(event, data);
  }
}

function giveUp(thread, turn, error) {
  if (error.slug === "unauthorized") thread.unsent ||= turn.question;
  turn.fail(error);
}

/** Waits, and makes ready for another attempt, unless the answer is there by then; says whether the turn is stored. */
async function waitAndRecover(thread, turn, error, delay) {
  const { signal } = turn.controller;
  turn.reconnect(error);
  await pause(delay, signal);
  const stored = await recover(thread, turn);
  if (signal.aborted && turn.live) turn.halt();
  else if (turn.live) turn.begin(turn.controller);
  return stored;
}

/** Looks whether the server has the turn, and its answer; says whether it has the turn. */
async function recover(thread, turn) {
  if (!thread.id || turn.controller.signal.aborted) return false;
  try {
    const conversation = await request("GET", `v1/conversations/${thread.id}`);
    const stored = conversation.turns.find((other) => other.id === turn.id);
    if (stored?.answer) turn.conclude(stored.answer);
    return stored !== undefined;
  } catch {
    return false;
  }
}

/** Milliseconds to wait before the next attempt; null where another would not help. */
function delayAfter(error, attempt) {
  if (error instanceof ConnectionLost) return RETRY_MS[attempt] ?? null;
  if (!(error instanceof Problem) || error.slug !== "not-ready" || server.failed) return null;
  server.watch();
  return 1000 * Math.min(error.retryAfter ?? 2, 5);
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    addEventListener("online", done, { once: true });
    signal.addEventListener("abort", done, { once: true });
  });
}
