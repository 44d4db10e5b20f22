// Offsets of the server count Unicode code points; strings of JavaScript count UTF-16 units.

const SURROGATE = /[\ud800-\udfff]/;

/**
 * Converts code-point offsets into UTF-16 offsets of `text`. Offsets past the end become the end.
 * @param {string} text
 * @param {number[]} offsets code points, in any order
 * @returns {number[]} UTF-16 units, in the order of `offsets`
 */
export function toUnits(text, offsets) {
  if (!SURROGATE.test(text)) return offsets.map((offset) => Math.min(offset, text.length));
  const order = offsets.map((offset, place) => [offset, place]).sort((a, b) => a[0] - b[0]);
  const units = new Array(offsets.length);
  let unit = 0;
  let point = 0;
  for (const [offset, place] of order) {
    while (point < offset && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    units[place] = unit;
  }
  return units;
}

/**
 * The slice of `text` between two code-point offsets.
 * @param {string} text
 * @param {number} start
 * @param {number} end exclusive
 * @returns {string}
 */
export function sliceByCodePoints(text, start, end) {
  const [from, to] = toUnits(text, [start, end]);
  return text.slice(from, to);
}
