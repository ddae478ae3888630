/** `fleetledger events`: events by sequence, filtered; the last ones; as they are appended. */
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { EventJson } from "../../answers/event-json.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import { eventTypes, isEventType } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import { openStore } from "../../ledger/open-store.ts";
import { maxPageSize } from "../../limits/requests.ts";
import { shownText } from "../../shown-text.ts";
import type { EventChoice, EventReader } from "../events/event-reader.ts";
import { eventsIn } from "../events/store-events.ts";
import { instant, wholeNumber } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import type { LedgerOptions, NamedLedger } from "../options/named-ledger.ts";
import { addLedgerOptions, namedLedger } from "../options/named-ledger.ts";
import { sayTo } from "../options/open.ts";
import { assertTrusted } from "../options/trusted.ts";
import { eventsAt } from "../server/events.ts";
import { untilSignalled } from "../terminal/signalled.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface EventsOptions extends LedgerOptions, EventChoice {
  readonly from: number;
  readonly limit?: number;
  readonly last?: number;
  readonly follow?: boolean;
  readonly format: "json" | "text";
}

/** The default number of events to list. */
const usualCount = 100;
/** The default number of events before the new ones, as with `tail -f`. */
const usualBefore = 10;

export const addEvents: AddCommand = (program, { terminal }) => {
  addLedgerOptions(program.command("events"))
    .description("List events by sequence, as NDJSON or as readable text.")
    .option("--stream <stream>", "only events of this stream, such as node-aurora:gpu0001")
    .option("--type <type>", "only events of this type, such as NodeFailed", eventType)
    .option("--cluster <name>", "only events of this cluster")
    .option("--since <instant>", "only events that occurred at or after this instant", instant)
    .option("--until <instant>", "only events that occurred before this instant", instant)
    .option(
      "--from <sequence>",
      "start at this sequence",
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      1,
    )
    .option(
      "--limit <count>",
      `the maximum number of events, earliest first; default: ${usualCount}, or unlimited with --follow`,
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
    )
    .addOption(
      new Option("--last <count>", "only this many of the last events, in ascending sequence")
        .argParser(wholeNumber(0, Number.MAX_SAFE_INTEGER))
        .conflicts("limit"),
    )
    .option(
      "--follow",
      `keep printing new events until Ctrl-C; without --from and --last, start with the last ${usualBefore}`,
    )
    .addOption(
      new Option("--format <format>", "output format").choices(["json", "text"]).default("json"),
    )
    .action(async (options: EventsOptions, command: Command) => {
      const isFromStart = command.getOptionValueSource("from") === "default";
      const asked =
        options.follow === true && isFromStart && options.last === undefined
          ? { ...options, last: usualBefore }
          : options;
      const named = await namedLedger(options, command);
      await withReader(terminal, named, (reader) =>
        untilSignalled((signal) => show(reader, asked, { terminal, signal })),
      );
    });
};

async function withReader(
  terminal: Terminal,
  named: NamedLedger,
  work: (reader: EventReader) => Promise<void>,
): Promise<void> {
  if ("server" in named) return await work(eventsAt(named.server, terminal.say));
  const store = await openStore(named.store, "read", { say: sayTo(terminal) });
  try {
    await assertTrusted(terminal, named.store, store);
    await work(eventsIn(store));
  } finally {
    await store.close();
  }
}

interface Showing {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

async function show(reader: EventReader, options: EventsOptions, to: Showing): Promise<void> {
  const { from, last, follow = false } = options;
  const line = options.format === "json" ? JSON.stringify : textLine;
  const head = await reader.head();
  let left = options.limit ?? (follow || last !== undefined ? Infinity : usualCount);
  const print = (events: readonly EventJson[]) =>
    to.terminal.out(events.map((event) => `${line(event)}\n`).join(""));
  let after =
    last === undefined ? from - 1 : await beforeLast(reader, options, { after: from - 1, head });
  while (after < head && left > 0 && !to.signal.aborted) {
    const limit = Math.min(left, maxPageSize);
    const page = await reader.page(options, { after, upTo: head, limit, order: "asc" });
    await print(page);
    left -= page.length;
    after = page.length < limit ? head : (page.at(-1)?.sequence ?? head);
  }
  if (!follow || left === 0) return;
  for await (const event of reader.follow(options, head, to.signal)) {
    if (event.sequence < from) continue;
    await print([event]);
    left--;
    if (left === 0) return;
  }
}

/** The sequence after which the last events begin. They are counted backwards, a page at a time, and not kept. */
async function beforeLast(
  reader: EventReader,
  options: EventsOptions,
  { after, head }: { readonly after: number; readonly head: number },
): Promise<number> {
  let [left, upTo] = [options.last ?? 0, head];
  while (left > 0 && upTo > after) {
    const limit = Math.min(left, maxPageSize);
    const page = await reader.page(options, { after, upTo, limit, order: "desc" });
    left -= page.length;
    upTo = (page.at(-1)?.sequence ?? after + 1) - 1;
    if (page.length < limit) return after;
  }
  return upTo;
}

function textLine({ sequence, occurredAt, type, stream, data }: EventJson): string {
  const start = `${String(sequence).padStart(9)}  ${occurredAt}  ${type}`;
  return shownText(`${start}  ${stream}  ${canonicalJson(data)}`);
}

function eventType(text: string): EventType {
  if (isEventType(text)) return text;
  throw new InvalidArgumentError(`The event types are ${eventTypes.join(", ")}.`);
}
