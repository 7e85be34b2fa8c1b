import { FoveaError } from "../core/index.ts";
import { classColor, parseColor, readableOn } from "./color.ts";
import { FONT_FAMILY } from "./fonts.ts";
import type { Picture, PictureSize } from "./picture.ts";
import { placeTags, type Rectangle } from "./place-tags.ts";
import { requirePicture } from "./require-picture.ts";
import { drawSvgOver, escapeXml } from "./svg.ts";
import { shortenText, textWidth } from "./text-width.ts";

/** A box to draw. */
export interface DetectionMark {
  /** Corners in pixels of the picture. */
  readonly box: readonly [x1: number, y1: number, x2: number, y2: number];
  /** Text of the tag, one line; no tag by default. */
  readonly label?: string;
  /** `#rgb` or `#rrggbb`; the first class's colour by default. */
  readonly color?: string;
  /** Dashed line, for example for the true boxes beside the found ones. */
  readonly dashed?: boolean;
}

export interface DrawOptions {
  /** Width of the lines in pixels; by default in proportion to the picture. */
  lineWidth?: number;
  /** Size of the labels in pixels; by default in proportion to the picture, at least 10. */
  fontSize?: number;
}

/**
 * A picture with boxes and labels drawn on it. Where marks meet, the earlier one lies on top and its label
 * gets the better place, so pass them by falling score. Boxes that lie outside the picture are left out.
 *
 * @throws `box-invalid` where a corner is not a number, `color-invalid`, `picture-size`
 */
export async function drawDetections(
  picture: Picture,
  marks: readonly DetectionMark[],
  options: DrawOptions = {},
): Promise<Picture> {
  requirePicture(picture);
  const scale = Math.sqrt(picture.width * picture.height);
  const style: Style = {
    lineWidth: options.lineWidth ?? Math.max(1, Math.round(scale / 320)),
    fontSize: options.fontSize ?? Math.max(10, Math.round(6 + scale / 75)),
  };
  const clipped = marks.map((mark) => clipMark(mark, picture)).filter((mark) => mark !== undefined);
  const outlines = clipped.map((mark) => drawOutline(mark, style));
  const tags = drawTags(clipped, picture, style);
  // SVG paints in order: the first mark comes last.
  const content = [...outlines.reverse(), ...tags.reverse()].join("\n");
  return drawSvgOver(
    picture,
    `<svg xmlns="http://www.w3.org/2000/svg" width="${picture.width}" height="${picture.height}">${content}</svg>`,
  );
}

interface Style {
  lineWidth: number;
  fontSize: number;
}

/** The mark with its box clipped to the picture; undefined where nothing of it is inside. */
function clipMark(mark: DetectionMark, { width, height }: PictureSize): Required<DetectionMark> | undefined {
  if (!mark.box.every(Number.isFinite)) {
    throw new FoveaError(
      "box-invalid",
      `drawDetections: \`box\` (=[${mark.box.join(", ")}]) must be 4 numbers.`,
    );
  }
  const color = mark.color ?? classColor(0);
  parseColor(color);
  const [x1, y1] = [Math.max(0, mark.box[0]), Math.max(0, mark.box[1])];
  const [x2, y2] = [Math.min(width, mark.box[2]), Math.min(height, mark.box[3])];
  if (x2 < x1 || y2 < y1) return undefined;
  return { box: [x1, y1, x2, y2], label: oneLine(mark.label), color, dashed: mark.dashed ?? false };
}

function oneLine(label = ""): string {
  return label.replace(/\s+/g, " ").trim();
}

/** The box's line, wholly inside the box, with a thin dark rim that sets it off from a ground of its own colour. */
function drawOutline({ box, color, dashed }: Required<DetectionMark>, { lineWidth }: Style): string {
  const [x1, y1, x2, y2] = box;
  const inset = lineWidth / 2;
  const shape = [
    `x="${x1 + inset}" y="${y1 + inset}"`,
    `width="${Math.max(0.1, x2 - x1 - lineWidth)}" height="${Math.max(0.1, y2 - y1 - lineWidth)}"`,
    `fill="none" stroke-linejoin="round"`,
    dashed ? `stroke-dasharray="${lineWidth * 4} ${lineWidth * 2.5}"` : "",
  ].join(" ");
  const rim = Math.max(1, lineWidth / 2);
  return (
    `<rect ${shape} stroke="#000000" stroke-opacity="0.35" stroke-width="${lineWidth + rim}"/>` +
    `<rect ${shape} stroke="${color}" stroke-width="${lineWidth}"/>`
  );
}

function drawTags(marks: readonly Required<DetectionMark>[], picture: PictureSize, style: Style): string[] {
  const { fontSize } = style;
  const padding = Math.round(fontSize * 0.35);
  const labelled = marks
    .filter((mark) => mark.label !== "")
    .map((mark) => ({
      ...mark,
      text: shortenText(mark.label, fontSize, picture.width - 2 * padding, "bold"),
    }));
  const places = placeTags(
    labelled.map(({ box, text }) => ({
      box,
      width: Math.ceil(textWidth(text, fontSize, "bold")) + 2 * padding,
      height: Math.round(fontSize * 1.4),
    })),
    picture,
  );
  return labelled.map(({ text, color }, i) => drawTag(text, color, places[i], padding, fontSize));
}

function drawTag(text: string, color: string, tag: Rectangle, padding: number, fontSize: number): string {
  // DejaVu's capitals are 0.73 em high: this baseline centres them.
  const baseline = tag.y + tag.height / 2 + 0.365 * fontSize;
  return (
    `<rect x="${tag.x}" y="${tag.y}" width="${tag.width}" height="${tag.height}" rx="${fontSize / 8}" fill="${color}"/>` +
    `<text x="${tag.x + padding}" y="${baseline}" font-family="${FONT_FAMILY}" font-weight="bold" ` +
    `font-size="${fontSize}" fill="${readableOn(color)}">${escapeXml(text)}</text>`
  );
}
