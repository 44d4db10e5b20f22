// Buttons that open a menu. The menu itself is loaded when it is first opened.

/**
 * @typedef {{label: string, run?: () => void, href?: string, danger?: boolean}} MenuItem
 *   `href` is downloaded; otherwise `run` is called
 */

/**
 * @param {HTMLButtonElement} button
 * @param {() => MenuItem[]|Promise<MenuItem[]>} items asked when the menu opens
 * @returns {HTMLButtonElement} the same button
 */
export function withMenu(button, items) {
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", async () => {
    const [{ openMenu }, chosen] = await Promise.all([import("./menu.js"), items()]);
    openMenu(button, chosen);
  });
  return button;
}

/**
 * @param {HTMLButtonElement} button
 * @param {{id: string|null, title: string}} conversation read when the menu opens
 * @returns {HTMLButtonElement} the same button
 */
export function withConversationMenu(button, conversation) {
  return withMenu(button, async () => (await import("./conversation_actions.js")).conversationActions(conversation));
}
