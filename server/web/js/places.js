// Where in a document an offset lies.

/**
 * The headings above an offset, outermost first.
 * @param {{headings: {level: number, title: string, start: number}[]}} document
 * @param {number} offset code points
 * @returns {string[]}
 */
export function pathAt(document, offset) {
  const path = [];
  for (const heading of document.headings) {
    if (heading.start > offset) break;
    while (path.length > 0 && path.at(-1).level >= heading.level) path.pop();
    path.push(heading);
  }
  return path.map((heading) => heading.title);
}

/**
 * @param {{pages: {number: number, start: number, end: number}[]}} document
 * @param {number} offset code points
 * @returns {number|null} null where the document has no pages
 */
export function pageAt(document, offset) {
  return document.pages.find((page) => page.start <= offset && offset < page.end)?.number ?? null;
}
