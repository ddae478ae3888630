/** What the ledger takes when it is asked to declare a no-fly zone. Durations in milliseconds. Reported declarations have the limits of events. */

const dayMs = 86_400_000;

/** The longest occurrence: nobody plans a standstill of more than a year, and a slip in the year of an end is met. */
export const maxOccurrenceMs = 366 * dayMs;

/** How far the start of a one-off may lie in the past: the time between writing a request and sending it. */
export const maxPastStartMs = 5 * 60_000;

/** How far ahead the occurrences of a rule are recorded: every one of the next year, with a month to spare. */
export const horizonMs = 400 * dayMs;

/** With less than this left, further occurrences are recorded: half a year is longer than a ledger stands still. */
export const shortestHorizonMs = 180 * dayMs;

/** The longest interval of a rule, in days, weeks, months or years. */
export const maxRuleInterval = 366;

/** The most occurrences that COUNT may name. */
export const maxRuleCount = 1_000;

/** The last year in which a rule may start: its horizon must be an instant of four digits, too. */
export const maxRuleStartYear = 9_990;

/** The single occurrences of one declaration: one every working day of two years. */
export const maxDeclaredOccurrences = 500;

/** How far back the calendar feed goes where nobody says so: a month, so that what was cancelled lately is seen to be. */
export const calendarPastMs = 30 * dayMs;
