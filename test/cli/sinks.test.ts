import { writeFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { run, temporaryFolder } from "./run.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

test("`serve` refuses a file of webhooks with a fault before it opens the ledger, and names the fault", async () => {
  const file = folder.path("webhooks.json");
  const webhook = {
    name: "pager",
    url: "http://pager.example.com/",
    secretFile: "none",
    types: ["*"],
  };
  writeFileSync(file, JSON.stringify([webhook]));
  const store = `sqlite:${folder.path("ledger.sqlite")}`;
  const { code, said } = await run("serve", "--store", store, "--webhooks", file);
  expect(code).toBe(2);
  expect(said).toContain("/0/url must begin with https://, or name a loopback address");
});

test("`serve` refuses a file of scheduled reports with a fault, and names the fault", async () => {
  const file = folder.path("reports.json");
  writeFileSync(file, JSON.stringify([{ cluster: "aurora", period: "day", after: "P1D" }]));
  const store = `sqlite:${folder.path("ledger.sqlite")}`;
  const { code, said } = await run("serve", "--store", store, "--reports", file);
  expect(code).toBe(2);
  expect(said).toContain("/0/period must be one of month, quarter, week");
});
