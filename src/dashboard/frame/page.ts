/** What a page is made of: panels, each computed by itself, kept by position, and fetched by itself when it changed. */
import type { z } from "zod";
import type { ClusterView } from "../../../projections/view.ts";
import type { Html } from "../../reports/html/html.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Audit } from "../../seals/audit.ts";
import type { SilenceWatch } from "../../sources/watch/silence.ts";
import type { SourceLog } from "../../sources/watch/source-log.ts";
import type { Webhooks } from "../../sinks/webhooks/webhooks.ts";
import type { Steps } from "../../turns.ts";
import type { WindowQuery } from "../../reports/figures.ts";
import type { NamedWindow } from "../../reports/kept-of-window.ts";
import type { PageQuery, Parameters } from "./page-query.ts";
import type { Reader } from "./reader.ts";
import type { Stand } from "./stand.ts";
import type { DisplayZone } from "./times.ts";

/** The pages of the main navigation, by the key that opens each after `g`. */
export const places = {
  fleet: { title: "Fleet", key: "f" },
  nodes: { title: "Nodes", key: "n" },
  jobs: { title: "Jobs", key: "j" },
  rollouts: { title: "Rollouts", key: "r" },
  reports: { title: "Reports", key: "p" },
  audit: { title: "Audit", key: "a" },
} as const;

export type Place = keyof typeof places;

export interface PageContext {
  readonly ledger: Ledger;
  readonly audit: Audit;
  /** What this process has heard of the sources, whatever the position. */
  readonly sources: { readonly log: SourceLog; readonly silence: SilenceWatch };
  /** `null` if none are configured. */
  readonly webhooks: Webhooks | null;
  readonly stand: Stand;
  readonly reader: Reader;
  /** The zone in which times are shown. */
  readonly zone: DisplayZone;
  /** The path as it was requested, such as `/clusters/aurora`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: PageQuery;
  /** The page's own parameters. */
  readonly filters: Readonly<Record<string, string | undefined>>;
  /** The query as it was written, for links. */
  readonly written: URLSearchParams;
  /** Clusters that any fact names at the position, by name. */
  readonly clusters: readonly string[];
  /** The address at which the reader reached the ledger, for commands to copy. */
  readonly origin: string;
  /** A link to another page, which keeps the position, the zone and the window. */
  link(path: string, changes?: Parameters): string;
  /** This page with other parameters. */
  here(changes: Parameters): string;
  /** An address of the interface that answers as of this page's position; its instant where `instant` is set. */
  api(path: string, parameters?: Parameters, instant?: "at"): string;
  /** What `make` computes of a cluster at the position, in turns; computed once for all panels, pages and viewers. */
  once<T>(key: string, cluster: string, make: (view: ClusterView) => Steps<T>): Promise<T>;
  /** As `once`, of a window: kept from position to position for as long as nothing changes that it was computed from. */
  kept<T>(name: string, cluster: string, window: WindowQuery, made: KeptOfWindow<T>): Promise<T>;
  /** As `once`, of anything that is computed from the ledger at the position. */
  shared<T>(key: string, make: () => Promise<T>): Promise<T>;
}

interface KeptOfWindow<T> {
  readonly make: (view: ClusterView, window: NamedWindow) => Steps<T>;
  readonly bytesOf: (made: T) => number;
}

export type PanelMaker = () => Promise<Html>;

export interface PageDefinition {
  /** As the router has it: `/clusters/:cluster`. */
  readonly path: string;
  readonly place: Place | null;
  /** It shows what the process knows beside the events: its panels are not kept by position. */
  readonly isOfProcess?: true;
  /** Parameters of this page alone. */
  readonly filters?: Readonly<Record<string, z.ZodType<string | undefined>>>;
  title(context: PageContext): string;
  /** The panels by id, in the order of the page. Throws `not-found` for what does not exist at the position. */
  panels(context: PageContext): Readonly<Record<string, PanelMaker>>;
  /** How the panels are arranged. Left out: one below the other. */
  layout?(panels: Readonly<Record<string, Html>>, context: PageContext): Html;
}

/** The window that a page's parameters name; `usual` where they name none. */
export function windowOf({ period, from, to }: PageQuery, usual?: string): WindowQuery {
  if (from !== undefined && to !== undefined) return { from, to };
  const named = period ?? usual;
  return named === undefined ? {} : { period: named };
}
