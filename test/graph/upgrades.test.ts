import { describe, expect, it } from "vitest";
import { type Tensor, tensor, toNumbers } from "../../src/core/index.ts";
import { importModel, writeModel } from "../../src/graph/index.ts";
import { compile, Program } from "../../src/runtime/index.ts";
import { expectClose } from "./closeness.ts";
import { bothAnswers, type ForeignOperator, foreignFile } from "./foreign-file.ts";

const counting = (...shape: number[]) =>
  tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i),
    shape,
  );
const integers = (...numbers: number[]) => tensor(numbers, [numbers.length], "int64");

interface Case extends ForeignOperator {
  name: string;
  x: Tensor;
  /** What ONNX's text says, where it was worked out by hand. */
  values?: readonly number[];
}

const kernel = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3]);

function transposed(name: string, attributes: ForeignOperator["attributes"]): Case {
  return {
    name: `ConvTranspose, ${name}`,
    op: "ConvTranspose",
    opset: 13,
    x: counting(1, 1, 3, 3),
    attributes: { strides: [2, 2], ...attributes },
    constants: { w: kernel },
  };
}

function unreduced(kind: string, values: readonly number[]): Case {
  return {
    name: `Reduce${kind} over no axes`,
    op: `Reduce${kind}`,
    opset: 18,
    x: kind === "LogSum" ? tensor([2, 3, 0.5]) : tensor([-2, 3, 0.5]),
    attributes: { noop_with_empty_axes: 1 },
    values,
  };
}

function shrunk(name: string, scales: readonly number[], mode = "nearest"): Case {
  return {
    name: `Resize of set 10, ${mode}, ${name}`,
    op: "Resize",
    opset: 10,
    x: counting(1, 1, 4, 7),
    attributes: { mode },
    constants: { scales: tensor([1, 1, ...scales]) },
  };
}

const cases: Case[] = [
  {
    name: "RoiAlign of set 11",
    op: "RoiAlign",
    opset: 11,
    x: counting(1, 1, 4, 4),
    attributes: { output_height: 2, output_width: 2, sampling_ratio: 1 },
    constants: { regions: tensor([1, 0, 3, 2], [1, 4]), pictures: integers(0) },
    values: [3.5, 4.5, 7.5, 8.5], // samples at x 1.5 and 2.5, y 0.5 and 1.5
  },
  transposed("output_shape", { output_shape: [6, 6] }),
  transposed("output_shape with more padding behind", { output_shape: [6, 5], auto_pad: "SAME_UPPER" }),
  transposed("output_shape and pads, which it overrules", { output_shape: [6, 6], pads: [1, 1, 1, 1] }),
  transposed("output_shape and output_padding", { output_shape: [8, 8], output_padding: [1, 1] }),
  transposed("SAME_UPPER", { auto_pad: "SAME_UPPER" }),
  transposed("SAME_LOWER", { auto_pad: "SAME_LOWER" }),
  transposed("VALID", { auto_pad: "VALID" }),
  {
    ...transposed("SAME_UPPER with a kernel smaller than the stride", { auto_pad: "SAME_UPPER" }),
    constants: { w: tensor([2], [1, 1, 1, 1]) },
  },
  shrunk("one axis smaller", [1, 0.5]),
  shrunk("both smaller", [0.5, 0.6]),
  shrunk("one axis larger, one smaller", [2, 0.6]),
  shrunk("both larger", [2, 1.7]),
  shrunk("one axis smaller", [1, 0.5], "linear"),
  {
    name: "Resize to a size that double precision would round down further",
    op: "Resize",
    opset: 13,
    x: counting(10),
    inputs: ["x", "", "scales"],
    attributes: { mode: "nearest", nearest_mode: "floor", coordinate_transformation_mode: "asymmetric" },
    constants: { scales: tensor([0.7]) },
    values: [0, 1, 2, 4, 5, 7, 8],
  },
  {
    name: "Pow of integers by fractions",
    op: "Pow",
    opset: 15,
    x: tensor([9, 10, -8, 2], [4], "int64"),
    constants: { exponent: tensor([0.5, 2.5, 3, -1]) },
    values: [3, 316, -512, 0],
  },
  {
    name: "Slice backwards from before the front",
    op: "Slice",
    opset: 13,
    x: counting(5),
    constants: { starts: integers(-10), ends: integers(-100), axes: integers(0), steps: integers(-2) },
    values: [0],
  },
  unreduced("Sum", [-2, 3, 0.5]),
  unreduced("Mean", [-2, 3, 0.5]),
  unreduced("L1", [2, 3, 0.5]),
  unreduced("L2", [2, 3, 0.5]),
  unreduced("SumSquare", [4, 9, 0.25]),
  unreduced("LogSum", [Math.log(2), Math.log(3), Math.log(0.5)]),
  unreduced("LogSumExp", [-2, 3, 0.5]),
  {
    name: "Split into parts of which the last is smaller",
    op: "Split",
    opset: 18,
    x: counting(7),
    attributes: { num_outputs: 3 },
    outputs: ["a", "b", "y"],
    values: [6],
  },
  {
    name: "Reshape with zeros that are sizes",
    op: "Reshape",
    opset: 14,
    x: tensor([], [0, 3]),
    attributes: { allowzero: 1 },
    constants: { shape: integers(3, 0) },
  },
  {
    name: "MatMul of a vector and matrices",
    op: "MatMul",
    opset: 13,
    x: counting(3),
    constants: { b: counting(2, 3, 4) },
  },
  {
    name: "MatMul of matrices and a vector",
    op: "MatMul",
    opset: 13,
    x: counting(2, 3, 4),
    constants: { b: counting(4) },
  },
  {
    name: "MatMul of vectors",
    op: "MatMul",
    opset: 13,
    x: counting(4),
    constants: { b: tensor([2, 0, 1, -1]) },
    values: [-1],
  },
];

