import { describe, expect, it } from "vitest";
import { tensor } from "../../src/core/index.ts";
import { importModel } from "../../src/graph/index.ts";
import { file } from "./model-file.ts";

describe("importModel refuses, in one sentence,", () => {
  it.each([
    ["bytes that are no model", new TextEncoder().encode("no model at all"), "model-unreadable"],
    ["an empty file", new Uint8Array(), "model-unreadable"],
    ["too old a set", file(6, [1], [{ op: "Relu", in: ["x"] }]), "model-version"],
    ["too new a set", file(99, [1], [{ op: "Relu", in: ["x"] }]), "model-version"],
    ["an unknown operator", file(13, [1], [{ op: "Frobnicate", in: ["x"] }]), "operator-unsupported"],
    [
      "another domain",
      file(13, [1], [{ op: "Relu", in: ["x"], domain: "com.acme" }]),
      "operator-unsupported",
    ],
    [
      "a mask of Dropout that a node reads",
      file(
        13,
        [2],
        [
          { op: "Dropout", in: ["x"], out: ["a", "mask"] },
          { op: "Cast", in: ["mask"], attributes: { to: 1 } },
        ],
      ),
      "operator-unsupported",
    ],
    [
      "a mask of Dropout that is a result",
      file(13, [2], [{ op: "Dropout", in: ["x"], out: ["a", "y"] }]),
      "operator-unsupported",
    ],
    ["a tensor that nobody computes", file(13, [1], [{ op: "Relu", in: ["z"] }]), "model-unreadable"],
  ])("%s", (_, bytes, code) => {
    expect(() => importModel(bytes)).toThrowError(expect.objectContaining({ code }));
  });

  it("control flow", () => {
    const bytes = file(13, [1], [{ op: "If", in: ["x"], attributes: {} }]);
    expect(() => importModel(bytes)).toThrowError(/If \(node `If_node`\) is not supported/);
  });

  it("sizes and shapes for what the file does not have, and says what it has", () => {
    const bytes = file(13, ["batch", 2], [{ op: "Relu", in: ["x"] }]);
    expect(() => importModel(bytes, { dims: { bacth: 4 } })).toThrowError(
      expect.objectContaining({ code: "option-unknown", message: expect.stringMatching(/`bacth`.*`batch`/) }),
    );
    expect(() => importModel(bytes, { shapes: { X: [4, 2] } })).toThrowError(/`X`, but.*no such input.*`x`/);
    expect(importModel(bytes, { dims: { batch: 4 } }).inputs.x.shape).toEqual([4, 2]);
  });

  it.each([
    [18, 4],
    [21, 6],
  ])("groups of set %i that the channels do not make", (opset, size) => {
    const attributes = { num_groups: 4 };
    const bytes = file(opset, [1, 6, 1, 2], [{ op: "GroupNormalization", in: ["x", "s", "s"], attributes }], {
      s: tensor(new Array(size).fill(1)),
    });
    expect(() => importModel(bytes)).toThrowError(
      expect.objectContaining({ code: "argument-range", message: expect.stringMatching(/=4.*6 channels/) }),
    );
  });

  it.each([
    ["MaxPool without its window", [1, 1, 4, 4], { op: "MaxPool", in: ["x"] }],
    ["Relu of nothing", [2], { op: "Relu", in: [] }],
    ["Range that does not move on", [2], { op: "Range", in: ["zero", "one", "zero"] }],
  ])("%s, naming the node", (_, shape, node) => {
    const bytes = file(13, shape, [node], { zero: tensor([0], [], "int64"), one: tensor([1], [], "int64") });
    expect(() => importModel(bytes)).toThrowError(
      expect.objectContaining({
        code: "model-unreadable",
        message: expect.stringMatching(`^${node.op} \\(node \`${node.op}_node\`\\)`),
        cause: expect.any(Error),
      }),
    );
  });

  it("equal parts of a dimension that is open", () => {
    const bytes = file(11, [2, "n"], [{ op: "Split", in: ["x"], out: ["a", "y"], attributes: { axis: 1 } }]);
    expect(() => importModel(bytes)).toThrowError(
      expect.objectContaining({
        code: "shape-unknown",
        message: expect.stringMatching(/Split: axis 1 of `x`/),
      }),
    );
  });

  it("means and deviations of each place (`spatial` 0 of old sets)", () => {
    const of = (shape: number[], lists: number[]) => {
      const node = { op: "BatchNormalization", in: ["x", "s", "s", "s", "s"], attributes: { spatial: 0 } };
      return file(7, shape, [node], { s: tensor(new Array(lists.reduce((a, b) => a * b)).fill(1), lists) });
    };
    expect(() => importModel(of([1, 2, 3], [2, 3]))).toThrowError(
      expect.objectContaining({ code: "operator-unsupported", message: expect.stringMatching(/`spatial`/) }),
    );
    expect(importModel(of([4, 2], [2])).outputs.y.shape).toEqual([4, 2]); // no places: nothing differs
  });

  it("a shape for an input of another rank", () => {
    const bytes = file(13, ["n", 2], [{ op: "Relu", in: ["x"] }]);
    expect(() => importModel(bytes, { shapes: { x: [1, 2, 3] } })).toThrowError(/Input `x` has 2 dimensions/);
  });
});
