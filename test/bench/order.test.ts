/** What `npm run bench` is asked for. */
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { benchHelp, benches, readOrder } from "../../bench/order.ts";

describe("npm run bench", () => {
  test("has a file for each bench in its list", () => {
    for (const name of Object.keys(benches)) {
      expect(existsSync(new URL(`../../bench/${name}.ts`, import.meta.url)), name).toBe(true);
    }
  });

  test("runs every bench except the long ones if none is named", () => {
    const { names } = readOrder([]);
    expect(names).toContain("ingest");
    expect(names).not.toContain("year");
  });

  test("--help explains every bench and every option, and runs none", () => {
    expect(readOrder(["--help"]).isHelp).toBe(true);
    expect(readOrder(["year", "--help"]).isHelp).toBe(true);
    for (const [name, { options = {} }] of Object.entries(benches)) {
      expect(benchHelp()).toContain(`  ${name}`);
      for (const option of Object.keys(options)) expect(benchHelp()).toContain(option);
    }
  });

  test("passes a bench's options on to it", () => {
    expect(readOrder(["year", "--days", "31", "--store=a.sqlite"])).toMatchObject({
      names: ["year"],
      options: ["--days", "31", "--store", "a.sqlite"],
    });
  });

  test("refuses an unknown bench and names the known ones", () => {
    expect(() => readOrder(["yaer"])).toThrow(/unknown bench "yaer"\. The benches are .*year/);
  });

  test("refuses an option that one of the benches does not know, before any bench runs", () => {
    expect(() => readOrder(["year", "--dyas", "31"])).toThrow(
      'the bench year does not take "--dyas"; it takes the options --days, --store. See --help',
    );
    expect(() => readOrder(["year", "ingest", "--days", "31"])).toThrow(
      'the bench ingest does not take "--days"; it takes no options. See --help',
    );
    expect(() => readOrder(["--days", "31"])).toThrow(/does not take "--days"/);
  });

  test("refuses an option without its value", () => {
    expect(() => readOrder(["year", "--days"])).toThrow("--days needs a value");
    expect(() => readOrder(["year", "--days", "--store", "x"])).toThrow("--days needs a value");
  });
});
