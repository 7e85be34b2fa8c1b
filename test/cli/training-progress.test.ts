import { afterEach, expect, it, vi } from "vitest";
import { createTrainingProgress } from "../../src/cli/training-progress.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const step = (progress: number) =>
  ({
    kind: "step",
    step: 1,
    epoch: 3,
    progress,
    elapsedMs: 0,
    remainingMs: 0,
    reports: { loss: 1.5 },
  }) as const;

it("tells epoch, loss, the last validation, and the time left of a resumed run", () => {
  vi.useFakeTimers();
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.stubEnv("TERM", "dumb");
  const training = createTrainingProgress({});
  training.onEvent(step(0.5));
  training.onEvent({
    kind: "epoch",
    epoch: 2,
    improved: true,
    record: { epoch: 2, mAP50: 0.61, mAP50_95: 0.3 },
  });
  training.onEvent({ kind: "epoch", epoch: 3, improved: false, record: { epoch: 3 } });
  vi.advanceTimersByTime(20_000);
  training.onEvent(step(0.75));
  training.done();
  training.done();
  expect(written.mock.calls).toEqual([
    ["Training  75%, 20 s left · epoch 3, loss 1.500 · mAP50 0.610, mAP50-95 0.300\n"],
  ]);
});

it("tells of faces what the best model is chosen by", () => {
  vi.useFakeTimers();
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  vi.stubEnv("TERM", "dumb");
  const training = createTrainingProgress({});
  training.onEvent(step(0.5));
  training.onEvent({
    kind: "epoch",
    epoch: 2,
    improved: true,
    record: { epoch: 2, eer: 0.04, accuracy: 0.955, auc: 0.99 },
  });
  vi.advanceTimersByTime(20_000);
  training.onEvent(step(0.75));
  expect(written.mock.lastCall![0]).toMatch(/ · equal error rate 0\.040, accuracy 0\.955\n$/);
});

it("says nothing when quiet", () => {
  vi.useFakeTimers();
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const training = createTrainingProgress({ quiet: true });
  training.onEvent(step(0.1));
  vi.advanceTimersByTime(60_000);
  training.onEvent(step(0.2));
  training.done();
  expect(written).not.toHaveBeenCalled();
});
