import { type RenderedImage, Resvg, type ResvgRenderOptions, renderAsync } from "@resvg/resvg-js";
import { FoveaError, messageOf } from "../core/index.ts";
import { checkSize } from "./fit.ts";
import { FONT_FAMILY, FONT_FILES } from "./fonts.ts";
import type { Picture } from "./picture.ts";
import { requirePicture } from "./require-picture.ts";

export interface RenderSvgOptions {
  /** Width of the result in pixels, the height in proportion; by default the size that the SVG states. */
  width?: number;
  /** CSS colour behind the drawing; transparent by default. */
  background?: string;
}

/**
 * Renders an SVG drawing to the bytes of a PNG file. All text is set in the shipped DejaVu Sans (DejaVu
 * Sans Mono where it is asked for by name), so that it looks the same on a machine without fonts; writing systems that
 * these lack, such as Chinese, appear as boxes.
 *
 * @throws `svg-invalid`, `picture-size`, `picture-too-large`
 */
export async function renderSvg(svg: string, options: RenderSvgOptions = {}): Promise<Uint8Array> {
  return (await render(svg, options)).asPng();
}

/**
 * Renders an SVG drawing to pixels; transparent parts are blended over white.
 *
 * @throws `svg-invalid`, `picture-size`, `picture-too-large`
 */
export async function svgToPicture(svg: string, options: RenderSvgOptions = {}): Promise<Picture> {
  const { width, height, pixels } = await render(svg, options);
  return blendOver({ width, height, data: new Uint8Array(width * height * 3).fill(255) }, pixels);
}

/**
 * A picture with an SVG drawing of the same size laid over it.
 *
 * @throws `svg-invalid`, `picture-size`, `picture-too-large`
 */
export async function drawSvgOver(picture: Picture, svg: string): Promise<Picture> {
  requirePicture(picture);
  return blendOver(picture, (await render(svg, { width: picture.width })).pixels);
}

/** Lays premultiplied RGBA pixels over a picture: result = overlay + (1 − alpha) × picture (Porter & Duff 1984). */
function blendOver({ width, height, data }: Picture, overlay: Uint8Array): Picture {
  const result = data.slice();
  for (let i = 0, j = 0; i < result.length; i += 3, j += 4) {
    const alpha = overlay[j + 3];
    if (alpha === 0) continue;
    const rest = (255 - alpha) / 255;
    for (let c = 0; c < 3; c++) result[i + c] = Math.round(overlay[j + c] + rest * data[i + c]);
  }
  return { width, height, data: result };
}

/** More than this many pixels would end the process inside the renderer instead of failing. */
const MAX_PIXELS = 2 ** 28;

async function render(svg: string, options: RenderSvgOptions): Promise<RenderedImage> {
  const { width, background } = options;
  if (width !== undefined) checkSize("renderSvg", { width });
  try {
    // Parsing without fonts is quick, and tells the size before any memory is taken.
    const parsed = new Resvg(svg, { font: { loadSystemFonts: false } });
    const scale = width === undefined ? 1 : width / parsed.width;
    const pixels = parsed.width * parsed.height * scale * scale;
    if (!(pixels <= MAX_PIXELS)) {
      throw new FoveaError(
        "picture-too-large",
        `The SVG drawing of ${parsed.width}×${parsed.height} pixels is too large to render: state a smaller size.`,
      );
    }
    return await renderAsync(svg, {
      ...RENDER_OPTIONS,
      fitTo: width === undefined ? { mode: "original" } : { mode: "width", value: width },
      ...(background === undefined ? {} : { background }),
    });
  } catch (error) {
    if (error instanceof FoveaError) throw error;
    throw new FoveaError("svg-invalid", `The SVG drawing cannot be rendered: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

const RENDER_OPTIONS: ResvgRenderOptions = {
  font: {
    loadSystemFonts: false,
    fontFiles: Object.values(FONT_FILES),
    defaultFontFamily: FONT_FAMILY,
    sansSerifFamily: FONT_FAMILY,
    serifFamily: FONT_FAMILY,
  },
};

/** Text for the inside of an SVG element or attribute: markup escaped, what XML forbids replaced by "�". */
export function escapeXml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to go.
      .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/gu, "\ufffd")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}
