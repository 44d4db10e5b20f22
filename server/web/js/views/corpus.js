// The documents of the corpus: filters, text search, and the state of the index.

import { request, withQuery } from "../api.js";
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { documentCard, hitCard } from "../components/corpus_cards.js";
import { filtersView } from "../components/corpus_filters.js";
import { errorText } from "../components/problem.js";
import { corpus } from "../state/corpus.js";
import { panel } from "../state/panel.js";
import { server } from "../state/server.js";

const PAGE = 50;
const HITS = 50;

/**
 * @param {string|null} documentId a document to open at once
 * @param {AbortSignal} signal
 * @returns {HTMLElement[]} what the main area holds
 */
export function corpusView(documentId, signal) {
  const results = el("div", { class: "corpus-results" });
  const count = el("p", { class: "corpus-count", role: "status" });
  const state = el("p", { class: "index-state" });
  let latest = 0;

  async function search(filters) {
    latest += 1;
    const mine = latest;
    try {
      const view = filters.query ? await foundView(filters) : await listView(filters, 0);
      if (mine !== latest || signal.aborted) return;
      count.textContent = view.count;
      fill(results, view.element);
    } catch (error) {
      if (mine !== latest || signal.aborted) return;
      count.textContent = "";
      fill(results, el("p", { class: "outcome failed", role: "alert" }, errorText(error)));
    }
  }

  const filters = filtersView(search, signal);
  const showState = () => fill(state, stateView());
  document.title = `${t("corpus")} – Pincite`;
  server.subscribe(showState, signal);
  // The list may come while the server is still loading, and again when it is ready.
  server.subscribe(() => server.status === "ready" && filters.search(), signal);
  showState();
  corpus.refresh();
  filters.search();
  if (documentId) panel.showDocument({ id: documentId });
  return [
    el(
      "div",
      { class: "bar" },
      el("div", { class: "bar-inner" }, el("h1", { class: "bar-title" }, t("corpus")), state),
    ),
    el(
      "div",
      { class: "corpus", tabindex: "-1" },
      el("div", { class: "corpus-inner" }, filters.element, count, results),
    ),
  ];
}

function stateView() {
  const known = server.snapshot;
  return [
    el("span", { class: "state-dot", "data-status": server.status, "aria-hidden": "true" }),
    el(
      "span",
      { class: "fact-line" },
      el("span", { class: "fact" }, t(`state.${server.status}`)),
      server.documents > 0 && el("span", { class: "fact" }, t("documents.count", { count: server.documents })),
      known && el("span", { class: "fact", title: known }, t("snapshot", { snapshot: known.slice(0, 8) })),
      server.model && el("span", { class: "fact" }, server.model),
    ),
  ];
}

async function listView(filters, offset) {
  const { language, topic, from, to } = filters;
  const path = withQuery("v1/documents", { language, topic, from, to, limit: PAGE, offset: offset || null });
  const { total, documents } = await request("GET", path);
  const list = el("ul", { class: "document-list" }, documents.map(documentCard));
  const more = el("button", { type: "button", class: "button", hidden: documents.length >= total }, t("more"));
  more.addEventListener("click", async () => {
    const next = await request(
      "GET",
      withQuery("v1/documents", { language, topic, from, to, limit: PAGE, offset: list.children.length }),
    );
    list.append(...next.documents.map(documentCard));
    more.hidden = next.documents.length === 0 || list.children.length >= total;
  });
  return { count: t("documents.count", { count: total }), element: el("div", {}, list, more) };
}

async function foundView({ query, language, topic, from, to }) {
  const filters = Object.fromEntries(Object.entries({ language, topic }).filter(([, value]) => value));
  const range = { from: from || null, to: to || null };
  const { hits } = await request("POST", "v1/search", { body: { query, k: HITS, filters, ...range } });
  if (hits.length === 0) return { count: t("hits.none"), element: el("p", { class: "muted" }, t("hits.none.long")) };
  const list = el("ol", { class: "hit-list" }, hits.map(hitCard));
  return { count: t("hits.count", { count: hits.length }), element: list };
}
