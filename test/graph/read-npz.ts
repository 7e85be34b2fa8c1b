import { readFileSync } from "node:fs";
import { unzipSync } from "fflate";
import type { Tensor } from "../../src/core/index.ts";
import { fromFloat16 } from "../../src/graph/index.ts";

/** The arrays of a NumPy `.npz` file that hold float32 or float16 numbers in C order, as float32. */
export function readNpz(path: string): Map<string, Tensor> {
  const files = Object.entries(unzipSync(readFileSync(path)));
  return new Map(files.map(([name, bytes]) => [name.replace(/\.npy$/, ""), readNpy(bytes)]));
}

/** NumPy's format 1.0: magic, length of the header, the header as a Python dictionary, the elements. */
function readNpy(bytes: Uint8Array): Tensor {
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  const header = Buffer.from(bytes.subarray(10, 10 + headerLength)).toString("latin1");
  const shape = [...header.match(/'shape': \(([^)]*)\)/)![1].matchAll(/\d+/g)].map(Number);
  const elements = bytes.slice(10 + headerLength).buffer;
  if (!header.includes("<f2")) return { dtype: "float32", shape, data: new Float32Array(elements) };
  return fromFloat16({ dtype: "float16", shape, data: new Uint16Array(elements) });
}
