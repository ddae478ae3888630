import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { CloudRequest } from "../../../src/sources/cloudevents/read-cloud-events.ts";
import { readSources } from "../../../src/sources/config/sources-file.ts";
import { takeCloudEvents } from "../../../src/sources/intake/take-cloud-events.ts";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { clock, eventsOf, hasPayloads, payloads } from "../payloads/deliveries.ts";

const meta = { actor: "key" };

/** A request as the expected files name it: a body, or a whole HTTP request. */
function requestOf(file: string, contentType = ""): CloudRequest {
  const text = readFileSync(`${payloads}cloudevents/${file}`, "utf8");
  if (!file.endsWith(".http"))
    return { contentType, headers: {}, body: JSON.parse(text) as unknown };
  const [head = "", body = ""] = text.split(/\r?\n\r?\n/);
  const headers = Object.fromEntries(
    head
      .split(/\r?\n/)
      .slice(1)
      .map((line) => {
        const [, name = "", value = ""] = /^([^:]+): (.*)$/.exec(line) ?? [];
        return [name.toLowerCase(), value];
      }),
  );
  return { contentType: headers["content-type"] ?? "", headers, body: JSON.parse(body) as unknown };
}

interface Expected {
  readonly deliveries: readonly {
    file: string;
    contentType?: string;
    expect: Record<string, number>;
  }[];
  readonly events: readonly object[];
}

test.skipIf(!hasPayloads)(
  "CloudEvents in all three modes give the expected events, and their duplicates none",
  async () => {
    const expected = JSON.parse(
      readFileSync(`${payloads}cloudevents/expected.json`, "utf8"),
    ) as Expected;
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    for (const { file, contentType, expect: said } of expected.deliveries) {
      const { outcomes } = await takeCloudEvents(ledger, [], requestOf(file, contentType), meta);
      const became = outcomes.map((each) =>
        each.is === "fact" ? each.submission.status : each.is,
      );
      const count = (word: string) => became.filter((each) => each === word).length;
      const { appended = 0, duplicates = 0, refused = 0 } = said;
      expect([count("appended"), count("duplicate"), count("refused")], file).toEqual([
        appended,
        duplicates,
        refused,
      ]);
    }
    const events = await eventsOf(ledger);
    expect(
      events.map(({ type, occurredAt, data, attribution: { correlationId } }) => ({
        type,
        occurredAt: formatInstant(occurredAt),
        data,
        ...(correlationId === undefined ? {} : { correlationId }),
      })),
    ).toEqual(expected.events);
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
