/** `fleetledger nfz declare` and `preview`: they take the same options. */
import { type Command, InvalidArgumentError, Option } from "commander";
import type { NfzAnswer } from "../../../decisions/nfz/answer.ts";
import type { NfzPreview } from "../../../decisions/nfz/preview.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { instant, someText } from "../../options/command.ts";
import { namedLedger } from "../../options/named-ledger.ts";
import { askLedger } from "../decisions/ask-ledger.ts";
import type { Terminal } from "../../terminal/terminal.ts";
import { UsageError } from "../../terminal/terminal.ts";
import {
  type DecisionOptions,
  addDecisionOptions,
  decide,
  saidOf,
} from "../decisions/decision-options.ts";
import { answerWords, previewWords } from "./words.ts";

interface DeclareOptions extends DecisionOptions {
  readonly cluster?: readonly string[];
  readonly allClusters?: true;
  readonly nodes?: readonly string[];
  readonly rack?: readonly string[];
  readonly sku?: readonly string[];
  readonly inFlight: string;
  /** False by `--no-fast-path`. */
  readonly fastPath: boolean;
  readonly from?: number;
  readonly to?: number;
  readonly occurrence?: readonly OccurrenceText[];
  readonly rrule?: string;
  readonly start?: string;
  readonly zone?: string;
  readonly duration?: number;
  readonly except?: readonly string[];
}

interface OccurrenceText {
  readonly from: string;
  readonly to: string;
}

export function addDeclare(nfz: Command, terminal: Terminal): void {
  withDeclareOptions(nfz.command("declare"))
    .description("Declare a no-fly zone; one that is there is added to further clusters.")
    .action(async (id: string, options: DeclareOptions, command: Command) => {
      const body = declarationOf(id, options);
      const words = (text: string) => answerWords(JSON.parse(text) as NfzAnswer);
      await decide(terminal, command, options, { path: "/v1/nfz", body, words });
    });
  withDeclareOptions(nfz.command("preview"))
    .description("Show what a declaration would come to; nothing is recorded.")
    .action(async (id: string, options: DeclareOptions, command: Command) => {
      const named = await namedLedger(options, command);
      const body = { ...saidOf(options), ...declarationOf(id, options) };
      const path = "/v1/nfz/preview";
      const text = await askLedger(terminal, named, {
        method: "POST",
        path,
        body,
        isPreview: true,
      });
      const shown = options.format === "json" ? text : previewWords(JSON.parse(text) as NfzPreview);
      await terminal.out(`${shown}\n`);
    });
}

function withDeclareOptions(command: Command): Command {
  return addDecisionOptions(command)
    .argument("<nfz>", "its id", someText)
    .option("--cluster <name...>", "the clusters that it holds in")
    .option("--all-clusters", "all clusters that are known now")
    .option("--nodes <list...>", "nodes, as names or hostlists; default: the whole cluster")
    .option("--rack <name...>", "racks")
    .option("--sku <name...>", "models of nodes")
    .addOption(
      new Option("--in-flight <policy>", "what rollouts do that are under way when it begins")
        .choices(["finish", "pause", "rollback"])
        .default("finish"),
    )
    .option("--no-fast-path", "it holds rollouts on the fast path too")
    .option("--from <instant>", "when it begins; default: now", instant)
    .option("--to <instant>", "when it ends", instant)
    .option("--occurrence <from/to...>", "further occurrences, each as FROM/TO", occurrence)
    .option("--rrule <rule>", "the rule by which it recurs, such as FREQ=WEEKLY;BYDAY=SA")
    .option("--start <local time>", "when it begins at first, such as 2026-03-07T22:00")
    .option("--zone <zone>", "the IANA time zone of the rule")
    .option("--duration <time>", "how long each occurrence lasts, such as 90m, 6h or 2d", duration)
    .option("--except <local time...>", "starts of the rule's occurrences that are left out");
}

function declarationOf(nfz: string, options: DeclareOptions): object {
  const { cluster, allClusters, nodes, rack, sku, inFlight, fastPath, reason } = options;
  if ((cluster === undefined) === (allClusters === undefined))
    throw new UsageError("where does it hold? Give --cluster or --all-clusters, and not both");
  if (reason === undefined) throw new UsageError("why is it declared? Give --reason");
  const scope = {
    ...(nodes === undefined ? {} : { nodes }),
    ...(rack === undefined ? {} : { racks: rack }),
    ...(sku === undefined ? {} : { skus: sku }),
  };
  return {
    nfz,
    clusters: cluster ?? "all",
    ...(Object.keys(scope).length === 0 ? {} : { scope }),
    inFlight,
    ...(fastPath ? {} : { noFastPath: true }),
    ...timesOf(options),
  };
}

/** One or more occurrences, or a rule. */
function timesOf(options: DeclareOptions): object {
  const { from, to, occurrence: more = [], rrule, start, zone, duration: durationMs } = options;
  const isRule = [rrule, start, zone, durationMs, options.except].some(
    (each) => each !== undefined,
  );
  const isSingle = to !== undefined || from !== undefined || more.length > 0;
  if (isRule && isSingle)
    throw new UsageError("--from, --to and --occurrence cannot be combined with --rrule");
  if (isRule) {
    if ([rrule, start, zone, durationMs].includes(undefined))
      throw new UsageError("a rule needs --rrule, --start, --zone and --duration");
    const except = options.except === undefined ? {} : { except: options.except };
    return { recurrence: { rrule, start, zone, durationMs, ...except } };
  }
  if (from !== undefined && to === undefined) throw new UsageError("when does it end? Give --to");
  if (!isSingle)
    throw new UsageError("when does it hold? Give --to, or --rrule for a recurring one");
  const first = from === undefined ? {} : { from: formatInstant(from) };
  const single = to === undefined ? [] : [{ ...first, to: formatInstant(to) }];
  return { occurrences: [...single, ...more] };
}

function occurrence(text: string, before: readonly OccurrenceText[] = []): OccurrenceText[] {
  const [from, to, ...rest] = text.split("/");
  if (from === undefined || to === undefined || rest.length > 0)
    throw new InvalidArgumentError("It must be two instants, as FROM/TO.");
  return [...before, { from: formatInstant(instant(from)), to: formatInstant(instant(to)) }];
}

const units: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds. */
function duration(text: string): number {
  const [, count, unit = ""] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const unitMs = units[unit];
  if (count === undefined || unitMs === undefined)
    throw new InvalidArgumentError("It must be minutes, hours or days, such as 90m, 6h or 2d.");
  return Number(count) * unitMs;
}
