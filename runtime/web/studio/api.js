/** The REST API of the knowledge (docs/rest.md), with the token and the tags of records. */
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
    const headers = { "X-Editor": "studio" };
    if (this.#token) headers.Authorization = `Bearer ${this.#token}`;
    if (wish.body) headers["Content-Type"] = "application/json";
    if (wish.etag) headers["If-Match"] = wish.etag;
    if (wish.known || wish.fresh) headers["If-None-Match"] = wish.fresh ? "*" : wish.known;
    const body = wish.body && JSON.stringify(wish.body);
    const response = await fetch(`/api${path}`, { method, headers, body, cache: "no-store" }).catch(() => null);
    if (response === null) throw new Refused(0, OFFLINE);
    if (response.status === 401) {
      this.#token = keepToken(await this.#askToken());
      return this.call(method, path, wish);
    }
    const text = await response.text();
    const value = text && response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : null;
    if (!response.ok && response.status !== 304)
      throw new Refused(response.status, value?.error ?? { code: "failed", message: `${response.status} ${response.statusText}` });
    const live = response.headers.get("visavis-live") !== "false";
    return { status: response.status, value, etag: response.headers.get("etag") ?? "", live };
  }

  get(path, wish) {
    return this.call("GET", path, wish);
  }
}

/** A path of names. @param {...string} parts */
export const path = (...parts) => `/${parts.map((each) => each.split("/").map(encodeURIComponent).join("/")).join("/")}`;
