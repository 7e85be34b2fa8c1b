import { Random } from "../../core/index.ts";

/** Steps in which every sample comes at most once; what does not fill a batch waits for the next epoch. */
export function countSteps(sampleCount: number, batchSize: number): number {
  return Math.max(1, Math.floor(sampleCount / batchSize));
}

/**
 * The order of the samples: shuffled anew for each epoch; a set smaller than a batch repeats. The result
 * gives the indices of the samples of a step, `[batchSize]`.
 */
export function createBatchOrder(
  sampleCount: number,
  batchSize: number,
  seed: number,
): (step: number) => number[] {
  const stepsPerEpoch = countSteps(sampleCount, batchSize);
  const samples = Array.from({ length: sampleCount }, (_, index) => index);
  let shuffled = { epoch: -1, order: [] as number[] };
  return (step) => {
    const epoch = Math.floor(step / stepsPerEpoch);
    if (epoch !== shuffled.epoch) {
      const random = new Random(seed, epoch);
      const order = random.shuffle(samples);
      while (order.length < batchSize) order.push(...random.shuffle(samples));
      shuffled = { epoch, order };
    }
    const start = (step % stepsPerEpoch) * batchSize;
    return shuffled.order.slice(start, start + batchSize);
  };
}