describe("a node of a file computes what ONNX Runtime makes of the file itself:", () => {
  it.each(cases)("$name", async ({ x, values, ...operator }) => {
    const { native, imported, inferred } = await bothAnswers(x, operator);
    expect(imported.shape).toEqual(native.shape);
    expect(inferred).toEqual(native.shape);
    expect(imported.dtype).toBe(native.dtype);
    const near = { relative: 1e-5, ofLargest: 1e-6 };
    expectClose(imported.data, toNumbers(native), near, "imported");
    if (values) expectClose(native.data, values, near, "by hand");
  });
});

describe("a file that ONNX Runtime refuses to run is refused when it is read:", () => {
  it.each([
    {
      name: "Split into more parts than there is for",
      op: "Split",
      opset: 18,
      x: counting(5),
      attributes: { num_outputs: 4 },
      outputs: ["a", "b", "c", "y"],
      message: /5 elements do not make 4 parts/,
    },
    {
      ...transposed("output_shape beyond the kernel's reach", { output_shape: [9, 9] }),
      message: /`output_shape` \(=\[9,9\]\) is larger than the \[7,7\]/,
    },
    {
      ...transposed("output_padding of a whole stride", { output_padding: [1, 2] }),
      message: /`output_padding` \(=\[1,2\]\).*strides \[2,2\]/,
    },
    {
      ...transposed("output_padding of a stride, below the dilation", {
        strides: [1, 1],
        dilations: [2, 2],
        output_padding: [1, 1],
      }),
      message: /`output_padding` \(=\[1,1\]\).*strides \[1,1\]/,
    },
    {
      ...transposed("output_padding of a stride, cut off again", {
        strides: [1, 1],
        dilations: [2, 2],
        output_padding: [1, 1],
        output_shape: [6, 6],
      }),
      message: /`output_padding` \(=\[1,1\]\).*strides \[1,1\]/,
    },
    {
      ...transposed("negative output_padding", { output_padding: [-1, 0] }),
      message: /`output_padding` \(=\[-1,0\]\)/,
    },
  ])("$name", async ({ x, message, ...operator }) => {
    await expect(bothAnswers(x, operator)).rejects.toThrow();
    expect(() => importModel(foreignFile(x, operator))).toThrowError(message);
  });
});

describe("Resize of set 10 by scales that are computed", () => {
  it("takes the elements that ONNX Runtime takes", async () => {
    const { shape: dims, data } = tensor([1, 1, 0.6, 0.6]);
    const info = (name: string, sizes: readonly number[]) => ({
      name,
      type: { tensorType: { elemType: 1, shape: { dim: sizes.map((dimValue) => ({ dimValue })) } } },
    });
    const node = (opType: string, input: string[], output: string, attribute: object[] = []) => {
      return { opType, input, output: [output], attribute };
    };
    const bytes = writeModel({
      irVersion: 5,
      opsetImport: [{ domain: "", version: 10 }],
      graph: {
        name: "computed",
        initializer: [
          { name: "share", dims: [...dims], dataType: 1, floatData: [...(data as Float32Array)] },
        ],
        input: [info("x", [1, 1, 5, 5])],
        output: [info("y", [1, 1, 3, 3])],
        node: [
          node("Shape", ["x"], "sizes"),
          node("Cast", ["sizes"], "floats", [{ name: "to", type: 2, i: 1 }]),
          node("Mul", ["floats", "share"], "wanted"),
          node("Div", ["wanted", "floats"], "scales"),
          node("Resize", ["x", "scales"], "y", [
            { name: "mode", type: 3, s: new TextEncoder().encode("nearest") },
          ]),
        ],
      },
    });
    const x = counting(1, 1, 5, 5);
    const runtime = await Program.load(bytes, { threads: 1 });
    const imported = await compile({ outputs: importModel(bytes).outputs, threads: 1 });
    const expected = toNumbers((await runtime.run({ x })).y);
    expect(expected).toEqual([0, 2, 4, 10, 12, 14, 20, 22, 24]);
    expect(toNumbers((await imported.run({ x })).y)).toEqual(expected);
    await Promise.all([runtime.release(), imported.release()]);
  });
});
