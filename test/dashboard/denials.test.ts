/** Denied scale requests on the page of a cluster's nodes: as they were recorded, and as they stand. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { AuditedApp } from "../http/app/audited-app.ts";
import { auditedApp } from "../http/app/audited-app.ts";
import { panelOf, textOf } from "./page-text.ts";

let app: AuditedApp;
beforeAll(async () => {
  app = await auditedApp();
});
afterAll(() => app.close());

const said = { actor: "autoscaler", reason: "a test of the wrong fleet" };
const denials = async () => {
  await app.settled();
  return textOf(panelOf((await app.get("/clusters/alpha")).text, "denials"));
};

it("says with which command one is asked for, as long as none was denied", async () => {
  expect(await denials()).toContain("No scale request was denied.");
});

it("shows who was denied a node, and why; and that the record was retracted since", async () => {
  // n2 is down.
  const { json } = await app.post("/v1/scale-requests", {
    ...said,
    cluster: "alpha",
    nodes: ["n2"],
  });
  const [{ event }] = json["nodes"] as [{ readonly event: { readonly id: string } }];
  expect(await denials()).toMatch(/n2 down autoscaler/);
  await app.post(`/v1/events/${event.id}/retraction`, said);
  expect(await denials()).toMatch(/n2 down retracted autoscaler/);
});
