/** Every configuration that the documentation shows can be pasted as it is. */
import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { readSources } from "../../../src/sources/config/sources-file.ts";

const folder = new URL("../../../docs/", import.meta.url);
const pages = [
  "sources.md",
  ...readdirSync(new URL("sources/", folder)).map((name) => `sources/${name}`),
];

test.each(pages)("%s shows configurations that are valid", (page) => {
  const text = readFileSync(new URL(page, folder), "utf8");
  const blocks = Array.from(text.matchAll(/```json\n([^]*?)```/g), ([, json = ""]) => json);
  expect(page === "sources/cloudevents.md" || blocks.length > 0).toBe(true);
  for (const json of blocks) expect(() => readSources(JSON.parse(json))).not.toThrow();
});
