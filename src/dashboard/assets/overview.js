// Keeps the overview up to date: listens for new positions, and shows the page's newest rendering.
const main = document.querySelector("#main");
const live = document.querySelector("#live");
const minIntervalMs = 2000;
const clockIntervalMs = 30000;
let shown = Number(main.dataset.sequence);
let wanted = shown;
let refreshing = false;
let lastRefresh = 0;

function say(text, state) {
  live.textContent = text;
  live.dataset.state = state;
}

async function refresh(isDue = wanted > shown) {
  if (refreshing || !isDue || document.hidden) return;
  refreshing = true;
  try {
    const wait = lastRefresh + minIntervalMs - Date.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    lastRefresh = Date.now();
    const answer = await fetch("/", { headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(`the ledger answered ${answer.status}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const freshMain = fresh.querySelector("#main");
    for (const id of ["#fresh", "#position"]) {
      document.querySelector(id).replaceWith(document.importNode(fresh.querySelector(id), true));
    }
    shown = Number(freshMain.dataset.sequence);
    say("Live", "on");
  } catch (error) {
    say(`Not up to date: ${error.message}`, "off");
    await new Promise((resolve) => setTimeout(resolve, minIntervalMs));
  } finally {
    refreshing = false;
  }
  if (wanted > shown) void refresh();
}

const stream = new EventSource(`/v1/stream?only=positions&after=${shown}`);
stream.addEventListener("position", (message) => {
  wanted = Math.max(wanted, JSON.parse(message.data).sequence);
  if (wanted <= shown) say("Live", "on");
  void refresh();
});
stream.addEventListener("error", () => {
  // Closed permanently: the ledger refuses if it has not reached this page's position.
  const isRefused = stream.readyState === EventSource.CLOSED;
  say(isRefused ? "No longer up to date: reload the page" : "Connection lost, trying again", "off");
});
document.addEventListener("visibilitychange", () => void refresh());
// Time goes on even without events: no-fly zones end, and what is open grows older.
setInterval(() => void refresh(true), clockIntervalMs);
