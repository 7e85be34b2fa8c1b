import { toTensorProto, writeModel } from "../../graph/index.ts";
import { Program } from "../../runtime/index.ts";
import { PROBE_ZERO, ROW_ZERO } from "./quantize.ts";

/** ONNX's numbers of element types. */
const UINT8 = 2;
const INT8 = 3;
const INT32 = 6;

type Dims = readonly (number | string)[];

/**
 * Products of probes with the codes of rows that never change. ONNX Runtime lays a constant matrix out for its kernel
 * once, when it loads: a search then reads every code a single time.
 *
 * Input `probes` `[probes, size]` uint8 around {@link PROBE_ZERO}; output `products` `[probes, rows]` int32.
 * @param codes `[size, rows]`: a dimension of all rows, then the next
 */
export function fixedScan(codes: Int8Array, size: number, rows: number, threads?: number): Promise<Program> {
  const model = writeModel({
    ...HEADER,
    graph: {
      name: "scan of fixed rows",
      node: [{ opType: "MatMulInteger", input: ["probes", "codes", "zero"], output: ["products"] }],
      input: [value("probes", UINT8, ["probes", size])],
      output: [value("products", INT32, ["probes", rows])],
      initializer: [
        toTensorProto("codes", { dtype: "int8", shape: [size, rows], data: codes }),
        toTensorProto("zero", { dtype: "uint8", shape: [], data: Uint8Array.of(PROBE_ZERO) }),
      ],
    },
  });
  return Program.load(model, { threads });
}

/**
 * Products of probes with rows that are still added to.
 *
 * Inputs `rows` `[rows, size]` uint8 around {@link ROW_ZERO}, `probes` `[size, probes]` int8; output `products`
 * `[probes, rows]` int32.
 */
export function looseScan(size: number, threads?: number): Promise<Program> {
  const model = writeModel({
    ...HEADER,
    graph: {
      name: "scan of loose rows",
      node: [
        { opType: "MatMulInteger", input: ["rows", "probes", "zero"], output: ["turned"] },
        { opType: "Transpose", input: ["turned"], output: ["products"] },
      ],
      input: [value("rows", UINT8, ["rows", size]), value("probes", INT8, [size, "probes"])],
      output: [value("products", INT32, ["probes", "rows"])],
      initializer: [toTensorProto("zero", { dtype: "uint8", shape: [], data: Uint8Array.of(ROW_ZERO) })],
    },
  });
  return Program.load(model, { threads });
}

const HEADER = { irVersion: 9, producerName: "fovea", opsetImport: [{ domain: "", version: 21 }] };

function value(name: string, elemType: number, dims: Dims) {
  const dim = dims.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
