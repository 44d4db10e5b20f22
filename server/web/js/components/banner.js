// Says while the server is loading, failed or away.

import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { server } from "../state/server.js";

/**
 * @param {AbortSignal} signal
 * @returns {HTMLElement}
 */
export function bannerView(signal) {
  const banner = el("div", { class: "banner", role: "status" });

  function update() {
    const quiet = server.status === "ready" || server.status === "unknown";
    banner.hidden = quiet;
    if (quiet) return fill(banner);
    const failed = server.status === "failed";
    banner.dataset.status = server.status;
    fill(
      banner,
      !failed && el("span", { class: "pulse", "aria-hidden": "true" }),
      el("span", {}, t(`server.${server.status}`), failed && server.detail ? ` ${server.detail}` : ""),
    );
  }

  server.subscribe(update, signal);
  update();
  return banner;
}
