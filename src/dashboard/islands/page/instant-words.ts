/** Instants as islands write them, as the server does: `1 Mar 2026 00:34`, in the zone that the page shows times in. */

export function shownZone(): string {
  const name = document.documentElement.dataset["zone"] ?? "UTC";
  return name === "Etc/UTC" ? "UTC" : name;
}

interface Parts {
  readonly day: string;
  readonly minute: string;
}

function partsOf(ms: number): Parts {
  // Of all English ways this one shortens September to three letters.
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: shownZone(),
    hourCycle: "h23",
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
  return {
    day: `${parts.get("day")} ${parts.get("month")} ${parts.get("year")}`,
    minute: `${parts.get("hour")}:${parts.get("minute")}`,
  };
}

export function instantWords(ms: number): string {
  const { day, minute } = partsOf(ms);
  return `${day} ${minute}`;
}

/** `22 Mar 2026 03:00 – 06:00 UTC`: the day of the end is said where it is another one. */
export function spanWords(from: number, to: number): string {
  const end = partsOf(to);
  const last = partsOf(from).day === end.day ? end.minute : `${end.day} ${end.minute}`;
  return `${instantWords(from)} – ${last} ${shownZone()}`;
}
