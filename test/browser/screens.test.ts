import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { screens } from "./screens.ts";

const docs = join(import.meta.dirname, "../../docs");
const readme = readFileSync(join(docs, "../README.md"), "utf8");

test.each(screens)("the picture $name is there, and the README shows it", ({ name }) => {
  expect(existsSync(join(docs, `screens/${name}.png`)), "run npm run screenshots").toBe(true);
  expect(readme).toContain(`docs/screens/${name}.png`);
});

test("docs/screens/ has no picture that nothing takes", () => {
  expect(readdirSync(join(docs, "screens")).sort()).toEqual(
    screens.map(({ name }) => `${name}.png`).sort(),
  );
});
