// The turns of a conversation, and asking for more.

import { conversationHref, router } from "../router.js";
import { ask, resume } from "../state/asking.js";
import { turnView } from "../components/turn.js";

/**
 * Shows the turns of a conversation in `list`, now and as they change.
 * @param {import("../state/thread.js").Thread} thread
 * @param {HTMLElement} list
 * @param {AbortSignal} signal
 * @returns {{ask: (question: string) => void}}
 */
export function turnList(thread, list, signal) {
  const views = new Map();

  function askAnew(question, replaced = null) {
    ask(thread, question, { replaced, onStored });
    focusOn(views.get(thread.turns.at(-1)));
  }

  function onStored() {
    // Only where one still looks at it: its place gets its name.
    if (!signal.aborted) router.rename(conversationHref(thread.id));
  }

  function update() {
    if (thread.turns.length > 0) list.querySelector(".welcome")?.remove();
    for (const [turn, view] of views) {
      if (thread.turns.includes(turn)) continue;
      view.remove();
      views.delete(turn);
    }
    for (const turn of thread.turns) {
      if (!views.has(turn)) views.set(turn, addTurn(turn));
    }
  }

  function addTurn(turn) {
    const actions = { resend: (question) => askAnew(question, turn), resume: () => resume(thread, turn) };
    const view = turnView(turn, actions, signal);
    list.append(view);
    return view;
  }

  /** Brings a new question to the top, with room below for its answer: nothing has to scroll while it streams. */
  function focusOn(view) {
    list.querySelector(".turn.latest")?.classList.remove("latest");
    view.classList.add("latest");
    view.scrollIntoView({ block: "start" });
  }

  thread.subscribe(update, signal);
  update();
  // The newest question is what one comes back to.
  requestAnimationFrame(() => views.get(thread.turns.at(-1))?.scrollIntoView({ block: "start" }));
  return { ask: askAnew };
}
