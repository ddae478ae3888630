import { Webhook as Verifier } from "standardwebhooks";
import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { cloudEventJson } from "../../../src/answers/cloud-event-json.ts";
import { readCloudEvent } from "../../../src/sources/cloudevents/cloud-event.ts";
import { anEvent } from "../../http/app/memory-ledger.ts";
import { delivering, fail, failure, secret, statusOf } from "./delivering.ts";

const whsec = (bytes: Buffer) => `whsec_${bytes.toString("base64")}`;

describe("a webhook", () => {
  test("hands over every event of its types in order of sequence, each by itself", async () => {
    await using its = await delivering();
    its.webhooks().start();
    await expect.poll(() => its.ledger.store.mark("webhook-pager")).not.toBeNull();
    await fail(its.ledger, 5);
    await expect.poll(its.to.sequences).toEqual([1, 2, 3, 4, 5]);
  });

  test("that is new begins at the end of the ledger: what was before is had by a replay", async () => {
    await using its = await delivering();
    await fail(its.ledger, 3);
    const webhooks = its.webhooks();
    webhooks.start();
    await expect.poll(async () => (await statusOf(webhooks)).state?.cursor).toBe(3);
    await fail(its.ledger, 4, "beta");
    await expect.poll(its.to.sequences).toEqual([4, 5, 6, 7]);
    await webhooks.replay("pager", 2);
    await expect.poll(its.to.sequences).toEqual([4, 5, 6, 7, 2, 3, 4, 5, 6, 7]);
  });

  test("signs so that the published library verifies it, while secrets are changed with either", async () => {
    await using its = await delivering(new Date().toISOString());
    const older = randomBytes(24);
    const webhooks = its.webhooks({ secrets: [secret, older] });
    await fail(its.ledger, 1);
    webhooks.start();
    await webhooks.replay("pager", 1);
    await expect.poll(its.to.sequences).toEqual([1]);
    const [message] = its.to.received;
    for (const key of [secret, older]) {
      const verified = new Verifier(whsec(key)).verify(message?.body ?? "", message?.headers ?? {});
      expect(verified).toMatchObject({ type: "fault.opened" });
    }
    const forged = () =>
      new Verifier(whsec(secret)).verify(`${message?.body ?? ""} `, message?.headers ?? {});
    expect(forged).toThrow("No matching signature found");
  });

  test("says what happened, where it is, and the same id at every attempt", async () => {
    await using its = await delivering();
    const event = failure(1);
    await its.ledger.submit([event]);
    await its.ledger.waitFor(1, 600_000);
    its.to.answer(500);
    const webhooks = its.webhooks();
    await webhooks.replay("pager", 1);
    await expect.poll(() => its.time.nextInMs).toBe(5_000);
    its.time.runNext();
    await expect.poll(its.to.sequences).toEqual([1, 1]);
    const [first, second] = its.to.received;
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(first?.headers["webhook-id"]).toMatch(/^msg_[0-9a-f-]{36}$/);
    expect(first?.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "fleetledger",
    });
    expect(JSON.parse(first?.body ?? "")).toEqual({
      type: "fault.opened",
      timestamp: "2026-03-01T00:00:00.000Z",
      data: {
        sequence: 1,
        cluster: "alpha",
        event: expect.objectContaining({
          type: "NodeFailed",
          sequence: 1,
          stream: "node-alpha:n1",
        }),
        links: {
          event: `/v1/events/${(event as { id: string }).id}`,
          about: "/v1/nodes/alpha/n1",
          page: `/events/${(event as { id: string }).id}`,
        },
      },
    });
  });

  test("leaves out the types and the clusters that it does not name; case counts", async () => {
    await using its = await delivering();
    await its.ledger.submit([
      anEvent({
        occurredAt: "2026-03-01T00:00:00Z",
        type: "NodeCommissioned",
        data: { cluster: "alpha", node: "n0" },
      }),
    ]);
    await fail(its.ledger, 1, "beta");
    await fail(its.ledger, 1, "Alpha");
    await fail(its.ledger, 1, "alpha-2");
    const webhooks = its.webhooks({ types: ["fault.opened"], clusters: ["alp*"] });
    await webhooks.replay("pager", 1);
    await expect.poll(its.to.sequences).toEqual([4]);
    await expect.poll(async () => (await statusOf(webhooks)).lagEvents).toBe(0);
    expect(its.to.sequences()).toEqual([4]);
  });

  test("tells of a correction by the cluster of the fact that it corrects", async () => {
    await using its = await delivering();
    const event = failure(1) as { id: string };
    await its.ledger.submit([event]);
    const more = { actor: "eva", reason: "wrong" };
    await its.ledger.submit([
      anEvent({
        occurredAt: "2026-03-02T00:00:00Z",
        type: "FactRetracted",
        data: { eventId: event.id },
        ...more,
      }),
    ]);
    await its.ledger.waitFor(2, 600_000);
    const told = its.webhooks({ types: ["fact.corrected"], clusters: ["alpha"] });
    await told.replay("pager", 1);
    await expect.poll(its.to.sequences).toEqual([2]);
    expect(JSON.parse(its.to.received[0]?.body ?? "")).toMatchObject({
      type: "fact.corrected",
      data: { cluster: "alpha" },
    });
  });

  test("in the form of CloudEvents is one that the ledger itself would take", async () => {
    await using its = await delivering();
    await fail(its.ledger, 1);
    const webhooks = its.webhooks({ format: "cloudevents" });
    await webhooks.replay("pager", 1);
    await expect.poll(its.to.sequences).toEqual([1]);
    const [message] = its.to.received;
    expect(message?.headers["content-type"]).toBe("application/cloudevents+json");
    const read = readCloudEvent(JSON.parse(message?.body ?? ""));
    expect(read).toMatchObject({
      source: "test-ledger",
      type: "io.fleetledger.NodeFailed",
      time: "2026-03-01T00:00:00.000Z",
      sequence: "1",
      schemaversion: 1,
      data: { cluster: "alpha", node: "n0", faultId: "f0", category: "hardware" },
    });
    const [event] = await its.ledger.store.query({ after: 0, limit: 1 });
    if (event === undefined) throw new Error("there is no event");
    // The form in which GET /v1/events gives it.
    expect(read).toEqual(cloudEventJson(event, "test-ledger"));
  });

  test("is served by one process: another one hands nothing over until it is in charge", async () => {
    await using its = await delivering();
    await fail(its.ledger, 2);
    let isSecond = false;
    const first = its.webhooks({}, { isInCharge: () => !isSecond });
    const second = its.webhooks({}, { isInCharge: () => isSecond });
    first.start();
    second.start();
    await first.replay("pager", 1);
    await expect.poll(its.to.sequences).toEqual([1, 2]);
    expect((await statusOf(second)).isDelivering).toBe(false);
    isSecond = true;
    await fail(its.ledger, 3, "beta");
    await expect.poll(its.to.sequences).toEqual([1, 2, 3, 4, 5]);
    expect((await statusOf(first)).isDelivering).toBe(false);
  });

  test("holds few events, however far it is behind", async () => {
    await using its = await delivering();
    await its.ledger.submit(Array.from({ length: 250 }, (_, n) => failure(n)));
    await its.ledger.waitFor(250, 20_000);
    let most = 0;
    const readAll = its.ledger.store.readAll.bind(its.ledger.store);
    its.ledger.store.readAll = async function* (after, options) {
      for await (const batch of readAll(after, options)) {
        most = Math.max(most, batch.length);
        yield batch;
      }
    };
    const webhooks = its.webhooks();
    await webhooks.replay("pager", 1);
    await expect.poll(() => its.to.received.length).toBe(250);
    expect(its.to.sequences()).toEqual(Array.from({ length: 250 }, (_, i) => i + 1));
    expect(most).toBeLessThanOrEqual(100);
  });
});
