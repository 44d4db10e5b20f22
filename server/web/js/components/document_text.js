// The text of a document with a place in it highlighted. Every character stays, in order: what is shown is the text.

import { el } from "../dom.js";
import { langTag, t } from "../i18n.js";
import { toUnits } from "../offsets.js";

// A very long document is shown around the place; the rest on demand.
const WINDOW = 60_000;
const ROW = /^[^;:\n]{1,80}: .*; [^;:\n]{1,80}: /;

/**
 * @param {{text: string, language: string, headings: {level: number, start: number}[]}} document
 * @param {{start: number, end: number}|null} span code points
 * @returns {{element: HTMLElement, reveal: (scroller: HTMLElement) => void}}
 */
export function documentText(document, span) {
  const { text } = document;
  const [start, end, ...headingStarts] = toUnits(text, [
    span?.start ?? 0,
    span?.end ?? 0,
    ...document.headings.map((h) => h.start),
  ]);
  const levels = new Map(headingStarts.map((unit, n) => [unit, document.headings[n].level]));
  const mark = { start, end };
  const body = el("div", { class: "document-text", lang: langTag(document.language) });
  const earlier = moreButton(t("document.earlier"), () => show(Math.max(0, from - WINDOW), to));
  const later = moreButton(t("document.later"), () => show(from, Math.min(text.length, to + WINDOW)));
  let from = 0;
  let to = 0;

  function show(newFrom, newTo) {
    [from, to] = [wholeCharacter(text, newFrom), wholeCharacter(text, newTo)];
    body.replaceChildren(...linesOf(text, from, to).map((line) => lineView(text, line, mark, levels.get(line.start))));
    earlier.hidden = from === 0;
    later.hidden = to === text.length;
  }

  function reveal(scroller) {
    const first = body.querySelector("mark");
    if (!first) return;
    const top = first.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
    scroller.scrollTop += top - scroller.clientHeight / 3;
  }

  show(Math.max(0, start - WINDOW), Math.min(text.length, end + WINDOW));
  return { element: el("div", {}, earlier, body, later), reveal };
}

function linesOf(text, from, to) {
  const lines = [];
  let start = from;
  while (start < to) {
    const found = text.indexOf("\n", start);
    const end = found < 0 || found >= to ? to : found + 1;
    lines.push({ start, end });
    start = end;
  }
  return lines;
}

function lineView(text, { start, end }, mark, level) {
  const from = Math.min(Math.max(mark.start, start), end);
  const to = Math.max(Math.min(mark.end, end), from);
  const parts = [text.slice(start, from), to > from ? el("mark", {}, text.slice(from, to)) : null, text.slice(to, end)];
  if (level !== undefined) return el(level === 1 ? "h3" : "h4", { dir: "auto" }, parts);
  const line = text.slice(start, end);
  return el("p", { class: line.trim() === "" ? "blank" : ROW.test(line) ? "row" : null, dir: "auto" }, parts);
}

/** Moves an offset off the middle of a surrogate pair. */
function wholeCharacter(text, unit) {
  const code = text.charCodeAt(unit);
  return code >= 0xdc00 && code <= 0xdfff ? unit - 1 : unit;
}

function moreButton(label, onclick) {
  return el("button", { type: "button", class: "button more-text", onclick }, label);
}
