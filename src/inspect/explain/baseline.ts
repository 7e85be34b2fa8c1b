import type { InspectedNet, View } from "../net/index.ts";

/**
 * A picture without information, as the net's numbers. What was put around the picture stays as it is: it is no part of
 * the picture, so nothing of the answer may be put down to it.
 */
export function baselineValues(
  { pixels, layout }: Pick<InspectedNet, "pixels" | "layout">,
  { values, content }: Pick<View, "values" | "content">,
  baseline: "black" | "grey",
): Float32Array {
  const { channels, channelsLast, width, height } = layout;
  const [left, top, right, bottom] = content;
  const shade = baseline === "black" ? 0 : 0.5;
  const result = Float32Array.from(values);
  for (let channel = 0; channel < channels; channel++) {
    const value = (shade * pixels.scale - pixels.mean[channel]) / pixels.deviation[channel];
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const place = y * width + x;
        result[channelsLast ? place * channels + channel : channel * width * height + place] = value;
      }
    }
  }
  return result;
}
