import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { physicalCores } from "../../src/runtime/cores.ts";
import { sessionOptions } from "../../src/runtime/device.ts";

/** A system with these lists of siblings, by processor; those without one are offline. */
const systemOf = (siblings: readonly (string | undefined)[]) => (path: string) => {
  if (path.endsWith("/online")) return online(siblings);
  const list = siblings[Number(/cpu(\d+)\//.exec(path)![1])];
  if (list === undefined) throw new Error("ENOENT");
  return `${list}\n`;
};

/** As Linux writes it: a range where all of them are, else numbers. */
function online(siblings: readonly (string | undefined)[]): string {
  const numbers = [...siblings.keys()].filter((i) => siblings[i] !== undefined);
  const all = numbers.length > 1 && numbers.length === siblings.length;
  return `${all ? `0-${siblings.length - 1}` : numbers.join(",")}\n`;
}

describe("physicalCores", () => {
  it("counts two hardware threads of one core once", () => {
    expect(physicalCores(systemOf(["0-1", "0-1"]))).toBe(1);
  });

  it("passes over processors that are switched off", () => {
    expect(physicalCores(systemOf([undefined, "1", undefined, "3"]))).toBe(
      Math.min(2, availableParallelism()),
    );
  });

  it("is never more than this process may use", () => {
    const many = Array.from({ length: 4096 }, (_, i) => `${i}`);
    expect(physicalCores(systemOf(many))).toBe(availableParallelism());
  });

  it("leaves the count to the engine where the system does not tell", () => {
    expect(physicalCores(systemOf([]))).toBeUndefined();
  });
});

describe("sessionOptions", () => {
  it("takes all cores, or as many threads as it is told", () => {
    expect(sessionOptions({}).intraOpNumThreads).toBe(physicalCores());
    expect(sessionOptions({ threads: 3 }).intraOpNumThreads).toBe(3);
  });
});
