/**
 * A small cluster of Slurm without machines: its controller, slurmdbd and a database of its own, all in one folder. Of
 * Debian these are the packages slurmctld, slurmdbd, slurm-client and mariadb-server.
 */
import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { freePort } from "./free-port.ts";

const programs = [
  "slurmctld",
  "slurmdbd",
  "sacctmgr",
  "scontrol",
  "mariadbd",
  "mariadb",
  "mariadb-install-db",
];

/** The programs that are not on the PATH. */
export const missingPrograms = programs.filter(
  (each) => spawnSync("sh", ["-c", `command -v ${each}`]).status !== 0,
);

interface SlurmCluster extends AsyncDisposable {
  /** Such as `slurm-wlm 22.05.8`. */
  readonly version: string;
  /** Runs a program of Slurm's; gives what it prints. */
  run(program: string, args: readonly string[], env?: Record<string, string>): string;
}

/** Nodes gpu0001 to gpu0004 of the cluster `lab`, none of which answers. */
export async function slurmCluster(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), "fleetledger-slurm-"));
  const started: { readonly child: ChildProcess; readonly exit: Promise<unknown> }[] = [];
  const close = async () => {
    for (const { child, exit } of started.toReversed()) {
      child.kill("SIGTERM");
      await exit;
    }
    rmSync(folder, { recursive: true });
  };
  const begin = (program: string, args: readonly string[]) => {
    const env = { ...process.env, SLURM_CONF: join(folder, "slurm.conf") };
    const child = spawn(program, args, { stdio: "ignore", env });
    started.push({ child, exit: once(child, "exit") });
  };
  const run: SlurmCluster["run"] = (program, args, env = {}) => {
    const all = { ...process.env, SLURM_CONF: join(folder, "slurm.conf"), ...env };
    const { status, stdout, stderr } = spawnSync(program, args, { env: all, encoding: "utf8" });
    if (status !== 0) throw new Error(`${program}: ${stdout}${stderr}`);
    return stdout;
  };
  const answers = async (program: string, args: readonly string[], wanted = "") =>
    await expect
      .poll(
        () => {
          try {
            return run(program, args);
          } catch (error) {
            return `fails: ${String(error)}`;
          }
        },
        { interval: 250 },
      )
      .toMatch(new RegExp(`^(?!fails)[^]*${wanted}`));
  try {
    const ports = await configure(folder);
    const { username } = userInfo();
    const data = `--datadir=${join(folder, "db")}`;
    const made = ["--no-defaults", data, `--user=${username}`, "--skip-test-db"];
    run("mariadb-install-db", [...made, "--auth-root-authentication-method=normal"]);
    const socket = `--socket=${join(folder, "db.sock")}`;
    const listening = [`--port=${ports.database}`, "--bind-address=127.0.0.1", socket];
    begin("mariadbd", ["--no-defaults", data, `--user=${username}`, ...listening]);
    const sql = (text: string) => ["--no-defaults", socket, "-uroot", "-e", text];
    await answers("mariadb", sql("select 1"));
    const access = `create database slurm_acct_db;
      create user slurm@'%' identified by 'slurm'; grant all on slurm_acct_db.* to slurm@'%';
      create user slurm@localhost identified by 'slurm'; grant all on slurm_acct_db.* to slurm@localhost`;
    run("mariadb", sql(access));
    begin("slurmdbd", ["-D"]);
    await answers("sacctmgr", ["-n", "list", "cluster"]);
    run("sacctmgr", ["-i", "add", "cluster", "lab"]);
    begin("slurmctld", ["-D", "-c"]);
    await answers("scontrol", ["ping"], " is UP");
    return { version: run("sacctmgr", ["-V"]).trim(), run, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function configure(folder: string): Promise<{ readonly database: number }> {
  const [database, accounting, controller, nodes] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const { username } = userInfo();
  mkdirSync(join(folder, "state"));
  const slurmdbd = join(folder, "slurmdbd.conf");
  writeFileSync(
    slurmdbd,
    `AuthType=auth/none
DbdHost=localhost
DbdAddr=127.0.0.1
DbdPort=${accounting}
SlurmUser=${username}
StorageType=accounting_storage/mysql
StorageHost=127.0.0.1
StoragePort=${database}
StorageUser=slurm
StoragePass=slurm
StorageLoc=slurm_acct_db
PidFile=${join(folder, "slurmdbd.pid")}
`,
  );
  // slurmdbd refuses a file that others may read.
  chmodSync(slurmdbd, 0o600);
  writeFileSync(
    join(folder, "slurm.conf"),
    `ClusterName=lab
SlurmctldHost=${hostname().split(".")[0]}(127.0.0.1)
SlurmctldPort=${controller}
SlurmdPort=${nodes}
SlurmUser=${username}
AuthType=auth/none
CredType=cred/none
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoragePort=${accounting}
StateSaveLocation=${join(folder, "state")}
SlurmctldPidFile=${join(folder, "slurmctld.pid")}
ProctrackType=proctrack/linuxproc
SlurmdTimeout=3600
NodeName=gpu[0001-0004] CPUs=1 State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES State=UP
`,
  );
  return { database };
}
