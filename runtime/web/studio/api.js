/** The REST API (docs/rest.md), with the token and the tags of records. */
import { keepToken, takeToken } from "../token.js";

/** What the server did not do, and why: `code`, `problem`, `where`, `remedy`. */
export class Refused extends Error {
  constructor(status, fault) {
    super(fault.message);
    this.status = status;
    this.code = fault.code;
    this.problem = fault.problem ?? fault.message;
    this.where = fault.where ?? "";
    this.remedy = fault.remedy ?? "";
  }
}

const OFFLINE = { code: "offline", message: "the server does not answer" };

export class Api {
  #token = takeToken();
  #askToken;

  /** @param {() => Promise<string>} askToken gets a token from the operator */
  constructor(askToken) {
    this.#askToken = askToken;
  }

  /**
   * @param {string} method @param {string} path below /api
   * @param {{body?: object, etag?: string, known?: string, fresh?: boolean}} [wish] `etag`: what the record must still
   *   have; `known`: what the client has already; `fresh`: only where there is none yet
   * @returns {Promise<{status: number, value: any, etag: string, live: boolean}>} `live`: the avatar answers from it already;
   *   throws Refused
   */
  async call(method, path, wish = {}) {
    const response = await this.open(method, path, wish);
    const text = await response.text();
    const value = text && response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : null;
    const live = response.headers.get("visavis-live") !== "false";
    return { status: response.status, value, etag: response.headers.get("etag") ?? "", live };
  }

  /**
   * The answer itself, to be read as it comes. @param {string} method @param {string} path below /api
   * @param {{body?: object, bytes?: Blob, range?: string, etag?: string, known?: string, fresh?: boolean, signal?: AbortSignal}}
   *   [wish] `bytes`: what to upload, of which `range` says where it belongs
   * @returns {Promise<Response>} one that is good or says that nothing has changed; throws Refused
   */
  async open(method, path, wish = {}) {
    const headers = { "X-Editor": "studio" };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    if (wish.body) headers["Content-Type"] = "application/json";
    if (wish.range) headers["Content-Range"] = wish.range;
    if (wish.etag) headers["If-Match"] = wish.etag;
    if (wish.known || wish.fresh) headers["If-None-Match"] = wish.fresh ? "*" : wish.known;
    const body = wish.bytes ?? (wish.body && JSON.stringify(wish.body));
    const request = { method, headers, body, cache: "no-store", signal: wish.signal };
    const response = await fetch(`/api${path}`, request).catch(() => null);
    if (response === null) throw new Refused(0, OFFLINE);
    if (response.status === 401) {
      this.#token = keepToken(await this.#askToken());
      return this.open(method, path, wish);
    }
    if (response.ok || response.status === 304) return response;
    const told = await response.json().catch(() => null);
    throw new Refused(response.status, told?.error ?? { code: "failed", message: `${response.status} ${response.statusText}` });
  }

  get(path, wish) {
    return this.call("GET", path, wish);
  }
}

/** A path of names. @param {...string} parts */
export const path = (...parts) => `/${parts.map((each) => each.split("/").map(encodeURIComponent).join("/")).join("/")}`;
