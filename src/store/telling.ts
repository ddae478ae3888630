/** What a store tells an operator while it runs, for a log or a terminal. */
type TellingLevel = "info" | "warn" | "error";

export type Say = (text: string, level: TellingLevel) => void;
