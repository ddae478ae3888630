/** The forms of a period in words, and what a mistyped one may have meant. */
import { RefusedRequest } from "../../projections/time/refused-request.ts";
import { parsePeriod } from "../../projections/time/period.ts";
import { nearName } from "../events/fields/near-name.ts";

/** The largest number of days in `PnD`: about 27 years. */
const maxPeriodDays = 9_999;

/** The forms of a period, for messages and descriptions. */
export const periodForms = `2026, 2026-Q1, 2026-03, 2026-W12 (ISO week), 2026-03-10 or FROM/TO; or, relative to ledger time, last-month, this-month or P30D (the last 30 full days, P1D to P${maxPeriodDays}D, ending at the zone's last midnight)`;

/** Periods that are words. */
const words = ["last-month", "this-month"];

/** Checks a period that is not relative to ledger time. Throws RefusedRequest, which suggests what may have been meant. */
export function checkPeriod(text: string): void {
  try {
    parsePeriod(text);
  } catch (error) {
    const meant = error instanceof RefusedRequest ? meantPeriod(text) : null;
    if (meant === null || !(error instanceof RefusedRequest)) throw error;
    const { code, parameter, message } = error;
    throw new RefusedRequest(code, parameter, `${message}. Did you mean ${meant}?`);
  }
}

/** Why a text is no period, neither a calendar's nor one relative to ledger time; `null` if it is one. */
export function whyNoPeriod(text: string): string | null {
  if (words.includes(text) || /^P[1-9]\d{0,3}D$/.test(text)) return null;
  try {
    checkPeriod(text);
    return null;
  } catch (error) {
    if (error instanceof RefusedRequest) return error.message;
    throw error;
  }
}

/** The period that a text without its hyphen, zero, P or D may mean, or the word that it resembles; `null` if there is none. */
function meantPeriod(text: string): string | null {
  const days = Number(/^p?(\d{1,7})d?$/i.exec(text)?.[1] ?? NaN);
  if (days > maxPeriodDays) return `P${maxPeriodDays}D, the longest of its kind`;
  if (days > 0) return `P${days}D`;
  const match = /^(\d{4})-?(?:q([1-4])|w(\d{1,2})|(\d{1,2}))$/i.exec(text);
  if (match === null) return nearName(text, words);
  const [, year, quarter, week, month] = match;
  if (quarter !== undefined) return `${year}-Q${quarter}`;
  const rest = week === undefined ? String(month).padStart(2, "0") : `W${week.padStart(2, "0")}`;
  return isPeriod(`${year}-${rest}`) ? `${year}-${rest}` : null;
}

function isPeriod(text: string): boolean {
  try {
    parsePeriod(text);
    return true;
  } catch (error) {
    if (error instanceof RefusedRequest) return false;
    throw error;
  }
}
