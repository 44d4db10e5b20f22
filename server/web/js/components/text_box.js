// Text boxes that grow with their text and send on Enter.

/**
 * Lets a text box grow with its text, where CSS alone cannot.
 * @param {HTMLTextAreaElement} box
 */
export function autosize(box) {
  if (CSS.supports("field-sizing", "content")) return;
  box.addEventListener("input", () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  });
}

/**
 * Calls `send` on Enter, but not on Shift+Enter, nor while an input method composes: there Enter takes a word.
 * @param {HTMLTextAreaElement} box
 * @param {() => void} send
 */
export function onEnter(box, send) {
  box.addEventListener("keydown", (event) => {
    // Some browsers end the composition before this event; then only the key code 229 tells.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  });
}
