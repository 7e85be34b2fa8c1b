import { describe, expect, it } from "vitest";
import { encoderDigest, isEncoderModel, isEncoderSetup } from "../../src/face/encoder-model.ts";
import { encodingDistance } from "../../src/face/index.ts";

const net = "ab".repeat(32);

describe("encoderDigest", () => {
  it("is the net's own where pictures are taken whole, and another one where faces are cut out", () => {
    expect(encoderDigest(net, "none")).toBe(net);
    expect(encoderDigest(net, "dlib")).toMatch(/^[0-9a-f]{64}$/);
    expect(encoderDigest(net, "dlib")).not.toBe(net);
    expect(encoderDigest("cd".repeat(32), "dlib")).not.toBe(encoderDigest(net, "dlib"));
  });
});

describe("isEncoderModel", () => {
  it("wants name, digest and size; as used, whether mirror images count", () => {
    const model = { name: "own", digest: net, size: 128 };
    expect([isEncoderModel(model), isEncoderSetup(model)]).toEqual([true, false]);
    expect(isEncoderSetup({ ...model, mirror: false })).toBe(true);
    for (const wrong of [null, "own", {}, { ...model, size: 0 }, { ...model, digest: undefined }])
      expect(isEncoderModel(wrong)).toBe(false);
  });
});

describe("encodingDistance", () => {
  it("is Euclidean", () => {
    expect(encodingDistance(Float32Array.of(1, 2, 2), Float32Array.of(0, 0, 0))).toBe(3);
  });

  it.each([
    [128, 64],
    [64, 128],
  ])("refuses encodings of %s and %s numbers", (a, b) => {
    expect(() => encodingDistance(new Float32Array(a), new Float32Array(b))).toThrow(
      expect.objectContaining({
        code: "shape-mismatch",
        message: expect.stringContaining(`of ${a} and of ${b} numbers`),
      }),
    );
  });
});
