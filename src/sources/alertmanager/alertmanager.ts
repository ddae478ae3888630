/** Alertmanager's webhook, version 4: each alert of the group is an observation. */
import { parseInstant } from "../../../projections/time/instant.ts";
import { shownValue } from "../../events/fields/shown-value.ts";
import { firstRule, saidBy } from "../config/rule.ts";
import { namedNode } from "../config/node-name.ts";
import { textAt } from "../config/template.ts";
import type { SourceOf } from "../config/sources-file.ts";
import { sha256 } from "../reconcile/observation.ts";
import { Seen, isRecord, notOfForm } from "../reconcile/seen.ts";

type Json = Readonly<Record<string, unknown>>;

interface Circumstances {
  readonly nowMs: number;
}

/** Throws `invalid-request` if the body is no group of alerts. */
export function seeAlerts(
  source: SourceOf<"alertmanager">,
  body: unknown,
  { nowMs }: Circumstances,
): Seen {
  if (!isRecord(body) || !Array.isArray(body["alerts"]))
    throw notOfForm("a webhook of Alertmanager, version 4: it has no list of alerts");
  const { version } = body;
  if (version !== undefined && version !== "4" && version !== 4)
    throw notOfForm(`a webhook of Alertmanager, version 4: it says ${shownValue(version)}`);
  const seen = new Seen(source.name, nowMs);
  const { truncatedAlerts } = body;
  if (Number.isSafeInteger(truncatedAlerts) && Number(truncatedAlerts) > 0)
    seen.truncated = Number(truncatedAlerts);
  for (const [i, alert] of (body["alerts"] as unknown[]).entries()) {
    seen.total++;
    const path = `/alerts/${i}`;
    if (isRecord(alert)) seeAlert(source, seen, body, alert, path, nowMs);
    else seen.refuse(path, "is not an object");
  }
  return seen;
}

function seeAlert(
  source: SourceOf<"alertmanager">,
  seen: Seen,
  group: Json,
  alert: Json,
  path: string,
  nowMs: number,
): void {
  const labels = isRecord(alert["labels"]) ? alert["labels"] : {};
  const rule = firstRule(source.rules, labels, "names");
  if (rule === null || rule.as === "ignore") {
    seen.ignored++;
    return;
  }
  if (rule.as === "heartbeat") {
    seen.absorbed++;
    return;
  }
  const { annotations, status } = alert;
  if (!statuses.has(status ?? "")) {
    seen.refuse(path, `/status must be firing or resolved, not ${shownValue(status)}`);
    return;
  }
  const { receiver, externalURL, groupKey } = group;
  const observed = { labels, annotations, receiver, externalURL };
  const from = instantIn(alert["startsAt"]);
  if (from === null) {
    seen.refuse(path, "/startsAt must be an RFC 3339 instant");
    return;
  }
  const to = isResolved(alert, nowMs) ? instantIn(alert["endsAt"]) : undefined;
  if (to === null) {
    seen.refuse(path, "/endsAt must be an RFC 3339 instant, since the alert is resolved");
    return;
  }
  seen.add({
    is: "started",
    path,
    ...namedNode(source, observed),
    weight: 1,
    ...(typeof groupKey === "string" && groupKey !== ""
      ? { correlationId: shortKey(groupKey) }
      : {}),
    kind: rule.as,
    series: seriesOf(alert, labels),
    from,
    to: to ?? null,
    says: saidBy(rule, observed),
  });
}

/** What an alert may say of itself; without a status its end says it. */
const statuses: ReadonlySet<unknown> = new Set(["firing", "resolved", ""]);

function instantIn(value: unknown): number | null {
  return typeof value === "string" ? parseInstant(value) : null;
}

/** By its own status; one without a status is resolved if it has an end, and that has passed. */
function isResolved({ status, endsAt }: Json, nowMs: number): boolean {
  if (typeof status === "string" && status !== "") return status === "resolved";
  // An alert that fires has an end in the year 1, which is no instant here.
  const end = instantIn(endsAt);
  return end !== null && end <= nowMs;
}

/** The fingerprint; Alertmanager before 0.19 has none, and it is made from the labels. */
function seriesOf({ fingerprint }: Json, labels: Json): string {
  if (typeof fingerprint === "string" && fingerprint !== "") return fingerprint;
  const texts = Object.keys(labels)
    .sort()
    .flatMap((name) => [name, textAt(labels, [name])])
    .map((text) => `${Buffer.byteLength(text)}:${text}`);
  return `l-${sha256(texts.join("")).slice(0, 16)}`;
}

const longestKey = 256;

function shortKey(groupKey: string): string {
  const isName = groupKey.length <= longestKey && groupKey.isWellFormed();
  return isName ? groupKey : sha256(groupKey).slice(0, 32);
}
