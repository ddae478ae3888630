/** Names that stand twice, and objects without end: `JSON.parse` says nothing of either. */
import { writeFile } from "node:fs/promises";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { parseJsonText } from "../../src/json/json-text.ts";
import { isLedgerError } from "../../src/errors.ts";
import { maxJsonDepth, maxMembersPerObject } from "../../src/limits/requests.ts";
import { run, temporaryFolder } from "../cli/run.ts";
import { randomRuns } from "../random-runs.ts";
import { anEvent } from "../http/app/memory-ledger.ts";
import { smallApp } from "../http/app/small-app.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

/** Where the text is refused, or its value. */
function outcomeOf(text: string): unknown {
  try {
    return { value: parseJsonText(text) };
  } catch (error) {
    if (!isLedgerError(error)) throw error;
    return { code: error.code, path: error.errors[0]?.path };
  }
}

/** A text with its meaning, and the pointer of the first name that appears twice. */
interface Written {
  readonly text: string;
  readonly twice: string | null;
}

const blank = fc.constantFrom("", " ", "\n", "\t ");
// None of one letter: the engine reads such a name wrongly where it is written as an escape.
const name = fc.constantFrom("aa", "ab", "::", "{[", '""', "\\\\", "a/b", "éé", "");
const spelling = fc.constantFrom(
  (text: string) => JSON.stringify(text),
  // The same name in other letters.
  (text: string) =>
    `"${Array.from(text, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`).join("")}"`,
);
const plain = fc
  .oneof(fc.string({ maxLength: 8 }), fc.integer(), fc.boolean(), fc.constant(null))
  .map((value): Written => ({ text: JSON.stringify(value), twice: null }));

const step = (key: string | number) =>
  `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
const { value: written } = fc.letrec<{ value: Written; list: Written; object: Written }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, plain, tie("list"), tie("object")),
  list: fc.tuple(fc.array(tie("value"), { maxLength: 3 }), blank).map(([items, gap]) => {
    const at = items.findIndex(({ twice }) => twice !== null);
    return {
      text: `[${gap}${items.map(({ text }) => text).join(`,${gap}`)}]`,
      twice: at < 0 ? null : step(at) + String(items[at]?.twice),
    };
  }),
  object: fc
    .array(fc.tuple(name, spelling, blank, tie("value")), { maxLength: 4 })
    .map((members) => {
      const seen = new Set<string>();
      let twice: string | null = null;
      for (const [key, , , inner] of members) {
        if (seen.has(key)) twice ??= step(key);
        seen.add(key);
        if (inner.twice !== null) twice ??= step(key) + inner.twice;
      }
      const texts = members.map(
        ([key, spell, gap, { text }]) => `${gap}${spell(key)}${gap}:${gap}${text}`,
      );
      return { text: `{${texts.join(",")}}`, twice };
    }),
}));

describe("a name that appears twice in one object", () => {
  test("is found at any place and in any spelling, and no other name is", () => {
    fc.assert(
      fc.property(written, ({ text, twice }) => {
        const expected =
          twice === null
            ? { value: JSON.parse(text) as unknown }
            : { code: "malformed-json", path: twice };
        expect(outcomeOf(text)).toEqual(expected);
      }),
      { numRuns: randomRuns(2_000) },
    );
  });

  const text = JSON.stringify(anEvent()).replace('"node":', '"node":"other","node":');
  const fault = { path: "/data/node", message: expect.stringContaining("twice") as string };

  test.each([
    ["of one event", "application/json", text, ""],
    ["of a list", "application/json", `[${JSON.stringify(anEvent())},${text}]`, "/1"],
  ])("is refused in the body %s", async (_what, type, payload, under) => {
    const { app, ledger } = await smallApp();
    const headers = { "content-type": type };
    const answer = await app.inject({ method: "POST", url: "/v1/events", headers, payload });
    expect([answer.statusCode, answer.json().errors]).toEqual([
      400,
      [{ ...fault, path: under + fault.path }],
    ]);
    expect(ledger.events).toEqual([]);
    await app.close();
  });

  test("affects only its own line in NDJSON over HTTP", async () => {
    const { app } = await smallApp();
    const answer = await app.inject({
      method: "POST",
      url: "/v1/events",
      headers: { "content-type": "application/x-ndjson" },
      payload: `${JSON.stringify(anEvent())}\n${text}\n`,
    });
    const lines = answer.body.trim().split("\n");
    expect(JSON.parse(lines[1] ?? "")).toMatchObject({ line: 2, error: { errors: [fault] } });
    expect(JSON.parse(lines[2] ?? "")).toMatchObject({ summary: { appended: 1, refused: 1 } });
    await app.close();
  });

  test("affects only its own line in an imported file", async () => {
    const file = folder.path("twice.ndjson");
    await writeFile(file, `${JSON.stringify(anEvent())}\n${text}\n`);
    const store = `sqlite:${folder.path("twice.sqlite")}`;
    const { code, said } = await run("import", "events", file, "--store", store);
    expect(code).toBe(1);
    expect(said).toContain("line 2: /data/node appears twice");
  });

  test("is refused in the map of an outage log", async () => {
    const file = folder.path("map.json");
    await writeFile(file, '{"columns":{"a":1,"a":2}}');
    await writeFile(folder.path("log.csv"), "a\n1\n");
    const store = `sqlite:${folder.path("map.sqlite")}`;
    const log = folder.path("log.csv");
    const { said } = await run("import", "outages", log, "--map", file, "--store", store);
    expect(said).toContain("/columns/a appears twice");
  });
});

describe("an object of many members", () => {
  const members = (count: number) =>
    `{${Array.from({ length: count }, (_, i) => `"k${i}":${i}`).join(",")}}`;

  test("is accepted up to the limit, and refused beyond it with a pointer", () => {
    expect(outcomeOf(members(maxMembersPerObject))).toHaveProperty("value.k0", 0);
    expect(outcomeOf(`{"data":[${members(maxMembersPerObject + 1)}]}`)).toEqual({
      code: "too-large",
      path: "/data/0",
    });
  });

  test("is refused before parsing, so that what follows is never read", () => {
    expect(outcomeOf(`${members(maxMembersPerObject + 1)} and no JSON`)).toMatchObject({
      code: "too-large",
    });
  });

  test("cannot hide unlimited nesting", () => {
    const deep = "[".repeat(maxJsonDepth + 1) + "]".repeat(maxJsonDepth + 1);
    expect(outcomeOf(deep)).toMatchObject({ code: "malformed-json" });
    expect(outcomeOf(`{"a":${"[".repeat(10_000)}`)).toMatchObject({ code: "malformed-json" });
  });
});
