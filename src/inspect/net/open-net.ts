import { createHash } from "node:crypto";
import { basename } from "node:path";
import { FoveaError } from "../../core/index.ts";
import { copyGraph, type GraphCopy, type ModelProto, type Value } from "../../graph/index.ts";
import { type Picture, requirePicture } from "../../image/index.ts";
import {
  openModelFile,
  type PixelConvention,
  pixelConventionOf,
  pixelConventions,
  readCard,
} from "../../models/index.ts";
import type { DeviceOptions } from "../../runtime/index.ts";
import type { Fit } from "./fit-picture.ts";
import { openGraph } from "./open-graph.ts";
import { findPictureEntry } from "./picture-path.ts";
import { type PictureLayout, shapeOfLayout } from "./picture-tensor.ts";
import { type Preparation, prepareByFile, prepareByFitting } from "./prepare.ts";
import { resizeInProportion } from "./resize-in-proportion.ts";
import type { View } from "./view.ts";

/** How to open a net to look into it. */
export interface NetOptions extends DeviceOptions {
  /** How reports call it; default the file's name. */
  name?: string;
  /** Size of its input in pixels, where the file leaves it open; default: the one it was trained with, else 224. */
  size?: number | { width: number; height: number };
  /**
   * How it takes pixels: 0-1, -1-1, 0-255, imagenet or caffe; default: what its file says, or what Fovea's nets take,
   * "imagenet" for others.
   */
  pixels?: string;
  /** How pictures are brought to its size; default "crop". Files that prepare pictures themselves do it their way. */
  fit?: Fit;
}

/** A convolutional net as it is looked into: pictures in, every tensor within reach. */
export class InspectedNet {
  readonly name: string;
  /** SHA-256 (hex) of its file. */
  readonly digest: string;
  /** What the file says of itself, where Fovea made it. */
  readonly card: Readonly<Record<string, unknown>>;
  /** Names of its classes, where it has any. */
  readonly classes: readonly string[] | undefined;
  /** Its input: pictures as floats. */
  readonly picture: Value;
  readonly layout: PictureLayout;
  readonly outputs: Readonly<Record<string, Value>>;
  /** How pixels become its numbers. */
  readonly pixels: PixelConvention;
  /** How pictures are brought in, in words. */
  readonly preparation: string;
  /** Why the part behind the convolutions was left out, where it cannot be read. */
  readonly unreadable: string | undefined;
  readonly device: DeviceOptions;
  readonly #prepare: Preparation;

  private constructor(
    fields: Omit<InspectedNet, "view" | "close" | "pads" | "rebuild" | "shape">,
    prepare: Preparation,
  ) {
    this.name = fields.name;
    this.digest = fields.digest;
    this.card = fields.card;
    this.classes = fields.classes;
    this.picture = fields.picture;
    this.layout = fields.layout;
    this.outputs = fields.outputs;
    this.pixels = fields.pixels;
    this.preparation = fields.preparation;
    this.unreadable = fields.unreadable;
    this.device = fields.device;
    this.#prepare = prepare;
  }

  /**
   * Opens an ONNX file: one of Fovea's (a backbone, a classifier, a detector) or any other whose input is a picture.
   *
   * @param path of the file, or its address
   * @throws FoveaError `model-missing`, `model-unreadable`, `download-failed`, `operator-unsupported`, `no-convolution`,
   *   `not-a-picture-net`, `pixels-unknown`, `argument-range`
   */
  static async open(
    path: string,
    { name: called, size, pixels, fit = "crop", ...rest }: NetOptions = {},
  ): Promise<InspectedNet> {
    const device: DeviceOptions = { device: rest.device, threads: rest.threads };
    const file = await openModelFile(path);
    const card = readCard(file.model);
    const { name, rank, shape } = pictureInput(file.model, path);
    const preparesItself = rank === 3;
    if (preparesItself && (size || pixels)) {
      throw new FoveaError(
        "argument-range",
        `Model \`${path}\` brings pictures to its own size and numbers; leave \`size\` and \`pixels\` out.`,
      );
    }
    const asked = sizeFor(size, card);
    const shapes = preparesItself ? {} : { [name]: shape(asked) };
    const { opened, unreadable } = await openGraph(file, { shapes });
    const { inputs, outputs } = opened;
    const image = inputs[name];
    const entry = findPictureEntry(image, Object.values(outputs), path);
    if (size && !preparesItself) requireSize(entry.layout, asked, path);
    const values = preparesItself
      ? { name: "0-255", ...pixelConventions["0-255"] }
      : pixelConventionOf(opened.metadata, pixels, entry.bytes ? "0-255" : usualPixels(card));
    const prepare = preparesItself
      ? await prepareByFile(image, entry, device)
      : prepareByFitting(entry, fit, values);
    const { width, height } = entry.layout;
    const how = preparesItself
      ? "prepared as the file itself does it"
      : `${{ crop: "middle cropped", pad: "padded", stretch: "stretched" }[fit]}, pixel values "${values.name}"`;
    const classes = Array.isArray(card.classes) ? (card.classes as string[]) : undefined;
    const preparation = `${width}×${height} pixels, ${how}`;
    const fields = {
      name: called ?? basename(path),
      digest: createHash("sha256").update(file.bytes).digest("hex"),
      card,
      classes,
      outputs,
      pixels: values,
      preparation,
      unreadable,
      device,
    };
    return new InspectedNet({ ...fields, picture: entry.picture, layout: entry.layout }, prepare);
  }

