/** The lane of no-fly zones above a chart or a picture. */
import type { Html } from "../../reports/html/html.ts";
import { lane } from "../charts/bars.ts";
import type { Span } from "../charts/scale.ts";
import type { ZoneBand } from "./cluster-facts.ts";

export function zoneLane(bands: readonly ZoneBand[], window: Span, label: string): Html {
  return lane(
    bands.map(({ nfz, from, to, isPart }) => ({
      kind: isPart ? "nfz part" : "nfz",
      from,
      to,
      title: `${nfz}${isPart ? ", a part of the cluster" : ""}`,
    })),
    window,
    label,
  );
}
