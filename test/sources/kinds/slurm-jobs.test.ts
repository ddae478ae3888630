import { describe, expect, test } from "vitest";
import { temporaryLedger } from "../../ledger/temporary-ledger.ts";
import { takePayload } from "../../../src/sources/intake/take-payload.ts";
import { clock, eventsOf, sourceOf } from "../payloads/deliveries.ts";
import { at, day, taken } from "./taken.ts";

const config = { name: "sacct", kind: "slurm-jobs", cluster: "lab", zone: "UTC" };
const header = "JobIDRaw|Cluster|User|JobName|Submit|Start|End|State|NNodes|NodeList";

interface Run {
  readonly id?: string;
  readonly start?: string;
  readonly end?: string;
  readonly state?: string;
  readonly nodes?: string;
  readonly count?: number | string;
}

function row({
  id = "7",
  start = "09:00:00",
  end = "10:00:00",
  state = "COMPLETED",
  nodes = "n[1-2]",
  count = 2,
}: Run): string {
  const local = (time: string) => (/^\d/.test(time) ? `${day}T${time}` : time);
  return `${id}|lab|al|run|${day}T08:00:00|${local(start)}|${local(end)}|${state}|${count}|${nodes}`;
}

const file = (...runs: readonly Run[]) => [header, ...runs.map(row)].join("\n");

describe("a run of a job", () => {
  test.each([
    ["COMPLETED", "completed"],
    ["CANCELLED by 1002", "cancelled"],
    ["TIMEOUT", "cancelled"],
    ["DEADLINE", "cancelled"],
    ["REVOKED", "cancelled"],
    ["FAILED", 'failed {"kind":"software"}'],
    ["OUT_OF_MEMORY", 'failed {"kind":"software"}'],
    ["NODE_FAIL", 'failed {"kind":"fault"}'],
    ["PREEMPTED", 'failed {"kind":"user"}'],
    ["REQUEUED", 'failed {"kind":"unknown"}'],
    ["LAUNCH_FAILED", 'failed {"kind":"unknown"}'],
  ])("that is %s: %s", async (state, outcome) => {
    const { told } = await taken(config, [file({ state })]);
    expect(told).toEqual(["JobStarted 7 09:00:00", `JobFinished 7 10:00:00 ${outcome}`]);
  });

  test.each(["RUNNING", "SUSPENDED", "COMPLETING"])("that is %s has no end yet", async (state) => {
    expect((await taken(config, [file({ state, end: "Unknown" })])).told).toEqual([
      "JobStarted 7 09:00:00",
    ]);
  });

  test("is ignored if it is a step, never started, has no nodes or too few", async () => {
    const { answers } = await taken({ ...config, minNodes: 2 }, [
      file(
        { id: "7.batch" },
        { start: "Unknown", end: "Unknown" },
        { nodes: "None assigned" },
        { nodes: "n1", count: 1 },
      ),
    ]);
    expect(answers).toMatchObject([{ observations: 4, ignored: 4, appended: 0 }]);
  });

  test("told again is a duplicate; its end comes later", async () => {
    const { answers } = await taken(config, [
      file({ state: "RUNNING", end: "Unknown" }),
      file({}),
      file({}),
    ]);
    expect(answers.map(({ appended, duplicates }) => [appended, duplicates])).toEqual([
      [1, 0],
      [1, 1],
      [0, 2],
    ]);
  });

  test("with a name that the ledger does not allow, or an end before its start, is refused", async () => {
    const { answers } = await taken({ ...config, job: "{JobName} {User}" }, [
      file({}, { end: "08:30:00" }),
    ]);
    expect(answers[0]?.refused.map(({ path }) => path)).toEqual(["/rows/2", "/rows/1"].sort());
  });

  test("is correlated by the job's id, and lists its nodes as Slurm does", async () => {
    const { events } = await taken(config, [file({ nodes: "n[1-2,5],m3", count: 4 })]);
    expect(events[0]).toMatchObject({
      attribution: { correlationId: "7", source: "slurm-jobs:sacct" },
      data: { nodes: ["n[1-2,5]", "m3"] },
    });
  });
});

describe("a run that a failed node ended", () => {
  async function causeWith(faults: readonly { node: string; time: string }[]): Promise<unknown> {
    await using temporary = temporaryLedger();
    const ledger = await temporary.open({ clock });
    await ledger.submit(
      faults.map(({ node, time }) => ({
        id: crypto.randomUUID(),
        type: "NodeFailed",
        occurredAt: at(time),
        data: { cluster: "lab", node, faultId: `f-${node}-${time}`, category: "hardware" },
      })),
    );
    const said = { actor: "key" };
    await takePayload(ledger, sourceOf(config), file({ state: "NODE_FAIL" }), said);
    const finished = (await eventsOf(ledger)).find(({ type }) => type === "JobFinished");
    return (finished?.data as { cause?: unknown } | undefined)?.cause;
  }

  test("names the fault that began within five minutes on exactly one of its nodes, the nearest", async () => {
    expect(
      await causeWith([
        { node: "n1", time: "10:05:00" },
        { node: "n1", time: "09:59:00" },
        { node: "n3", time: "10:00:00" },
      ]),
    ).toEqual({ kind: "fault", faultId: "f-n1-09:59:00", node: "n1" });
  });

  test("names none if two nodes failed, or none within five minutes", async () => {
    const two = [
      { node: "n1", time: "10:00:00" },
      { node: "n2", time: "10:00:00" },
    ];
    expect(await causeWith(two)).toEqual({ kind: "fault" });
    expect(await causeWith([{ node: "n1", time: "10:05:01" }])).toEqual({ kind: "fault" });
  });

  test("on more nodes than Slurm writes out, such as 2K, is counted by its list", async () => {
    const run = { nodes: "n[0001-2048]", count: "2K" };
    const { told } = await taken({ ...config, minNodes: 2_048 }, [file(run)]);
    expect(told).toHaveLength(2);
    const { answers } = await taken({ ...config, minNodes: 2_049 }, [file(run)]);
    expect(answers).toMatchObject([{ ignored: 1, appended: 0 }]);
  });
});
