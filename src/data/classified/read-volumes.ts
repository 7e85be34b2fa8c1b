import { basename, resolve } from "node:path";
import { FoveaError, messageOf, sizeOf } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { mapParallel } from "../parallel.ts";
import { type ClassFile, listClassFiles } from "./class-folders.ts";
import type { ReadArrays } from "./dataset.ts";
import { checkFolder, empty, readBytes, unreadable } from "./dataset-errors.ts";
import { putElements } from "./elements.ts";
import { canFit, putFitted, usualShape } from "./fit-volume.ts";
import { mostFrequent } from "./most-frequent.ts";
import { parseNifti } from "./nifti.ts";
import { type NpyArray, npyNumbers, parseNpy } from "./npy.ts";
import { type Npz, openNpz } from "./npz.ts";
import { unpackNifti } from "./unpack-nifti.ts";
import { faultOf, formatShape, shareValues, type Volume } from "./volume.ts";
import { nameLabels } from "./volume-labels.ts";

/** Names of files with one volume each. */
const VOLUME_SUFFIXES: readonly string[] = [".npy", ".nii", ".nii.gz"];

const VOXEL_NAMES: readonly string[] = ["voxels", "x"];
const LABEL_NAMES: readonly string[] = ["labels", "y"];

/** A last axis as short as this, behind longer ones, is no width. */
const MOST_CHANNELS_LAST = 4;

/**
 * Reads an `.npz` file with the arrays `voxels` (or `x`, or the only array of four axes or more), `[N, depth,
 * height, width]` or `[N, channels, depth, height, width]`, and `labels` (or `y`), `[N]` whole numbers or texts.
 * A `classes.txt` beside it names the classes, one in each line from number 0. A volume with a value that is not
 * finite is skipped and becomes a problem.
 *
 * @returns volumes of shape `[channels, depth, height, width]`, all in one piece of shared memory: bytes and truth
 * values as `Uint8Array`, other numbers as `Float32Array`
 * @throws FoveaError `dataset-missing`, `dataset-unreadable`, `dataset-empty`
 */
export async function readVolumeFile(path: string): Promise<ReadArrays> {
  const file = resolve(path);
  const npz = openNpz(await readBytes(file), file);
  const labelName = findName(npz, LABEL_NAMES);
  if (labelName === undefined) {
    throw unreadable(
      path,
      `it has no array \`labels\` or \`y\`, only ${listNames(npz)}; save the labels with it`,
    );
  }
  const labelArray = npz.read(labelName);
  const array = findVoxels(npz, labelName, path);
  const [count] = array.shape;
  const shape = shapeOfEach(array);
  // One label each: [N], or [N, 1].
  if (labelArray.shape[0] !== count || sizeOf(labelArray.shape) !== count) {
    throw unreadable(
      labelArray.name,
      `its shape is ${formatShape(labelArray.shape)}; ${count} volumes need labels of shape [${count}]`,
    );
  }
  const problems: Problem[] = [];
  const { labels, classes } = await nameLabels(labelArray, file, problems);
  const volumes = cutVolumes(array, shape);
  const examples = labels.flatMap((label, i) => {
    const values = volumes[i];
    const fault = label === "" ? "The label is empty" : faultOf(values);
    if (fault === undefined) return [{ id: `${basename(file)}:${i}`, label, values }];
    problems.push({ kind: "example-unreadable", file, detail: `Volume ${i}: ${fault}: skipped.` });
    return [];
  });
  if (examples.length === 0) throw empty(path, "save volumes of finite numbers with their labels.", problems);
  return { kind: "volumes", shape, examples, problems, ...(classes && { classes }) };
}

/**
 * The volumes of an `.npz` file without their labels, which it may lack; otherwise as {@link readVolumeFile}.
 *
 * @throws FoveaError `dataset-missing`, `dataset-unreadable`
 */
export async function readUnlabelledVolumes(
  path: string,
): Promise<{ shape: readonly number[]; volumes: (Float32Array | Uint8Array)[] }> {
  const file = resolve(path);
  const npz = openNpz(await readBytes(file), file);
  const array = findVoxels(npz, findName(npz, LABEL_NAMES), path);
  const shape = shapeOfEach(array);
  return { shape, volumes: cutVolumes(array, shape) };
}

