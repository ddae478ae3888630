/** A round trip with the real Slurm, where its programs are on the PATH. */
import { expect, test } from "vitest";
import { sourcesApp } from "../../http/sources/sources-app.ts";
import { missingPrograms, slurmCluster } from "./slurm-cluster.ts";

if (missingPrograms.length > 0)
  console.warn(
    `skipped: the round trip with Slurm: these are not on the PATH: ${missingPrograms.join(", ")}`,
  );

const sources = [
  {
    name: "slurm",
    kind: "slurm-events",
    cluster: "{Cluster}",
    node: "{NodeName}",
    timeFormat: "unix",
    reasons: [{ match: "*xid*", category: "hardware", component: "gpu" }],
  },
];

/** Slurm hands changes on when it likes. */
const timeout = 300_000;

test.skipIf(missingPrograms.length > 0)(
  "a node that is drained and resumed in Slurm is one fault with the start and the end that sacctmgr prints",
  async () => {
    await using slurm = await slurmCluster();
    console.info(`the round trip with Slurm is with ${slurm.version}`);
    // The machine's clock is Slurm's, too.
    await using it = await sourcesApp({ sources });
    it.advance(Date.now() - it.ledger.nowMs());
    const exported = () =>
      slurm.run(
        "sacctmgr",
        [
          ..."-P show event start=2020-01-01".split(" "),
          "format=Cluster,NodeName,Start,End,State,Reason,User",
        ],
        { SLURM_TIME_FORMAT: "%s" },
      );
    const drained = /^lab\|gpu0001\|(\d+)\|(\w+)\|DRAIN\*?\|XID 79 \| gpu 3\|/m;
    const rowOf = (text: string) => drained.exec(text)?.slice(1) ?? [];
    const send = async (text: string) => {
      it.advance(Date.now() - it.ledger.nowMs());
      const { status, body } = await it.post("/v1/sources/slurm", text, {
        "content-type": "text/plain",
      });
      expect([status, body]).toMatchObject([200, { refused: [] }]);
      return body;
    };
    const update = (...change: string[]) =>
      slurm.run("scontrol", ["update", "nodename=gpu0001", ...change]);
    const told = async () =>
      (await it.ask("/v1/events?cluster=lab"))
        .json<{ events: { type: string; occurredAt: string; data: object }[] }>()
        .events.map(({ type, occurredAt, data }) => [type, Date.parse(occurredAt) / 1_000, data]);

    // slurmdbd keeps one row of a node for a second: a change in the second in which the last one began is lost there.
    const isOver = (second: number) => second < Math.floor(Date.now() / 1_000);
    const registered = /^lab\|gpu0001\|(\d+)\|/m;
    const registeredAt = () => Number(registered.exec(exported())?.[1] ?? Infinity);
    await expect.poll(() => isOver(registeredAt()), { timeout }).toBe(true);
    update("state=resume");
    update("state=drain", "reason=XID 79 | gpu 3");
    await expect.poll(() => rowOf(exported()), { timeout }).toHaveLength(2);
    const [start, unknown] = rowOf(exported());
    expect(unknown).toBe("Unknown");
    await send(exported());
    const faultId = `slurm:node@${new Date(Number(start) * 1_000).toISOString()}`;
    const about = { cluster: "lab", node: "gpu0001" };
    const failed = { ...about, faultId, category: "hardware", component: "gpu" };
    expect(await told()).toEqual([["NodeFailed", Number(start), failed]]);

    await expect.poll(() => isOver(Number(start)), { timeout }).toBe(true);
    update("state=resume");
    await expect.poll(() => rowOf(exported())[1], { timeout }).toMatch(/^\d+$/);
    const [, end] = rowOf(exported());
    await send(exported());
    await send(exported());
    expect(await told()).toEqual([
      ["NodeFailed", Number(start), failed],
      ["NodeReturned", Number(end), { ...about, faultIds: [faultId] }],
    ]);
  },
);
