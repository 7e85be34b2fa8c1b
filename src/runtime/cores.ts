import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";

/** Where Linux lists the processors that compute, for example "0-3,6". */
const ONLINE = "/sys/devices/system/cpu/online";

/** Where Linux tells which processors are threads of one core. */
const siblingsOf = (processor: number) =>
  `/sys/devices/system/cpu/cpu${processor}/topology/thread_siblings_list`;

/**
 * Cores that this process may use, where the system tells (Linux): two hardware threads of one core count once, as
 * they share its arithmetic. ONNX Runtime counts for itself elsewhere; on some virtual machines it takes two cores for
 * one, and would compute with one thread.
 */
export function physicalCores(read: (path: string) => string = readText): number | undefined {
  try {
    const cores = new Set(numbersOf(read(ONLINE)).map((processor) => read(siblingsOf(processor)).trim()));
    return Math.min(cores.size, availableParallelism());
  } catch {
    return undefined; // not Linux, or one that hides it
  }
}

/** The numbers of a list such as "0-3,6". */
function numbersOf(list: string): number[] {
  return list
    .trim()
    .split(",")
    .flatMap((range) => {
      const [first, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, i) => first + i);
    });
}

function readText(path: string): string {
  return readFileSync(path, "utf8");
}
