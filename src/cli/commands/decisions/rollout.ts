/** `fleetledger rollout submit|start|…`: commands on rollouts, which the ledger decides and records. */
import { type Command, Option } from "commander";
import type { RolloutAnswer } from "../../../decisions/rollouts/answer.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { type AddCommand, instant, someText, wholeNumber } from "../../options/command.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { type DecisionOptions, addDecisionOptions, decide } from "./decision-options.ts";
import { addRolloutFamilies } from "./rollout-families.ts";
import { addRolloutImpact } from "./rollout-impact.ts";
import { addRolloutPending } from "./rollout-pending.ts";
import { addRolloutPlan } from "./rollout-plan.ts";
import { addRolloutReads } from "./rollout-reads.ts";
import { type NamedUpdate, componentVersion } from "./update-option.ts";
import { pathSegment } from "../../../path-segment.ts";

interface OneOptions extends DecisionOptions {
  readonly cluster?: string;
}

interface SubmitOptions extends DecisionOptions {
  readonly cluster: string;
  readonly nodes?: readonly string[];
  readonly rack?: readonly string[];
  readonly sku?: readonly string[];
  readonly update: readonly NamedUpdate[];
  readonly secondsPerNode?: number;
  readonly urgency: string;
  readonly deadline?: number;
}

const plainCommands = {
  start: "Ask to start a rollout.",
  pause: "Pause a rollout.",
  resume: "Ask to resume a rollout.",
  verify: "Say that every node is updated, and verification begins.",
  complete: "Complete a rollout that was verified.",
  fail: "End a rollout as failed.",
  "roll-back": "End a rollout as rolled back.",
  cancel: "Give up a rollout before it starts.",
};

export const addRollout: AddCommand = (program, { terminal }) => {
  const rollout = program
    .command("rollout")
    .description("Ask the ledger about rollouts: every answer is decided, and recorded.");
  addSubmit(rollout, terminal);
  for (const [name, description] of Object.entries(plainCommands)) {
    one(rollout, name, description).action(
      async (id: string, options: OneOptions, command: Command) =>
        await ask(terminal, command, options, `${pathSegment(id)}/${name}`, {}),
    );
  }
  one(rollout, "progress", "Say how far a rollout is.")
    .requiredOption("--done <count>", "nodes that are done", wholeNumber(0, 1e9))
    .requiredOption("--total <count>", "nodes that it is for", wholeNumber(0, 1e9))
    .option("--nodes <list...>", "the nodes that are done since it last told")
    .action(
      async (
        id: string,
        { done, total, nodes, ...options }: OneOptions & ProgressOptions,
        command: Command,
      ) => {
        const body = { nodesDone: done, nodesTotal: total, ...optional("nodes", nodes) };
        await ask(terminal, command, options, `${pathSegment(id)}/progress`, body);
      },
    );
  one(rollout, "supersede", "Let another rollout take its place.")
    .requiredOption("--by <rollout>", "the rollout that takes its place", someText)
    .action(async (id: string, { by, ...options }: OneOptions & { by: string }, command: Command) =>
      ask(terminal, command, options, `${pathSegment(id)}/supersede`, { supersededBy: by }),
    );
  addOverride(rollout, terminal);
  addRolloutReads(rollout, terminal);
  addRolloutImpact(rollout, terminal);
  addRolloutPlan(rollout, terminal);
  addRolloutFamilies(rollout, terminal);
  addRolloutPending(rollout, terminal);
};

interface ProgressOptions {
  readonly done: number;
  readonly total: number;
  readonly nodes?: readonly string[];
}

function addSubmit(rollout: Command, terminal: Terminal): void {
  addDecisionOptions(rollout.command("submit"))
    .description("Submit a rollout.")
    .argument("<rollout>", "its id", someText)
    .requiredOption("--cluster <name>", "the cluster", someText)
    .option("--nodes <list...>", "nodes, as names or hostlists; default: the whole cluster")
    .option("--rack <name...>", "racks")
    .option("--sku <name...>", "models of nodes")
    .requiredOption("--update <component=version...>", "what is installed", componentVersion)
    .option(
      "--seconds-per-node <seconds>",
      "how long each node is out of service; default: impactless",
      wholeNumber(0, 1e9),
    )
    .addOption(
      new Option("--urgency <urgency>", "how urgent it is")
        .choices(["routine", "important", "security", "emergency"])
        .default("routine"),
    )
    .option("--deadline <instant>", "when it has to be done", instant)
    .action(async (id: string, options: SubmitOptions, command: Command) => {
      await ask(terminal, command, options, "", submission(id, options));
    });
}

function submission(rollout: string, options: SubmitOptions): object {
  const { cluster, nodes, rack, sku, secondsPerNode, urgency, deadline } = options;
  const targets = {
    ...optional("nodes", nodes),
    ...optional("racks", rack),
    ...optional("skus", sku),
  };
  return {
    rollout,
    cluster,
    ...(Object.keys(targets).length === 0 ? {} : { targets }),
    updates: options.update,
    impact:
      secondsPerNode === undefined ? { kind: "impactless" } : { kind: "impactful", secondsPerNode },
    urgency,
    ...(deadline === undefined ? {} : { deadline: formatInstant(deadline) }),
  };
}

function addOverride(rollout: Command, terminal: Terminal): void {
  one(rollout, "override", "Let a rollout pass no-fly zones for a time.")
    .requiredOption("--role <role>", "the role that gives the right to do so", someText)
    .requiredOption("--expires <instant>", "when it ends", instant)
    .option("--nfz <id...>", "which no-fly zones; default: those that hold it now")
    .action(
      async (
        id: string,
        { role, expires, nfz, ...options }: OneOptions & OverrideOptions,
        command: Command,
      ) => {
        const body = { role, expiresAt: formatInstant(expires), ...optional("nfzIds", nfz) };
        await ask(terminal, command, options, `${pathSegment(id)}/overrides`, body);
      },
    );
  one(rollout, "revoke", "End an override.")
    .argument("<override>", "the id of the event that granted it", someText)
    .action(async (id: string, override: string, options: OneOptions, command: Command) => {
      const path = `${pathSegment(id)}/overrides/${pathSegment(override)}/revoke`;
      await ask(terminal, command, options, path, {});
    });
}

interface OverrideOptions {
  readonly role: string;
  readonly expires: number;
  readonly nfz?: readonly string[];
}

function one(rollout: Command, name: string, description: string): Command {
  return addDecisionOptions(rollout.command(name))
    .description(description)
    .argument("<rollout>", "its id", someText)
    .option("--cluster <name>", "which one, where two clusters use the id", someText);
}

async function ask(
  terminal: Terminal,
  command: Command,
  options: OneOptions,
  path: string,
  body: object,
): Promise<void> {
  await decide(terminal, command, options, {
    path: `/v1/rollouts${path === "" ? "" : "/"}${path}`,
    body: { ...optional("cluster", options.cluster), ...body },
    words: (text) => words(JSON.parse(text) as RolloutAnswer),
  });
}

function words({ rollout, state, outcome, event, covered }: RolloutAnswer): string {
  const how = {
    appended: `${event?.type ?? "nothing"} at sequence ${event?.sequence ?? "unknown"}`,
    already: "it was so already",
    repeated: "asked before with this id",
  }[outcome];
  const cover = (covered as readonly { nfz: string; by: string }[] | undefined) ?? [];
  const passed = cover.map(({ nfz, by }) => `; passes ${nfz} by ${by}`).join("");
  return `${rollout} is ${state} (${how}${passed})`;
}

function optional(name: string, value: unknown): object {
  return value === undefined ? {} : { [name]: value };
}
