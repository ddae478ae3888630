/** A command whose server goes away, or whose answer is lost on the way. */
import { randomUUID } from "node:crypto";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { randomRuns } from "../random-runs.ts";
import {
  type Instance,
  decidingInstance,
  eventsOf,
  joinNodes,
  refusedWith,
} from "./deciding-instance.ts";
import { freshFolder, ledgerOn, until } from "./ledger-on-server.ts";
import { startProxy } from "./proxy.ts";
import type { RunningServer } from "./server.ts";
import { sayWhySkipped, startServer, whyNoExecutable } from "./server.ts";

// What is turned away is turned away soon.
vi.mock("../../src/limits/kurrentdb.ts", async (original) => ({
  ...(await original<object>()),
  appendPatienceMs: 2_000,
}));

sayWhySkipped(whyNoExecutable);

describe.skipIf(whyNoExecutable !== null)("a command", () => {
  async function served(): Promise<{ server: RunningServer; instance: Instance }> {
    const server = await ownServer("files");
    const instance = await decidingInstance(ledgerOn(server.url).name(freshFolder()));
    await joinNodes(instance.ledger, ["n1"]);
    await instance.submit("r1", "n1");
    return { server, instance };
  }

  test("is answered 503 while the server is away, and carried out once when it is sent again", async () => {
    const { server, instance } = await served();
    await server.kill();
    const id = randomUUID();
    expect(await refusedWith("store-unavailable", instance.start("r1", id))).toBeNull();
    // What waits behind it does not wait for the server as long again.
    const waiting = [1, 2, 3].map(() =>
      refusedWith("store-unavailable", instance.command("r1", { name: "cancel" })),
    );
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
    await server.start();
    await until(
      async () => (await refusedWith("store-unavailable", instance.start("r1", id))) !== null,
    );
    expect(await instance.start("r1", id)).toMatchObject({ outcome: "repeated" });
    expect(await typesOf(instance, "rollout-r1")).toEqual(["RolloutSubmitted", "RolloutStarted"]);
  });

  test("whose answer is lost on the way is carried out once when it is sent again", async () => {
    const server = await ownServer("memory");
    const proxy = await startProxy(server.port);
    onTestFinished(() => proxy.close());
    const on = ledgerOn(`esdb://127.0.0.1:${proxy.port}?tls=false`);
    const instance = await decidingInstance(on.name(freshFolder()), "none");
    await joinNodes(instance.ledger, ["n1"]);
    for (let i = 0; i < randomRuns(10); i++) {
      const rollout = `r${i}`;
      await instance.submit(rollout, "n1");
      const id = randomUUID();
      const starting = refusedWith("store-unavailable", instance.start(rollout, id));
      setTimeout(() => proxy.cut(), Math.random() * 20);
      const first = await starting;
      if (first === null)
        await until(
          async () =>
            (await refusedWith("store-unavailable", instance.start(rollout, id))) !== null,
        );
      expect(await instance.start(rollout, id)).toMatchObject({ outcome: "repeated" });
      expect(await typesOf(instance, `rollout-${rollout}`)).toEqual([
        "RolloutSubmitted",
        "RolloutStarted",
      ]);
    }
  });
});

async function ownServer(keeps: "files" | "memory"): Promise<RunningServer> {
  const server = await startServer(keeps);
  onTestFinished(() => server.dispose());
  return server;
}

async function typesOf(instance: Instance, stream: string): Promise<string[]> {
  return (await eventsOf(instance, stream)).map(({ type }) => type);
}
