// Line icons on a grid of 24, drawn with the text's colour.

const PATHS = {
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  refresh: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4v5h-5",
  edit: "M4 20l1-4L16.5 4.5l3 3L8 19zM14.5 6.5l3 3",
  up: "M7 11v9H4v-9zM7 11l4-7.5c1.6 0 2.4 1.2 2 2.7L12.3 10H18.5a1.7 1.7 0 0 1 1.7 2l-1.2 6.5a2 2 0 0 1-2 1.5H7",
  down: "M17 13V4h3v9zM17 13l-4 7.5c-1.6 0-2.4-1.2-2-2.7l.7-3.8H5.5a1.7 1.7 0 0 1-1.7-2L5 5.5A2 2 0 0 1 7 4h10",
  scale: "M12 4v16M7 20h10M5 7h14M5 7l-2.5 6.5a3 3 0 0 0 5 0zM19 7l-2.5 6.5a3 3 0 0 0 5 0z",
  flag: "M6 21V4M6 4.5c4-2 7 2 12 0v9c-5 2-8-2-12 0",
  previous: "M14.5 6l-6 6 6 6",
  next: "M9.5 6l6 6-6 6",
  book: "M5 4.5h6a1 1 0 0 1 1 1V20a2 2 0 0 0-2-1.5H5zM19 4.5h-6a1 1 0 0 0-1 1V20a2 2 0 0 1 2-1.5h5z",
  search: "M16 16l4.5 4.5M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0z",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z",
  screen: "M4 5h16v11H4zM9 20h6M12 16v4",
  help: "M9.3 9.2a2.8 2.8 0 1 1 4.2 2.4c-1 .6-1.5 1.2-1.5 2.4M12 17.2v.1M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  panel: "M4 5h16v14H4zM14.5 5v14",
  none: "M5.6 5.6l12.8 12.8M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z",
  out: "M14 8V5H5v14h9v-3M10 12h11M18 9l3 3-3 3",
};
const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Draws an icon; it is decoration, so the element around it needs a name.
 * @param {keyof typeof PATHS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = svgElement("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" });
  svg.append(svgElement("path", { d: PATHS[name] }));
  return svg;
}

/**
 * Draws the shape of a verdict: a full, a half and an empty circle.
 * @param {"supported"|"partial"|"unsupported"} verdict
 * @returns {SVGSVGElement}
 */
export function verdictShape(verdict) {
  const svg = svgElement("svg", {
    viewBox: "0 0 12 12",
    class: "shape",
    "data-verdict": verdict,
    "aria-hidden": "true",
  });
  svg.append(svgElement("circle", { cx: 6, cy: 6, r: 4.5, fill: verdict === "supported" ? "currentColor" : "none" }));
  if (verdict === "partial") svg.append(svgElement("path", { d: "M6 1.5a4.5 4.5 0 0 0 0 9z", fill: "currentColor" }));
  return svg;
}

/**
 * Draws the mark of Pincite: a point in brackets.
 * @returns {SVGSVGElement}
 */
export function brandMark() {
  const svg = svgElement("svg", { viewBox: "0 0 24 24", class: "brand-mark", "aria-hidden": "true" });
  svg.append(
    svgElement("path", { d: "M7.5 4.5h-3v15h3M16.5 4.5h3v15h-3" }),
    svgElement("circle", { cx: 12, cy: 12, r: 3 }),
  );
  return svg;
}

function svgElement(name, attributes) {
  const element = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
