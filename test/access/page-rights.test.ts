/** Pages offer what the reader's key may do, and the way out of a session. */
import { describe, expect, test } from "vitest";
import { history } from "../http/app/small-app.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { keyedApp } from "./keyed-app.ts";

const html = { accept: "text/html", host: "localhost" };

/** Ids of the forms that the pages offer to a key with a role. */
async function offered(keyed: KeyedApp, secret: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of ["/rollouts", "/rollouts/alpha/r1", "/nfz/alpha/freeze"]) {
    const { statusCode, body } = await keyed.ask(secret, path, { headers: html });
    expect([path, statusCode]).toEqual([path, 200]);
    const [, json = "[]"] = /data-forms="([^"]*)"/.exec(body) ?? [];
    const text = json.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&amp;", "&");
    found.push(...(JSON.parse(text) as { readonly id: string }[]).map(({ id }) => id));
  }
  return found.sort();
}

describe("pages offer", () => {
  const ofOperators = ["cancel", "declare", "extend", "start", "submit", "supersede"];
  const ofApprovers = ["cancel", "lift", "overrides", "shorten"];

  test("to each role the forms that it may send, whoever looked before", async () => {
    await using keyed = await keyedApp(history);
    const keys = new Map<string, string>();
    for (const role of ["admin", "viewer", "operator", "approver"])
      keys.set(role, (await keyed.issue({ name: role, roles: [role] })).secret);
    const of = (role: string) => offered(keyed, keys.get(role) ?? "");
    expect(await of("admin")).toEqual([...ofOperators, ...ofApprovers].sort());
    expect(await of("viewer")).toEqual([]);
    expect(await of("operator")).toEqual(ofOperators);
    expect(await of("approver")).toEqual(ofApprovers);
  });

  test("no link to a page that would be refused, and issuing a report to approvers alone", async () => {
    await using keyed = await keyedApp(history);
    const viewer = (await keyed.issue({ name: "vera", roles: ["viewer"] })).secret;
    const approver = (await keyed.issue({ name: "ann", roles: ["approver"] })).secret;
    const page = async (secret: string, path: string) =>
      (await keyed.ask(secret, path, { headers: html })).body;
    const reports = await page(viewer, "/reports");
    for (const [, href = ""] of reports.matchAll(/<a [^>]*href="(\/[^"]*)"/g)) {
      const path = href.replaceAll("&amp;", "&");
      if (path.startsWith("/docs")) continue;
      const { statusCode } = await keyed.ask(viewer, path, { headers: html });
      expect([path, statusCode]).toEqual([path, 200]);
    }
    expect(reports).not.toContain('data-island="issue"');
    expect(await page(approver, "/reports")).toContain('data-island="issue"');
  });
});

describe("a page says whose session it is and offers to log out", () => {
  test("in a browser that is logged in, and to nobody else", async () => {
    await using keyed = await keyedApp(history);
    const { secret } = await keyed.issue({ name: "ann", roles: ["admin"] });
    const answer = await keyed.ask(null, "/login", {
      method: "POST",
      headers: { ...html, "content-type": "application/x-www-form-urlencoded" },
      payload: new URLSearchParams({ key: secret, to: "/" }).toString(),
    });
    const cookie = String(answer.headers["set-cookie"]).split(";", 1)[0] ?? "";
    const inSession = await keyed.ask(null, "/faults", { headers: { ...html, cookie } });
    expect(inSession.body).toMatch(/action="\/logout"[^]*Log out <span[^>]*>ann</);
    expect((await keyed.ask(secret, "/faults", { headers: html })).body).not.toContain("/logout");
    await using open = await keyedApp(history);
    expect((await open.ask(null, "/faults", { headers: html })).body).not.toContain("/logout");
  });
});
