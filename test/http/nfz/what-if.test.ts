/** What another calendar is refused with: the answer names the declaration of the list that is wrong. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditedApp } from "../app/audited-app.ts";
import { auditedApp } from "../app/audited-app.ts";

let app: AuditedApp;
beforeAll(async () => {
  app = await auditedApp();
});
afterAll(() => app.close());

const zone = {
  nfz: "launch",
  inFlight: "finish",
  reason: "a launch",
  occurrences: [{ from: "2026-03-05T00:00:00Z", to: "2026-03-06T00:00:00Z" }],
};
const ask = async (second: object) =>
  await app.post("/v1/nfz/what-if?cluster=alpha&period=2026-03", {
    nfzs: [zone, { ...zone, nfz: "other", ...second }],
  });

describe("another calendar whose second zone", () => {
  it("is about no place is refused there", async () => {
    const { status, json } = await ask({ scope: { racks: [] } });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      detail: expect.stringMatching(/^\/nfzs\/1\/scope\/racks must name something/) as string,
      errors: [{ path: "/nfzs/1/scope/racks" }],
    });
  });

  it("begins before it is declared is refused there, with the reason in a word", async () => {
    const { status, json } = await ask({ declaredAt: "2026-03-05T12:00:00Z" });
    expect([status, json["because"]]).toEqual([422, "in-the-past"]);
    expect(json["detail"]).toMatch(/^other: \/nfzs\/1\/occurrences\/0 begins at 2026-03-05T00:00/);
  });

  it("has the name of the first is refused there", async () => {
    const { status, json } = await ask({ nfz: "launch" });
    expect([status, json["errors"]]).toEqual([
      400,
      [{ path: "/nfzs/1/nfz", message: "is declared twice" }],
    ]);
  });
});