export interface VolumeFolderOptions {
  /** `[channels, depth, height, width]` that volumes are brought to where any can be, instead of the usual one of the folder. */
  shape?: readonly number[];
}

/**
 * Reads folders `class/name.npy`, `.nii` or `.nii.gz` with one volume in each file, `[depth, height, width]` or
 * `[channels, depth, height, width]`. Folders `train`, `val` and `test` above the classes give the splits. Volumes of
 * other sizes than most are cut and filled up; one whose size is too far from that, or that cannot be used, is skipped.
 * Both become problems.
 *
 * @returns volumes of shape `[channels, depth, height, width]`, all in one piece of shared memory: as `Uint8Array`
 * if all are bytes or truth values, else as `Float32Array`
 * @throws FoveaError `dataset-missing`, `dataset-empty`, and `dataset-format` where most sizes are too far from each other
 */
export async function readVolumeFolder(root: string, options: VolumeFolderOptions = {}): Promise<ReadArrays> {
  const folder = resolve(root);
  await checkFolder(folder);
  const { files, problems } = await listClassFiles(folder, VOLUME_SUFFIXES, "volumes");
  const skip = (file: string, reason: string) =>
    problems.push({ kind: "example-unreadable", file, detail: `${reason}: file skipped.` });
  const read = await mapParallel(files, async (file) => {
    try {
      return { ...file, volume: await readVolume(file) };
    } catch (error) {
      skip(file.file, messageOf(error).replace(/\.$/, ""));
      return undefined;
    }
  });
  const volumes = read.filter((result) => result !== undefined);
  const channels = mostFrequent(volumes, ({ volume }) => `${volume.shape[0]}`);
  const ofChannels = volumes.filter(({ file, volume }) => {
    const count = `${volume.shape[0]}`;
    if (count !== channels) skip(file, `The volume has ${count} channels, most have ${channels}`);
    return count === channels;
  });
  const shapes = ofChannels.map(({ volume }) => volume.shape);
  const suits = options.shape && shapes.filter((shape) => canFit(shape, options.shape!)).length > 0;
  const usual = suits ? options.shape! : shapes.length > 0 ? usualShape(shapes) : [];
  const found = ofChannels.filter(({ file, volume }) => {
    const fits = canFit(volume.shape, usual);
    if (!fits) skip(file, otherShape(volume.shape, usual));
    return fits;
  });
  if (found.length < ofChannels.length / 2) throw differentSizes(root, ofChannels, usual);
  const size = sizeOf(usual);
  const all = shareValues(
    found.length * size,
    found.every(({ volume }) => volume.elements instanceof Uint8Array),
  );
  const examples = found.flatMap(({ id, label, split, file, volume }, i) => {
    const values = all.subarray(i * size, (i + 1) * size);
    putFitted(values, usual, volume.elements, volume.shape);
    const fault = faultOf(values);
    if (fault !== undefined) {
      skip(file, fault);
      return [];
    }
    if (formatShape(volume.shape) !== formatShape(usual)) {
      const detail = `The volume's shape is ${formatShape(volume.shape)}: cut or filled up to ${formatShape(usual)}, its middle in the middle.`;
      problems.push({ kind: "example-fitted", file, detail });
    }
    return [{ id, label, values, ...(split && { split }) }];
  });
  if (examples.length > 0) return { kind: "volumes", shape: usual, examples, problems };
  throw empty(root, "it must hold class/name.npy, .nii or .nii.gz with a volume in each file.", problems);
}

/** Why a volume's shape does not suit, for the end of a sentence. */
export function otherShape(shape: readonly number[], wanted: readonly number[]): string {
  const reason = `The volume's shape is ${formatShape(shape)}, too far from ${formatShape(wanted)} to be cut or filled up`;
  return `${reason} (resample it, or put its axes in the same order)`;
}

