import { FoveaError } from "../core/index.ts";
import { checkSize } from "./fit.ts";
import type { Picture } from "./picture.ts";

/**
 * Refuses what is no {@link Picture}: sides that are not whole numbers of at least 1, or another number of bytes than
 * RGB has.
 *
 * @throws FoveaError `picture-size`
 */
export function requirePicture({ width, height, data }: Picture): void {
  checkSize("Picture", { width, height });
  const pixels = width * height;
  if (data.byteLength === 3 * pixels) return;
  const remedy =
    data.byteLength === 4 * pixels ? "leave the fourth channel out" : "give three bytes for each pixel";
  throw new FoveaError(
    "picture-size",
    `A picture of ${width}×${height} pixels needs ${3 * pixels} bytes of RGB, but \`data\` has ${data.byteLength}; ${remedy}.`,
  );
}
