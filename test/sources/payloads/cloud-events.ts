/** What a ledger says of CloudEvents of its own types in the three modes, whatever it is stored in. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import type { CloudRequest } from "../../../src/sources/cloudevents/read-cloud-events.ts";
import { takeCloudEvents } from "../../../src/sources/intake/take-cloud-events.ts";
import { eventsOf, payloads } from "./deliveries.ts";

interface Expected {
  readonly deliveries: readonly {
    file: string;
    contentType?: string;
    expect: Record<string, number>;
  }[];
  readonly events: readonly object[];
}

/** Delivers them and checks all; before each and at the end it asks for the ledger, which may have been opened anew. Returns how many events they gave. */
export async function checkedCloudEvents(ledgerNow: () => Promise<Ledger>): Promise<number> {
  const text = readFileSync(`${payloads}cloudevents/expected.json`, "utf8");
  const expected = JSON.parse(text) as Expected;
  for (const { file, contentType, expect: said } of expected.deliveries) {
    const request = requestOf(file, contentType);
    const { outcomes } = await takeCloudEvents(await ledgerNow(), [], request, { actor: "key" });
    const became = outcomes.map((each) => (each.is === "fact" ? each.submission.status : each.is));
    const count = (word: string) => became.filter((each) => each === word).length;
    const { appended = 0, duplicates = 0, refused = 0 } = said;
    expect([count("appended"), count("duplicate"), count("refused")], file).toEqual([
      appended,
      duplicates,
      refused,
    ]);
  }
  const events = await eventsOf(await ledgerNow());
  expect(
    events.map(({ type, occurredAt, data, attribution: { correlationId } }) => ({
      type,
      occurredAt: formatInstant(occurredAt),
      data,
      ...(correlationId === undefined ? {} : { correlationId }),
    })),
  ).toEqual(expected.events);
  return events.length;
}

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
