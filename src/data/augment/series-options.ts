import { fillIn, requireWithin } from "./options.ts";

/** How sequences are varied in training. What is left out has the value of {@link defaultSeriesAugment}. */
export interface SeriesAugmentOptions {
  /** Deviation of additive normal noise, relative to each channel's own standard deviation; 0 … 1. */
  jitter?: number;
  /**
   * Deviation of the logarithm of one normal factor per channel; 0 … 1. The factor is on the distance from the
   * channel's own mean, which stays: raw counts and temperatures far from 0 vary as little as others.
   */
  scale?: number;
  /**
   * Deviation of the logarithm of the speed at which time passes, a smooth curve; 0 … 1. Start and end stay
   * where they are, and time never stands still or runs back (Um et al. 2017, time warping).
   */
  timeWarp?: number;
  /**
   * Deviation of the logarithm of a factor that changes smoothly over time, another curve for each channel, also
   * on the distance from its mean; 0 … 1 (Um et al. 2017, magnitude warping).
   */
  magnitudeWarp?: number;
  /**
   * Smallest share of the length that is cut out at a random place and stretched to the whole length, drawn
   * uniformly up to 1; 0.1 … 1, 1 for none (Le Guennec et al. 2016, window slicing).
   */
  windowSlice?: number;
  /**
   * Largest shift in time either way, as a share of the length, in whole steps; 0 … 0.5. The steps that become
   * free repeat the first or last value (the shift is not circular: that would join end and start by a jump).
   */
  shift?: number;
  /** Probability of reversing time; 0 … 1. Off by default, because most sequences have a direction. */
  flip?: number;
}

/** Every value of {@link SeriesAugmentOptions}, set. */
export type SeriesAugment = Readonly<Required<SeriesAugmentOptions>>;

/**
 * What a {@link SeriesAugmentOptions} leaves out: little. Warps and slices move what tells classes of recorded beats and gestures
 * apart; ask for them where your classes do not depend on pace or amplitude (figures in docs/RESULTS.md).
 */
export const defaultSeriesAugment: SeriesAugment = {
  jitter: 0.03,
  scale: 0.05,
  timeWarp: 0,
  magnitudeWarp: 0,
  windowSlice: 1,
  shift: 0.02,
  flip: 0,
};

/** Fills in the defaults. Throws `augment-invalid` on a value out of its range. */
export function resolveSeriesAugment(options: SeriesAugmentOptions): SeriesAugment {
  const augment = fillIn(defaultSeriesAugment, options);
  requireWithin("jitter", augment.jitter, 0, 1);
  requireWithin("scale", augment.scale, 0, 1);
  requireWithin("timeWarp", augment.timeWarp, 0, 1);
  requireWithin("magnitudeWarp", augment.magnitudeWarp, 0, 1);
  requireWithin("windowSlice", augment.windowSlice, 0.1, 1);
  requireWithin("shift", augment.shift, 0, 0.5);
  requireWithin("flip", augment.flip, 0, 1);
  return augment;
}
