import { requireWhole } from "../../core/index.ts";
import { type Picture, readPicture, resizePicture } from "../../image/index.ts";
import { openModelFile } from "../../models/index.ts";
import { type DeviceOptions, Program } from "../../runtime/index.ts";
import { sizeWithSide } from "../optimize/index.ts";
import type { PictureInput } from "../options.ts";
import { cropPlanes, framePlanes, toPicture, toPlanes, withColorsOf } from "../planes/index.ts";
import { type PainterCard, painterCard } from "./card.ts";
import { requireMemory } from "./painting-memory.ts";
import { TRANSFORMER_STRIDE } from "./transformer.ts";

/** How to paint with a trained net. */
export interface PaintOptions {
  /**
   * Longer side of the result in pixels; default: the picture's own, at most 2048. A pass takes about half a gigabyte of
   * memory a megapixel.
   */
  size?: number;
  /** The picture's own colours: of the style only lightness and strokes are taken. */
  keepColors?: boolean;
}

/** Longer side that is painted unless more is asked for: about two gigabytes of memory. */
const LARGEST_UNASKED = 2048;

/** Pixels around a picture in which convolutions see its mirror image and not zeros; cut off in the end. */
const BORDER = 16;

/** A net that paints in one style, ready for any picture. */
export class Painter {
  /** What the model's file says of itself. */
  readonly card: PainterCard;
  readonly #program: Program;

  private constructor(card: PainterCard, program: Program) {
    this.card = card;
    this.#program = program;
  }

  /**
   * Opens a painter from its file or the file's bytes.
   * @throws FoveaError `model-missing`, `model-unreadable`, `not-a-painter`
   */
  static async load(source: string | Uint8Array, device: DeviceOptions = {}): Promise<Painter> {
    const { name, bytes, model } = await openModelFile(source);
    return new Painter(painterCard(model, name), await Program.load(bytes, device));
  }

  /**
   * Paints a picture: a file, its bytes, or a decoded picture.
   * @throws FoveaError `argument-range`, `picture-too-large` where the memory would not do, `picture-size` for a decoded picture
   *   that is not RGB; what `decodePicture` throws
   */
  async paint(input: PictureInput, { size, keepColors = false }: PaintOptions = {}): Promise<Picture> {
    if (size !== undefined) requireWhole("Painter.paint", "size", size, 1);
    const original = await readPicture(input);
    const longer = Math.max(original.width, original.height);
    const wanted = sizeWithSide(original, size ?? Math.min(longer, LARGEST_UNASKED));
    requireMemory(wanted, this.card.width);
    const content = toPlanes(await resizePicture(original, wanted.width, wanted.height));
    const up = (side: number) => Math.ceil((side + 2 * BORDER) / TRANSFORMER_STRIDE) * TRANSFORMER_STRIDE;
    const framed = framePlanes(content, { width: up(content.width), height: up(content.height) }, BORDER);
    const { painted } = await this.#program.run({
      pictures: { dtype: "float32", shape: [1, 3, framed.height, framed.width], data: framed.data },
    });
    const result = cropPlanes(
      { width: framed.width, height: framed.height, data: painted.data as Float32Array },
      content,
      BORDER,
    );
    return toPicture(keepColors ? withColorsOf(result, content) : result);
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#program.release();
  }
}
