import type { Tensor } from "../../src/core/index.ts";
import { type ModelProto, toTensorProto, writeModel } from "../../src/graph/index.ts";

export type Attribute = ModelProto["graph"]["node"][number]["attribute"][number];
export type Given =
  | number
  | string
  | readonly number[]
  | Tensor
  | { float: number }
  | { floats: readonly number[] };

/** An attribute of a node, its type told by the value. */
export function attribute(name: string, given: Given): Partial<Attribute> {
  if (typeof given === "number") return { name, type: 2, i: given };
  if (typeof given === "string") return { name, type: 3, s: Buffer.from(given) };
  if ("float" in given) return { name, type: 1, f: given.float };
  if ("floats" in given) return { name, type: 6, floats: [...given.floats] };
  if ("data" in given) return { name, type: 4, t: toTensorProto("", given) as Attribute["t"] };
  return { name, type: 7, ints: [...given] };
}

export interface FileNode {
  op: string;
  in: string[];
  out?: string[];
  attributes?: Record<string, Given>;
  domain?: string;
}

/** A model file of a given operator set, as another exporter might write it: x in, y out. */
export function file(
  opset: number,
  shape: readonly (number | string)[],
  nodes: FileNode[],
  constants: Record<string, Tensor> = {},
) {
  const dim = shape.map((d) => (typeof d === "string" ? { dimParam: d } : { dimValue: d }));
  return writeModel({
    irVersion: 4,
    opsetImport: [{ domain: "", version: opset }],
    graph: {
      name: "test",
      input: [{ name: "x", type: { tensorType: { elemType: 1, shape: { dim } } } }],
      output: [{ name: "y", type: { tensorType: { elemType: 1, shape: { dim: [] } } } }],
      initializer: Object.entries(constants).map(([name, value]) => toTensorProto(name, value)),
      node: nodes.map(({ op, in: input, out = ["y"], attributes = {}, domain = "" }) => ({
        opType: op,
        domain,
        name: `${op}_node`,
        input,
        output: out,
        attribute: Object.entries(attributes).map(([name, given]) => attribute(name, given)),
      })),
    },
  } as Parameters<typeof writeModel>[0]);
}
