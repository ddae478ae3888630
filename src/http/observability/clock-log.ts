/** Logs when ledger time and the server's clock disagree: when that begins, when it changes, and when it ends. */
import type { FastifyBaseLogger } from "fastify";
import type { ClockState } from "../../ledger/clock-state.ts";
import { aheadMs, clockWarning } from "../../ledger/clock-state.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { storeLogMs } from "../../limits/kurrentdb.ts";

/** Looks immediately and then periodically; call the returned function to stop. */
export async function logClock(
  ledger: Pick<Ledger, "clockState">,
  logger: Pick<FastifyBaseLogger, "info" | "warn" | "error">,
  everyMs: number = storeLogMs,
): Promise<() => void> {
  let told = "right";
  const look = async (): Promise<void> => {
    const state = await ledger.clockState();
    const kind = kindOf(state);
    if (kind === told) return;
    told = kind;
    const warning = clockWarning(state);
    if (warning === null) logger.info("ledger time and the server's clock agree again");
    else logger[kind === "jumped" ? "error" : "warn"](warning);
  };
  const turn = (): void => {
    look().catch((error: unknown) => logger.warn({ err: error }, "the clock could not be read"));
  };
  await look();
  const timer = setInterval(turn, everyMs).unref();
  return () => clearInterval(timer);
}

function kindOf(state: ClockState): "right" | "ahead" | "jumped" {
  if (state.jump !== null) return "jumped";
  return aheadMs(state) > 0 ? "ahead" : "right";
}
