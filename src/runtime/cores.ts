import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Where Linux tells which processors are threads of one core. */
const siblingsOf = (processor: number) =>
  `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`;

/**
 * Cores that this process may use, where the system tells (Linux): two hardware threads of one core count once, as
 * they share its arithmetic. ONNX Runtime counts for itself elsewhere; on some virtual machines it takes two cores for
 * one, and would compute with one thread.
 */
export function physicalCores(read: (path: string) => string = readText): number | undefined {
  const cores = new Set<string>();
  for (let processor = 0; ; processor++) {
    try {
      cores.add(read(siblingsOf(processor)).trim());
    } catch {
      break;
    }
  }
  return cores.size > 0 ? Math.min(cores.size, availableParallelism()) : undefined;
}

function readText(path: string): string {
  return readFileSync(path, "utf8");
}