  /** Whether views have margins that show no picture. */
  get pads(): boolean {
    return this.#prepare.pads;
  }

  /** A picture as the net sees it. @throws FoveaError `picture-size` */
  async view(picture: Picture): Promise<View> {
    requirePicture(picture);
    return this.#prepare.view(picture);
  }

  /** The shape of a batch of its pictures. */
  shape(batch: number, size: { width: number; height: number } = this.layout): number[] {
    return shapeOfLayout({ ...this.layout, ...size }, batch);
  }

  /**
   * The part of the net that some of its tensors need, for pictures that are a tensor of another graph: another batch or
   * another size, or pictures that are computed.
   *
   * @throws what shape rules throw, where the net allows no other size
   */
  rebuild<Name extends string>(tensors: Readonly<Record<Name, Value>>, pictures: Value): GraphCopy<Name> {
    return copyGraph(tensors, {
      into: pictures.graph,
      replaced: new Map([[this.picture, pictures]]),
      rewrite: resizeInProportion,
    });
  }

  /** Gives the engine's memory back. */
  close(): Promise<void> {
    return this.#prepare.close();
  }
}

interface PictureInput {
  name: string;
  rank: number;
  /** The input's shape with its open dimensions filled. */
  shape: (size: { width: number; height: number }) => number[];
}

/** The input that a picture goes into. */
function pictureInput({ graph }: ModelProto, path: string): PictureInput {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const inputs = graph.input.filter(({ name }) => !constants.has(name));
  const [input] = inputs;
  const dims = input?.type.tensorType.shape?.dim ?? [];
  if (inputs.length !== 1 || (dims.length !== 3 && dims.length !== 4)) {
    const found = inputs.map(
      ({ name, type }) => `${name} (${type.tensorType.shape?.dim.length ?? "?"} dimensions)`,
    );
    throw new FoveaError(
      "not-a-picture-net",
      `Model \`${path}\` must have one input, a picture [N, C, H, W] or [height, width, 3]; it has ${found.join(", ") || "none"}.`,
    );
  }
  const fixed = dims.map(({ dimValue, dimParam }) => (dimParam || !dimValue ? undefined : dimValue));
  const channelsLast = dims.length === 4 && (fixed[3] === 3 || fixed[3] === 1) && fixed[1] !== 3;
  return {
    name: input.name,
    rank: dims.length,
    shape({ width, height }) {
      const open = channelsLast ? [1, height, width, 3] : [1, 3, height, width];
      return fixed.map((dim, i) => (i === 0 ? 1 : (dim ?? open[i])));
    },
  };
}

/** Fovea's backbones take 0…1, its other nets that do not prepare pictures 0…255, nets of others mostly ImageNet's way. */
function usualPixels({ task }: Readonly<Record<string, unknown>>): string {
  if (task === undefined) return "imagenet";
  return task === "backbone" || task === "liveness" ? "0-1" : "0-255";
}

function requireSize(
  { width, height }: PictureLayout,
  asked: { width: number; height: number },
  path: string,
): void {
  if (width === asked.width && height === asked.height) return;
  throw new FoveaError(
    "argument-range",
    `Model \`${path}\` takes pictures of ${width}×${height} pixels, not of ${asked.width}×${asked.height}; leave \`size\` out.`,
  );
}

/** What is asked for, or what the net was trained with, or what nets of ImageNet take. */
function sizeFor(
  size: NetOptions["size"],
  card: Readonly<Record<string, unknown>>,
): { width: number; height: number } {
  const trained = (card.recipe as { input?: unknown } | undefined)?.input;
  const side = size ?? (typeof trained === "number" ? trained : 224);
  return typeof side === "number" ? { width: side, height: side } : side;
}
