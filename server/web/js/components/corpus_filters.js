// The search box and the filters of the corpus page.

import { el, fill } from "../dom.js";
import { t, tOr } from "../i18n.js";
import { icon } from "../icons.js";
import { corpus } from "../state/corpus.js";

const TYPING_MS = 300;

/**
 * @typedef {{query: string, language: string, topic: string, from: string, to: string}} Filters
 */

/**
 * @param {(filters: Filters) => void} onSearch called when something was typed or chosen
 * @param {AbortSignal} signal
 * @returns {{element: HTMLElement, search: () => void}}
 */
export function filtersView(onSearch, signal) {
  const query = el("input", {
    type: "search",
    id: "corpus-query",
    class: "input",
    placeholder: t("corpus.search"),
    "aria-label": t("corpus.search"),
  });
  const language = el("select", { id: "corpus-language", class: "input" });
  const topic = el("select", { id: "corpus-topic", class: "input" });
  const from = el("input", { type: "date", id: "corpus-from", class: "input" });
  const to = el("input", { type: "date", id: "corpus-to", class: "input" });
  let timer = 0;

  const search = () => {
    clearTimeout(timer);
    onSearch({
      query: query.value.trim(),
      language: language.value,
      topic: topic.value,
      from: from.value,
      to: to.value,
    });
  };
  const searchSoon = (event) => {
    clearTimeout(timer);
    if (!event.isComposing) timer = setTimeout(search, TYPING_MS);
  };
  const showOptions = () => {
    options(language, "language", corpus.languages);
    options(topic, "topic", corpus.topics);
  };

  query.addEventListener("input", searchSoon);
  query.addEventListener("compositionend", searchSoon);
  for (const field of [language, topic, from, to]) field.addEventListener("change", search);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  corpus.subscribe(showOptions, signal);
  showOptions();
  const submit = (event) => {
    event.preventDefault();
    search();
  };
  const element = el(
    "form",
    { class: "filters", role: "search", onsubmit: submit },
    el("div", { class: "search-field" }, icon("search"), query),
    field(t("filter.language"), language),
    field(t("filter.topic"), topic),
    field(t("filter.from"), from),
    field(t("filter.to"), to),
  );
  return { element, search };
}

function field(label, input) {
  return el("label", { class: "filter", for: input.id }, el("span", {}, label), input);
}

function options(select, kind, values) {
  const { value } = select;
  const option = (name, label) => el("option", { value: name }, label);
  fill(
    select,
    option("", t("filter.all")),
    values.map((name) => option(name, tOr(`${kind}.${name}`, name))),
  );
  select.value = value;
}
