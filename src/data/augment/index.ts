export { cutmix } from "./cutmix.ts";
export { drawBeta, drawGamma } from "./gamma.ts";
export { mixup } from "./mixup.ts";
export { type FactorRange, fillIn, requireWithin } from "./options.ts";
export { augmentSeries } from "./series-augment.ts";
export {
  defaultSeriesAugment,
  resolveSeriesAugment,
  type SeriesAugment,
  type SeriesAugmentOptions,
} from "./series-options.ts";
export { augmentVolume } from "./volume-augment.ts";
export {
  defaultVolumeAugment,
  resolveVolumeAugment,
  type VolumeAugment,
  type VolumeAugmentOptions,
  type VolumeAxis,
} from "./volume-options.ts";
export type { VolumeSize } from "./volume-placement.ts";
