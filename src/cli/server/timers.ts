/** What happens by itself while a ledger is served: sweeps of rollouts, and further occurrences of no-fly zones. */
import type { Logger } from "pino";
import type { Deciding } from "../../decisions/command/deciding.ts";
import { resolveNfzs } from "../../decisions/nfz/resolve.ts";
import type { SweptRollout } from "../../decisions/sweeps/sweep.ts";
import { Sweeper } from "../../decisions/sweeps/sweeper.ts";

export async function startSweeper(
  deciding: Deciding,
  onSwept: (swept: SweptRollout) => void,
  logger: Logger,
): Promise<Sweeper> {
  const { store } = deciding.ledger;
  const sweeper = new Sweeper({
    deciding,
    resolve: async () => {
      const events = await resolveNfzs(deciding);
      if (events > 0) logger.info({ events }, "more occurrences of no-fly zones are recorded");
    },
    isInCharge: () => store.drivesTimers?.() ?? true,
    onSwept,
    onFailure: (error) => logger.warn({ err: error }, "a sweep failed; the next one tries again"),
  });
  store.takePartInTimers?.();
  await sweeper.start();
  return sweeper;
}
