// Building DOM nodes. Strings become text nodes, so nothing is ever read as markup.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "open", "selected"]);

/**
 * Creates an element.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, unknown>} [attributes] `on…` adds a listener; null, undefined and false are left out
 * @param {...unknown} children nodes and strings, nested as wanted; null, undefined and false are left out
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(element, name, value);
  element.append(...present(children));
  return element;
}

/**
 * Replaces what an element holds.
 * @param {Element} element
 * @param {...unknown} children as in `el`
 */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

/**
 * An icon button: the label is its accessible name and its tooltip.
 * @param {Node} icon
 * @param {string} label
 * @param {Record<string, unknown>} [attributes]
 * @returns {HTMLButtonElement}
 */
export function iconButton(icon, label, attributes = {}) {
  const { class: names = "", ...rest } = attributes;
  return el(
    "button",
    { type: "button", class: `icon-button ${names}`, "aria-label": label, title: label, ...rest },
    icon,
  );
}

/**
 * Text for screen readers alone.
 * @param {string} text
 * @returns {HTMLSpanElement}
 */
export function hiddenText(text) {
  return el("span", { class: "visually-hidden" }, text);
}

function present(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) element[name] = value;
  else element.setAttribute(name, value === true ? "" : String(value));
}
