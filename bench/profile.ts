import { readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Time that one node took, in milliseconds per run. */
export interface NodeTime {
  name: string;
  opType: string;
  ms: number;
  /** Shapes of its inputs. */
  shapes: readonly (readonly number[])[];
}

interface ProfileEvent {
  cat: string;
  name: string;
  ts: number;
  dur: number;
  args?: { op_name?: string; input_type_shape?: Record<string, number[]>[] };
}

/**
 * Reads and removes the profile that ONNX Runtime wrote under `prefix` when its session was released.
 * @param runs The last so many runs count; those before were warm-up.
 * @returns the nodes in the order of execution.
 */
export async function takeProfile(prefix: string, runs: number): Promise<NodeTime[]> {
  const folder = dirname(prefix);
  const names = await readdir(folder);
  const name = names.find((each) => each.startsWith(basename(prefix)) && each.endsWith(".json"));
  if (!name) throw new Error(`ONNX Runtime left no profile at ${prefix}*.json.`);
  const events: ProfileEvent[] = JSON.parse(await readFile(join(folder, name), "utf8"));
  await rm(join(folder, name));
  const started = events.filter(({ name }) => name === "model_run").map(({ ts }) => ts);
  const from = started.sort((a, b) => a - b).slice(-runs)[0];
  const nodes = new Map<string, NodeTime>();
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== "Node" || ts < from || !name.endsWith("_kernel_time")) continue;
    const node = nodes.get(name) ?? {
      name: name.replace(/_kernel_time$/, ""),
      opType: args?.op_name ?? "?",
      ms: 0,
      shapes: (args?.input_type_shape ?? []).flatMap((entry) => Object.values(entry)),
    };
    node.ms += dur / 1000 / runs;
    nodes.set(name, node);
  }
  return [...nodes.values()];
}

/** Time and number of nodes by kind of operator, the dearest first. */
export function byOperator(nodes: readonly NodeTime[]): { opType: string; ms: number; nodes: number }[] {
  const kinds = new Map<string, { opType: string; ms: number; nodes: number }>();
  for (const { opType, ms } of nodes) {
    const kind = kinds.get(opType) ?? { opType, ms: 0, nodes: 0 };
    kind.ms += ms;
    kind.nodes++;
    kinds.set(opType, kind);
  }
  return [...kinds.values()].sort((a, b) => b.ms - a.ms);
}
