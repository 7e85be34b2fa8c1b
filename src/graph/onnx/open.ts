import { closeSync, openSync, readSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, normalize, sep } from "node:path";
import { FoveaError, messageOf } from "../../core/index.ts";
import { type ImportedModel, type ImportOptions, importModel } from "./import.ts";

/** The bytes of a model file; throws `model-missing`, and `model-unreadable` for an empty one. */
export async function readModelFile(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const fault =
      cause.code === "EISDIR"
        ? "is a folder; give the path of an .onnx file in it"
        : `cannot be opened (${cause.code ?? messageOf(cause)}); give the path of an .onnx file`;
    throw new FoveaError("model-missing", `Model \`${path}\` ${fault}.`, { cause });
  });
  if (bytes.length > 0) return bytes;
  throw new FoveaError("model-unreadable", `Model \`${path}\` is empty, it has 0 bytes; copy it again.`);
}

/** A model file that was read before. */
export interface ModelBytes {
  /** How messages call it. */
  name: string;
  bytes: Uint8Array;
  /** Where it lies, with the files beside it that hold its tensors; undefined for bytes alone. */
  path?: string;
}

/**
 * Opens an `.onnx` file as a graph, with the files beside it that hold its tensors.
 *
 * @param file its path, or what was read of it
 * @throws what {@link importModel} throws, the file named; `model-missing`
 */
export async function openModel(
  file: string | ModelBytes,
  options: ImportOptions = {},
): Promise<ImportedModel> {
  const { name, bytes, path } =
    typeof file === "string" ? { name: file, bytes: await readModelFile(file), path: file } : file;
  const beside = path !== undefined && {
    externalData: (location: string, offset: number, length: number) =>
      readStretch(besideModel(path, location), offset, length),
  };
  try {
    return importModel(bytes, { ...beside, ...options });
  } catch (cause) {
    if (!(cause instanceof FoveaError)) throw cause;
    const remedy =
      cause.code === "model-unreadable"
        ? ` The file has ${bytes.length} bytes; copy it again, or give another.`
        : "";
    throw new FoveaError(cause.code, `${name}: ${cause.message}${remedy}`, { cause });
  }
}

/** Where a model's tensors lie: in its own folder or below, as ONNX demands. */
function besideModel(path: string, location: string): string {
  const beside = normalize(location);
  if (isAbsolute(location) || beside.split(sep)[0] === "..") {
    throw new FoveaError(
      "external-data-missing",
      `The model keeps tensors in \`${location}\`, outside of its own folder; put that file beside the model and export it again.`,
    );
  }
  return join(dirname(path), beside);
}

/** So many bytes of a file, or as many as there are: files of tensors may be larger than memory. */
function readStretch(path: string, offset: number, length: number): Uint8Array {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = new Uint8Array(length);
      return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new FoveaError(
      "external-data-missing",
      `The model keeps tensors in \`${path}\`, which cannot be read (${messageOf(cause)}).`,
      { cause },
    );
  }
}
