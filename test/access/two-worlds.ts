/** Ledgers that differ only in what belongs to clusters that a key does not see, and everything that can be asked of them. */
import type { OracleData, OracleEvent } from "../oracle/facts/oracle-event.ts";
import { randomCompanions } from "../oracle/gate/random-companions.ts";
import { randomHistory } from "../histories/random-history.ts";
import { randomSource } from "../histories/random-source.ts";
import { rowsOfRoutes } from "./table-rows.ts";
import type { KeyedApp } from "./keyed-app.ts";
import { keyedApp } from "./keyed-app.ts";
import { streamText } from "./stream-text.ts";

type Event = Readonly<Record<string, unknown>> & {
  readonly data: Readonly<Record<string, unknown>>;
};

/** The facts of a random history, in clusters, rollouts and zones that begin with a word. */
export function factsOf(seed: number, word: string): Event[] {
  const renamed = (value: unknown, name: string | null): unknown => {
    if (Array.isArray(value)) return value.map((each) => renamed(each, name));
    if (typeof value === "object" && value !== null) {
      return Object.fromEntries(
        Object.entries(value).map(([key, each]) => [key, renamed(each, key)]),
      );
    }
    const isNamed =
      name !== null && /^(cluster|rollout|rolloutId|nfz|nfzIds|supersededBy)$/.test(name);
    return isNamed && typeof value === "string" ? `${word}-${value}` : value;
  };
  const told = [...randomHistory(seed), ...companionFacts(seed, word)];
  return told.map(({ recordedAt: _recordedAt, ...event }: OracleEvent) => ({
    ...event,
    data: renamed(event.data, null) as Event["data"],
  }));
}

/** Rollouts that share nodes, policies for them and co-tests, each of some cluster: those of none are everybody's. */
function companionFacts(seed: number, word: string): OracleEvent[] {
  const why = { actor: "somebody", reason: "it was wrong" };
  const ofCluster = ({ data: inner, ...data }: OracleData): OracleData => {
    const isResult = data.coTest !== undefined && data.updates !== undefined;
    const cluster =
      isResult || data.cluster !== undefined
        ? { cluster: data.cluster === "other" ? "c2" : "c1" }
        : {};
    // The revisions of a stream that two clusters share are those of both.
    const named = isResult ? { coTest: `${word}-${data.coTest}` } : {};
    return {
      ...data,
      ...cluster,
      ...named,
      ...(inner === undefined ? {} : { data: ofCluster(inner) }),
    };
  };
  return randomCompanions(seed)
    .events.slice(0, 50)
    .map((event) => ({ ...event, ...why, data: ofCluster(event.data) }));
}

/** Takes events one by one; a refused one is replaced by one that is never refused, so that positions stay. */
async function fill(
  keyed: KeyedApp,
  events: readonly Event[],
  others: ReadonlySet<Event>,
): Promise<void> {
  for (const event of events) {
    const [submission] = await keyed.ledger.submit([event]);
    if (submission?.status === "appended") continue;
    const filler = { cluster: others.has(event) ? "foreign-c1" : "own-c1", node: "filler" };
    await keyed.ledger.submit([
      { ...event, id: idOf(event), type: "NodeCommissioned", data: filler },
    ]);
  }
  const { sequence } = await keyed.ledger.store.head();
  await keyed.ledger.waitFor(sequence, 600_000);
}

/** An id that follows from the event's, so that two ledgers have the same. */
function idOf({ id }: Event): string {
  return String(id).replace(/^.{8}/, "0f111e50");
}

export interface World extends AsyncDisposable {
  readonly keyed: KeyedApp;
  readonly viewer: string;
  readonly foreign: readonly Event[];
}

const seen = ["own-*"];

/** `places` says at which of the steps a foreign event comes; without one it does not come at all. */
export async function world(
  own: readonly Event[],
  foreign: readonly Event[],
  places: readonly boolean[],
): Promise<World> {
  const keyed = await keyedApp();
  keyed.advance(2 * 366 * 86_400_000);
  const { secret: viewer } = await keyed.issue({ name: "v", roles: ["viewer"], clusters: seen });
  const events: Event[] = [];
  const [ours, others] = [[...own], [...foreign]];
  for (const isForeign of places) {
    const next = isForeign ? others.shift() : ours.shift();
    if (next !== undefined) events.push(next);
  }
  await fill(keyed, events, new Set(foreign));
  return {
    keyed,
    viewer,
    foreign,
    [Symbol.asyncDispose]: async () => await keyed[Symbol.asyncDispose](),
  };
}

/** A random order of so many own and so many foreign steps. */
export function placesOf(seed: number, own: number, foreign: number): boolean[] {
  const random = randomSource(seed);
  const places: boolean[] = [];
  let [ours, others] = [own, foreign];
  while (ours + others > 0) {
    const isForeign = random.below(ours + others) < others;
    if (isForeign) others--;
    else ours--;
    places.push(isForeign);
  }
  return places;
}

const period = "from=2009-01-01T00:00:00Z&to=2027-01-01T00:00:00Z";

