// Placing what floats: on its side of the anchor where there is room, else on the other; never outside the window.

const GAP = 6;
const EDGE = 8;

/**
 * @param {HTMLElement} floating shown, with `position: fixed`
 * @param {DOMRect} anchor
 * @param {"above"|"below"} side the one preferred
 */
export function place(floating, anchor, side) {
  const { offsetWidth: width, offsetHeight: height } = floating;
  const above = anchor.top - GAP - height;
  const below = anchor.bottom + GAP;
  const fits = { above: above >= EDGE, below: below + height <= innerHeight - EDGE };
  const other = side === "above" ? "below" : "above";
  const top = (fits[side] || !fits[other] ? side : other) === "above" ? above : below;
  floating.style.top = `${clamp(top, innerHeight - height)}px`;
  floating.style.left = `${clamp(anchor.left, innerWidth - width)}px`;
}

function clamp(value, room) {
  return Math.max(EDGE, Math.min(value, room - EDGE));
}
