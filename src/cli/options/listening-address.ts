/** Checks that a server can listen at the given address before anything is opened. */
import { once } from "node:events";
import { createServer } from "node:net";
import { UsageError } from "../terminal/terminal.ts";

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host name is unknown; choose another --host",
  EAI_AGAIN: "the host name cannot be looked up at the moment; choose another --host",
  EADDRNOTAVAIL: "this machine does not have that address; choose another --host",
  EINVAL: "this address cannot be listened on; choose another --host",
  EADDRINUSE: "the address is in use by another program; choose another --port",
  EACCES: "listening there is not permitted; choose another --port",
};

/** Listens briefly. Throws UsageError if the host and port cannot be listened on. */
export async function checkAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const reason = reasons[code];
    if (reason === undefined) throw error;
    throw new UsageError(`cannot serve at ${host}, port ${port}: ${reason}`, error);
  }
  server.close();
  await once(server, "close");
}
