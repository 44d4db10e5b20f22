// What stands under a turn that has no answer: why, and the way on.

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { errorText } from "./problem.js";

/**
 * @param {import("../state/turn.js").Turn} turn stopped, failed or unfinished
 * @param {() => void} resume
 * @returns {HTMLElement}
 */
export function outcomeView(turn, resume) {
  const failed = turn.state === "failed";
  const drafted = turn.shown.draft !== "";
  const text = failed ? errorText(turn.error) : t(drafted ? "stopped.draft" : "unfinished.long");
  return el(
    "div",
    { class: failed ? "outcome failed" : "outcome", role: failed ? "alert" : null },
    el("p", {}, text),
    el("button", { type: "button", class: "button", onclick: resume }, t(failed ? "retry" : "resume")),
  );
}
