/** Why a question is answered as it is, in the operator's language and with entries called by their first wording. */
import { t } from "../strings.js";

/** @param {number} share 0 to 1 */
export const percent = (share) => `${Math.round(share * 100)}%`;

/** One sentence. @param {any} tried what the server says of a question @param {(id: string) => string} nameOf */
export function why(tried, nameOf) {
  const { decision, source, match, candidates, limits } = tried;
  const [best, second] = candidates;
  const values = {
    entry: best && nameOf(best.id),
    score: best && percent(best.score),
    second: second && nameOf(second.id),
    secondScore: second && percent(second.score),
    direct: percent(limits.direct),
    suggest: percent(limits.suggest),
    margin: percent(limits.margin),
  };
  if (decision === "direct" && match) {
    const entry = nameOf(match.id);
    if (source === "keyword") return t("whyKeyword", { entry });
    return match.score >= 1 ? t("whyExact", { entry }) : t("whyDirect", { ...values, entry, score: percent(match.score) });
  }
  if (decision === "rag") return t("whyRag");
  if (!best) return t("whyNothing");
  if (decision === "fallback") return t("whyFallback", values);
  return t(best.score < limits.direct || !second ? "whyUnsure" : "whyClose", values);
}
