/** `fleetledger maintenance announce|start|end|overdue`: maintenance of many nodes, decided and recorded node by node. */
import type { Command } from "commander";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { OverdueAnswer } from "../../../answers/holds/overdue-maintenance.ts";
import type { MaintenanceAnswer } from "../../../decisions/nodes/maintenance.ts";
import { pathSegment } from "../../../path-segment.ts";
import { columns, duration, instantShort, number } from "../../../reports/text/figures.ts";
import { type AddCommand, instant, someText } from "../../options/command.ts";
import { exitCodes } from "../../terminal/terminal.ts";
import { type DecisionOptions, addDecisionOptions, decide } from "./decision-options.ts";
import { type TargetOptions, addTargetOptions, targetsOf } from "./target-options.ts";
import { addReadOptions, allRows, printRead, type ReadOptions } from "./read-options.ts";

interface CommandOptions extends DecisionOptions, TargetOptions {
  readonly cluster: string;
  readonly from?: number;
  readonly to?: number;
  readonly rollout?: string;
  readonly role?: string;
}

export const addMaintenance: AddCommand = (program, context) => {
  const maintenance = program
    .command("maintenance")
    .description("Announce, start and end maintenance of nodes, and list what is overdue.");
  command(maintenance, context, "announce", "Announce maintenance; again, to move it.")
    .requiredOption("--from <instant>", "when it is planned to begin", instant)
    .requiredOption("--to <instant>", "when it is planned to end", instant);
  command(
    maintenance,
    context,
    "start",
    "Start maintenance; by default on the nodes where it was announced.",
  ).option("--role <role>", "the override role that lets it begin inside a no-fly zone", someText);
  command(maintenance, context, "end", "End maintenance; by default wherever it is open.");
  addReadOptions(maintenance.command("overdue"))
    .description("List maintenance that should be over by now.")
    .action(async (options: ReadOptions, asking: Command) => {
      const path = "/v1/maintenance/overdue";
      const answer = await allRows<OverdueAnswer>(
        context.terminal,
        asking,
        options,
        path,
        "overdue",
      );
      await printRead(context.terminal, options, answer, overdueLines);
    });
};

function command(
  maintenance: Command,
  { terminal, done }: Parameters<AddCommand>[1],
  name: "announce" | "start" | "end",
  description: string,
): Command {
  return addTargetOptions(addDecisionOptions(maintenance.command(name)))
    .description(description)
    .argument("<maintenance>", "its id", someText)
    .requiredOption("--cluster <name>", "the cluster", someText)
    .option("--rollout <id>", "the rollout that it is for", someText)
    .action(async (id: string, options: CommandOptions, asking: Command) => {
      const { cluster, from, to, rollout, role } = options;
      const targets = targetsOf(options) ?? (name === "announce" ? {} : undefined);
      const text = await decide(terminal, asking, options, {
        path: `/v1/maintenance/${pathSegment(id)}/${name}`,
        body: {
          cluster,
          ...(targets === undefined ? {} : { targets }),
          ...(from === undefined ? {} : { plannedFrom: formatInstant(from) }),
          ...(to === undefined ? {} : { plannedTo: formatInstant(to) }),
          ...(rollout === undefined ? {} : { rolloutId: rollout }),
          ...(role === undefined ? {} : { role }),
        },
        words: (answer) => words(JSON.parse(answer) as MaintenanceAnswer),
      });
      const { results } = JSON.parse(text) as MaintenanceAnswer;
      if (results.some(({ status }) => status === 409)) done(exitCodes.refused);
    });
}

function words({ maintenance, results }: MaintenanceAnswer): string {
  if (results.length === 0) return `${maintenance}: no node is meant, so nothing was recorded`;
  const counted = (wanted: number): number =>
    results.filter(({ status }) => status === wanted).length;
  const head = `${maintenance}: ${number(counted(201))} recorded, ${number(counted(200))} with nothing to do, ${number(counted(409))} refused`;
  const rows = results.flatMap(({ node, code, nfzs = [] }) =>
    code === undefined ? [] : [[node, code, nfzs.map(({ nfz }) => nfz).join(", ")]],
  );
  return [head, ...columns(rows, "  ", () => true)].join("\n");
}

function overdueLines({ total, overdue }: OverdueAnswer): string[] {
  const rows = overdue.map(({ cluster, node, maintenanceId, plannedTo, dueAt, overdueMs }) => [
    `${cluster} ${node}`,
    maintenanceId,
    plannedTo === null ? "never announced" : `planned until ${instantShort(plannedTo)}`,
    `due ${instantShort(dueAt)}`,
    `${duration(overdueMs)} overdue`,
  ]);
  return [`${number(total)} overdue`, ...columns(rows, "  ", () => true)];
}
