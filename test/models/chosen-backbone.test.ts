import { describe, expect, it } from "vitest";
import { chosenBackbone, mobileTrunk, nanoTrunk, requireTrainable } from "../../src/models/index.ts";

describe("chosenBackbone", () => {
  it("is the one that ships for the net, nano where none is named", async () => {
    expect(await chosenBackbone(undefined)).toBe("fovea-nano");
    expect(await chosenBackbone(undefined, "nano")).toBe("fovea-nano");
    expect(await chosenBackbone(undefined, "small")).toBeUndefined();
  });

  it("is what is named, or none", async () => {
    expect(await chosenBackbone("mine.onnx", "nano")).toBe("mine.onnx");
    expect(await chosenBackbone("none", "nano")).toBeUndefined();
  });
});

describe("requireTrainable", () => {
  it("refuses a trunk without norms that has nothing to start from", () => {
    expect(() => requireTrainable("mobile", mobileTrunk, undefined)).toThrow(
      expect.objectContaining({ code: "backbone-required" }),
    );
    expect(() => requireTrainable("mobile", mobileTrunk, "coco")).not.toThrow();
    expect(() => requireTrainable("nano", nanoTrunk, undefined)).not.toThrow();
  });
});
