import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SmallApp } from "../app/small-app.ts";
import { appWithHistory, history } from "../app/small-app.ts";

let small: SmallApp;
let document: {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Record<string, unknown>> };
};
interface Operation {
  readonly parameters: { name: string; schema: object }[];
}

beforeAll(async () => {
  small = await appWithHistory();
  document = (await small.app.inject("/openapi.json")).json();
});
afterAll(() => small.app.close());

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });

describe("the OpenAPI document", () => {
  it("has version 3.1 and every route", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        "/livez",
        "/metrics",
        "/readyz",
        "/v1/clusters",
        "/v1/clusters/{cluster}/summary",
        "/v1/data-quality",
        "/v1/events",
        "/v1/events/{id}",
        "/v1/job-uptime",
        "/v1/jobs/{cluster}/{job}",
        "/v1/mttr",
        "/v1/nfz",
        "/v1/nis",
        "/v1/nodes/{cluster}/{node}",
        "/v1/rollouts",
        "/v1/rollouts/blocked",
        "/v1/sla",
        "/v1/stream",
      ]),
    );
    const asOf = document.paths["/v1/sla"]?.["get"]?.parameters.find(({ name }) => name === "asOf");
    expect(asOf?.schema).toMatchObject({ type: "integer", minimum: 0 });
  });

  it("has a schema for every type of event that can be sent", () => {
    const { schemas } = document.components;
    expect(schemas["Event"]).toMatchObject({ discriminator: { propertyName: "type" } });
    expect(schemas["FactRetracted"]?.["required"]).toEqual(
      expect.arrayContaining(["id", "type", "occurredAt", "data", "actor", "reason"]),
    );
    expect(schemas["LedgerSealed"]).toBeUndefined();
    expect(JSON.stringify(document)).not.toMatch(/ledger-(instant|zone|hostlist)/);
  });

  it("accepts what the ledger accepts, and nothing of another form", () => {
    const { components } = document;
    const isEvent = ajv.compile({ $ref: "#/components/schemas/Event", components });
    for (const event of history) {
      expect(isEvent(event), String(event["type"])).toBe(true);
      expect(isEvent({ ...event, x: 1 })).toBe(false);
    }
  });
});

describe("the page that shows it", () => {
  it("loads nothing from other sites", async () => {
    const page = await small.app.inject("/docs/");
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("default-src 'self'");
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    const files = [...page.body.matchAll(/(?:src|href)="\.\/(static\/[^"]+)"/g)];
    expect(files.length).toBeGreaterThan(3);
    for (const [, file] of files) {
      expect((await small.app.inject(`/docs/${String(file)}`)).statusCode, file).toBe(200);
    }
    const script = await small.app.inject("/docs/static/swagger-initializer.js");
    expect(script.body).toContain('"validatorUrl":null');
  });
});
