export { trackThrough } from "./rules.ts";
export { type EvenSpans, pixelTrack, type Track } from "./track.ts";
