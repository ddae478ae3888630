/** `fleetledger rollout plan`: what waits, in waves that were tested together and keep the target. */
import type { Command } from "commander";
import type { releasePlanAnswer } from "../../../answers/release-plan/release-plan.ts";
import {
  columns,
  counted,
  duration,
  instantShort,
  number,
  percent,
} from "../../../reports/text/figures.ts";
import { namedLedger } from "../../options/named-ledger.ts";
import { queryText } from "../../server/answers.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { askLedger } from "./ask-ledger.ts";
import {
  type ClusterReadOptions,
  addClusterReadOptions,
  instantAndPosition,
  printRead,
} from "./read-options.ts";

type Plan = Awaited<ReturnType<typeof releasePlanAnswer>>;

export function addRolloutPlan(rollout: Command, terminal: Terminal): void {
  addClusterReadOptions(rollout.command("plan"))
    .description("Put all queued rollouts into waves.")
    .action(async (options: ClusterReadOptions, command: Command) => {
      const { cluster } = options;
      const asked = instantAndPosition(options).replace(/^\?/, "&");
      const path = `/v1/rollouts/release-plan${queryText({ cluster })}${asked}`;
      const named = await namedLedger(options, command);
      const answer = JSON.parse(await askLedger(terminal, named, { method: "GET", path })) as Plan;
      await printRead(terminal, options, answer, planLines);
    });
}

function planLines(plan: Plan): string[] {
  const { members, inService, nisTarget, batch, waves, leftOut, stops, nodeMs } = plan;
  const left = plan.budgetLeftNodeMs;
  const noWave = leftOut.length === 0 ? "  nothing is queued" : "  nothing may go in a wave";
  const rows = waves.map((wave, i) => [
    `wave ${i + 1}`,
    `${counted(wave.touched, "node")} in ${counted(wave.batches, "batch", "batches")}`,
    counted(wave.stops, "stop"),
    `${duration(wave.nodeMs)} of node-time`,
    `down to ${percent(wave.nis)}`,
    `not before ${wave.notBefore === null ? "a time not known yet" : instantShort(wave.notBefore)}`,
    wave.rollouts.length === 1 ? "" : wave.testedTogether ? "tested as one" : "tested in pairs",
    wave.rollouts.join(", "),
  ]);
  return [
    `${number(inService)} of ${number(members)} nodes in service, target ${percent(nisTarget)}: ${number(batch)} may be out at once`,
    ...(rows.length === 0 ? [noWave] : columns(rows, "  ", () => true)),
    `${counted(stops, "stop")} of jobs, ${duration(nodeMs)} of node-time; ${budgetWords(left)}`,
    ...leftOut.map(({ rollout, because }) => `left out: ${rollout} (${because})`),
  ];
}

function budgetWords(left: number | null): string {
  if (left === null) return "the month has not begun";
  return left < 0
    ? `the month's error budget is overspent by ${duration(-left)}`
    : `${duration(left)} left in the month's error budget`;
}
