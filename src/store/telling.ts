/** Messages of a running store to an operator, for a log or a terminal. */
type TellingLevel = "info" | "warn" | "error";

export type Say = (text: string, level: TellingLevel) => void;
