/** The table of routes as a list. */
import { routeTable } from "../../src/http/access/route-table.ts";

/** Every row: method, address and need. */
export function rowsOfRoutes(): readonly (readonly [string, string, string])[] {
  return Object.entries(routeTable).flatMap(([method, table]) =>
    Object.entries(table).map(([url, need]) => [method, url, need] as const),
  );
}
