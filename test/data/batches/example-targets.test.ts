import { describe, expect, it } from "vitest";
import type { ExampleBatch } from "../../../src/data/batches/index.ts";
import { labelledPictures, oneHot, rowsOf, size } from "./example-set.ts";

const { pictures, open } = labelledPictures();

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("targets", () => {
  const classOf = (id: string) => pictures().find((other) => other.id === id)!.classIndex;

  it("are one for the example's class, else zero", async () => {
    const { targets, ids } = await open().batch(0);
    expect(rowsOf(targets.data)).toEqual(ids.map((id) => oneHot(classOf(id))));
  });

  it("share out what is smoothed among all classes", async () => {
    const { targets, ids } = await open({ labelSmoothing: 0.3 }).batch(0);
    for (const [slot, row] of rowsOf(targets.data).entries()) {
      expect(sum(row)).toBeCloseTo(1, 6);
      const own = classOf(ids[slot]);
      for (const [k, value] of row.entries()) expect(value).toBeCloseTo(k === own ? 0.8 : 0.1, 6);
    }
  });

  it.each([
    0, 0.3,
  ])("are multiplied by the weight of the example's class, smoothed by %f", async (labelSmoothing) => {
    const weights = [0.5, 2, 7];
    const { targets, ids } = await open({ labelSmoothing }).batch(0);
    const weighted = await open({ labelSmoothing, weights }).batch(0);
    expect(weighted.ids).toEqual(ids);
    const expected = rowsOf(targets.data).map((row) => {
      const weight = weights[row.indexOf(Math.max(...row))];
      return row.map((value) => value * weight);
    });
    for (const [slot, row] of rowsOf(weighted.targets.data).entries()) {
      for (const [k, value] of row.entries()) expect(value).toBeCloseTo(expected[slot][k], 5);
    }
  });

  it.each([
    ["mixup", { mixup: 1 }],
    ["CutMix", { cutmix: 1 }],
    ["both", { mixup: 1, cutmix: 1 }],
  ])("keep their sums and blend two classes at most: %s", async (_, blend) => {
    const still = {
      flipHorizontal: 0,
      scale: [1, 1],
      aspect: 1,
      translate: 0,
      hue: 0,
      grey: 0,
      blur: 0,
    } as const;
    const same = { ...still, saturation: [1, 1], brightness: [1, 1], contrast: [1, 1] } as const;
    const loader = open({ batchSize: 7, plan: () => ({ size, augment: { pictures: same, ...blend } }) });
    const unblended = open({ batchSize: 7, plan: () => ({ size, augment: { pictures: same } }) });
    const shares: number[] = [];
    for (let step = 0; step < 4; step++) {
      const [batch, plain] = [await loader.batch(step), await unblended.batch(step)];
      expect(batch.ids).toEqual(plain.ids);
      for (const [slot, row] of rowsOf(batch.targets.data).entries()) {
        expect(sum(row)).toBeCloseTo(1, 5);
        expect(row.filter((value) => value > 0).length).toBeLessThanOrEqual(2);
        if (row.every((value) => value < 0.99)) shares.push(Math.max(...row));
        // A row that is its example's alone may still be blended with one of the same class.
        if (row[classOf(batch.ids[slot])] < 0.9) expect(slotOf(batch, slot)).not.toEqual(slotOf(plain, slot));
      }
    }
    // The same shares in each step would be 7 different ones at most.
    expect(new Set(shares).size).toBeGreaterThan(7);
  });

  it("are weighed after they are blended", async () => {
    const weights = [1, 10, 100];
    const plan = () => ({ size, augment: { mixup: 1 } });
    const { targets } = await open({ plan }).batch(0);
    const weighted = await open({ plan, weights }).batch(0);
    const expected = Array.from(targets.data as Float32Array, (value, i) => value * weights[i % 3]);
    for (const [i, value] of expected.entries()) expect(weighted.targets.data[i]).toBeCloseTo(value, 3);
  });
});

/** The bytes of one input of a batch. */
function slotOf({ inputs }: ExampleBatch, slot: number): Uint8Array {
  const length = inputs.data.length / inputs.shape[0];
  return (inputs.data as Uint8Array).slice(slot * length, (slot + 1) * length);
}
