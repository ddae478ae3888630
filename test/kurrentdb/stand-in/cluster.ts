/** Stand-ins on one log that tell who of them leads: the nodes of a cluster, as a client discovers them. */
import gossipMessages from "@eventstore/db-client/generated/gossip_pb.js";
import sharedMessages from "@eventstore/db-client/generated/shared_pb.js";
import { noLeaderKnown, notLeader } from "./faults.ts";
import type { StandIn } from "./stand-in.ts";
import { startStandIn } from "./stand-in.ts";

const { EndPoint, MemberInfo } = gossipMessages;
const { LEADER, FOLLOWER } = MemberInfo.VNodeState;

export class StandInCluster {
  readonly nodes: readonly StandIn[];
  /** A connection string that names every node. */
  readonly url: string;
  readonly #dead = new Set<StandIn>();

  constructor(nodes: readonly StandIn[]) {
    this.nodes = nodes;
    this.url = `esdb://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}?tls=false`;
  }

  /** From now on this node leads, or none does. */
  elect(leader: StandIn | null): void {
    const elsewhere =
      leader === null ? noLeaderKnown : notLeader({ host: "127.0.0.1", port: leader.port });
    for (const node of this.nodes) {
      node.leaderFailure = node === leader ? null : elsewhere;
      node.members = this.nodes.map((member) =>
        new MemberInfo()
          .setInstanceId(new sharedMessages.UUID().setString(crypto.randomUUID()))
          .setState(member === leader ? LEADER : FOLLOWER)
          .setIsAlive(!this.#dead.has(member))
          .setHttpEndPoint(new EndPoint().setAddress("127.0.0.1").setPort(member.port)),
      );
    }
  }

  /** A node goes, and with it every connection to it. */
  async kill(node: StandIn): Promise<void> {
    this.#dead.add(node);
    await node.close();
  }
}

/** Three nodes, the first of which leads. */
export async function startCluster(): Promise<StandInCluster> {
  const first = await startStandIn();
  const nodes = [first, await startStandIn(first.log), await startStandIn(first.log)];
  const cluster = new StandInCluster(nodes);
  cluster.elect(first);
  return cluster;
}
