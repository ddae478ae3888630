import { describe, expect, test } from "vitest";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { takeCloudEvents } from "../../../src/sources/intake/take-cloud-events.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { checkedCloudEvents } from "../payloads/cloud-events.ts";
import { clock, hasPayloads } from "../payloads/deliveries.ts";

const meta = { actor: "key" };

test.skipIf(!hasPayloads)(
  "CloudEvents in all three modes give the expected events, and their duplicates none",
  async () => {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    expect(await checkedCloudEvents(async () => ledger)).toBeGreaterThan(0);
  },
);

const source = (name: string, more: object = {}) => ({
  name,
  kind: "nvsentinel",
  cluster: "{metadata.cluster}",
  node: "{nodeName}",
  ...more,
});
const health = {
  specversion: "1.0",
  id: "1",
  source: "nvsentinel://c1/healthevents",
  type: "com.nvidia.nvsentinel.health.v1",
  data: {
    metadata: { cluster: "c1" },
    healthEvent: {
      checkName: "Xid",
      componentClass: "GPU",
      isFatal: true,
      nodeName: "n1",
      generatedTimestamp: "2026-03-02T10:00:00Z",
    },
  },
};

describe("a CloudEvent of another type", () => {
  async function outcomeWith(...sources: readonly object[]) {
    return await outcomeOf(health, sources);
  }

  async function outcomeOf(body: object, sources: readonly object[]) {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    const request = { contentType: "application/cloudevents+json", headers: {}, body };
    const { outcomes } = await takeCloudEvents(
      ledger,
      readSources({ sources }).sources,
      request,
      meta,
    );
    return outcomes[0];
  }

  test("goes to the source of its kind", async () => {
    expect(await outcomeWith(source("nv"))).toMatchObject({
      is: "payload",
      answer: { appended: 1 },
    });
  });

  const { data, ...bare } = health;
  const inBase64 = (text: string) => ({
    ...bare,
    data_base64: Buffer.from(text).toString("base64"),
  });

  test("may have its data in base64", async () => {
    expect(await outcomeOf(inBase64(JSON.stringify(data)), [source("nv")])).toMatchObject({
      answer: { appended: 1, refused: [] },
    });
  });

  test.each([inBase64("{"), { ...health, datacontenttype: "text/xml" }])(
    "is refused by its source if its data are no JSON: %#",
    async (body) => {
      expect(await outcomeOf(body, [source("nv")])).toMatchObject({
        answer: { appended: 0, refused: [{ path: "/0", code: "invalid-event" }] },
      });
    },
  );

  test("goes to the one whose match fits", async () => {
    const [first, second] = [{ match: { source: "*//c1/*" } }, { match: { source: "*//c2/*" } }];
    expect(await outcomeWith(source("a", second), source("b", first))).toMatchObject({
      is: "payload",
      answer: { appended: 1 },
    });
  });

  test("is refused if no source takes it; if several do, until the configuration is mended", async () => {
    expect(await outcomeWith()).toMatchObject({
      is: "refused",
      error: { code: "unknown-event-type" },
    });
    const other = source("b", { match: { source: "*//c1/*" } });
    expect(await outcomeWith(source("a"), other)).toMatchObject({
      error: {
        code: "not-ready",
        message: "several sources take it: a, b; give each a match of its own",
      },
    });
  });
});
