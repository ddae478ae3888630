/**
 * A real KurrentDB for tests: the one at KURRENTDB_URL, else a `kurrentdb` executable found on PATH,
 * started in memory, insecure, on loopback and a free port. Where there is neither, tests are skipped and
 * say why.
 */
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, constants, cpSync, mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { get as httpGet } from "node:http";
import { get as httpsGet } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const executable = findOnPath("kurrentdb");
const url = process.env["KURRENTDB_URL"];

/** Why the tests against a real server are skipped; `null` if they run. */
export const whyNoServer =
  url !== undefined || executable !== null
    ? null
    : "no KurrentDB: KURRENTDB_URL is not set and no kurrentdb executable is on PATH";

/** Why the tests that start and stop a server of their own are skipped; `null` if they run. */
export const whyNoExecutable =
  executable !== null ? null : "no kurrentdb executable is on PATH to be started and stopped";

export function sayWhySkipped(why: string | null): void {
  if (why !== null) console.log(`tests against a real server are skipped: ${why}`);
}

export function findOnPath(name: string): string | null {
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return null;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no free port");
  return address.port;
}

/** A prefix that no other test uses: one server serves them all. */
export function freshPrefix(): string {
  return `t${randomBytes(6).toString("hex")}.`;
}

export interface RunningServer {
  /** A connection string. */
  readonly url: string;
  readonly port: number;
  signal(name: NodeJS.Signals): void;
  /** Kills it at once and waits until it is gone. */
  kill(): Promise<void>;
  /** Starts it again, on the same port and data. */
  start(): Promise<void>;
  /** Copies the files of a server that is not running; what it gives puts them back in the place of those that there are then. */
  backUp(): () => void;
  /** Kills it and removes its data. */
  dispose(): Promise<void>;
}

export interface ServerOptions {
  readonly port?: number;
  readonly options?: readonly string[];
  /** Whether it is started again when it ends by itself: a node that was ahead of a new leader does, with code 0. */
  readonly isSupervised?: boolean;
  /** Runs with TLS and users, by what `makeCertificates` has put there; left out: insecure. */
  readonly certificates?: string;
}

/** Starts a server of one's own: in memory, or on files that outlive it. */
export async function startServer(
  keeps: "memory" | "files",
  more: ServerOptions = {},
): Promise<RunningServer> {
  if (executable === null) throw new Error("there is no kurrentdb to start");
  const port = more.port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), "kurrentdb-test-"));
  const place = keeps === "memory" ? ["--mem-db"] : ["--db", join(folder, "db")];
  const { certificates } = more;
  const security = certificates === undefined ? ["--insecure"] : securityOptions(certificates);
  const own = [...security, ...place, "--node-port", String(port), "--disable-log-file"];
  const options = [...own, ...(more.options ?? [])];
  let child: ChildProcess | null = null;
  const run = (): ChildProcess => {
    const env = {
      ...process.env,
      KURRENTDB_TELEMETRY_OPTOUT: "true",
      // Its runtime would leave sockets for debuggers in the folder for temporary files.
      DOTNET_EnableDiagnostics: "0",
    };
    const started = spawn(executable, options, { stdio: "ignore", env, cwd: folder });
    started.once("exit", (code) => {
      if (more.isSupervised === true && code === 0 && child === started) child = run();
    });
    return started;
  };
  const start = async (): Promise<void> => {
    child = run();
    // A node that is alone leads soon; until it does it is alive, and takes nothing.
    const isAlone = !options.some((option) => option.startsWith("--cluster-size"));
    const isSecure = certificates !== undefined;
    const isUp = (): Promise<boolean> => (isAlone ? leads(port, isSecure) : isLive(port, isSecure));
    await untilUp(isUp, () => child?.exitCode ?? null);
  };
  const kill = async (): Promise<void> => {
    const running = child;
    child = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGKILL");
    await gone;
  };
  await start();
  return {
    url:
      certificates === undefined
        ? `esdb://127.0.0.1:${port}?tls=false`
        : `esdb://localhost:${port}?tls=true&tlsCAFile=${join(certificates, "ca/ca.crt")}`,
    port,
    signal: (name) => void child?.kill(name),
    kill,
    start,
    backUp: () => {
      const [files, kept] = [join(folder, "db"), join(folder, "backup")];
      rmSync(kept, { recursive: true, force: true });
      cpSync(files, kept, { recursive: true });
      return () => {
        rmSync(files, { recursive: true });
        cpSync(kept, files, { recursive: true });
      };
    },
    dispose: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function securityOptions(folder: string): string[] {
  return [
    "--node-host-advertise-as=localhost",
    `--certificate-file=${join(folder, "node/node.crt")}`,
    `--certificate-private-key-file=${join(folder, "node/node.key")}`,
    `--trusted-root-certificates-path=${join(folder, "ca")}`,
  ];
}

async function untilUp(isUp: () => Promise<boolean>, exitCode: () => number | null): Promise<void> {
  while (!(await isUp())) {
    const code = exitCode();
    if (code !== null) throw new Error(`kurrentdb ended with code ${code}`);
    await pause(100);
  }
}

async function isLive(port: number, isSecure: boolean): Promise<boolean> {
  return (await ask(port, isSecure, "/health/live"))?.status === 204;
}

async function leads(port: number, isSecure: boolean): Promise<boolean> {
  const answer = await ask(port, isSecure, "/info");
  return answer?.status === 200 && /"state": *"leader"/i.test(answer.body);
}

/** `null` also while nothing listens. */
async function ask(
  port: number,
  isSecure: boolean,
  path: string,
): Promise<{ readonly status: number; readonly body: string } | null> {
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<typeof ask>>>();
  const place = `://localhost:${port}${path}`;
  const onAnswer = (answer: IncomingMessage): void => {
    let body = "";
    answer.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body }));
    answer.on("error", () => resolve(null));
  };
  // Whether a certificate is good is the client's matter, not that of the wait.
  const asked = isSecure
    ? httpsGet(`https${place}`, { rejectUnauthorized: false }, onAnswer)
    : httpGet(`http${place}`, { family: 4 }, onAnswer);
  asked.on("error", () => resolve(null));
  return await promise;
}

let shared: Promise<{ url: string; dispose: () => Promise<void> }> | null = null;

/** The server that this test file's tests share: started with the first call. */
export async function sharedServer(): Promise<string> {
  if (url !== undefined) return url;
  shared ??= startServer("memory");
  return (await shared).url;
}

export async function stopSharedServer(): Promise<void> {
  if (shared !== null) await (await shared).dispose();
  shared = null;
}
