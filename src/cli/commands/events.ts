/** `fleetledger events`: events by sequence, filtered. */
import { InvalidArgumentError, Option } from "commander";
import { eventJson } from "../../answers/event-json.ts";
import { canonicalJson } from "../../events/canonical/canonical.ts";
import { eventTypes, isEventType } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import type { StoredEvent } from "../../events/envelope.ts";
import { openStore } from "../../ledger/open-store.ts";
import { maxPageSize } from "../../limits/requests.ts";
import { shownText } from "../../shown-text.ts";
import type { EventStore } from "../../store/port.ts";
import { formatInstant } from "../../../projections/time/instant.ts";
import { instant, storeOption, wholeNumber } from "../options/command.ts";
import type { AddCommand } from "../options/command.ts";
import { sayTo } from "../options/open.ts";
import { assertTrusted } from "../options/trusted.ts";
import type { Terminal } from "../terminal/terminal.ts";

interface EventsOptions {
  readonly store: string;
  readonly stream?: string;
  readonly type?: EventType;
  readonly cluster?: string;
  readonly since?: number;
  readonly until?: number;
  readonly from: number;
  readonly limit: number;
  readonly format: "json" | "text";
}

export const addEvents: AddCommand = (program, { terminal }) => {
  program
    .command("events")
    .description("List events by sequence: a JSON object a line, or lines for people.")
    .addOption(storeOption())
    .option("--stream <stream>", "of one stream, such as node-aurora:gpu0001")
    .option("--type <type>", "of one type, such as NodeFailed", eventType)
    .option("--cluster <name>", "of one cluster")
    .option("--since <instant>", "that happened at or after this instant", instant)
    .option("--until <instant>", "that happened before this instant", instant)
    .option(
      "--from <sequence>",
      "from this sequence on",
      wholeNumber(1, Number.MAX_SAFE_INTEGER),
      1,
    )
    .option("--limit <count>", "at most so many", wholeNumber(1, Number.MAX_SAFE_INTEGER), 100)
    .addOption(
      new Option("--format <format>", "the form").choices(["json", "text"]).default("json"),
    )
    .action(async (options: EventsOptions) => {
      const store = await openStore(options.store, "read", { say: sayTo(terminal) });
      try {
        await assertTrusted(terminal, options.store, store);
        await list(store, options, terminal);
      } finally {
        await store.close();
      }
    });
};

async function list(store: EventStore, options: EventsOptions, terminal: Terminal): Promise<void> {
  const { stream, type, cluster, since, until } = options;
  const line = options.format === "json" ? jsonLine : textLine;
  let after = options.from - 1;
  for (let left = options.limit; left > 0;) {
    const limit = Math.min(left, maxPageSize);
    const page = await store.query({
      ...(stream === undefined ? {} : { stream }),
      ...(type === undefined ? {} : { type }),
      ...(cluster === undefined ? {} : { cluster }),
      ...(since === undefined ? {} : { from: since }),
      ...(until === undefined ? {} : { to: until }),
      after,
      limit,
    });
    await terminal.out(page.map((event) => `${line(event)}\n`).join(""));
    if (page.length < limit) return;
    left -= page.length;
    after = page.at(-1)?.sequence ?? after;
  }
}

function jsonLine(event: StoredEvent): string {
  return JSON.stringify(eventJson(event));
}

function textLine(event: StoredEvent): string {
  const { sequence, occurredAt, type, stream, data } = event;
  const place = `${String(sequence).padStart(9)}  ${formatInstant(occurredAt)}  ${type}`;
  return shownText(`${place}  ${stream}  ${canonicalJson(data)}`);
}

function eventType(text: string): EventType {
  if (isEventType(text)) return text;
  throw new InvalidArgumentError(`The types are ${eventTypes.join(", ")}.`);
}
