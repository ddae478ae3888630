/** `fleetledger rollout show|queue|violations`: what holds a rollout, who waits, and what was done inside no-fly zones. */
import { type Command } from "commander";
import { formatInstant } from "../../../../projections/time/instant.ts";
import type { RolloutAnswer } from "../../../answers/rollouts/one-rollout.ts";
import type { QueueAnswer } from "../../../answers/rollouts/queue.ts";
import type { ViolationsAnswer } from "../../../answers/rollouts/violations.ts";
import { maxListRows } from "../../../limits/requests.ts";
import { columns, counted, duration, instantShort, number } from "../../../reports/text/figures.ts";
import { shownText } from "../../../shown-text.ts";
import { instant, someText } from "../../options/command.ts";
import { type LedgerOptions, addLedgerOptions, namedLedger } from "../../options/named-ledger.ts";
import { type PositionOptions, addPositionOptions, positionQuery } from "../../options/position.ts";
import { askLedger } from "./ask-ledger.ts";
import { queryText } from "../../server/answers.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { formatOption } from "./decision-options.ts";
import { pathSegment } from "../../../path-segment.ts";

interface ReadOptions extends LedgerOptions, PositionOptions {
  readonly cluster?: string;
  readonly at?: number;
  readonly from?: number;
  readonly to?: number;
  readonly format: "text" | "json";
}

export function addRolloutReads(rollout: Command, terminal: Terminal): void {
  read(rollout, "show", "Show a rollout: its state, what holds it, and who did what.")
    .argument("<rollout>", "its id", someText)
    .option("--at <instant>", "as it was just before this instant; default: now", instant)
    .action(async (id: string, options: ReadOptions, command: Command) => {
      const path = `/v1/rollouts/${pathSegment(id)}`;
      const pages = await pagesOf<RolloutAnswer>(terminal, command, options, path);
      const history = pages.flatMap((page) => page.history);
      await print(terminal, options, { ...first(pages), history, next: null }, rolloutLines);
    });
  read(rollout, "queue", "List the rollouts that no-fly zones hold, and what comes when they end.")
    .option("--at <instant>", "as it was just before this instant; default: now", instant)
    .action(async (options: ReadOptions, command: Command) => {
      const pages = await pagesOf<QueueAnswer>(terminal, command, options, "/v1/rollouts/blocked");
      const blocked = pages.flatMap((page) => page.blocked);
      await print(terminal, options, { ...first(pages), blocked, next: null }, queueLines);
    });
  read(rollout, "violations", "List what was done inside no-fly zones, and who knew.")
    .option("--from <instant>", "start of the window; default: 30 days ago", instant)
    .option("--to <instant>", "end of the window; default: now", instant)
    .action(async (options: ReadOptions, command: Command) => {
      const path = "/v1/rollouts/violations";
      const pages = await pagesOf<ViolationsAnswer>(terminal, command, options, path);
      const violations = pages.flatMap((page) => page.violations);
      await print(terminal, options, { ...first(pages), violations, next: null }, violationLines);
    });
}

function read(rollout: Command, name: string, description: string): Command {
  return addPositionOptions(addLedgerOptions(rollout.command(name)))
    .description(description)
    .option("--cluster <name>", "the cluster; default: all", someText)
    .addOption(formatOption());
}

/** Every page of a list, or of a history: what the first says of all of them holds for each. */
async function pagesOf<Page extends { readonly next: string | null }>(
  terminal: Terminal,
  command: Command,
  options: ReadOptions,
  path: string,
): Promise<Page[]> {
  const named = await namedLedger(options, command);
  const { cluster, at, from, to } = options;
  const query = queryText({
    cluster,
    at: textOf(at),
    from: textOf(from),
    to: textOf(to),
    limit: maxListRows,
    ...positionQuery(options),
  });
  const pages: Page[] = [];
  for (let next: string | null = `${path}${query}`; next !== null;) {
    const page = JSON.parse(
      await askLedger(terminal, named, { method: "GET", path: next }),
    ) as Page;
    pages.push(page);
    next = page.next;
  }
  return pages;
}

function textOf(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : formatInstant(ms);
}

function first<Page>(pages: readonly Page[]): Page {
  const [page] = pages;
  if (page === undefined) throw new RangeError("an answer has a page at least");
  return page;
}

