/** Every list of a view, or the code with which it refuses the window. */
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import type { ClusterView } from "../../projections/view.ts";
import { faultRows } from "../../src/answers/lists/faults.ts";
import type { FaultRow } from "../../src/answers/lists/faults.ts";
import { jobRows } from "../../src/answers/lists/jobs.ts";
import type { JobListRow } from "../../src/answers/lists/jobs.ts";
import { listWindow } from "../../src/answers/lists/list-window.ts";
import { nodeRows } from "../../src/answers/lists/nodes.ts";
import type { NodeRow } from "../../src/answers/lists/nodes.ts";
import type { WindowQuery } from "../../src/reports/figures.ts";

interface Lists {
  readonly nodes: readonly NodeRow[];
  readonly faults: readonly FaultRow[];
  readonly jobs: readonly JobListRow[];
}

export function listsOf(view: ClusterView, query: WindowQuery, at: number): Lists | string {
  try {
    const window = listWindow(view, query, at);
    return {
      nodes: nodeRows(view, window),
      faults: faultRows(view, window),
      jobs: jobRows(view, window),
    };
  } catch (error) {
    if (error instanceof RefusedRequest) return error.code;
    throw error;
  }
}
