/** A small history of rollouts and no-fly zones in two clusters, as it stands at noon of 15 April 2026. */
import { anEvent } from "../../http/app/memory-ledger.ts";
import type { SmallApp } from "../../http/app/small-app.ts";
import { smallApp } from "../../http/app/small-app.ts";

type Told = readonly [at: string, type: string, data: Record<string, unknown>, more?: object];

/** Names as far as they may go: each has to come through addresses and pages whole. */
export const strangeName = `a<b>/c"d'&e?f#g%h`;

const submitted = (rollout: string, more: object = {}) => ({
  rollout,
  cluster: "alpha",
  updates: [{ component: "driver", version: "2" }],
  impact: { kind: "impactful", secondsPerNode: 300 },
  urgency: "routine",
  ...more,
});
const of = (rollout: string, more: object = {}) => ({ rollout, cluster: "alpha", ...more });
const nfz = (name: string, occurrences: readonly (readonly [string, string])[], more = {}) => ({
  nfz: name,
  cluster: "alpha",
  occurrences: occurrences.map(([from, to]) => ({ from, to })),
  inFlight: "finish",
  ...more,
});

export const told: readonly Told[] = [
  ["2026-03-01T00:00:00Z", "ClusterRegistered", { cluster: "alpha" }],
  ["2026-03-01T00:00:00Z", "ClusterRegistered", { cluster: "beta" }],
  ["2026-03-01T00:00:00Z", "NodeCommissioned", { cluster: "alpha", node: "n1", rack: "r1" }],
  [
    "2026-04-01T00:00:00Z",
    "NfzDeclared",
    nfz("freeze", [["2026-04-10T00:00:00Z", "2026-04-20T00:00:00Z"]]),
    { actor: "ann", reason: "the books <close>" },
  ],
  [
    "2026-04-01T00:00:00Z",
    "NfzDeclared",
    nfz("gone", [["2026-04-02T00:00:00Z", "2026-04-03T00:00:00Z"]], { scope: { racks: ["r1"] } }),
  ],
  [
    "2026-04-09T00:00:00Z",
    "RolloutSubmitted",
    submitted("held", { urgency: "security", deadline: "2026-04-14T00:00:00Z" }),
  ],
  [
    "2026-04-12T00:00:00Z",
    "RolloutBlocked",
    of("held", { nfzIds: ["freeze"] }),
    { actor: "ben", reason: "asked <first>" },
  ],
  ["2026-04-02T06:00:00Z", "RolloutSubmitted", submitted("forgotten")],
  ["2026-04-02T12:00:00Z", "RolloutBlocked", of("forgotten", { nfzIds: ["gone"] })],
  ["2026-04-14T00:00:00Z", "RolloutSubmitted", submitted(strangeName)],
  ["2026-04-05T00:00:00Z", "RolloutSubmitted", submitted("half")],
  ["2026-04-05T01:00:00Z", "RolloutStarted", of("half")],
  ["2026-04-05T02:00:00Z", "RolloutProgressed", of("half", { nodesDone: 3, nodesTotal: 8 })],
  ["2026-04-05T03:00:00Z", "RolloutPaused", of("half")],
  ["2026-02-01T00:00:00Z", "RolloutSubmitted", submitted("long-ago")],
  ["2026-02-02T00:00:00Z", "RolloutCancelled", of("long-ago")],
  ["2026-04-01T00:00:00Z", "RolloutSubmitted", submitted("ended", { cluster: "beta" })],
  ["2026-04-08T00:00:00Z", "RolloutCancelled", { rollout: "ended", cluster: "beta" }],
  [
    "2026-04-13T00:00:00Z",
    "RolloutOverrideGranted",
    of("held", { role: "approver", nfzIds: ["freeze"], expiresAt: "2026-04-13T06:00:00Z" }),
    { actor: "eva", reason: "the hole is being used" },
  ],
];

export async function appWith(events: readonly Told[]): Promise<SmallApp> {
  const made = await smallApp();
  const taken = await made.ledger.submit(
    events.map(([occurredAt, type, data, more = {}]) =>
      anEvent({ occurredAt, type, data, ...more }),
    ),
  );
  const refused = taken.filter(({ status }) => status === "refused");
  if (refused.length > 0) throw new Error(`the history is refused: ${JSON.stringify(refused)}`);
  return made;
}

/** The text that a reader sees: without tags, and with one blank for many. */
export function textOf(html: string): string {
  return html
    .replaceAll(/<(script|style|title|details)[^>]*>[^]*?<\/\1>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ (?=[;:])/g, "")
    .replaceAll(" ,", ",");
}

/** The text of one part of a page: an element with the id, up to the next element of that kind. */
export function partOf(html: string, begin: string, end: string): string {
  const from = html.indexOf(begin);
  if (from < 0) throw new Error(`the page has no ${begin}`);
  const to = html.indexOf(end, from + begin.length);
  return textOf(html.slice(from, to < 0 ? undefined : to));
}
