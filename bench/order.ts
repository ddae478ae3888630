/** What `npm run bench` is asked for: the benches, and the options that they take. */

interface Bench {
  readonly measures: string;
  /** Its options, each with what it means; every one takes a value. */
  readonly options?: Readonly<Record<string, string>>;
  /** It takes long, and runs only when it is named. */
  readonly onlyNamed?: true;
}

export const benches: Readonly<Record<string, Bench>> = {
  "store-append": { measures: "durable appends beside a bare loop and the disk" },
  ingest: { measures: "NDJSON over HTTP beside a server that only parses" },
  singles: {
    measures: "single events over 64 connections beside Fastify with zod that writes rows",
    options: { "--rounds": "rounds of each server", "--events": "events a round" },
  },
  verify: { measures: "verifying a bundle of a million events beside SHA-256 of the same bytes" },
  kurrentdb: {
    measures: "appends to KurrentDB and the fill of a mirror beside the bare client",
    options: {
      "--events": "events to fill the mirror with; appends are then not measured",
      "--rounds": "rounds of each measurement",
    },
  },
  "as-of": {
    measures: "a month's report as of random sequences of a million events",
    options: { "--days": "days of history, each with some 790 events" },
  },
  queue: {
    measures: "the blocked queue of ten thousand rollouts through HTTP",
    options: { "--asks": "answers to measure of each kind" },
  },
  impact: {
    measures: "the measured impact of families of updates and of rollouts through HTTP",
    options: { "--asks": "answers to measure of each kind" },
  },
  "co-tests": {
    measures: "coverage, next bundles and the plan of ten thousand rollouts through HTTP",
    options: {
      "--asks": "answers to measure of each kind",
      "--racks": "racks that a rollout is over at most",
    },
    onlyNamed: true,
  },
  decisions: {
    measures: "asks, changes of no-fly zones and a sweep of ten thousand rollouts through HTTP",
    options: { "--asks": "answers to measure of each kind" },
  },
  admission: {
    measures:
      "admission reviews, scale requests and maintenance of ten thousand nodes through HTTP",
    options: { "--asks": "answers to measure of each kind" },
  },
  sources: { measures: "alerts one a request, and a list of ten thousand nodes, through HTTP" },
  pages: {
    measures: "pages of 10,000 nodes and 90 days through HTTP: first, after events, 200 viewers",
    options: {
      "--clusters": "clusters that the nodes are in",
      "--asks": "answers to measure of each kind",
      "--seconds": "how long viewers look",
      "--store": "a ledger file to keep and use again",
    },
    onlyNamed: true,
  },
  answers: {
    measures: "reports and figures of the same fleet: after events, as of positions, known answers",
    options: {
      "--clusters": "clusters that the nodes are in",
      "--asks": "answers to measure of each kind",
      "--store": "a ledger file to keep and use again",
    },
    onlyNamed: true,
  },
  "replay-columns": {
    measures: "NIS and MTTR of all months as of past positions over HTTP, beside DuckDB",
    options: {
      "--clusters": "clusters that the nodes are in",
      "--asks": "rounds of each",
      "--store": "a ledger file to keep and use again",
    },
    onlyNamed: true,
  },
  year: {
    measures: "a year of a large fleet through HTTP: first answers, memory, stalls",
    options: {
      "--days": "days of history",
      "--store": "a ledger file to keep and use again",
    },
    onlyNamed: true,
  },
  endurance: {
    measures: "half an hour of events, reports and live streams: the live heap beside a fresh one",
    options: {
      "--minutes": "how long it runs",
      "--per-second": "events per second",
      "--readers": "live streams",
    },
    onlyNamed: true,
  },
};

/** A bench or an option that there is not, or an option without its value. */
export class OrderError extends Error {}

export interface BenchOrder {
  readonly isHelp: boolean;
  readonly names: readonly string[];
  /** As they are handed on to each bench. */
  readonly options: readonly string[];
}

/** Reads the arguments: names, then options. Without a name, all benches that need not be named. Throws OrderError. */
export function readOrder(args: readonly string[]): BenchOrder {
  const firstOption = args.findIndex((word) => word.startsWith("-"));
  const named = firstOption < 0 ? args : args.slice(0, firstOption);
  const options = args
    .slice(named.length)
    .flatMap((word) => (word.startsWith("--") ? word.split(/=(.*)/s, 2) : [word]));
  const isHelp = options.includes("--help") || options.includes("-h");
  const unknown = named.find((name) => !Object.hasOwn(benches, name));
  if (unknown !== undefined) {
    throw new OrderError(
      `unknown bench "${unknown}". The benches are ${Object.keys(benches).join(", ")}`,
    );
  }
  const names =
    named.length > 0 ? named : Object.keys(benches).filter((name) => !benches[name]?.onlyNamed);
  if (!isHelp) for (const name of names) assertTakes(name, options);
  return { isHelp, names, options };
}

function assertTakes(name: string, options: readonly string[]): void {
  const known = Object.keys(benches[name]?.options ?? {});
  for (let i = 0; i < options.length; i++) {
    const option = options[i] ?? "";
    if (!known.includes(option)) {
      const takes = known.length === 0 ? "no options" : `the options ${known.join(", ")}`;
      throw new OrderError(
        `the bench ${name} does not take "${option}"; it takes ${takes}. See --help`,
      );
    }
    if ((options[++i] ?? "-").startsWith("-")) {
      throw new OrderError(`${option} needs a value`);
    }
  }
}

export function benchHelp(): string {
  const lines = [
    "Usage: npm run bench -- [NAME …] [--OPTION VALUE …]",
    "",
    "Measures this machine. Without a name, all benches run but those marked *, which take long.",
    "",
  ];
  for (const [name, { measures, options = {}, onlyNamed }] of Object.entries(benches)) {
    lines.push(`  ${`${name}${onlyNamed ? " *" : ""}`.padEnd(14)}${measures}`);
    for (const [option, meaning] of Object.entries(options)) {
      lines.push(`    ${option.padEnd(14)}${meaning}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