async function print<Answer>(
  terminal: Terminal,
  { format }: ReadOptions,
  answer: Answer,
  linesOf: (answer: Answer) => readonly string[],
): Promise<void> {
  if (format === "json") await terminal.out(`${JSON.stringify(answer, null, 2)}\n`);
  else
    await terminal.out(
      linesOf(answer)
        .map((line) => `${shownText(line)}\n`)
        .join(""),
    );
}

function rolloutLines(rollout: RolloutAnswer): string[] {
  const { nfzs, covered, nextStart, nodesDone, nodesTotal } = rollout;
  const held = nfzs.map(({ nfz, to }) => `${nfz} until ${instantShort(to)}`).join(", ");
  const passes = covered.map(({ nfz, by }) => `${nfz} by ${by}`).join(", ");
  const progress = nodesDone === null ? "none reported" : `${nodesDone} of ${nodesTotal ?? "?"}`;
  const untested = rollout.untested.map((pair) => `${pair.rollout} (${testWords[pair.status]})`);
  const head = [
    ["state", rollout.state],
    ["cluster", rollout.cluster],
    ["urgency", rollout.urgency ?? "not submitted"],
    ["deadline", rollout.deadline === null ? "none" : instantShort(rollout.deadline)],
    ["nodes done", progress],
    ["held by", held === "" ? "no no-fly zone" : held],
    ["passes", passes === "" ? "none" : passes],
    ...(untested.length === 0 ? [] : [["needs co-test", `with ${untested.join(", ")}`]]),
    ["next start", nextStart === null ? "not known" : instantShort(nextStart)],
  ];
  const overrides = rollout.overrides.map(({ eventId, state, nfzIds, expiresAt }) => [
    eventId,
    state,
    `${nfzIds.join(", ")} until ${instantShort(expiresAt)}`,
  ]);
  const history = rollout.history.map(({ at, type, actor, reason, reported, fits }) => [
    at,
    type,
    [
      reported ? "reported" : "decided",
      actor === null ? "" : `by ${actor}`,
      reason === null ? "" : `because ${reason}`,
      fits ? "" : "does not fit",
    ]
      .filter((words) => words !== "")
      .join(", "),
  ]);
  return [
    rollout.rollout,
    ...lined(head),
    ...(overrides.length === 0 ? [] : ["overrides", ...lined(overrides)]),
    "history",
    ...lined(history),
  ];
}

const testWords: Readonly<Record<RolloutAnswer["untested"][number]["status"], string>> = {
  conflict: "another version of the same component",
  failed: "failed together",
  never: "never tested together",
};

function queueLines({
  total,
  oldestAgeMs,
  overdue,
  inFlight,
  thaw,
  blocked,
}: QueueAnswer): string[] {
  const counts = [
    `${number(total)} blocked`,
    `oldest ${duration(oldestAgeMs)}`,
    `${number(overdue)} overdue for release`,
    `${number(inFlight)} finishing under a no-fly zone`,
  ].join("; ");
  if (blocked.length === 0) return [counts];
  const rows = blocked.map(({ cluster, rollout, urgency, ageMs, nfzIds, nextStart, nodes }) => [
    `${cluster} ${rollout}`,
    urgency ?? "-",
    duration(ageMs),
    counted(nodes, "node"),
    `${nfzIds.join(", ")}; next start ${nextStart === null ? "not known" : instantShort(nextStart)}`,
  ]);
  const steps = thaw.map(({ at, rollouts, nodes, impactfulNodes, jobs }) => [
    at === null ? "not known" : instantShort(at),
    counted(rollouts, "rollout"),
    counted(nodes, "node"),
    `${number(impactfulNodes)} out of service`,
    counted(jobs, "job"),
  ]);
  return [counts, ...lined(rows), "may start", ...lined(steps)];
}

function violationLines({ total, from, to, violations }: ViolationsAnswer): string[] {
  const head = `${number(total)} from ${instantShort(from)} to ${instantShort(to)}`;
  const rows = violations.map(({ at, kind, cluster, rollout, node, nfzs, reported, seen }) => [
    at,
    kind,
    [cluster, rollout ?? "", node ?? ""].filter((word) => word !== "").join(" "),
    nfzs.join(", "),
    reported ? "reported" : seen ? "decided, and the ledger knew" : "decided, not known then",
  ]);
  return [head, ...lined(rows)];
}

function lined(rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? ["  none"] : columns(rows, "  ", () => true);
}
