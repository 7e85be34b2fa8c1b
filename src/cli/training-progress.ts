import type { LoopEvent } from "../train/index.ts";
import { createProgress, type Progress } from "./progress.ts";

/** Shows a training run's events as progress. */
export interface TrainingProgress {
  onEvent: (event: LoopEvent) => void;
  /** Ends the progress; more calls do nothing. */
  done(): void;
}

/** Progress of a training run: share and time left, epoch, loss, and the last validation. */
export function createTrainingProgress(options: { quiet?: boolean; label?: string }): TrainingProgress {
  const { quiet, label = "Training" } = options;
  let progress: Progress | undefined;
  let validation = "";
  return {
    onEvent(event) {
      if (event.kind === "epoch") {
        const { mAP50, mAP50_95 } = event.record;
        if (mAP50 === undefined) return;
        validation = ` · mAP50 ${mAP50.toFixed(3)}, mAP50-95 ${mAP50_95.toFixed(3)}`;
        return;
      }
      // A resumed run starts where its first event says, not at zero.
      progress ??= createProgress({ label, total: 1, from: event.progress, quiet });
      progress.update(
        event.progress,
        `epoch ${event.epoch}, loss ${event.reports.loss.toFixed(3)}${validation}`,
      );
    },
    done() {
      progress?.done();
      progress = undefined;
    },
  };
}
