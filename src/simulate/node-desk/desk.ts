/**
 * Where the ledger of a cluster is asked about nodes: whether work may be scaled onto them, and whether maintenance may begin.
 * Each node is decided by what the ledger has been told by then, which may be late, wrong, and put right later.
 */
import { ToldFacts } from "./told-facts.ts";
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

  /** `lines` are what the ledger is told, in the order of recording. */
  constructor(
    setting: Setting,
    nodes: readonly NodeTruth[],
    lines: readonly StatedFact[],
    log: DecisionLog,
  ) {
    this.setting = setting;
    this.nodes = nodes;
    this.#byName = new Map(nodes.map((node) => [node.node, node]));
    this.#told = new ToldFacts(setting.plan.cluster, lines);
    this.#log = log;
    this.#now = setting.from;
  }

  /**
   * The first instant from `wanted` on at which all of the nodes can be decided: after everything that is known of each.
   * What comes at that instant is known.
   */
  turn(nodes: readonly string[], wanted: number): number {
    this.#now = Math.max(this.#now, wanted);
    for (; ; this.#now++) {
      this.#told.hearUntil(this.#now);
      if (nodes.every((node) => this.#told.latestAt(node) < this.#now)) return this.#now;
    }
  }

  /** As the ledger knows it; `null` if nobody has told of it. */
  known(node: string): NodeTruth | null {
    const truth = this.#byName.get(node);
    const told = this.#told.about(node);
    return truth === undefined || told.length === 0 ? null : nodeAsTold(truth, told);
  }

  /** Appends what was decided now. */
  decide(id: string, asked: Request, drafts: readonly NodeDraft[]): readonly StatedFact[] {
    const facts = this.#log.appendToNodes(this.#now, { ...asked, id }, drafts);
    for (const fact of facts) this.#told.hear(fact);
    return facts;
  }
}
