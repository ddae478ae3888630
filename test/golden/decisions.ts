/** Decisions of the golden ledger: a rule is declared, a rollout is refused, overridden, started and stopped by a sweep. */
import { requestHash } from "../../src/decisions/command/asked.ts";
import { deciding } from "../../src/decisions/command/deciding.ts";
import { declareNfz } from "../../src/decisions/nfz/nfz.ts";
import type { RolloutCommand } from "../../src/decisions/rollouts/commands.ts";
import { commandRollout, submitRollout } from "../../src/decisions/rollouts/rollouts.ts";
import { sweepCluster } from "../../src/decisions/sweeps/sweep.ts";
import { isLedgerError } from "../../src/errors.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";

const rollout = "gateway-fw";
const submission = {
  rollout,
  cluster: "alpha",
  updates: [{ component: "gateway-fw", version: "9" }],
  impact: { kind: "impactful" as const, secondsPerNode: 60 },
  urgency: "security" as const,
};
const declaration = {
  nfz: "thursday-nights",
  clusters: ["alpha"],
  inFlight: "pause" as const,
  recurrence: {
    rrule: "FREQ=WEEKLY;BYDAY=TH",
    start: "2026-04-09T06:00",
    zone: "UTC",
    durationMs: 6 * 3_600_000,
  },
};

/** `advance` moves the ledger's clock on, in milliseconds. */
export async function decideForGolden(
  ledger: Ledger,
  advance: (ms: number) => void,
): Promise<void> {
  const decides = deciding(ledger);
  let count = 0;
  const asked = (command: string, path: string, body: object) => {
    advance(60_000);
    const id = `60000000-0000-4000-8003-${String(++count).padStart(12, "0")}`;
    const caller = { actor: "ann", roles: null, clusters: null };
    const said = { reason: "the update is due", ticket: "OPS-9" };
    return { command, caller, said, id, request: requestHash(command, path, body), minSequence: 0 };
  };
  const command = async (each: RolloutCommand): Promise<void> => {
    try {
      const body = asked(each.name, `/v1/rollouts/${rollout}/${each.name}`, {});
      await commandRollout(decides, body, { rollout }, each);
    } catch (error) {
      // A refusal that is recorded is an event that a release has to read.
      if (!isLedgerError(error, "nfz-in-force")) throw error;
    }
  };
  await declareNfz(decides, asked("declare", "/v1/nfz", declaration), declaration);
  await submitRollout(decides, asked("submit", "/v1/rollouts", submission), submission);
  await command({ name: "start" });
  const expiresAt = "2026-04-09T07:00:00Z";
  await command({ name: "override", body: { role: "approver", expiresAt } });
  await command({ name: "start" });
  await command({ name: "progress", body: { nodesDone: 1, nodesTotal: 2, nodes: ["n1"] } });
  advance(3_600_000);
  await sweepCluster(decides, "alpha");
}
