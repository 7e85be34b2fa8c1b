/**
 * How the elements of a tensor depend on the picture along one of its two directions. Convolutions, pools and all that
 * lies between them treat rows and columns apart from each other, so an element's receptive field is the rectangle of
 * two spans.
 */
export interface Track {
  /** The tensor's axis along which the span changes; undefined where all elements have the one span. */
  readonly axis: number | undefined;
  /** First pixel that each place of the axis depends on. */
  readonly low: Int32Array;
  /** Last pixel; below `low` where a place depends on none, such as padding. */
  readonly high: Int32Array;
  /** What the spans would be on an endless picture, where they are evenly spaced. */
  readonly even: EvenSpans | undefined;
}

/** Spans of `size` pixels, the first beginning at pixel `offset` (below 0: in the padding), each `stride` pixels on. */
export interface EvenSpans {
  readonly offset: number;
  readonly stride: number;
  readonly size: number;
}

const NONE = { low: Number.MAX_SAFE_INTEGER, high: Number.MIN_SAFE_INTEGER };

/** The span of all pixels that some spans touch. */
class Span {
  #low = NONE.low;
  #high = NONE.high;

  add(track: Track, place: number): void {
    const [low, high] = [track.low[place], track.high[place]];
    if (low > high) return;
    this.#low = Math.min(this.#low, low);
    this.#high = Math.max(this.#high, high);
  }

  store(low: Int32Array, high: Int32Array, place: number): void {
    const empty = this.#low > this.#high;
    low[place] = empty ? 1 : this.#low;
    high[place] = empty ? 0 : this.#high;
  }
}

/** The picture itself: each place sees its own pixel. */
export function pixelTrack(axis: number, size: number): Track {
  const places = Int32Array.from({ length: size }, (_, i) => i);
  return { axis, low: places, high: places, even: { offset: 0, stride: 1, size: 1 } };
}

/** A track whose place i sees what the places `sources(i)` of another one see. */
export function regroup(
  track: Track,
  axis: number | undefined,
  count: number,
  sources: (place: number) => Iterable<number>,
  even?: EvenSpans,
): Track {
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  for (let place = 0; place < count; place++) {
    const span = new Span();
    for (const source of sources(place)) {
      if (source >= 0 && source < track.low.length) span.add(track, source);
    }
    span.store(low, high, place);
  }
  return { axis, low, high, even };
}

/** All elements see what any of them saw. */
export function collapse(track: Track): Track {
  if (track.axis === undefined) return track;
  return regroup(track, undefined, 1, () => track.low.keys());
}

/** The same spans along another axis of another tensor. */
export function moved(track: Track, axis: number | undefined): Track {
  return { ...track, axis };
}

/** What several tensors see together, place by place; those of one place hold for all. */
export function merge(tracks: readonly Track[]): Track | undefined {
  if (tracks.length <= 1) return tracks[0];
  const axes = new Set(tracks.flatMap(({ axis }) => axis ?? []));
  const [axis] = axes;
  const aligned = axes.size > 1 ? tracks.map(collapse) : tracks;
  const count = Math.max(...aligned.map(({ low }) => low.length));
  if (aligned.some(({ low }) => low.length !== 1 && low.length !== count)) return merge(tracks.map(collapse));
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  for (let place = 0; place < count; place++) {
    const span = new Span();
    for (const track of aligned) span.add(track, track.low.length === 1 ? 0 : place);
    span.store(low, high, place);
  }
  const along = axes.size === 1 ? axis : undefined;
  return { axis: along, low, high, even: mergeEven(aligned) };
}

function mergeEven(tracks: readonly Track[]): EvenSpans | undefined {
  const evens = tracks.flatMap(({ even }) => even ?? []);
  if (evens.length < tracks.length || new Set(evens.map(({ stride }) => stride)).size > 1) return undefined;
  const offset = Math.min(...evens.map((even) => even.offset));
  const end = Math.max(...evens.map((even) => even.offset + even.size));
  return { offset, stride: evens[0].stride, size: end - offset };
}
