/** `fleetledger rollout pending`: what waits for a node, and what of it could be applied while the node is out of service. */
import type { Command } from "commander";
import type { pendingUpdatesAnswer } from "../../../answers/release-plan/pending-updates.ts";
import { pathSegment } from "../../../path-segment.ts";
import { columns, duration } from "../../../reports/text/figures.ts";
import { someText } from "../../options/command.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import {
  type ClusterReadOptions,
  addClusterReadOptions,
  allRows,
  printRead,
} from "./read-options.ts";

type Pending = Awaited<ReturnType<typeof pendingUpdatesAnswer>>;
type Row = Pending["pending"][number];

export function addRolloutPending(rollout: Command, terminal: Terminal): void {
  addClusterReadOptions(rollout.command("pending"))
    .description("List what waits for a node, and what could be applied while it is down anyway.")
    .argument("<node>", "the node", someText)
    .action(async (node: string, { cluster, ...options }: ClusterReadOptions, command: Command) => {
      const path = `/v1/nodes/${pathSegment(cluster)}/${pathSegment(node)}/pending-updates`;
      const answer = await allRows<Pending>(terminal, command, options, path, "pending");
      await printRead(terminal, options, answer, pendingLines);
    });
}

function pendingLines({ node, state, remainingMs, pending }: Pending): string[] {
  const left = remainingMs === null ? "" : `, ${duration(remainingMs)} left`;
  const rows = pending.map(({ rollout, updates, expectedMs, reasons }) => [
    reasons.length === 0 ? "now" : "not now",
    rollout,
    updates.map(({ component, version }) => `${component} ${version}`).join(", "),
    duration(expectedMs),
    reasons.map((reason) => reasonWords[reason]).join("; "),
  ]);
  const lines = rows.length === 0 ? ["  nothing waits for it"] : columns(rows, "  ", () => true);
  return [`${node}: ${state}${left}`, ...lines];
}

const reasonWords: Readonly<Record<Row["reasons"][number], string>> = {
  "in-service": "the node is in service",
  nfz: "a no-fly zone holds it",
  "co-test": "not tested with what it would meet",
  time: "no time is left for it",
};
