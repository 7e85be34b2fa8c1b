import { FoveaError, type Tensor, tensor, viewBytes } from "../../core/index.ts";
import { fromFloat16 } from "../../graph/index.ts";

/** A weight as the manifest of a TensorFlow.js model lists it. */
export interface WeightEntry {
  name: string;
  shape: readonly number[];
  dtype: string;
  /** How the file keeps it smaller: half precision, or integers q for q · scale + min. */
  quantization?: { dtype: "float16" | "uint8" | "uint16"; scale?: number; min?: number };
}

const bytesPerValue: Readonly<Record<string, number>> = {
  float32: 4,
  float16: 2,
  int32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

/**
 * The tensors of weight files whose values follow each other without gaps. Integers become int64, which is what ONNX
 * indexes with.
 *
 * @throws `weights-truncated` where the bytes end before the values, `model-unreadable` for more bytes or an element
 *   type that TensorFlow.js has not
 */
export function decodeWeights(
  entries: readonly WeightEntry[],
  bytes: Uint8Array,
  file: string,
): Map<string, Tensor> {
  const tensors = new Map<string, Tensor>();
  let at = 0;
  for (const entry of entries) {
    const stored = entry.quantization?.dtype ?? entry.dtype;
    const width = bytesPerValue[stored];
    if (!width) {
      throw new FoveaError(
        "model-unreadable",
        `Weights \`${file}\`: tensor \`${entry.name}\` is of type "${stored}", which cannot be read.`,
      );
    }
    const length = entry.shape.reduce((product, dim) => product * dim, 1) * width;
    if (at + length > bytes.byteLength) {
      throw new FoveaError(
        "weights-truncated",
        `Weights \`${file}\` end after ${bytes.byteLength} bytes, within tensor \`${entry.name}\`: install or download them again.`,
      );
    }
    tensors.set(entry.name, decode(entry, stored, new Uint8Array(bytes.subarray(at, at + length))));
    at += length;
  }
  if (at === bytes.byteLength) return tensors;
  throw new FoveaError(
    "model-unreadable",
    `Weights \`${file}\` have ${bytes.byteLength} bytes, but their manifest lists ${at}: the two files do not belong together.`,
  );
}

/** `bytes` are a copy that begins at an address which suits any type. */
function decode({ shape, dtype, quantization }: WeightEntry, stored: string, bytes: Uint8Array): Tensor {
  if (stored === "float16") {
    return fromFloat16({ dtype: "float16", shape, data: viewBytes("float16", bytes) });
  }
  if (dtype === "float32" && !quantization) return { dtype, shape, data: viewBytes(dtype, bytes) };
  const integers =
    stored === "int32"
      ? new Int32Array(bytes.buffer)
      : stored === "uint16"
        ? new Uint16Array(bytes.buffer)
        : bytes;
  const { scale = 1, min = 0 } = quantization ?? {};
  const values = Array.from(integers, (q) => q * scale + min);
  if (dtype === "bool") return tensor(values, shape, "bool");
  return dtype === "float32"
    ? tensor(values, shape, "float32")
    : tensor(values.map(Math.round), shape, "int64");
}
