/** The sources of a served ledger: what came of each, and whether it has fallen silent. */
import type { SourcesFile } from "../sources/config/sources-file.ts";
import type { Silence } from "../sources/watch/silence.ts";
import { SilenceWatch } from "../sources/watch/silence.ts";
import { SourceLog } from "../sources/watch/source-log.ts";
import type { AppOptions } from "./app.ts";
import type { Metrics } from "./observability/metrics.ts";
import { watchSources } from "./observability/source-metrics.ts";
import type { Api } from "./server/api.ts";

/** Looks for silence while the application serves; silence is stated by who drives the timers. */
export async function watchedSources(app: Api, options: AppOptions, registry: Metrics["registry"]) {
  const { ledger, logger, startTimers, sources: { sources, allowedOrigins } = noSources } = options;
  const log = new SourceLog(sources);
  const isInCharge = () => startTimers !== undefined && (ledger.store.drivesTimers?.() ?? true);
  const onFailure = (err: unknown) =>
    logger.warn({ err }, "the silence of a source could not be stated; the next look tries again");
  const onSilent = async (of: Silence) => await options.sinks?.saySilent(of);
  const silence = new SilenceWatch({ ledger, log, isInCharge, onSilent, onFailure });
  watchSources(registry, log, silence);
  app.addHook("onClose", () => silence.stop());
  await silence.start();
  return { log, silence, allowedOrigins };
}

const noSources: SourcesFile = { sources: [], allowedOrigins: [] };
