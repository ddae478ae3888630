/** A figure was asked for that cannot be given. */

export type RefusalCode =
  | "malformed-period"
  | "period-not-begun"
  | "period-skipped"
  | "malformed-window"
  | "unknown-zone"
  | "unknown-cluster";

/** `place` names the part of the request that is at fault: `period`, `zone`, `cluster`, `from` or `to`. */
export class RefusedRequest extends Error {
  readonly code: RefusalCode;
  readonly place: string;

  constructor(code: RefusalCode, place: string, message: string) {
    super(message);
    this.name = "RefusedRequest";
    this.code = code;
    this.place = place;
  }
}
