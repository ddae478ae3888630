/** Events as senders state them. */

/** A UUID that ends in the number. */
export function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

const because = { actor: "somebody", reason: "it was wrong" };

export function failed(number: number, node = "n1", more: object = {}): Record<string, unknown> {
  return {
    id: uuid(number),
    type: "NodeFailed",
    occurredAt: "2026-01-01T00:00:00.000Z",
    data: { cluster: "c1", node, faultId: `f${number}`, category: "hardware" },
    ...more,
  };
}

/** The return of the node whose fault is `f` and the number of its failure. */
export function returned(number: number, of: number, occurredAt: string, node = "n1"): object {
  return {
    id: uuid(number),
    type: "NodeReturned",
    occurredAt,
    data: { cluster: "c1", node, faultIds: [`f${of}`] },
  };
}

export function corrected(number: number, eventId: string, data: object): Record<string, unknown> {
  return {
    id: uuid(number),
    type: "FactCorrected",
    occurredAt: "2026-01-02T00:00:00.000Z",
    ...because,
    data: { eventId, ...data },
  };
}

export function retracted(number: number, eventId: string): Record<string, unknown> {
  return {
    id: uuid(number),
    type: "FactRetracted",
    occurredAt: "2026-01-02T00:00:00.000Z",
    ...because,
    data: { eventId },
  };
}
