/** Who looks at a page: what it offers is what the reader may do. */
export interface Reader {
  /** Whose session a browser has; `null` where a key is sent with each request, or none is needed. */
  readonly session: string | null;
  /** Readers of the same rights see the same panels. */
  readonly rights: string;
  /** Whether the reader would be answered at an address, a concrete one. */
  may(method: "GET" | "POST", address: string): boolean;
}
