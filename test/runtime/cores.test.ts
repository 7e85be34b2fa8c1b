import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { physicalCores } from "../../src/runtime/cores.ts";
import { sessionOptions } from "../../src/runtime/device.ts";

/** A system with these lists of siblings, by processor. */
const systemOf = (siblings: readonly string[]) => (path: string) => {
  const list = siblings[Number(/cpu(\d+)\//.exec(path)![1])];
  if (list === undefined) throw new Error("ENOENT");
  return `${list}\n`;
};

describe("physicalCores", () => {
  it("counts two hardware threads of one core once", () => {
    expect(physicalCores(systemOf(["0-1", "0-1"]))).toBe(1);
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
