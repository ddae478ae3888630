/** Requests about nodes that are wrong in form: the answer names the place, and nothing is recorded. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuditedApp } from "../app/audited-app.ts";
import { auditedApp } from "../app/audited-app.ts";

let app: AuditedApp;
let before: number;

beforeAll(async () => {
  app = await auditedApp();
  before = app.ledger.sequence();
});
afterAll(() => app.close());

const wrong = async (url: string, body: object) => {
  const { status, json } = await app.post(url, body);
  await app.settled();
  const errors = json["errors"] as { readonly path: string }[];
  return {
    status,
    detail: json["detail"],
    paths: errors.map(({ path }) => path),
    recorded: app.ledger.sequence() - before,
  };
};

describe("a command on nodes with the nil UUID, which names nothing,", () => {
  const nil = { id: "00000000-0000-0000-0000-000000000000", actor: "eva", cluster: "alpha" };

  it.each([
    ["/v1/scale-requests", { nodes: ["n1"] }],
    ["/v1/maintenance/psu/start", { targets: { nodes: ["n1"] } }],
    ["/v1/maintenance/psu/end", {}],
  ])("is refused: %s", async (url, more) => {
    expect(await wrong(url, { ...nil, ...more })).toMatchObject({
      status: 400,
      paths: ["/id"],
      recorded: 0,
    });
  });
});
