/** What a stream tells a key. */
import type { AddressInfo } from "node:net";
import type { KeyedApp } from "./keyed-app.ts";

/** Its text until so many events, or positions, came; `open` is called once the stream is. */
export async function streamText(
  { app }: KeyedApp,
  secret: string,
  url: string,
  messages: number,
  open: () => Promise<void> = async () => undefined,
): Promise<string> {
  if (!app.server.listening) await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, { headers });
  const reader = answer.body?.getReader();
  const decoder = new TextDecoder();
  const counted = url.includes("only=positions") ? "event: position\n" : "event: event\n";
  const opened = open();
  let text = "";
  while (text.split(counted).length - 1 < messages || !text.endsWith("\n\n")) {
    const piece = await reader?.read();
    if (piece?.done !== false) break;
    text += decoder.decode(piece.value, { stream: true });
  }
  await opened;
  await reader?.cancel();
  return text;
}
