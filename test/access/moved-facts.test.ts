/** A fact that a correction gives to a cluster that the reader does not see. */
import { describe, expect, test } from "vitest";
import { anEvent } from "../http/app/memory-ledger.ts";
import { keyedApp } from "./keyed-app.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { streamText } from "./stream-text.ts";

const fault = (cluster: string, node: string) => ({
  cluster,
  node,
  faultId: `${node}-f`,
  category: "hardware",
});
const stated = anEvent({
  type: "NodeFailed",
  occurredAt: "2026-04-01T00:00:00Z",
  data: fault("alpha", "n1"),
}) as { id: string };

const member = anEvent({
  type: "NodeCommissioned",
  occurredAt: "2026-04-01T00:00:00Z",
  data: { cluster: "alpha", node: "n1" },
});

/** The fault of alpha is given to others; whoever asks has one cluster, or all. */
async function moved() {
  const keyed = await keyedApp([member, stated]);
  const keys = new Map<string, string>();
  for (const [name, clusters] of [
    ["alpha", ["alpha"]],
    ["beta", ["beta"]],
    ["all", ["*"]],
  ] as const)
    keys.set(name, (await keyed.issue({ name, roles: ["viewer"], clusters })).secret);
  const { secret } = await keyed.issue({ name: "ann", roles: ["admin"] });
  const correct = async (eventId: string, cluster: string, node: string) => {
    const isOfFact = eventId === stated.id;
    const inner = { eventId: stated.id, data: fault(cluster, node) };
    const data = isOfFact ? inner : { eventId, data: inner };
    const said = { actor: "ann", reason: "it was another machine" };
    const correction = anEvent({ type: "FactCorrected", data, ...said }) as { id: string };
    expect((await keyed.post(secret, "/v1/events", correction)).statusCode).toBe(201);
    return correction.id;
  };
  return { keyed, keys, correct };
}

interface Shown {
  readonly event: { readonly data: object };
  readonly standing: { readonly retracted: boolean; readonly data: object };
}

async function shownTo(keyed: KeyedApp, secret: string, id: string) {
  return await keyed.ask(secret, `/v1/events/${id}`);
}

describe("a correction that gives a fact to another cluster", () => {
  test("shows to readers of the first that there was one, and nothing of the other cluster", async () => {
    const { keyed, keys, correct } = await moved();
    await using _ = keyed;
    const first = await correct(stated.id, "beta", "secret-1");
    await correct(first, "gamma", "secret-2");
    const alpha = keys.get("alpha") ?? "";
    const told: string[] = [];
    for (const url of [
      "/v1/events",
      "/v1/events?type=FactCorrected",
      "/v1/events?format=csv",
      `/v1/events/${stated.id}`,
      `/v1/events/${first}`,
      "/v1/find?q=secret",
      "/v1/nodes?cluster=alpha",
      "/v1/history?w=5",
    ]) {
      const answer = await keyed.ask(alpha, url);
      expect([url, answer.statusCode]).toEqual([url, 200]);
      told.push(answer.body);
    }
    told.push(await streamText(keyed, alpha, "/v1/stream?after=0", 4));
    for (const text of told) expect(text).not.toMatch(/secret-|beta|gamma/);
    const { events } = (await keyed.ask(alpha, "/v1/events")).json<{
      events: { data: object }[];
    }>();
    expect(events.slice(1).map(({ data }) => data)).toEqual([
      fault("alpha", "n1"),
      { eventId: stated.id },
      { eventId: first },
    ]);
    expect((await keyed.ask(alpha, `/v1/audit/proof/${first}`)).statusCode).toBe(404);
    expect((await keyed.ask(alpha, `/v1/audit/proof/${stated.id}`)).statusCode).toBe(200);
    const { standing } = (await shownTo(keyed, alpha, stated.id)).json<Shown>();
    expect(standing).toMatchObject({ retracted: true, data: fault("alpha", "n1") });
    const all = (await shownTo(keyed, keys.get("all") ?? "", stated.id)).json<Shown>();
    expect(all.standing).toMatchObject({ retracted: false, data: fault("gamma", "secret-2") });
  });

  test("that is itself taken back shows the fact as it was", async () => {
    const { keyed, keys, correct } = await moved();
    await using _ = keyed;
    const away = await correct(stated.id, "beta", "secret-1");
    await correct(away, "alpha", "n2");
    const { standing } = (await shownTo(keyed, keys.get("alpha") ?? "", stated.id)).json<Shown>();
    expect(standing).toMatchObject({ retracted: false, data: fault("alpha", "n2") });
  });

  test("is not there for readers of the clusters that it came to", async () => {
    const { keyed, keys, correct } = await moved();
    await using _ = keyed;
    await correct(await correct(stated.id, "beta", "b1"), "gamma", "g1");
    const beta = keys.get("beta") ?? "";
    expect((await keyed.ask(beta, "/v1/events")).json()).toMatchObject({ events: [] });
    expect((await shownTo(keyed, beta, stated.id)).statusCode).toBe(404);
    expect((await keyed.ask(beta, "/v1/history?w=5")).body).not.toMatch(/"corrections":[1-9]/);
  });
});

test("a reader of some clusters is told of positions when something came there, and not when others do something", async () => {
  await using keyed = await keyedApp([stated]);
  const { secret } = await keyed.issue({ name: "v", roles: ["viewer"], clusters: ["alpha"] });
  const text = streamText(keyed, secret, "/v1/stream?only=positions", 2, async () => {
    for (const cluster of ["beta", "beta", "alpha"]) {
      const event = anEvent({ type: "NodeCommissioned", data: { cluster, node: "n9" } });
      const [made] = await keyed.ledger.submit([event]);
      const sequence = made?.status === "appended" ? (made.sequence ?? 0) : 0;
      await keyed.ledger.waitFor(sequence, 600_000);
      // Each position has its own turn to be told in.
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  });
  expect((await text).match(/"sequence":\d+/g)).toEqual(['"sequence":2', '"sequence":5']);
});
