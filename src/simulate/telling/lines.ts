/** The lines of a simulation, as a ledger imports them. */
import type { Decision } from "../../events/envelope.ts";
import type { StatedFact } from "../setting/reporter.ts";

/** A line of `import events --keep-recorded-at`. */
export interface SimulatedEvent {
  readonly id: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly data: object;
  readonly source?: string;
  readonly actor?: string;
  readonly reason?: string;
  /** Of what the ledger decided. */
  readonly decision?: Decision;
  readonly recordedAt: string;
}

/** Lines as they are written. A decision says up to which position of the ledger it had seen the facts of others. */
export function inTheirPlaces(lines: readonly StatedFact[]): SimulatedEvent[] {
  const taken = new Set<string>();
  const seenBy = new Map<string, number>();
  return lines.map((line) => {
    const { occurredAt, recordedAt, decision, ...rest } = line;
    let decided: Decision | null = null;
    if (decision !== undefined) {
      const { append, ...said } = decision;
      const sequence = seenBy.get(append) ?? taken.size;
      seenBy.set(append, sequence);
      decided = { ...said, sequence };
    }
    taken.add(line.id);
    return {
      ...rest,
      ...(decided === null ? {} : { decision: decided }),
      occurredAt: new Date(occurredAt).toISOString(),
      recordedAt: new Date(recordedAt).toISOString(),
    };
  });
}
