import { FoveaError } from "../core/index.ts";
import { type ModelProto, readModel, writeModel } from "../graph/index.ts";

/** Names of the open dimensions in the order of the axes; undefined where one is not open. */
export type DimNames = readonly (string | undefined)[];

/**
 * A model some dimensions of whose inputs and outputs are told to be of any size, for graphs that were built with fixed ones and
 * in which nothing depends on them.
 *
 * @param namesOf the names for an input or output, told its own; those of axes that it does not have are passed over
 * @throws FoveaError `model-unreadable` for other bytes, and where an input or output has no shape
 */
export function withOpenDims(bytes: Uint8Array, namesOf: (name: string) => DimNames): Uint8Array {
  const model = readBytes(bytes);
  for (const { name, type } of [...model.graph.input, ...model.graph.output]) {
    const dims = type?.tensorType?.shape?.dim;
    if (!dims) {
      throw new FoveaError(
        "model-unreadable",
        `The model does not say of what shape \`${name}\` is, so no dimension of it can be opened; write the file with all shapes.`,
      );
    }
    for (const [axis, dimParam] of namesOf(name).slice(0, dims.length).entries()) {
      if (dimParam !== undefined) dims[axis] = { dimParam };
    }
  }
  return writeModel(model);
}

/** {@link withOpenDims} of the batch: dimension 0 of whatever has dimensions. @throws FoveaError `model-unreadable` */
export function withAnyBatch(bytes: Uint8Array): Uint8Array {
  return withOpenDims(bytes, () => ["N"]);
}

function readBytes(bytes: Uint8Array): ModelProto {
  try {
    const model = readModel(bytes);
    if (model.graph?.output.length) return model;
  } catch (cause) {
    throw new FoveaError("model-unreadable", "The bytes are no ONNX model; give those of an .onnx file.", {
      cause,
    });
  }
  throw new FoveaError(
    "model-unreadable",
    "The bytes hold no graph with outputs; give those of an .onnx file.",
  );
}
