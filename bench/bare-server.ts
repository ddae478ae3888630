/** A server of its own process that sends the same bytes to everybody: what an answer of that size costs at least. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

export async function bareServer(body: Buffer): Promise<{ url: string; stop: () => void }> {
  const child = fork(fileURLToPath(import.meta.url), { serialization: "advanced" });
  child.send(body);
  const [url] = (await once(child, "message")) as [string];
  return { url, stop: () => child.kill() };
}

if (import.meta.main) {
  const [body] = (await once(process, "message")) as [Uint8Array];
  const server = createServer((_request, response) => response.end(body));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}
