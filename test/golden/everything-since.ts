/**
 * What golden ledgers hold since file formats 4 and 5: an event of each type that came after 0.1.0's first two ledgers, all
 * of them made by the ledger as its users make it do so. It happens in a cluster of its own, gamma.
 */
import { issueKey, revokeKey, rotateKey } from "../../src/access/issue.ts";
import { requestHash } from "../../src/decisions/command/asked.ts";
import { deciding } from "../../src/decisions/command/deciding.ts";
import { declareNfz } from "../../src/decisions/nfz/nfz.ts";
import { resolveNfzs } from "../../src/decisions/nfz/resolve.ts";
import { commandMaintenance } from "../../src/decisions/nodes/maintenance.ts";
import type { RolloutCommand } from "../../src/decisions/rollouts/commands.ts";
import { commandRollout, submitRollout } from "../../src/decisions/rollouts/rollouts.ts";
import { sweepCluster } from "../../src/decisions/sweeps/sweep.ts";
import { type ErrorCode, isLedgerError } from "../../src/errors.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { Noticer } from "../../src/sinks/notices/noticer.ts";
import type { GoldenFact } from "./history.ts";

const cluster = "gamma";
const caller = { actor: "gil", roles: null, clusters: null };
const said = { reason: "the golden ledger needs it", ticket: "OPS-12" };

let count = 0;

function nextId(): string {
  return `60000000-0000-4000-8004-${String(++count).padStart(12, "0")}`;
}

function fact(type: string, at: string, data: object): GoldenFact {
  const about = { type, occurredAt: `${at}:00Z`, data: { cluster, ...data }, source: "prober" };
  return { id: nextId(), ...about };
}

/** Told half a year before February, so that in April the occurrences of a weekly rule begin to run out. */
export const august: readonly GoldenFact[] = [
  fact("ClusterRegistered", "2025-08-01T00:00", { zone: "Europe/Berlin" }),
  ...["g1", "g2"].map((node) => fact("NodeCommissioned", "2025-08-01T00:00", { node })),
  fact("RolloutPolicySet", "2025-08-01T00:00", {
    coTest: "companions",
    coTestEnvironments: ["", "lab"],
    coTestValidDays: 30.5,
    overrideRoles: ["approver", "site-lead"],
    overrideMaxMs: 43_200_000,
    fastPath: true,
    fastPathPasses: 2,
    fastPathNodeDays: 0.5,
    imminentMs: 1_800_000,
    maintenanceMaxMs: 86_400_000,
    impactWindowMs: 604_800_000,
    maxBundle: 3,
  }),
];

interface Scene {
  readonly ledger: Ledger;
  /** Moves the ledger's clock on, in milliseconds. */
  readonly advance: (ms: number) => void;
  /** Resolves when the views have all that is stored. */
  readonly settle: () => Promise<void>;
}

/** Everything that the ledger is asked is asked a minute after what came before, and sees all of that. */
function asking({ ledger, advance, settle }: Scene) {
  const decides = deciding(ledger);
  const asked = async (name: string, path: string, body: object) => {
    await settle();
    advance(60_000);
    const request = requestHash(name, path, body);
    return { command: name, caller, said, id: nextId(), request, minSequence: 0 };
  };
  return {
    decides,
    submit: async (rollout: string, component: string) => {
      const updates = [{ component, version: "3.1", family: "three" }];
      const impact = { kind: "impactful" as const, secondsPerNode: 300 };
      const body = { rollout, cluster, updates, impact, urgency: "important" as const };
      await submitRollout(decides, await asked("submit", "/v1/rollouts", body), body);
    },
    command: async (rollout: string, each: RolloutCommand) => {
      const path = `/v1/rollouts/${rollout}/${each.name}`;
      const ask = await asked(each.name, path, "body" in each ? each.body : {});
      return await commandRollout(decides, ask, { rollout }, each);
    },
    startMaintenance: async (maintenanceId: string, node: string) => {
      const body = { cluster, targets: { nodes: [node] } };
      const ask = await asked("start", `/v1/maintenance/${maintenanceId}/start`, body);
      const command = { command: "start" as const, maintenanceId, caller, hasReason: true };
      await commandMaintenance(decides, ask, body, command);
    },
    declare: async (body: Parameters<typeof declareNfz>[2]) => {
      await declareNfz(decides, await asked("declare", "/v1/nfz", body), body);
    },
  };
}

