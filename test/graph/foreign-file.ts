import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { type Tensor, tensor } from "../../src/core/index.ts";
import { importModel, toTensorProto, writeModel } from "../../src/graph/index.ts";
import { compile } from "../../src/runtime/index.ts";
import { attribute, type Given } from "./model-file.ts";

/** The one node of a file, and its constants. */
export interface ForeignOperator {
  op: string;
  opset: number;
  /** Names of the inputs; `x` is fed, others are constants. Default: x, then the constants. */
  inputs?: readonly string[];
  attributes?: Readonly<Record<string, Given>>;
  constants?: Readonly<Record<string, Tensor>>;
  /** Names of the outputs; `y` is the result. Default: y alone. */
  outputs?: readonly string[];
}

/** A file of one operator, as another exporter might write it: x in, y out. */
export function foreignFile(x: Tensor, operator: ForeignOperator): Uint8Array {
  const { op, opset, attributes = {}, constants = {}, outputs = ["y"] } = operator;
  const dim = x.shape.map((dimValue) => ({ dimValue }));
  const elemType = toTensorProto("", x).dataType;
  return writeModel({
    irVersion: 8,
    opsetImport: [{ domain: "", version: opset }],
    graph: {
      name: "test",
      input: [{ name: "x", type: { tensorType: { elemType, shape: { dim } } } }],
      output: [{ name: "y", type: { tensorType: { elemType } } }],
      initializer: Object.entries(constants).map(([name, value]) => toTensorProto(name, value)),
      node: [
        {
          opType: op,
          name: "node",
          input: [...(operator.inputs ?? ["x", ...Object.keys(constants)])],
          output: [...outputs],
          attribute: Object.entries(attributes).map(([name, given]) => attribute(name, given)),
        },
      ],
    },
  } as Parameters<typeof writeModel>[0]);
}

/** What ONNX Runtime makes of the bytes as they are. */
async function nativeAnswer(bytes: Uint8Array, { dtype, data, shape }: Tensor): Promise<Tensor> {
  const session = await InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  const x = new OrtTensor(dtype as "float32", data as Float32Array, [...shape]);
  const { y } = await session.run({ x });
  const copy = tensor(y.data as Float32Array, y.dims, y.type as Tensor["dtype"]);
  await session.release();
  return copy;
}

/** What ONNX Runtime makes of a file, what it makes of the file read and written again, and the shape inferred. */
export async function bothAnswers(x: Tensor, operator: ForeignOperator) {
  const bytes = foreignFile(x, operator);
  const native = await nativeAnswer(bytes, x);
  const { y } = importModel(bytes).outputs;
  const program = await compile({ outputs: { y }, threads: 1 });
  const result = (await program.run({ x })).y;
  const imported = tensor(result.data, [...result.shape], result.dtype);
  await program.release();
  return { native, imported, inferred: y.shape };
}
