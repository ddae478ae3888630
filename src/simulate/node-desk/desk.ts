/**
 * Where the ledger of a cluster is asked about nodes: whether work may be scaled onto them, and whether maintenance may begin.
 * Each node is decided by what the ledger has been told by then, which may be late, wrong, and put right later.
 */
import type { ToldFacts } from "./told-facts.ts";
import { nodeAsTold } from "./told-node.ts";
import type { DecisionLog, NodeDraft, Request } from "../setting/decision-log.ts";
import type { NodeTruth } from "../setting/history.ts";
import type { StatedFact } from "../setting/reporter.ts";
import type { Setting } from "../setting/setting.ts";

export class NodeDesk {
  readonly setting: Setting;
  readonly nodes: readonly NodeTruth[];
  readonly #byName: ReadonlyMap<string, NodeTruth>;
  readonly #told: ToldFacts;
  readonly #log: DecisionLog;
  #now: number;

  constructor(setting: Setting, nodes: readonly NodeTruth[], told: ToldFacts, log: DecisionLog) {
    this.setting = setting;
    this.nodes = nodes;
    this.#byName = new Map(nodes.map((node) => [node.node, node]));
    this.#told = told;
    this.#log = log;
    this.#now = setting.from;
  }

  /**
   * The first instant from `wanted` on, and not before the last one, at which all of the nodes can be decided: after
   * everything that is known of each. What comes at that instant is known.
   */
  turn(nodes: readonly string[], wanted: number): number {
    this.#now = Math.max(this.#now, wanted);
    while (nodes.some((node) => this.#told.latestAt(node, this.#now) >= this.#now)) this.#now++;
    return this.#now;
  }

  /** As the ledger knows it; `null` if nobody has told of it. */
  known(node: string): NodeTruth | null {
    const truth = this.#byName.get(node);
    const told = this.#told.about(node, this.#now);
    return truth === undefined || told.length === 0 ? null : nodeAsTold(truth, told);
  }

  /** Appends what was decided now. */
  decide(id: string, asked: Request, drafts: readonly NodeDraft[]): readonly StatedFact[] {
    const facts = this.#log.appendToNodes(this.#now, { ...asked, id }, drafts);
    for (const fact of facts) this.#told.hear(fact);
    return facts;
  }
}
