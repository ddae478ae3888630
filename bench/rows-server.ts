/**
 * The least that a server of single events can be: Fastify, a schema of zod, a row in SQLite, and one durable commit for all
 * that came in a turn of the event loop. Prints its address, as `fleetledger serve` does.
 */
import { DatabaseSync } from "node:sqlite";
import Fastify from "fastify";
import { z } from "zod";

const Event = z.strictObject({
  id: z.uuid(),
  type: z.string().min(1).max(200),
  occurredAt: z.iso.datetime(),
  data: z.record(z.string(), z.unknown()),
  actor: z.string().min(1).max(200),
});

const [path = ""] = process.argv.slice(2);
const db = new DatabaseSync(path);
db.exec("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
db.exec("CREATE TABLE events (sequence INTEGER PRIMARY KEY, id TEXT UNIQUE, event TEXT)");
const insert = db.prepare("INSERT INTO events (sequence, id, event) VALUES (?, ?, ?)");
const begin = db.prepare("BEGIN IMMEDIATE");
const commit = db.prepare("COMMIT");

interface Waiting {
  readonly event: z.infer<typeof Event>;
  readonly taken: (sequence: number) => void;
}

let waiting: Waiting[] = [];
let last = 0;

function commitAll(): void {
  const now = waiting;
  waiting = [];
  const first = last + 1;
  begin.run();
  for (const { event } of now) insert.run(++last, event.id, JSON.stringify(event));
  commit.run();
  for (const [i, { taken }] of now.entries()) taken(first + i);
}

const app = Fastify();
app.post("/v1/events", async (request, reply) => {
  const event = Event.parse(request.body);
  const sequence = await new Promise<number>((taken) => {
    if (waiting.length === 0) setImmediate(commitAll);
    waiting.push({ event, taken });
  });
  return await reply.code(201).send({ id: event.id, sequence });
});
process.stderr.write(`listening on ${await app.listen({ port: 0, host: "127.0.0.1" })}\n`);
