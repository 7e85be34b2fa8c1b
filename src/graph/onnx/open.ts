import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FoveaError, messageOf } from "../../core/index.ts";
import { type ImportedModel, type ImportOptions, importModel } from "./import.ts";

/** The bytes of a model file; throws `model-missing`. */
export async function readModelFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new FoveaError(
      "model-missing",
      `Model \`${path}\` cannot be opened (${(cause as NodeJS.ErrnoException).code ?? messageOf(cause)}); give the path of an .onnx file.`,
      { cause },
    );
  }
}

/**
 * Opens an `.onnx` file as a graph, with the files beside it that hold its tensors.
 *
 * @throws what {@link importModel} throws, the file named; `model-missing`
 */
export async function openModel(path: string, options: ImportOptions = {}): Promise<ImportedModel> {
  const bytes = await readModelFile(path);
  const externalData = (location: string) => {
    const beside = join(dirname(path), location);
    try {
      return readFileSync(beside);
    } catch (cause) {
      throw new FoveaError(
        "external-data-missing",
        `The model keeps tensors in \`${beside}\`, which cannot be read (${messageOf(cause)}).`,
        { cause },
      );
    }
  };
  try {
    return importModel(bytes, { externalData, ...options });
  } catch (cause) {
    if (!(cause instanceof FoveaError)) throw cause;
    throw new FoveaError(cause.code, `${path}: ${cause.message}`, { cause });
  }
}
