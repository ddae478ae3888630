/** What a page is made from, for one request. */
import type { ClusterView } from "../../../../projections/view.ts";
import type { NearNodes } from "../../../dashboard/frame/near-view.ts";
import { foldNear, nearView, nearWindow } from "../../../dashboard/frame/near-view.ts";
import type { SharedResults } from "../../../dashboard/frame/shared-results.ts";
import { linkTo, samePage } from "../../../dashboard/frame/page-query.ts";
import type { PageContext, PageDefinition } from "../../../dashboard/frame/page.ts";
import type { Stand } from "../../../dashboard/frame/stand.ts";
import { formatInstant } from "../../../../projections/time/instant.ts";
import { knownCluster, ofClusterInSteps } from "../../../answers/known-cluster.ts";
import type { Ledger } from "../../../ledger/ledger.ts";
import type { WindowQuery } from "../../../reports/figures.ts";
import type { NamedWindow } from "../../../reports/kept-of-window.ts";
import { keptOfWindow } from "../../../reports/kept-of-window.ts";
import type { Steps } from "../../../turns.ts";
import { newestZones } from "../../../zones/zones.ts";
import { LedgerError } from "../../../errors.ts";
import type { ApiRequest } from "../../server/api.ts";
import type { AskedPage } from "./page-parameters.ts";
import type { PageDesk } from "./page-desk.ts";
import { readerOf } from "./page-reader.ts";

/** Parameters that ask for a part of the page, in another form: they are no part of what the page shows. */
const exchange = ["table", "fragments", "after", "since", "wanted", "minSequence"];

/** What of a request a page is made from. */
type PageRequest = Pick<
  ApiRequest,
  "query" | "url" | "params" | "protocol" | "host" | "access" | "headers"
>;

export function contextOf(
  desk: PageDesk,
  page: PageDefinition,
  request: PageRequest,
  stand: Stand,
): PageContext {
  const { ledger, audit, sources, webhooks } = desk.api;
  const query = request.query as AskedPage & Readonly<Record<string, string | undefined>>;
  const url = new URL(request.url, "http://ledger");
  const written = new URLSearchParams(url.searchParams);
  for (const name of exchange) written.delete(name);
  const unfilled = [...written].filter(([, value]) => value === "");
  for (const [name] of unfilled) written.delete(name);
  if (stand.isPast && query.asOf === undefined) {
    written.delete("asOfTime");
    written.set("asOf", String(stand.sequence));
  }
  const path = url.pathname;
  return {
    ledger,
    audit,
    sources,
    webhooks,
    stand,
    reader: readerOf(request),
    zone: zoneOf(query.zone),
    path,
    params: request.params as Readonly<Record<string, string>>,
    query,
    filters: Object.fromEntries(Object.keys(page.filters ?? {}).map((name) => [name, query[name]])),
    written,
    clusters: ledger.clusters(stand.sequence),
    origin: `${request.protocol}://${request.host}`,
    link: (to, changes) => linkTo(to, written, changes),
    here: (changes) => samePage(path, written, changes),
    api: (to, parameters = {}, instant) => {
      const at = stand.at === null ? null : formatInstant(stand.at);
      return samePage(to, new URLSearchParams(), {
        ...parameters,
        ...(instant === "at" ? { at } : {}),
        ...(stand.isPast ? { asOf: String(stand.sequence) } : {}),
      });
    },
    once: (key, cluster, make) =>
      desk.results.of(stand, `${cluster} ${key}`, () => computed(desk, stand, cluster, make)),
    kept: (name, cluster, window, made) => {
      const key = `${cluster} ${name} ${JSON.stringify(window)}`;
      return desk.results.of(stand, key, () =>
        keptNear(desk, stand, cluster, { window, name, ...made }),
      );
    },
    shared: (key, make) => desk.results.of(stand, key, make),
  };
}

/** From what is folded of the last months, where that is kept. */
async function computed<T>(
  { api: { ledger }, results }: PageDesk,
  stand: Stand,
  cluster: string,
  make: (view: ClusterView) => Steps<T>,
): Promise<T> {
  const { sequence } = stand;
  const folded = await foldedNear({ ledger, results }, stand, cluster);
  if (folded === null) return await ofClusterInSteps(ledger, cluster, sequence, make);
  return await ledger.answerInSteps(cluster, sequence, (view) => make(nearView(view, folded)));
}

interface KeptAsked<T> {
  readonly name: string;
  readonly window: WindowQuery;
  readonly make: (view: ClusterView, window: NamedWindow) => Steps<T>;
  readonly bytesOf: (made: T) => number;
}

/** What is folded of the last months is used for the window too, if the result has to be computed. */
async function keptNear<T>(
  { api: { ledger }, results }: PageDesk,
  stand: Stand,
  cluster: string,
  { window, ...asked }: KeptAsked<T>,
): Promise<T> {
  await foldedNear({ ledger, results }, stand, cluster);
  return await keptOfWindow(ledger, cluster, stand.sequence, window, asked);
}

/** The nodes of the last months, where these are kept. Throws `not-found`. */
async function foldedNear(
  { ledger, results }: { readonly ledger: Ledger; readonly results: SharedResults },
  stand: Stand,
  cluster: string,
): Promise<NearNodes | null> {
  const { sequence, at } = stand;
  const near = nearWindow(ledger, sequence, at);
  if (near === null) return null;
  knownCluster(ledger, cluster, sequence);
  return await results.of(stand, `${cluster} near`, () =>
    ledger.answerInSteps(cluster, sequence, (view) => foldNear(view, near)),
  );
}

/** Times are shown in a zone of the newest table: what is computed uses the ledger's own. */
function zoneOf(name = "UTC") {
  const offsets = newestZones().zone(name);
  if (offsets === null) throw new LedgerError("unknown-zone", `There is no time zone "${name}".`);
  return { name, offsets };
}
