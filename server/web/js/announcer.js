// What screen readers hear: settled answers and what a person did, never single tokens.

/**
 * @param {string} message
 */
export function announce(message) {
  const region = document.getElementById("announcer");
  region.textContent = "";
  // A region that is emptied and filled at once is not always read again.
  setTimeout(() => {
    region.textContent = message;
  }, 50);
}