/** Addresses of every route that reads, about clusters and things of both kinds. */
export function addresses(own: readonly Event[], foreign: readonly Event[]): string[] {
  const of = (events: readonly Event[], member: string) => [
    ...new Set(events.map(({ data }) => data[member]).filter((each) => typeof each === "string")),
  ];
  const everything = [...own, ...foreign];
  const ids = [...own.slice(0, 12), ...foreign.slice(0, 12)].map(({ id }) => String(id));
  const values: Readonly<Record<string, readonly unknown[]>> = {
    cluster: ["own-c1", "own-c2", "foreign-c1", "nowhere"],
    node: of(everything, "node").slice(0, 3),
    job: of(everything, "job").slice(0, 3),
    rollout: [...of(own, "rollout").slice(0, 2), ...of(foreign, "rollout").slice(0, 2)],
    nfz: [...of(own, "nfz").slice(0, 2), ...of(foreign, "nfz").slice(0, 2)],
    report: ["of-own", "of-foreign"],
    id: ids,
    eventId: ids,
  };
  const paths = rowsOfRoutes()
    .filter(([method, url, need]) => method === "GET" && need === "read" && url !== "/v1/stream")
    .map(([, url]) => url);
  const all = new Set<string>();
  for (const path of paths) {
    for (const filled of filledIn(path, values)) {
      all.add(filled);
      if (!filled.startsWith("/v1/")) continue;
      for (const cluster of filled.includes("c1") ? [] : ["own-c1", "foreign-c1"]) {
        all.add(`${filled}?cluster=${cluster}`);
        all.add(`${filled}?cluster=${cluster}&${period}`);
      }
      all.add(`${filled}?${period}`);
    }
  }
  for (const cluster of ["own-c1", "foreign-c1"]) {
    all.add(`/v1/series?cluster=${cluster}&period=2026&bucket=1mo`);
    all.add(`/v1/sla?cluster=${cluster}&period=2026&format=csv`);
    all.add(`/v1/nfz/at?cluster=${cluster}&instant=2026-03-01T00:00:00Z`);
    all.add(`/v1/events?stream=cluster-${cluster}`);
    all.add(`/v1/events?cluster=${cluster}&type=NodeFailed&order=desc&limit=2`);
    all.add(`/v1/history?w=5&by=sequence&cluster=${cluster}`);
  }
  for (const more of [
    "limit=1",
    "order=desc&limit=3",
    "type=FactCorrected",
    "format=csv",
    "after=7",
  ]) {
    all.add(`/v1/events?${more}`);
  }
  for (const q of ["c1", "n1", "foreign", "own", "%2312", ...ids.slice(0, 14)])
    all.add(`/v1/find?q=${q}`);
  for (const more of ["w=3", "by=sequence", "by=sequence&w=4&format=csv"])
    all.add(`/v1/history?${more}`);
  return [...all];
}

function filledIn(path: string, values: Readonly<Record<string, readonly unknown[]>>): string[] {
  const [, name] = /:(\w+)/.exec(path) ?? [];
  if (name === undefined) return [path];
  return (values[name] ?? ["none"]).flatMap((value) =>
    filledIn(path.replace(`:${name}`, encodeURIComponent(String(value))), values),
  );
}

/** An answer as its reader has it. */
export interface Told {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

export async function ask({ keyed, viewer }: World, url: string): Promise<Told> {
  const accept = url.startsWith("/v1/") ? "*/*" : "text/html";
  const answer = await keyed.ask(viewer, url, { headers: { "x-request-id": "same", accept } });
  const { date: _date, ...headers } = answer.headers;
  const told = { status: answer.statusCode, headers, body: answer.body };
  return url.startsWith("/v1/audit/proof/") ? withoutHashes(told) : told;
}

/** A proof is of the whole tree: its hashes are over events that are not seen, and tell nothing of them. */
function withoutHashes({ status, headers: { etag: _etag, ...headers }, body }: Told): Told {
  const hidden = (name: string, value: unknown) =>
    name === "hashes" ? (value as unknown[]).length : name === "rootHash" ? null : value;
  return { status, headers, body: JSON.stringify(JSON.parse(body, hidden)) };
}

/** A report of each cluster that has one, so that there is something to list. */
export async function issueReports({ keyed }: World): Promise<void> {
  const { secret } = await keyed.issue({ name: "issuer", roles: ["admin"] });
  for (const word of ["own", "foreign"]) {
    await keyed.post(secret, "/v1/reports", {
      report: `of-${word}`,
      cluster: `${word}-c1`,
      period: "2026-03",
    });
  }
}

/** The text of the stream from its beginning until so many events came. */
export async function streamOf({ keyed, viewer }: World, events: number): Promise<string> {
  return await streamText(keyed, viewer, "/v1/stream?after=0", events);
}

/** JSON without positions: sequences, revisions, the addresses that name them, and hashes over them. */
export function withoutPositions(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (/sequence|revision|^asOf$|^size$|rootHash|sha256/i.test(key)) return null;
    if (typeof value !== "string") return value;
    return value
      .replaceAll(/\b(asOf|after|before)=\d+/g, "$1=N")
      .replaceAll(/\bsequence [\d,]+/g, "sequence N");
  });
}
