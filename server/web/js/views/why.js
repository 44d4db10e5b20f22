// Why an answer is as it is: the decision, what was found, and what it took.

import { el, iconButton } from "../dom.js";
import { formatNumber, percent, seconds, t, tOr } from "../i18n.js";
import { icon } from "../icons.js";
import { documentLink } from "../components/document_link.js";
import { panel } from "../state/panel.js";

/**
 * @param {import("../state/panel.js").WhyView} view
 * @returns {HTMLElement[]}
 */
export function whyView({ turn }) {
  const { answer } = turn;
  const close = iconButton(icon("close"), t("close"), { class: "panel-close", onclick: () => panel.close() });
  return [
    el("div", { class: "panel-bar" }, el("span", { class: "label" }, t("why")), close),
    el(
      "div",
      { class: "why", tabindex: "0", role: "region", "aria-label": t("why") },
      decisionView(answer),
      hitsView(turn),
      featuresView(answer.sufficiency),
      timingsView(answer.timings_ms),
      factsView(answer),
    ),
  ];
}

function decisionView(answer) {
  const weighed = answer.sufficiency;
  const refused = answer.status === "not_in_corpus";
  const verdict = el("p", { class: "why-verdict" }, t(refused ? "why.refused" : "why.answered"));
  if (!weighed) return section("why.decision", verdict);
  const score = weighed.probability ?? weighed.gate;
  const values = { score: percent(score), threshold: percent(weighed.threshold) };
  const text = t(weighed.probability === null ? "why.gate" : "why.probability", values);
  return section("why.decision", verdict, scale(score, weighed.threshold, text), el("p", { class: "muted" }, text));
}

/** A line from 0 to 1 with the threshold and the score on it. */
function scale(score, threshold, label) {
  const dot = el("span", { class: score >= threshold ? "scale-dot over" : "scale-dot" });
  const tick = el("span", { class: "scale-tick" });
  dot.style.left = `${100 * score}%`;
  tick.style.left = `${100 * threshold}%`;
  return el("div", { class: "scale", role: "img", "aria-label": label }, tick, dot);
}

function hitsView(turn) {
  const { hits } = turn.progress;
  if (hits.length === 0) return null;
  const rows = hits.map((hit) => {
    const place = [hit.heading].flat().filter((heading) => heading && heading !== hit.title).join(" › ");
    const link = documentLink({ id: hit.document_id, title: hit.title }, { start: hit.start, end: hit.end });
    const bar = el("meter", { min: 0, max: 1, value: hit.score, "aria-label": t("why.score") });
    return el(
      "li",
      {},
      el("span", { class: "hit-score" }, fixed(hit.score)),
      bar,
      el("span", {}, link, place && el("span", { class: "muted" }, ` ${place}`)),
    );
  });
  return section("why.hits", el("ol", { class: "why-hits" }, rows));
}

function featuresView(weighed) {
  if (!weighed) return null;
  const rows = Object.entries(weighed.features).map(([name, value]) => [tOr(`feature.${name}`, name), fixed(value)]);
  const last = weighed.probability === null ? "–" : fixed(weighed.probability);
  const decision = [
    [t("why.gate.label"), fixed(weighed.gate)],
    [t("why.probability.label"), last],
    [t("why.threshold.label"), fixed(weighed.threshold)],
  ];
  return section("why.scores", table([...decision, ...rows]));
}

function timingsView(timings) {
  const { rewrite, retrieve, first_token: first, total } = timings;
  const steps = [
    ["rewrite", rewrite],
    ["retrieve", retrieve - rewrite],
    ["read", first ? first - retrieve : 0],
    ["write", total - (first || retrieve)],
  ];
  const bar = el(
    "div",
    { class: "timing-bar", "aria-hidden": "true" },
    steps.map(([name]) => el("span", { "data-step": name })),
  );
  steps.forEach(([, value], n) => {
    bar.children[n].style.flexGrow = String(Math.max(value, 0));
  });
  const rows = steps.map(([name, value]) => [t(`timing.${name}`), seconds(Math.max(value, 0)), name]);
  return section("why.timings", bar, table([...rows, [t("timing.total"), seconds(total)]]));
}

function factsView(answer) {
  const { usage, model } = answer;
  const tokens = t("why.tokens.value", {
    prompt: usage.prompt_tokens,
    cached: usage.cached_tokens,
    completion: usage.completion_tokens,
  });
  return section(
    "why.facts",
    table(
      [
        [t("why.question"), answer.standalone_question],
        [t("why.model"), `${model.name} (${model.backend})`],
        [t("why.model.sha256"), model.sha256 ? short(model.sha256) : "–"],
        [t("why.snapshot"), short(answer.snapshot)],
        [t("why.tokens"), tokens],
        [t("why.id"), short(answer.id)],
      ],
      "facts long",
    ),
  );
}

function section(title, ...children) {
  return el("section", {}, el("h3", { class: "label" }, t(title)), children);
}

function table(rows, names = "facts") {
  const row = ([name, value, step]) =>
    el("tr", {}, el("th", { scope: "row", "data-step": step ?? null }, name), el("td", { dir: "auto" }, value));
  return el("table", { class: names }, el("tbody", {}, rows.map(row)));
}

function short(id) {
  return el("code", { title: id }, id.length > 16 ? `${id.slice(0, 12)}…` : id);
}

function fixed(value) {
  return formatNumber(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
