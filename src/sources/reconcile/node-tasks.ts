/** The tasks by which observations are settled, one for each node. */
import type { StoredEvent } from "../../events/envelope.ts";
import { streamOf } from "../../events/stream.ts";
import type { Source } from "../config/sources-file.ts";
import type { Draft } from "./drafts.ts";
import { readExportName } from "./names.ts";
import type { News } from "./news.ts";
import { isOutdated, tellBareEnd, tellStart, withdraw, withdrawOthers } from "./news.ts";
import type { BareEnd, Observation, Started } from "./observation.ts";
import { seriesName } from "./observation.ts";
import { settle } from "./settle.ts";
import type { Settled, Task } from "./task.ts";
import { type Series, Told } from "./told.ts";

export function nodeTasks(
  source: Pick<Source, "kind" | "name">,
  observations: readonly Observation[],
  nowMs: number,
): Task[] {
  const byStream = new Map<string, Observation[]>();
  for (const each of observations) {
    const { cluster, node } = each;
    const stream = streamOf("NodeFailed", { cluster, node }) ?? "";
    const list = byStream.get(stream);
    if (list === undefined) byStream.set(stream, [each]);
    else list.push(each);
  }
  return [...byStream].map(([stream, list]) => ({
    stream,
    path: list[0]?.path ?? "",
    settle: (events) => settleNode(source, list, events, nowMs),
  }));
}

function settleNode(
  source: Pick<Source, "kind" | "name">,
  observations: readonly Observation[],
  events: readonly StoredEvent[],
  nowMs: number,
): Settled {
  const [first] = observations;
  const told = new Told(source, first?.cluster ?? "", first?.node ?? "");
  for (const event of events) told.take(event);
  const news = new Map<Series, News[]>();
  let absorbed = 0;
  let found = 0;
  for (const observation of observations) {
    let isNews = false;
    for (const [series, some] of tell(told, observation)) {
      if (some.length === 0) continue;
      isNews = true;
      news.set(series, [...(news.get(series) ?? []), ...some]);
    }
    const isSilent =
      observation.is === "withdrawn" || (observation.is === "ended" && observation.quiet);
    if (isSilent && isNews) found += observation.weight;
    if (!isSilent && !isNews) absorbed += observation.weight;
  }
  const { correlationId } = observations.at(-1) ?? {};
  const drafts: Draft[] = [];
  for (const [series, some] of news)
    drafts.push(...settle(told, series, some, { nowMs, correlationId }));
  return { drafts, absorbed, duplicates: 0, found };
}

function tell(told: Told, observation: Observation): [Series, News[]][] {
  const series = seriesName(observation.series);
  const toldIn = readExportName(observation.correlationId);
  switch (observation.is) {
    case "started": {
      const of = told.of(observation.kind, series);
      if (observation.isWhole !== true) return [[of, tellStart(told, of, observation, toldIn)]];
      return tellWhole(told, of, observation, toldIn);
    }
    case "withdrawn":
      return observation.kinds.map((kind) => {
        const of = told.of(kind, series);
        return [of, withdraw(of, observation, toldIn)];
      });
    case "ended":
      return told
        .all()
        .filter((of) => isEndedBy(of, series, observation))
        .map((of) => [of, tellBareEnd(told, of, observation)]);
  }
}

/** The start, and that the series has no other start of any kind. */
function tellWhole(
  told: Told,
  of: Series,
  observation: Started,
  toldIn: number | null,
): [Series, News[]][] {
  const others = told.all().filter((each) => each.series === of.series && each !== of);
  const keep = observation.from;
  if (isOutdated(of, keep, toldIn) || others.some((each) => isOutdated(each, null, toldIn)))
    return [];
  return [
    [of, [...withdrawOthers(of, keep, toldIn), ...tellStart(told, of, observation, toldIn)]],
    ...others.map((each): [Series, News[]] => [each, withdrawOthers(each, null, toldIn)]),
  ];
}

const entityPattern = /^[A-Z_]+=/;

function isEndedBy(of: Series, series: string, { kinds, ofEveryEntity }: BareEnd): boolean {
  if (!kinds.includes(of.kind)) return false;
  if (of.series === series) return true;
  const rest = of.series.slice(series.length + 1);
  return ofEveryEntity && of.series.startsWith(`${series}/`) && entityPattern.test(rest);
}
