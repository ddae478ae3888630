/**
 * Texts of facts by entity: in memory up to a bound in bytes, then in an unnamed temporary file. Each time the bound is
 * reached, the facts of each entity are written as one piece.
 */
import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const writeBytes = 4 * 1024 * 1024;

export class FactSpool {
  readonly #maxWaitingBytes: number;
  #waiting = new Map<number, string[]>();
  #waitingBytes = 0;
  /** For each entity, the offset and length of each of its pieces in the file. */
  readonly #pieces: (number[] | undefined)[] = [];
  #fd: number | null = null;
  #end = 0;

  constructor(maxWaitingBytes: number) {
    this.#maxWaitingBytes = maxWaitingBytes;
  }

  add(entity: number, json: string): void {
    const waiting = this.#waiting.get(entity);
    if (waiting === undefined) this.#waiting.set(entity, [json]);
    else waiting.push(json);
    this.#waitingBytes += json.length;
    if (this.#waitingBytes > this.#maxWaitingBytes) this.#write();
  }

  /** The texts of an entity in the order in which they were added, separated by commas. */
  read(entity: number): string {
    const texts: string[] = [];
    const pieces = this.#pieces[entity] ?? [];
    for (let i = 0; i < pieces.length; i += 2)
      texts.push(this.#piece(pieces[i] ?? 0, pieces[i + 1] ?? 0));
    return [...texts, ...(this.#waiting.get(entity) ?? [])].join(",");
  }

  /** If there is a file, writes what is still in memory to it, to free the memory. */
  settle(): void {
    if (this.#fd !== null) this.#write();
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #write(): void {
    this.#fd ??= unnamedFile();
    let chunk: Buffer[] = [];
    let chunkBytes = 0;
    for (const [entity, texts] of this.#waiting) {
      const bytes = Buffer.from(texts.join(","));
      (this.#pieces[entity] ??= []).push(this.#end + chunkBytes, bytes.length);
      chunk.push(bytes);
      chunkBytes += bytes.length;
      if (chunkBytes < writeBytes) continue;
      this.#append(this.#fd, Buffer.concat(chunk));
      chunk = [];
      chunkBytes = 0;
    }
    this.#append(this.#fd, Buffer.concat(chunk));
    this.#waiting = new Map();
    this.#waitingBytes = 0;
  }

  #append(fd: number, bytes: Buffer): void {
    for (let done = 0; done < bytes.length;)
      done += writeSync(fd, bytes, done, bytes.length - done, this.#end + done);
    this.#end += bytes.length;
  }

  #piece(begin: number, sizeBytes: number): string {
    if (this.#fd === null) throw new RangeError("the file of facts is closed");
    const bytes = Buffer.allocUnsafe(sizeBytes);
    for (let done = 0; done < sizeBytes;) {
      const read = readSync(this.#fd, bytes, done, sizeBytes - done, begin + done);
      if (read === 0) throw new RangeError("the file of facts ends too early");
      done += read;
    }
    return bytes.toString("utf8");
  }
}

/** The file disappears with the process, however that ends. */
function unnamedFile(): number {
  const path = join(tmpdir(), `fleetledger-${randomUUID()}.facts`);
  const { O_RDWR, O_CREAT, O_EXCL } = constants;
  const fd = openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600);
  rmSync(path);
  return fd;
}
