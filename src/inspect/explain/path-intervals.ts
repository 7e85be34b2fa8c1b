/** A part of the way from one picture to another, 0 at the first and 1 at the second. */
export interface Interval {
  from: number;
  to: number;
}

interface Measured extends Interval {
  /** What the target is at both ends, and in the middle. */
  first: number;
  middle: number;
  last: number;
}

/** As many intervals of one length. */
export function evenIntervals(count: number): Interval[] {
  return Array.from({ length: count }, (_, i) => ({ from: i / count, to: (i + 1) / count }));
}

/**
 * The way in intervals that are short where the target does not change evenly: begun as one, and the one whose middle
 * is farthest from the mean of its ends halved, again and again. Nets change fast near a picture without contrast, and
 * hardly at all after that.
 */
export class PathIntervals {
  #intervals: Measured[] = [];
  readonly #valueAt: (share: number) => Promise<number>;

  private constructor(valueAt: (share: number) => Promise<number>) {
    this.#valueAt = valueAt;
  }

  /** @param valueAt the target at a share of the way */
  static async start(valueAt: (share: number) => Promise<number>): Promise<PathIntervals> {
    const path = new PathIntervals(valueAt);
    const [first, middle, last] = [await valueAt(0), await valueAt(0.5), await valueAt(1)];
    path.#intervals.push({ from: 0, to: 1, first, middle, last });
    return path;
  }

  /** What the target is at both ends of the way. */
  get ends(): { first: number; last: number } {
    return { first: this.#intervals[0].first, last: this.#intervals.at(-1)!.last };
  }

  /** Halves intervals until there are `count`, or the signal asks to stop. */
  async refineTo(count: number, signal?: AbortSignal): Promise<readonly Interval[]> {
    while (this.#intervals.length < count && !signal?.aborted) {
      const errors = this.#intervals.map(bend);
      const worst = errors.indexOf(Math.max(...errors));
      const { from, to, first, middle, last } = this.#intervals[worst];
      const centre = (from + to) / 2;
      const halves: Measured[] = [
        { from, to: centre, first, middle: await this.#valueAt((from + centre) / 2), last: middle },
        { from: centre, to, first: middle, middle: await this.#valueAt((centre + to) / 2), last },
      ];
      this.#intervals.splice(worst, 1, ...halves);
    }
    return this.#intervals;
  }
}

/** How far the target is from changing evenly; where it does everywhere, long intervals come first. */
function bend({ from, to, first, middle, last }: Measured): number {
  return Math.abs(middle - (first + last) / 2) + 1e-9 * (to - from);
}
