import { describe, expect, it } from "vitest";
import { pixelConventionOf, pixelConventions } from "../../src/models/index.ts";

describe("pixelConventionOf", () => {
  const of = (metadata: Record<string, string>, asked?: string) =>
    pixelConventionOf(metadata, asked, "imagenet");

  it.each([
    [{}, "imagenet"],
    [{ "fovea.pixels": '"caffe"' }, "caffe"],
    [{ "fovea.pixels": "0-1" }, "0-1"],
    [{ "Image.NominalPixelRange": "Normalized_1_1" }, "-1-1"],
    [{ "Image.NominalPixelRange": "NominalRange_0_255", "Image.BitmapPixelFormat": "Rgb8" }, "0-255"],
    [{ "fovea.pixels": '"toString"' }, "imagenet"],
  ])("reads %j as %s", (metadata, name) => {
    expect(of(metadata as Record<string, string>)).toEqual({ name, ...pixelConventions[name] });
  });

  it("lets what is asked for win over what is stated", () => {
    expect(of({ "fovea.pixels": '"caffe"' }, "0-255")).toEqual({
      name: "0-255",
      ...pixelConventions["0-255"],
    });
    expect(() => of({}, "bytes")).toThrow(/"bytes" is not known; choose one of 0-1, -1-1, 0-255/);
  });

  it("keeps a stated order of channels with every range, their numbers turned with them", () => {
    const blueFirst = { "Image.BitmapPixelFormat": "Bgr8" };
    expect(of({ ...blueFirst, "Image.NominalPixelRange": "NominalRange_0_255" })).toMatchObject({
      scale: 255,
      bgr: true,
    });
    expect(of(blueFirst, "0-1")).toMatchObject({ name: "0-1, blue first", scale: 1, bgr: true });
    const { mean, deviation } = pixelConventions.imagenet;
    expect(of(blueFirst)).toMatchObject({
      mean: mean.toReversed(),
      deviation: deviation.toReversed(),
      bgr: true,
    });
    expect(of(blueFirst, "caffe")).toEqual({ name: "caffe", ...pixelConventions.caffe });
  });
});
