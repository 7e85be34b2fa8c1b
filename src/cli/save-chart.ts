import { extname } from "node:path";
import { writeOutput } from "../core/index.ts";

/** Width of a chart that is written as pixels: twice its own, for sharp print and screens. */
const PIXELS_PER_UNIT = 2;

/**
 * Writes a chart as .svg, or as pixels in the format of the extension (.png, .jpg, .webp).
 *
 * @throws FoveaError `picture-format`, `output-unwritable`
 */
export async function saveChart(svg: string, path: string): Promise<void> {
  if (extname(path).toLowerCase() === ".svg") {
    await writeOutput(path, svg);
    return;
  }
  const { savePicture, svgToPicture } = await import("../image/index.ts");
  const width = Number(/<svg[^>]*\swidth="([\d.]+)"/.exec(svg)?.[1]);
  const options = Number.isFinite(width) ? { width: Math.round(width * PIXELS_PER_UNIT) } : {};
  await savePicture(await svgToPicture(svg, options), path);
}
