/** Requests about nodes that are wrong in form: the answer names the place, and nothing is recorded. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { binding, review } from "../../decisions/nodes/reviews.ts";
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

describe("a scale request for more nodes than any list may name", () => {
  it("is refused with how many it may", async () => {
    const request = { actor: "eva", cluster: "alpha", nodes: ["n[0-99999999]"] };
    expect(await wrong("/v1/scale-requests", request)).toMatchObject({
      status: 400,
      paths: ["/nodes/0"],
      detail: expect.stringMatching(/a Slurm hostlist expression of at most \d+ nodes$/) as string,
      recorded: 0,
    });
  });
});

describe("a review of the admission webhook", () => {
  const url = "/integrations/kubernetes/admission";
  const bound = review(binding("n1"));

  it("for an unknown cluster names the part of the address that is wrong", async () => {
    const [query, path] = [`${url}?cluster=none`, `${url}/none`];
    expect(await wrong(query, bound)).toMatchObject({ status: 404, paths: ["/query/cluster"] });
    expect(await wrong(path, bound)).toMatchObject({ status: 404, paths: ["/path/cluster"] });
  });

  it("that is no object is refused in a sentence", async () => {
    expect(await wrong(`${url}/alpha`, [])).toMatchObject({
      status: 400,
      paths: [""],
      detail: "The body is no AdmissionReview: must be an object.",
    });
  });
});