function differentSizes(
  root: string,
  found: readonly { volume: Volume }[],
  usual: readonly number[],
): FoveaError {
  const shapes = [...new Set(found.map(({ volume }) => formatShape(volume.shape)))];
  return new FoveaError(
    "dataset-format",
    `The volumes in \`${root}\` have ${shapes.length} shapes (${shapes.slice(0, 3).join(", ")}, …), most too far from ${formatShape(usual)} to be cut or filled up: resample them to one size, their axes in one order.`,
  );
}

/**
 * Reads a file with one volume.
 *
 * @throws FoveaError `dataset-missing`, `dataset-unreadable`
 */
export async function readVolume({ file, id }: Pick<ClassFile, "file" | "id">): Promise<Volume> {
  const bytes = await readBytes(file);
  if (/\.nii$/i.test(file)) return parseNifti(bytes, id);
  if (/\.gz$/i.test(file)) return parseNifti(await unpackNifti(bytes, id), id);
  const array = parseNpy(bytes, id);
  const shape = array.shape.length === 3 ? [1, ...array.shape] : array.shape;
  requireChannelsFirst(shape, id);
  if (shape.length === 4 && sizeOf(shape) > 0) return { shape, elements: npyNumbers(array) };
  throw unreadable(
    id,
    `its shape is ${formatShape(array.shape)}; it must be [depth, height, width] or [channels, depth, height, width]`,
  );
}

/** Refuses volumes that have their channels last, as a few at the end of longer axes show. */
function requireChannelsFirst(shape: readonly number[], name: string): void {
  if (shape.length !== 4 || shape[3] > MOST_CHANNELS_LAST) return;
  if (shape.slice(0, 3).some((length) => length <= MOST_CHANNELS_LAST)) return;
  throw unreadable(
    name,
    `its volumes of ${formatShape(shape)} seem to have their channels last; save them as [channels, depth, height, width], for example with numpy.moveaxis(array, -1, -4)`,
  );
}

/** `[channels, depth, height, width]` of each volume of an array. */
function shapeOfEach(array: NpyArray): number[] {
  const rest = array.shape.slice(1);
  const shape = rest.length === 3 ? [1, ...rest] : rest;
  requireChannelsFirst(shape, array.name);
  if (shape.length === 4 && sizeOf(shape) > 0) return shape;
  throw unreadable(
    array.name,
    `its shape is ${formatShape(array.shape)}; it must be [N, depth, height, width] or [N, channels, depth, height, width]`,
  );
}

/** The values of each volume of an array, all in one piece of shared memory. */
function cutVolumes(array: NpyArray, shape: readonly number[]): (Float32Array | Uint8Array)[] {
  const size = sizeOf(shape);
  const elements = npyNumbers(array);
  const all = shareValues(array.shape[0] * size, elements instanceof Uint8Array);
  putElements(all, 0, elements);
  return Array.from({ length: array.shape[0] }, (_, i) => all.subarray(i * size, (i + 1) * size));
}

/** The array of volumes: by its name, else the only one of four axes or more. */
function findVoxels(npz: Npz, labelName: string | undefined, path: string): NpyArray {
  const name = findName(npz, VOXEL_NAMES);
  if (name !== undefined) return npz.read(name);
  const others = npz.names.filter((other) => other !== labelName).map((other) => npz.unpack(other));
  const candidates = others.filter(({ shape }) => shape.length >= 4);
  if (candidates.length === 1) return candidates[0].read();
  const found = candidates.length === 0 ? "no" : "several";
  throw unreadable(
    path,
    `it has no array \`voxels\` or \`x\` and ${found} others of four axes or more among ${listNames(npz)}; rename the one with the volumes to \`voxels\``,
  );
}

/** The array's name that is one of these, the first of them preferred; capital letters count as small ones. */
function findName({ names }: Npz, wanted: readonly string[]): string | undefined {
  for (const word of wanted) {
    const name = names.find((candidate) => candidate.toLowerCase() === word);
    if (name !== undefined) return name;
  }
  return undefined;
}

function listNames({ names }: Npz): string {
  return names.length > 0 ? names.map((name) => `\`${name}\``).join(", ") : "nothing";
}
