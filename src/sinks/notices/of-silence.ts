/** A source that observes and has fallen silent. */
import { formatInstant } from "../../../projections/time/instant.ts";
import type { Silence } from "../../sources/watch/silence.ts";
import type { Notice } from "./notice.ts";

/** Once for each silence: its key names the last sign of life. */
export function silenceNotice({ source, since, at }: Silence): Notice {
  const { name, cluster } = source;
  const last = formatInstant(since);
  const reason = `the source ${name} is silent since ${last}: the nodes of ${cluster} are unobserved`;
  return { notice: "source.silent", cluster, key: `${name} ${last}`, at, reason };
}
