import type { SeriesAugmentOptions, VolumeAugmentOptions } from "../augment/index.ts";
import type { AugmentOptions } from "./augment-options.ts";

/** How examples are varied in training: each kind by its own means, all by blending. */
export interface ExampleAugment {
  pictures?: AugmentOptions;
  series?: SeriesAugmentOptions;
  volume?: VolumeAugmentOptions;
  /** α of mixup's Beta(α, α) (Zhang et al. 2018); 0, the default, leaves it out. */
  mixup?: number;
  /** α of CutMix's Beta(α, α) (Yun et al. 2019), pictures only; with mixup, each batch has one of the two. */
  cutmix?: number;
}
