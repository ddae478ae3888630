/** Instants in text. */

/** Milliseconds of a canonical instant (`YYYY-MM-DDTHH:MM:SS.mmmZ`), as they stand in an event's data. */
export function instantMs(canonical: string): number {
  const ms = Date.parse(canonical);
  if (Number.isNaN(ms)) throw new RangeError(`not an instant: ${canonical}`);
  return ms;
}

/** The canonical text of an instant. */
export function instantText(ms: number): string {
  return new Date(ms).toISOString();
}

const pattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds of an RFC 3339 instant with an offset; digits past the millisecond are cut off. `null` if it is none. */
export function parseInstantText(text: string): number | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const [
    ,
    year,
    month,
    day,
    hour,
    minute,
    second,
    fraction = "",
    sign,
    offsetHour = "0",
    offsetMinute = "0",
  ] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  // Date.UTC would take the years 0 to 99 as those of the twentieth century.
  const date = new Date(0).setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const check = new Date(date);
  if (check.getUTCMonth() !== Number(month) - 1 || check.getUTCDate() !== Number(day)) return null;
  const timeMs = (Number(hour) * 3_600 + Number(minute) * 60 + Number(second)) * 1_000;
  const millis = Number(`${fraction}000`.slice(0, 3));
  const offsetMs = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  return date + timeMs + millis + (sign === "-" ? offsetMs : -offsetMs);
}
