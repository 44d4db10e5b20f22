// Talking to the server. Paths are relative to the page, so that it also works under a prefix.

import { language } from "./i18n.js";

/** A refusal by the server, as problem details (RFC 9457). */
export class Problem extends Error {
  /**
   * @param {{type?: string, title?: string, status?: number, detail?: string, request_id?: string}} details
   * @param {number|null} [retryAfter] seconds
   */
  constructor(details, retryAfter = null) {
    super(details.detail || details.title || `HTTP ${details.status}`);
    this.slug = (details.type ?? "").split(":").pop();
    this.title = details.title ?? "";
    this.detail = details.detail ?? "";
    this.status = details.status ?? 0;
    this.requestId = details.request_id ?? "";
    this.retryAfter = retryAfter;
  }
}

/** The server could not be reached, or went away in the middle. */
export class ConnectionLost extends Error {}

/** Called at every reply that says nobody is signed in. */
export const unauthorized = { handler: () => {} };

/**
 * @param {string} method
 * @param {string} path without a leading slash
 * @param {{body?: unknown, signal?: AbortSignal}} [options]
 * @returns {Promise<any>} the JSON of the reply, null where it has no content
 * @throws {Problem|ConnectionLost}
 */
export async function request(method, path, options = {}) {
  const response = await send(method, path, { accept: "application/json", ...options });
  if (response.status === 204) return null;
  return readJson(response);
}

/**
 * Adds the parameters that have a value to a path.
 * @param {string} path
 * @param {Record<string, string|number|null|undefined>} parameters
 * @returns {string}
 */
export function withQuery(path, parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return given.length ? `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : path;
}

/**
 * Sends a request and gives back the reply as it begins.
 * @param {string} method
 * @param {string} path without a leading slash
 * @param {{body?: unknown, signal?: AbortSignal, accept: string}} options
 * @returns {Promise<Response>}
 * @throws {Problem|ConnectionLost}
 */
export async function send(method, path, { body, signal, accept }) {
  const headers = { Accept: accept, "Accept-Language": language() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response;
  try {
    response = await fetch(path, {
      method,
      headers,
      signal,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ConnectionLost();
  }
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response) {
  const details = await response.json().catch(() => ({}));
  const wait = Number.parseFloat(response.headers.get("Retry-After") ?? "");
  if (response.status === 401) unauthorized.handler();
  return new Problem({ ...details, status: response.status }, Number.isNaN(wait) ? null : wait);
}

/**
 * @param {Response} response
 * @returns {Promise<any>} its JSON
 * @throws {ConnectionLost} where it breaks off
 */
export async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw new ConnectionLost();
  }
}
