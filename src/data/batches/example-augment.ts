import type { SeriesAugmentOptions, VolumeAugmentOptions } from "../augment/index.ts";
import type { PictureAugmentOptions } from "./augment-options.ts";

/** How examples are varied in training: each kind by its own means, `null` for not at all, and all by blending. */
export interface ExampleAugment {
  pictures?: PictureAugmentOptions | null;
  series?: SeriesAugmentOptions | null;
  volume?: VolumeAugmentOptions | null;
  /** α of mixup's Beta(α, α) (Zhang et al. 2018); 0, the default, leaves it out. */
  mixup?: number;
  /** α of CutMix's Beta(α, α) (Yun et al. 2019), pictures only; with mixup, each batch has one of the two. */
  cutmix?: number;
}

/** No example is varied by itself. */
export const unvaried: ExampleAugment = { pictures: null, series: null, volume: null };