/** A refusal that is recorded is an event that a release has to read. */
async function refused(code: ErrorCode, work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (isLedgerError(error, code)) return;
    throw error;
  }
  throw new Error(`${code} was expected`);
}

/** In August: a rule without an end, of which the next 400 days are recorded. */
export async function declareForGolden(scene: Scene): Promise<void> {
  await asking(scene).declare({
    nfz: "sunday-mornings",
    clusters: [cluster],
    inFlight: "finish",
    recurrence: {
      rrule: "FREQ=WEEKLY;BYDAY=SU",
      start: "2025-08-03T02:30",
      zone: "Europe/Berlin",
      durationMs: 2 * 3_600_000,
    },
  });
}

/** In April: a rollout is verified and completed, a second one is rolled back by the ledger, a third one refused. */
export async function decideSinceForGolden(scene: Scene): Promise<void> {
  const { advance, settle } = scene;
  const { decides, submit, command, startMaintenance, declare } = asking(scene);
  await resolveNfzs(decides);
  await submit("bmc", "bmc");
  await command("bmc", { name: "start" });
  await command("bmc", { name: "progress", body: { nodesDone: 2, nodesTotal: 2 } });
  await command("bmc", { name: "verify" });
  await command("bmc", { name: "complete" });

  await submit("nic", "nic-fw");
  await command("nic", { name: "start" });
  await submit("os", "kernel");
  await refused("needs-co-test", command("os", { name: "start" }));

  const until = "2026-04-09T12:00:00Z";
  await declare({
    nfz: "audit-day",
    clusters: [cluster],
    inFlight: "rollback",
    noFastPath: true,
    occurrences: [{ from: "2026-04-09T08:00:00Z", to: until }],
  });
  const body = { expiresAt: until, nfzIds: ["audit-day"] };
  await refused(
    "role-needed",
    command("os", { name: "override", body: { ...body, role: "intern" } }),
  );
  const { event } = await command("os", { name: "override", body: { ...body, role: "site-lead" } });
  await command("os", { name: "revoke", override: event?.id ?? "" });
  await settle();
  advance(3_600_000);
  await sweepCluster(decides, cluster);
  await command("nic", { name: "roll-back" });
  await refused("nfz-in-force", startMaintenance("m-g1", "g1"));
  await settle();
}

/** Keys, whose names and secrets are random: these are others whenever a golden ledger is made. */
export async function issueKeysForGolden({ ledger, settle }: Scene): Promise<void> {
  const asked = () => ({ said: { actor: "root", ...said }, id: nextId() });
  const granted = { name: "prober", roles: ["reporter", "source:slurm"], clusters: ["*"] };
  const { key } = await issueKey(ledger, granted, asked());
  await rotateKey(ledger, key, 3_600_000, asked());
  const expiresAt = ledger.nowMs() + 86_400_000;
  const second = { name: "auditor.1", roles: ["auditor"], clusters: ["gam*", "alpha"], expiresAt };
  const { key: revoked } = await issueKey(ledger, second, asked());
  await revokeKey(ledger, revoked, undefined, asked());
  await settle();
}

/** What time has made true by now: as a server says it that has just started. */
export async function noticeForGolden({ ledger, settle }: Scene): Promise<void> {
  await settle();
  const noticer = new Noticer({
    ledger,
    isInCharge: () => true,
    sealing: () => null,
    onRaised: () => undefined,
    onFailure: (error) => {
      throw error;
    },
    after: () => () => undefined,
  });
  await noticer.look();
  await noticer.stop();
  await settle();
}
