/** What every operator's page begins with: its language, and the token where the server asks for one. */
import { speak, t, translate } from "../strings.js";
import { by } from "./dom.js";

let asking = null;

/** Ask the operator for a token, once for all that need it. @returns {Promise<string>} */
export function askToken() {
  asking ??= new Promise((settle) => {
    by("token-form").onsubmit = () => {
      asking = null;
      settle(by("token-input").value.trim());
    };
    by("token").oncancel = (event) => event.preventDefault();
    by("token").showModal();
  });
  return asking;
}

/** Speak the operator's language, and offer the other one. @param {object} english @param {object} chinese all words of each */
export function begin(english, chinese) {
  const wanted = new URLSearchParams(location.search).get("lang") ?? navigator.language;
  const zh = wanted.toLowerCase().startsWith("zh");
  speak(zh ? "zh" : "en", zh ? chinese : english);
  translate(document);
  document.title = t("title");
  const [lang, name] = zh ? ["en", "English"] : ["zh", "中文"];
  Object.assign(by("language"), { textContent: name, lang, hreflang: lang });
  offerLanguage(new URLSearchParams(location.search));
  for (const each of document.querySelectorAll("a[data-page]")) each.href = `${each.dataset.page}${chosenLanguage()}`;
}

/** Keep what is open when the language changes. @param {URLSearchParams} query */
export function offerLanguage(query) {
  query.set("lang", by("language").hreflang);
  by("language").href = `?${query}`;
}

function chosenLanguage() {
  const lang = new URLSearchParams(location.search).get("lang");
  return lang ? `?${new URLSearchParams({ lang })}` : "";
}
