import { basename, resolve } from "node:path";
import { messageOf, sizeOf } from "../../core/index.ts";
import type { Problem } from "../dataset.ts";
import { mapParallel } from "../parallel.ts";
import { type ClassFile, listClassFiles } from "./class-folders.ts";
import type { ReadArrays } from "./dataset.ts";
import { checkFolder, empty, readBytes, unreadable } from "./dataset-errors.ts";
import { putElements } from "./elements.ts";
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

/**
 * Reads folders `class/name.npy`, `.nii` or `.nii.gz` with one volume in each file, `[depth, height, width]` or
 * `[channels, depth, height, width]`. Folders `train`, `val` and `test` above the classes give the splits. A file that
 * cannot be used, or whose volume has another shape than most, is skipped and becomes a problem.
 *
 * @returns volumes of shape `[channels, depth, height, width]`, all in one piece of shared memory: as `Uint8Array`
 * if all are bytes or truth values, else as `Float32Array`
 * @throws FoveaError `dataset-missing`, `dataset-empty`
 */
export async function readVolumeFolder(root: string): Promise<ReadArrays> {
  const folder = resolve(root);
  await checkFolder(folder);
  const { files, problems } = await listClassFiles(folder, VOLUME_SUFFIXES);
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
  const usual = mostFrequent(volumes, ({ volume }) => formatShape(volume.shape));
  const found = volumes.filter(({ file, volume }) => {
    const shape = formatShape(volume.shape);
    if (shape !== usual) skip(file, `The volume's shape is ${shape}, that of most is ${usual}`);
    return shape === usual;
  });
  const shape = found[0]?.volume.shape ?? [];
  const size = sizeOf(shape);
  const all = shareValues(
    found.length * size,
    found.every(({ volume }) => volume.elements instanceof Uint8Array),
  );
  const examples = found.flatMap(({ id, label, split, file, volume }, i) => {
    putElements(all, i * size, volume.elements);
    const values = all.subarray(i * size, (i + 1) * size);
    const fault = faultOf(values);
    if (fault === undefined) return [{ id, label, values, ...(split && { split }) }];
    skip(file, fault);
    return [];
  });
  if (examples.length > 0) return { kind: "volumes", shape, examples, problems };
  throw empty(root, "it must hold class/name.npy, .nii or .nii.gz with a volume in each file.", problems);
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
  if (shape.length === 4 && sizeOf(shape) > 0) return { shape, elements: npyNumbers(array) };
  throw unreadable(
    id,
    `its shape is ${formatShape(array.shape)}; it must be [depth, height, width] or [channels, depth, height, width]`,
  );
}

/** `[channels, depth, height, width]` of each volume of an array. */
function shapeOfEach(array: NpyArray): number[] {
  const rest = array.shape.slice(1);
  const shape = rest.length === 3 ? [1, ...rest] : rest;
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
  const others = npz.names.filter((other) => other !== labelName).map((other) => npz.read(other));
  const candidates = others.filter(({ shape }) => shape.length >= 4);
  if (candidates.length === 1) return candidates[0];
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
