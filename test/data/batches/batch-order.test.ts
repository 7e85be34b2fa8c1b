import { describe, expect, it } from "vitest";
import { countSteps, createBatchOrder } from "../../../src/data/batches/batch-order.ts";

describe("batch order", () => {
  it("shows every sample at most once an epoch, in a new order each time", () => {
    expect(countSteps(23, 4)).toBe(5);
    const orderOf = createBatchOrder(23, 4, 1);
    const epochs = [0, 1].map((epoch) => Array.from({ length: 5 }, (_, i) => orderOf(5 * epoch + i)).flat());
    for (const epoch of epochs) expect(new Set(epoch).size).toBe(20);
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it("repeats a set smaller than a batch evenly", () => {
    expect(countSteps(3, 8)).toBe(1);
    const order = createBatchOrder(3, 8, 1)(5);
    const counts = [0, 1, 2].map((index) => order.filter((other) => other === index).length).sort();
    expect(counts).toEqual([2, 3, 3]);
  });

  it("depends on the step, not on the steps asked for before", () => {
    const forwards = createBatchOrder(50, 7, 9);
    for (let step = 0; step < 30; step++) forwards(step);
    expect(forwards(12)).toEqual(createBatchOrder(50, 7, 9)(12));
    expect(forwards(12)).not.toEqual(createBatchOrder(50, 7, 10)(12));
  });
});
