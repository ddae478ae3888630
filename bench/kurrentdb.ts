/**
 * A ledger in KurrentDB against the bare client, in one run on one server: appends one at a time and many
 * at once, single appends of 64 writers, and the fill of a mirror against reading the same events. The server is that of
 * KURRENTDB_URL, else a `kurrentdb` executable on PATH. `--events N` measures a fill of that size alone,
 * `--rounds N` takes the median of so many rounds.
 */
import { sharedServer, stopSharedServer, whyNoServer } from "../test/kurrentdb/server.ts";
import { benchAppends } from "./kurrentdb-append.ts";
import { benchAtOnce } from "./kurrentdb-at-once.ts";
import { benchFill } from "./kurrentdb-fill.ts";

const usualFillEvents = 50_000;
const usualRounds = 3;

function asked(option: string): number | null {
  const at = process.argv.indexOf(option);
  if (at < 0) return null;
  const value = Number(process.argv[at + 1]);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${option} takes a number`);
  return value;
}

if (whyNoServer === null) {
  const events = asked("--events");
  const rounds = asked("--rounds") ?? usualRounds;
  const url = await sharedServer();
  try {
    if (events === null) {
      process.stdout.write(`${await benchAppends(url, rounds)}\n`);
      process.stdout.write(`${await benchAtOnce(url, rounds)}\n`);
    }
    process.stdout.write(await benchFill(url, events ?? usualFillEvents, rounds));
  } finally {
    await stopSharedServer();
  }
} else {
  process.stdout.write(`skipped: ${whyNoServer}\n\n`);
}
