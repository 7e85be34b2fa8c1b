import type { FaceRun } from "../../../src/face/train/face-run.ts";
import { type TrainFaceOptions, trainFaceEncoder } from "../../../src/face/train/train.ts";

/** Drawn people are not themselves in the mirror. */
const augment: TrainFaceOptions["augment"] = {
  flipHorizontal: 0,
  erase: 0,
  blur: 0,
  rotate: 2,
  translate: 0.02,
  scale: [0.97, 1.03],
};

/** Trains on drawn people, from nothing: a small input, few numbers. */
export function trainDrawn(options: TrainFaceOptions): Promise<FaceRun> {
  return trainFaceEncoder({
    crop: "none",
    // Where last layers or a head are asked for, the encoder is named.
    base: "none",
    side: 32,
    size: 32,
    people: 8,
    pictures: 3,
    valPeople: 0.25,
    augment,
    learningRate: 5e-3,
    threads: 1, // the same result, and no slower, beside other work
    ...options,
  });
}
