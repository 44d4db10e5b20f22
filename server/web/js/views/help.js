// The help dialog: the marks, and the keys.

import { el } from "../dom.js";
import { t } from "../i18n.js";
import { verdictShape } from "../icons.js";
import { openDialog } from "../components/dialog.js";
import { allowSingleKeys, singleKeysAllowed } from "../shortcuts.js";
import { loadStylesheet } from "../stylesheet.js";

const KEYS = [
  [["]", "j"], "help.next"],
  [["[", "k"], "help.previous"],
  [["n"], "help.new"],
  [["/"], "help.focus"],
  [["c"], "help.corpus"],
  [["?"], "help.help"],
];
const ALWAYS = [
  [["Enter"], "help.send"],
  [["Shift", "Enter"], "help.line"],
  [["Esc"], "help.close"],
];

/** Opens the help. */
export async function openHelp() {
  await loadStylesheet("css/panel.css");
  const toggle = el("input", {
    type: "checkbox",
    checked: singleKeysAllowed(),
    onchange: () => allowSingleKeys(toggle.checked),
  });
  openDialog({
    title: t("help"),
    content: [
      el("p", {}, t("help.intro")),
      el("ul", { class: "legend" }, ["supported", "partial", "unsupported"].map(legendItem)),
      el("h3", { class: "label" }, t("help.keys")),
      keyTable([...ALWAYS, ...KEYS]),
      el("label", { class: "choice" }, toggle, el("span", {}, t("help.single"))),
    ],
  });
}

function legendItem(verdict) {
  return el("li", { "data-verdict": verdict }, verdictShape(verdict), t(`legend.${verdict}`));
}

function keyTable(rows) {
  const cell = (keys) => keys.flatMap((key, n) => [n > 0 && " ", el("kbd", {}, key)]);
  const row = ([keys, text]) => el("tr", {}, el("th", { scope: "row" }, cell(keys)), el("td", {}, t(text)));
  return el("table", { class: "facts long" }, el("tbody", {}, rows.map(row)));
}
