/** `fleetledger scale request|check`: whether work may be scaled onto nodes. A request is recorded, a check is not. */
import type { Command } from "commander";
import type { ScaleAnswer } from "../../../decisions/nodes/scale.ts";
import { pathSegment } from "../../../path-segment.ts";
import { columns, instantShort, number } from "../../../reports/text/figures.ts";
import { type AddCommand, someText } from "../../options/command.ts";
import { namedLedger } from "../../options/named-ledger.ts";
import { exitCodes } from "../../terminal/terminal.ts";
import { askLedger } from "./ask-ledger.ts";
import { type DecisionOptions, addDecisionOptions, decide } from "./decision-options.ts";
import {
  type ClusterReadOptions,
  addClusterReadOptions,
  instantAndPosition,
  printRead,
} from "./read-options.ts";
import { type TargetOptions, addTargetOptions, targetsOf } from "./target-options.ts";

interface RequestOptions extends DecisionOptions, TargetOptions {
  readonly cluster: string;
}

interface Schedulable {
  readonly cluster: string;
  readonly node: string;
  readonly schedulable: boolean;
  readonly reasons: readonly string[];
  readonly until: string | null;
}

export const addScale: AddCommand = (program, { terminal, done }) => {
  const scale = program
    .command("scale")
    .description("Ask whether work may be scaled onto nodes. Exit code 3: not onto all of them.");
  addTargetOptions(addDecisionOptions(scale.command("request")))
    .description("Ask for nodes; each decision is recorded.")
    .requiredOption("--cluster <name>", "the cluster", someText)
    .action(async (options: RequestOptions, command: Command) => {
      const { nodes, rack, sku } = options;
      if (nodes === undefined && rack === undefined && sku === undefined)
        command.error("error: give --nodes, --rack or --sku");
      const text = await decide(terminal, command, options, {
        path: "/v1/scale-requests",
        body: { cluster: options.cluster, ...asked(options) },
        words: (answer) => requestLines(JSON.parse(answer) as ScaleAnswer).join("\n"),
      });
      const { allowed, nodes: answered } = JSON.parse(text) as ScaleAnswer;
      if (!allowed) done(exitCodes.refused);
      // Where there is no node, each is allowed: that must not be taken for a yes.
      if (answered.length === 0) done(exitCodes.usage);
    });
  addClusterReadOptions(scale.command("check"))
    .description("Look whether a node is schedulable; nothing is recorded.")
    .argument("<node>", "the node", someText)
    .action(async (node: string, options: ClusterReadOptions, command: Command) => {
      const { cluster } = options;
      const path = `/v1/nodes/${pathSegment(cluster)}/${pathSegment(node)}/schedulable`;
      const text = await askLedger(terminal, await namedLedger(options, command), {
        method: "GET",
        path: `${path}${instantAndPosition(options)}`,
      });
      const answer = JSON.parse(text) as Schedulable;
      await printRead(terminal, options, answer, checkLines);
      if (!answer.schedulable) done(exitCodes.refused);
    });
};

/** Nodes alone are named one by one. */
function asked(options: RequestOptions): object {
  const { nodes, rack, sku } = options;
  if (nodes !== undefined && rack === undefined && sku === undefined) return { nodes };
  const targets = targetsOf(options);
  return targets === undefined ? {} : { targets };
}

function requestLines({ allowed, nodes }: ScaleAnswer): string[] {
  if (nodes.length === 0) return ["no node is meant: no member is in all that was given"];
  const held = nodes.filter((each) => !each.allowed);
  const head = `${allowed ? "allowed" : "not allowed"}: ${number(nodes.length - held.length)} of ${number(nodes.length)} nodes`;
  const rows = held.map(({ node, reasons, until }) => [
    node,
    reasons.join(", "),
    untilWords(until),
  ]);
  return [head, ...columns(rows, "  ", () => true)];
}

function checkLines({ node, schedulable, reasons, until }: Schedulable): string[] {
  if (schedulable) return [`${node} is schedulable`];
  return [`${node} is not schedulable: ${reasons.join(", ")}; ${untilWords(until)}`];
}

function untilWords(until: string | null): string {
  return until === null ? "until when is not known" : `until ${instantShort(until)}`;
}
