// A document's title as a link: opens in the panel; elsewhere (a new tab) it leads to the corpus page.

import { el } from "../dom.js";
import { langTag } from "../i18n.js";
import { documentHref } from "../router.js";
import { panel } from "../state/panel.js";

/**
 * @param {{id: string, title: string, language?: string, version?: string|null}} document
 * @param {{start: number, end: number}|null} [span]
 * @returns {HTMLAnchorElement}
 */
export function documentLink(document, span = null) {
  const open = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    panel.showDocument(document, span);
  };
  const attributes = {
    href: documentHref(document.id),
    class: "document-link",
    lang: langTag(document.language),
    dir: "auto",
  };
  return el("a", { ...attributes, onclick: open }, document.title || document.id);
}
