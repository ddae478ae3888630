/** How a webhook stands, as answers show it: without its address and its secrets. */
import { formatInstant } from "../../../projections/time/instant.ts";
import type { WebhookStatus } from "./webhooks.ts";

export function webhookJson({ webhook, state, isDelivering, lagEvents, dead }: WebhookStatus) {
  const { name, url, types, clusters = null, format } = webhook;
  const failing = state?.failing ?? null;
  const stopped = state?.stopped ?? null;
  const last = state?.last ?? null;
  return {
    name,
    host: new URL(url).host,
    types,
    clusters,
    format,
    isDelivering,
    cursor: state?.cursor ?? null,
    lagEvents,
    last: last === null ? null : { ...last, at: formatInstant(last.at) },
    failing: failing === null ? null : { ...failing, nextAt: formatInstant(failing.nextAt) },
    stopped: stopped === null ? null : { ...stopped, at: formatInstant(stopped.at) },
    deadLetters: dead.total,
  };
}
