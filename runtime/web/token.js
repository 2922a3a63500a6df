/** The access token: taken from the address once, then kept for this tab alone. */

const KEY = "visavis.token";

/** The token of `#token=…`, which leaves the address bar, or the one kept; empty without any. */
export function takeToken() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return sessionStorage.getItem(KEY) ?? "";
  history.replaceState(null, "", location.pathname + location.search);
  return keepToken(token);
}

/** @param {string} token @returns {string} the same */
export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
  return token;
}
