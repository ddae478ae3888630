/**
 * Keeps a page up to date: hears of new positions on one stream, and asks for the panels that changed, at most one round
 * a second, and none while nobody looks.
 */
import { ask } from "../page/ask.ts";
import { replacePanels } from "./replace-panels.ts";

const roundMs = 1_000;
/** Time goes on even without events: zones end, and what is open grows older. */
const clockMs = 10_000;
/** A stream sends a sign at least every 15 s. */
const silentMs = 20_000;

interface Answer {
  readonly sequence: number;
  readonly at: string | null;
  readonly when: string;
  readonly ids: readonly string[];
  readonly fragments: Readonly<Record<string, string>>;
}

const root = document.documentElement;
let shown = Number(root.dataset["sequence"]);
let shownAt = root.dataset["at"] ?? "";
let wanted = shown;
let isOn = true;
let isAsking = false;
let askedAt = 0;
let heardAt = Date.now();
let failure: string | null = null;
/** Whether the page shows what the ledger no longer has. */
let isOutdated = false;
let stream: EventSource | null = null;

export function startLive(): void {
  document.querySelector("#live")?.addEventListener("click", toggleLive);
  document.addEventListener("visibilitychange", () => void round(true));
  setInterval(() => void round(true), clockMs);
  setInterval(say, roundMs);
  listen();
}

/** `l`: the page stands still until it is pressed again. */
export function toggleLive(): void {
  isOn = !isOn;
  say();
  void round();
}

/** Whoever has just recorded something sees it: a page that stood still goes on. */
export function showPosition(sequence: number): void {
  wanted = Math.max(wanted, sequence);
  if (isOn) void round();
  else toggleLive();
}

function listen(): void {
  stream?.close();
  stream = new EventSource(`/v1/stream?only=positions&after=${shown}`);
  const hear = () => {
    heardAt = Date.now();
    failure = null;
    say();
  };
  stream.addEventListener("open", hear);
  stream.addEventListener("position", (message: MessageEvent<string>) => {
    hear();
    const { sequence } = JSON.parse(message.data) as { sequence: number };
    wanted = Math.max(wanted, sequence);
    void round();
  });
  stream.addEventListener("error", () => {
    failure ??= "the connection is lost";
    say();
    // A refusal closes the stream for good.
    if (stream?.readyState === EventSource.CLOSED) void refused();
  });
}

/** The ledger may be an older copy of what is shown; if not, it is asked again. */
async function refused(): Promise<void> {
  const answer = await ask("/v1/history?w=1");
  const head = answer?.headers.get("fleetledger-sequence") ?? null;
  isOutdated = head !== null && Number(head) < shown;
  say();
  if (!isOutdated) setTimeout(listen, 3 * roundMs);
}

async function round(isDue = wanted > shown): Promise<void> {
  if (!isDue || isAsking || !isOn || document.hidden) return;
  isAsking = true;
  try {
    const wait = askedAt + roundMs - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    askedAt = Date.now();
    await fetchChanges();
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  } finally {
    isAsking = false;
  }
  say();
  if (wanted > shown) setTimeout(() => void round(), failure === null ? 0 : roundMs);
}

async function fetchChanges(): Promise<void> {
  const asked = location.href;
  const address = new URL(asked);
  address.hash = "";
  address.searchParams.set("fragments", "1");
  address.searchParams.set("after", String(shown));
  if (shownAt !== "") address.searchParams.set("since", new Date(Number(shownAt)).toISOString());
  address.searchParams.set("wanted", String(wanted));
  const answer = await fetch(address, { cache: "no-store" });
  failure = null;
  heardAt = Date.now();
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(`the ledger answered ${answer.status}`);
  const { sequence, at, when, ids, fragments } = (await answer.json()) as Answer;
  // The reader has stopped the page meanwhile, or has gone on to another window: these panels are not of it.
  if (!isOn || location.href !== asked) return;
  if (!replacePanels(ids, fragments)) {
    // Another set of panels, such as a new cluster: the page is laid out anew.
    location.reload();
    return;
  }
  shown = sequence;
  shownAt = at === null ? "" : String(Date.parse(at));
  wanted = Math.max(wanted, sequence);
  root.dataset["sequence"] = String(sequence);
  root.dataset["at"] = shownAt;
  for (const figure of document.querySelectorAll<HTMLElement>(
    "[data-as-of]:not([data-waiting] *)",
  )) {
    figure.dataset["asOf"] = String(sequence);
  }
  const position = document.querySelector("#position");
  if (position !== null) position.textContent = `#${sequence.toLocaleString("en-GB")}`;
  const time = document.querySelector("#when");
  if (time !== null) time.innerHTML = when;
  document.dispatchEvent(new CustomEvent("positionchange", { detail: sequence }));
}

/** What the pill says: live, standing still, or since when nothing was heard. */
function say(): void {
  const pill = document.querySelector<HTMLElement>("#live");
  const words = pill?.querySelector(".words");
  if (pill === null || words === null || words === undefined) return;
  const silent = Date.now() - heardAt;
  const isStale = failure !== null || silent > silentMs;
  const text = isOutdated
    ? "No longer up to date: reload the page"
    : !isOn
      ? "Standing still"
      : isStale
        ? `No word for ${Math.max(1, Math.round(silent / 1_000))} s, trying again`
        : "Live";
  if (words.textContent !== text) words.textContent = text;
  pill.dataset["state"] = isOutdated || (isOn && isStale) ? "off" : isOn ? "on" : "still";
  pill.title = failure ?? "";
  root.toggleAttribute("data-stale", isStale);
}
