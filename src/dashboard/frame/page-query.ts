/** Addresses of pages: what a reader chose stays in every link. */

/** The parameters that every page takes, as they are written in its address. */
export interface PageQuery {
  /** A calendar period, `last-month`, `this-month` or `P90D`. */
  readonly period?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** The zone in which times are shown; contracts keep their own. */
  readonly zone?: string | undefined;
  readonly asOf?: number | undefined;
  readonly asOfTime?: number | undefined;
  /** The cell under the cursor: `NODE@INSTANT`. */
  readonly at?: string | undefined;
  readonly print?: boolean | undefined;
}

/** Parameters that go along from page to page. */
const kept = ["period", "from", "to", "zone", "asOf", "asOfTime"] as const;

export type Parameters = Readonly<Record<string, string | null | undefined>>;

/**
 * An address with the kept parameters of `current` (a page's query as it was written), changed by `changes`; a change to
 * `null` takes a parameter away.
 */
export function linkTo(path: string, current: URLSearchParams, changes: Parameters = {}): string {
  const parameters = new URLSearchParams();
  for (const name of kept) {
    const value = current.get(name);
    if (value !== null) parameters.set(name, value);
  }
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined) parameters.delete(name);
    else parameters.set(name, value);
  }
  const query = parameters.toString().replaceAll("%3A", ":").replaceAll("%2F", "/");
  return query === "" ? path : `${path}?${query}`;
}

/** The same page with other parameters. */
export function samePage(path: string, current: URLSearchParams, changes: Parameters): string {
  const parameters = new URLSearchParams(current);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === undefined) parameters.delete(name);
    else parameters.set(name, value);
  }
  const query = parameters.toString().replaceAll("%3A", ":").replaceAll("%2F", "/");
  return query === "" ? path : `${path}?${query}`;
}
