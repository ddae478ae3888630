/** That what the README has its reader type does what it says. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryLedger } from "./http/memory-ledger.ts";

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
const [, curls = ""] =
  /## The API in five curls[^]*?```sh\n([^]*?)```/.exec(read("README.md")) ?? [];

describe("the curls of the README", () => {
  test("name no instant of their own: the demo that they are sent to ends now", () => {
    expect(curls.match(/^curl |\| *\n *curl /gm)).toHaveLength(5);
    expect(curls).not.toMatch(/\d{4}-\d\d/);
    expect(read("examples/events.ndjson")).not.toMatch(/"\d{4}-\d\d/);
  });

  test("send facts that are taken, and taken once", async () => {
    const [, single = ""] = /-d '(\{[^]*?\}\})'\n/.exec(curls) ?? [];
    const texts = [single, ...read("examples/events.ndjson").trim().split("\n")];
    const instant = "2026-04-01T00:00:00Z";
    const events = texts.map(
      (text) => JSON.parse(text.replace("'$now'", instant).replace("NOW", instant)) as unknown,
    );
    const ledger = memoryLedger();
    const statuses = async () => (await ledger.submit(events)).map(({ status }) => status);
    expect(await statuses()).toEqual(events.map(() => "appended"));
    expect(await statuses()).toEqual(events.map(() => "duplicate"));
  });
});
