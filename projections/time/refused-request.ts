/** A request for a figure that cannot be computed. */

export type RefusalCode =
  | "malformed-period"
  | "period-not-begun"
  | "period-skipped"
  | "malformed-window"
  | "unknown-zone"
  | "unknown-cluster";

/** `parameter` names the part of the request that is wrong: `period`, `zone`, `cluster`, `from` or `to`. */
export class RefusedRequest extends Error {
  readonly code: RefusalCode;
  readonly parameter: string;

  constructor(code: RefusalCode, parameter: string, message: string) {
    super(message);
    this.name = "RefusedRequest";
    this.code = code;
    this.parameter = parameter;
  }
}
