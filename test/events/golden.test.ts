import { readFileSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { EventType } from "../../src/events/catalogue.ts";
import { catalogue, eventTypes, isSystemEvent } from "../../src/events/catalogue.ts";
import { checkEvent } from "../../src/events/check/check.ts";
import { upcast } from "../../src/events/check/upcast.ts";

interface Golden {
  readonly sent: Readonly<Record<string, unknown>>;
  readonly stored: {
    readonly type: EventType;
    readonly schemaVersion: number;
    readonly data: string;
    readonly attribution: string;
  };
}

const folder = new URL("golden/", import.meta.url);

function golden(name: string): Golden {
  return JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Golden;
}

describe("the frozen example of every type and version", () => {
  const names = readdirSync(folder).sort();

  test("exists, and there is no other example", () => {
    const wanted = eventTypes.flatMap((type) =>
      Array.from({ length: catalogue[type].version }, (_, i) => `${type}.v${i + 1}.json`),
    );
    expect(names).toEqual(wanted.sort());
  });

  test.each(names)("%s is accepted, and stored as the same bytes as ever", (name) => {
    const { sent, stored } = golden(name);
    const door = isSystemEvent(stored.type) ? "system" : "sender";
    const checked = checkEvent(sent, { nowMs: Date.parse("2026-11-01T00:00:00Z"), door });
    if (checked instanceof Error) throw checked;
    const { id, type, schemaVersion, occurredAt, dataJson, attributionJson } = checked;
    const made = {
      id,
      type,
      schemaVersion,
      occurredAt,
      data: dataJson,
      attribution: attributionJson,
    };
    expect(made).toEqual(stored);
  });

  test.each(names)("%s fits the newest version of its type when read back", (name) => {
    const { type, schemaVersion, data } = golden(name).stored;
    const newest = upcast(type, schemaVersion, JSON.parse(data) as Record<string, unknown>);
    expect(catalogue[type].data.safeParse(newest).error).toBeUndefined();
  });
});
