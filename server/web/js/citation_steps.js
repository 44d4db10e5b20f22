// Going from citation to citation, in the order of the page.

let last = null;

/**
 * Moves to the next or previous marker and opens its source.
 * @param {1|-1} step
 */
export function stepCitation(step) {
  const markers = [...document.querySelectorAll(".log .marker")];
  if (markers.length === 0) return;
  const target = markers[(placeNow(markers, step) + step + markers.length) % markers.length];
  const fromPanel = document.activeElement?.closest(".panel");
  last = target;
  target.click();
  target.scrollIntoView({ block: "nearest" });
  if (!fromPanel) target.focus({ preventScroll: true });
}

/** The marker that has the focus, else the one that the panel shows, else the place before the last answer's first. */
function placeNow(markers, step) {
  const isShown = (marker) => marker?.getAttribute("aria-current") === "true";
  const candidates = [document.activeElement, isShown(last) ? last : null, markers.find(isShown)];
  const place = candidates.map((marker) => markers.indexOf(marker)).find((found) => found >= 0);
  if (place !== undefined) return place;
  const turn = markers.at(-1).closest(".turn");
  const first = markers.findIndex((marker) => marker.closest(".turn") === turn);
  return step > 0 ? first - 1 : markers.length;
}
