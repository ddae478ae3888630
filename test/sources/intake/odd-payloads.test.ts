/**
 * Whatever stands in a payload where something else is expected: only what it belongs to is refused, for its form and
 * before anything is settled, so that nothing else of the payload is lost and no sender repeats it for ever.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import { isLedgerError } from "../../../src/errors.ts";
import { decidedRefusals } from "../../../src/ledger/append/checked-entry.ts";
import { previewPayload, standingOfNothing } from "../../../src/sources/intake/take-payload.ts";
import { randomRuns } from "../../random-runs.ts";
import { at } from "../kinds/taken.ts";
import { clock, sourceOf } from "../payloads/deliveries.ts";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

const alert = (fingerprint: string): Json => ({
  status: "resolved",
  labels: { instance: `${fingerprint}:9400`, xid: "79" },
  startsAt: at("10:00:00"),
  endsAt: at("11:00:00"),
  fingerprint,
});
const cloudEvent = (type: string, data: Json): Json => ({
  specversion: "1.0",
  id: "1",
  source: "/monitor",
  type,
  time: at("10:00:00"),
  data,
});
const reboot = (EventId: string, EventStatus: string): Json => ({
  EventId,
  EventStatus,
  EventType: "Reboot",
  EventSource: "Platform",
  Resources: ["vm_0", "vm_1"],
  NotBefore: at("10:15:00"),
  DurationInSeconds: 9,
});

const payloads: readonly (readonly [config: object, body: Json])[] = [
  [
    {
      kind: "alertmanager",
      node: "{labels.instance}",
      stripPort: true,
      rules: [{ match: {}, component: "{labels.part}", codes: ["XID {labels.xid}"] }],
    },
    { version: "4", groupKey: "g", truncatedAlerts: 0, alerts: [alert("f1"), alert("f2")] },
  ],
  [
    { kind: "azure-scheduled-events", node: "{resource}", nodeForm: "vmss-hostname" },
    {
      agent: "vm_0",
      observedAt: at("10:00:00"),
      document: { Events: [reboot("E1", "Scheduled"), reboot("E2", "Started")] },
    },
  ],
  [
    { kind: "azure-resource-health", node: "{vm}" },
    cloudEvent("Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged", {
      resourceInfo: {
        properties: {
          targetResourceId: "/subscriptions/s/providers/p/virtualMachines/vm-7",
          occurredTime: at("10:00:00"),
          availabilityState: "Unavailable",
        },
      },
    }),
  ],
  [
    { kind: "nvsentinel", node: "{nodeName}" },
    cloudEvent("com.nvidia.nvsentinel.health.v1", {
      metadata: { cluster: "c1" },
      healthEvent: {
        checkName: "Xid",
        componentClass: "GPU",
        isFatal: true,
        errorCode: ["79", "ECC"],
        nodeName: "n1",
        recommendedAction: 24,
        entitiesImpacted: [{ entityType: "GPU", entityValue: "0" }],
        generatedTimestamp: at("10:00:00"),
      },
    }),
  ],
  [
    { kind: "kubernetes", node: "{metadata.name}", membership: true },
    {
      kind: "List",
      items: ["n1", "n2"].map((name) => ({
        kind: "Node",
        metadata: { name, uid: name, creationTimestamp: at("00:00:00") },
        spec: { unschedulable: true, taints: [{ key: "k", timeAdded: at("09:00:00") }] },
        status: {
          conditions: [
            { type: "Ready", status: "False", reason: "R", lastTransitionTime: at("10:00:00") },
          ],
        },
      })),
    },
  ],
];

const texts =
  " |a b|a\nb|\u0000|9999-12-31T23:59:59.999Z|0001-01-01T00:00:00Z|2026-02-30T00:00:00Z|n[1-3]|gpu[1-99999999]|Unknown|resolved|Started";
const others: readonly Json[] = [null, true, 0, -1, 1.5, 1e308, 2 ** 53, [], {}, [null], [[1]]];
const odd: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom("", "x".repeat(300), "x".repeat(70_000), ...texts.split("|")),
  fc.constantFrom(...others, { a: { b: [] } }, { toString: null, valueOf: 1 }),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** The places within a value, the whole first. */
function placesIn(value: Json, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  const inner = Object.entries(value).flatMap(([name, each]) => placesIn(each, [...path, name]));
  return [path, ...inner];
}

/** The value with something else at that place; `undefined` takes it away. */
function changed(value: Json, [name, ...rest]: readonly string[], to: Json | undefined): unknown {
  if (name === undefined) return to;
  const parts = Object.entries(value as object).map(([each, inner]: [string, Json]) => [
    each,
    each === name ? changed(inner, rest, to) : inner,
  ]);
  if (Array.isArray(value)) return parts.map(([, inner]) => inner);
  return Object.fromEntries(parts.filter(([, inner]) => inner !== undefined));
}

test("a payload with anything odd in it loses what that belongs to, and the counts fit", async () => {
  const nowMs = clock.nowMs();
  const standing = {
    ...standingOfNothing(nowMs),
    refusalsOf: async (inputs: readonly object[]) => {
      const refusals = decidedRefusals(inputs, nowMs);
      expect([...refusals.values()].map(({ message }) => message)).toEqual([]);
      return refusals;
    },
  };
  const cases = payloads.flatMap(([config, body]) =>
    placesIn(body).map((place) => ({ config, body, place })),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...cases),
      fc.option(odd, { nil: undefined }),
      async ({ config, body, place }, to) => {
        const source = sourceOf({ name: "odd", cluster: "c1", ...config });
        const payload = changed(body, place, to);
        try {
          const { answer } = await previewPayload(standing, source, payload, { actor: "key" });
          const { observations, absorbed, ignored, refused, truncated } = answer;
          expect(Number.isSafeInteger(truncated)).toBe(true);
          // A document that was observed too late is refused as a whole.
          const whole = refused.filter(({ path }) => path === "/observedAt");
          const counted = absorbed + ignored + refused.length - whole.length;
          expect(counted).toBeLessThanOrEqual(observations);
        } catch (error) {
          if (!isLedgerError(error, "invalid-request")) throw error;
        }
      },
    ),
    { numRuns: randomRuns(3_000) },
  );
});
