import type { LoopEvent } from "../train/index.ts";
import { createProgress, type Progress } from "./progress.ts";

/** Shows a training run's events as progress. */
export interface TrainingProgress {
  onEvent: (event: LoopEvent) => void;
  /** Ends the progress; more calls do nothing. */
  done(): void;
}

/** What an epoch's record may say of the validation, and how that is called. */
const FIGURES: Readonly<Record<string, string>> = {
  mAP50: "mAP50",
  mAP50_95: "mAP50-95",
  eer: "equal error rate",
  accuracy: "accuracy",
  top5: "top 5",
  meanIou: "mean IoU",
  nme: "mean error",
};

/** Progress of a training run: share and time left, epoch, loss, and the last validation. */
export function createTrainingProgress(options: { quiet?: boolean; label?: string }): TrainingProgress {
  const { quiet, label = "Training" } = options;
  let progress: Progress | undefined;
  let validation = "";
  return {
    onEvent(event) {
      if (event.kind === "epoch") {
        const figures = Object.entries(FIGURES).filter(([name]) => event.record[name] !== undefined);
        if (figures.length === 0) return;
        validation = ` · ${figures.map(([name, title]) => `${title} ${event.record[name].toFixed(3)}`).join(", ")}`;
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
