/** The part of the metrics that a reader of some clusters may see: samples of these, and nothing that is about all. */

/**
 * Of a text in the format of Prometheus the samples whose label `cluster` is seen, each with its metric's help and type.
 * What has no such label tells of the whole ledger, of sources or of webhooks, and is left out.
 */
export function metricsOfClusters(text: string, isSeen: (cluster: string) => boolean): string {
  const kept: string[] = [];
  let head: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) {
      if (line.startsWith("# HELP ")) head = [];
      head.push(line);
      continue;
    }
    const cluster = clusterIn(line);
    if (cluster === null || !isSeen(cluster)) continue;
    kept.push(...head, line);
    head = [];
  }
  return kept.map((line) => `${line}\n`).join("");
}

const clusterLabel = /^[^{]+\{(?:[^"]*"(?:[^"\\]|\\.)*",)*?cluster="((?:[^"\\]|\\.)*)"/;

function clusterIn(sample: string): string | null {
  const [, escaped] = clusterLabel.exec(sample) ?? [];
  return escaped?.replaceAll(/\\(["\\])/g, "$1") ?? null;
}
