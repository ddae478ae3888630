import { expect, test } from "vitest";
import { keyedApp } from "./keyed-app.ts";

const headers = { accept: "text/html", host: "localhost" };

test("the page of access shows each key, its roles and clusters, and who issued and revoked it", async () => {
  await using keyed = await keyedApp();
  const ann = await keyed.issue({ name: "ann", roles: ["admin"] });
  const { key } = await keyed.issue({ name: "wall", roles: ["viewer"], clusters: ["au*"] });
  await keyed.post(ann.secret, `/v1/access/${key}/revoke`, { reason: "<b>lost</b>" });
  const page = await keyed.ask(ann.secret, "/access", { headers });
  expect(page.statusCode).toBe(200);
  const cells = Array.from(page.body.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs), ([, cell = ""]) =>
    cell.replaceAll(/<\/?(time|code)[^>]*>/g, "").trim(),
  );
  const rows = [cells.slice(10, 20), cells.slice(20, 30)];
  expect(rows).toEqual([
    ["ann", ann.key, "in force", "admin", "all", "12:00", "test", "", "", ""],
    [
      "wall",
      key,
      "revoked",
      "viewer",
      "au*",
      "12:00",
      "test",
      "12:00",
      "ann",
      "&lt;b&gt;lost&lt;/b&gt;",
    ],
  ]);
  expect(page.body).not.toContain(ann.secret.slice(15, 58));
});

test("the page looks back: a key that was revoked later is in force there", async () => {
  await using keyed = await keyedApp();
  const ann = await keyed.issue({ name: "ann", roles: ["admin"] });
  const { key } = await keyed.issue({ name: "wall", roles: ["viewer"] });
  await keyed.post(ann.secret, `/v1/access/${key}/revoke`, {});
  const past = await keyed.ask(ann.secret, "/access?asOf=2", { headers });
  expect(past.body).toContain("2 keys are in force.");
  const now = await keyed.ask(ann.secret, "/access", { headers });
  expect(now.body).toContain("1 key is in force; 1 revoked or expired.");
});

test("an open ledger says so on the page", async () => {
  await using keyed = await keyedApp();
  const page = await keyed.ask(null, "/access", { headers });
  expect(page.body).toContain("There are no keys: whoever reaches this ledger may read and write");
});
