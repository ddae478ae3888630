/** A cluster of three real servers on loopback, insecure, for tests. */
import type { RunningServer } from "./server.ts";
import { freePort, startServer } from "./server.ts";

export interface Cluster {
  /** A connection string that finds the leader. */
  readonly url: string;
  /** Kills the leader, and starts it again as a follower. */
  readonly killLeader: () => Promise<void>;
  readonly dispose: () => Promise<void>;
}

interface Member {
  readonly state: string;
  readonly isAlive: boolean;
  readonly httpEndPointPort: number;
}

export async function startCluster(): Promise<Cluster> {
  const ports: { node: number; replication: number }[] = [];
  for (let i = 0; i < 3; i++) ports.push({ node: await freePort(), replication: await freePort() });
  const nodes = await Promise.all(
    ports.map(({ node, replication }) => {
      const others = ports.filter((each) => each.node !== node);
      const seeds = others.map((each) => `127.0.0.1:${each.node}`).join(",");
      return startServer("files", {
        port: node,
        isSupervised: true,
        options: [
          "--cluster-size=3",
          "--discover-via-dns=false",
          `--gossip-seed=${seeds}`,
          "--replication-ip=127.0.0.1",
          `--replication-port=${replication}`,
        ],
      });
    }),
  );
  const hosts = ports.map(({ node }) => `127.0.0.1:${node}`).join(",");
  return {
    url: `esdb://${hosts}?tls=false`,
    killLeader: async () => {
      const leader = await leaderOf(nodes);
      await leader.kill();
      await leaderOf(nodes.filter((node) => node !== leader));
      await leader.start();
    },
    dispose: async () => {
      await Promise.all(nodes.map((node) => node.dispose()));
    },
  };
}

/** The leader that the nodes know of, once they know one. */
async function leaderOf(nodes: readonly RunningServer[]): Promise<RunningServer> {
  for (;;) {
    for (const node of nodes) {
      const leader = (await membersAt(node)).find(
        ({ state, isAlive }) => state === "Leader" && isAlive,
      );
      const found = nodes.find(({ port }) => port === leader?.httpEndPointPort);
      if (found !== undefined) return found;
    }
    await new Promise((resume) => setTimeout(resume, 100));
  }
}

async function membersAt({ port }: RunningServer): Promise<readonly Member[]> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/gossip`, {
      headers: { accept: "application/json" },
    });
    return ((await answer.json()) as { members: Member[] }).members;
  } catch {
    // Not up yet, or not any more.
    return [];
  }
}
