// Texts of documents, kept for a while.

import { request, withQuery } from "../api.js";

const KEPT = 24;
const kept = new Map();

/**
 * @param {string} id
 * @param {string|null} version null: the current one
 * @returns {Promise<any>} as of GET /v1/documents/{id}
 * @throws {import("../api.js").Problem|import("../api.js").ConnectionLost}
 */
export function loadDocument(id, version) {
  const path = withQuery(`v1/documents/${encodeURIComponent(id)}`, { version });
  // Only a named version never changes.
  if (version === null) return request("GET", path);
  if (!kept.has(path)) kept.set(path, fetchKept(path));
  if (kept.size > KEPT) kept.delete(kept.keys().next().value);
  return kept.get(path);
}

async function fetchKept(path) {
  try {
    return await request("GET", path);
  } catch (error) {
    kept.delete(path);
    throw error;
  }
}
