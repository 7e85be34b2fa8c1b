import { describe, expect, it } from "vitest";
import {
  classifierHead,
  fcn,
  inceptionTime,
  mobileNet,
  resNet,
  resNet18,
  seriesResNet,
  vgg,
  vgg11,
  voxNet,
} from "../../src/models/index.ts";
import { type Build, built, countLearned, forward, lossAfter } from "./net-tools.ts";

/** Numbers in a convolution without bias and the norm behind it. */
const unitSize = (inChannels: number, outChannels: number, taps: number) =>
  inChannels * outChannels * taps + 2 * outChannels;
const denseSize = (features: number, outFeatures: number) => features * outFeatures + outFeatures;

describe("nets learn as many numbers as their papers' tables say", () => {
  const inceptionTaps = 39 + 19 + 9;
  it.each<{ what: string; build: Build; input: number[]; count: number }>([
    {
      what: "FCN",
      build: (scope, x) => classifierHead(scope.at("head"), fcn(scope, x), 2),
      input: [1, 1, 140],
      count: unitSize(1, 128, 8) + unitSize(128, 256, 5) + unitSize(256, 128, 3) + denseSize(128, 2),
    },
    {
      what: "ResNet for time series",
      build: (scope, x) => classifierHead(scope.at("head"), seriesResNet(scope, x), 2),
      input: [1, 1, 140],
      count:
        // blocks 1 → 64 → 128 → 128, the last with a norm alone as its shortcut
        unitSize(1, 64, 8) +
        unitSize(64, 64, 5) +
        unitSize(64, 64, 3) +
        unitSize(1, 64, 1) +
        (unitSize(64, 128, 8) + unitSize(128, 128, 5) + unitSize(128, 128, 3) + unitSize(64, 128, 1)) +
        (unitSize(128, 128, 8) + unitSize(128, 128, 5) + unitSize(128, 128, 3) + 2 * 128) +
        denseSize(128, 2),
    },
    {
      what: "InceptionTime",
      build: (scope, x) => classifierHead(scope.at("head"), inceptionTime(scope, x), 2),
      input: [1, 1, 140],
      count:
        // the first module has a single channel and no bottleneck
        32 * inceptionTaps +
        32 +
        2 * 128 +
        5 * (128 * 32 + 32 * 32 * inceptionTaps + 128 * 32 + 2 * 128) +
        unitSize(1, 128, 1) +
        unitSize(128, 128, 1) +
        denseSize(128, 2),
    },
    {
      what: "ResNet-18 (11.7 million)",
      build: (scope, x) => classifierHead(scope.at("head"), resNet(scope, x, resNet18).at(-1)!, 1000),
      input: [1, 3, 224, 224],
      count: 11_689_512,
    },
    {
      what: "ResNet-34 (21.8 million)",
      build: (scope, x) =>
        classifierHead(
          scope.at("head"),
          resNet(scope, x, { ...resNet18, depths: [3, 4, 6, 3] }).at(-1)!,
          1000,
        ),
      input: [1, 3, 224, 224],
      count: 21_797_672,
    },
    {
      what: "VGG-11's convolutions",
      build: (scope, x) => vgg(scope, x).at(-1)!,
      input: [1, 3, 224, 224],
      count:
        unitSize(3, 64, 9) +
        unitSize(64, 128, 9) +
        unitSize(128, 256, 9) +
        unitSize(256, 256, 9) +
        unitSize(256, 512, 9) +
        3 * unitSize(512, 512, 9),
    },
    {
      what: "MobileNet (4.2 million)",
      build: (scope, x) => classifierHead(scope.at("head"), mobileNet(scope, x), 1000),
      input: [1, 3, 224, 224],
      count: 4_231_976,
    },
    {
      what: "VoxNet (921,736, section IV)",
      build: (scope, x) => voxNet(scope, x, 40),
      input: [1, 1, 32, 32, 32],
      count: 921_736,
    },
  ])("$what", ({ build, input, count }) => {
    expect(countLearned(built(build, input).set)).toBe(count);
  });
});

describe("maps", () => {
  const along = (size: number, dimensions: number) => new Array<number>(dimensions).fill(size);

  it.each([1, 2, 3])("have the papers' shapes in %d dimension(s)", (dimensions) => {
    const at = (size: number) => along(size, dimensions);
    const input = [2, 3, ...at(32)];
    const shape = (build: Build) => built(build, input).y.shape;
    expect(shape((scope, x) => fcn(scope, x))).toEqual([2, 128, ...at(32)]);
    expect(shape((scope, x) => seriesResNet(scope, x))).toEqual([2, 128, ...at(32)]);
    expect(shape((scope, x) => inceptionTime(scope, x))).toEqual([2, 128, ...at(32)]);
    expect(shape((scope, x) => mobileNet(scope, x, { width: 0.25 }))).toEqual([2, 256, ...at(1)]);
    expect(shape((scope, x) => mobileNet(scope, x, { stemStride: 1 }))).toEqual([2, 1024, ...at(2)]);
    expect(shape((scope, x) => voxNet(scope, x, 7))).toEqual([2, 7]);
    expect(built((scope, x) => vgg(scope, x), input).y.map((map) => map.shape)).toEqual(
      vgg11.map((widths, i) => [2, widths.at(-1), ...at(32 / 2 ** i)]),
    );
  });

  it.each([
    { size: 224, dimensions: 2, stem: { kernelSize: 7, stride: 2, pool: true }, expected: [56, 28, 14, 7] },
    { size: 64, dimensions: 2, stem: { kernelSize: 3, stride: 2, pool: false }, expected: [32, 16, 8, 4] },
    { size: 32, dimensions: 2, stem: { kernelSize: 3, stride: 1, pool: false }, expected: [32, 16, 8, 4] },
    { size: 30, dimensions: 3, stem: { kernelSize: 3, stride: 2, pool: false }, expected: [15, 8, 4, 2] },
    { size: 140, dimensions: 1, stem: { kernelSize: 7, stride: 2, pool: true }, expected: [35, 18, 9, 5] },
  ])("of ResNet's stages, $size in $dimensions dimension(s)", ({ size, dimensions, stem, expected }) => {
    const { y } = built(
      (scope, x) => resNet(scope, x, { ...resNet18, stem }),
      [2, 1, ...along(size, dimensions)],
    );
    expect(y.map((map) => map.shape)).toEqual(
      expected.map((side, i) => [2, resNet18.channels[i], ...along(side, dimensions)]),
    );
  });
});

describe("options", () => {
  it("refuses depths that do not belong to the channels", () => {
    const build: Build = (scope, x) => resNet(scope, x, { ...resNet18, depths: [2, 2] })[0];
    expect(() => built(build, [1, 3, 32, 32])).toThrow(
      expect.objectContaining({
        code: "argument-range",
        message: expect.stringContaining("`depths` (=2,2)"),
      }),
    );
  });

  it("refuses a MobileNet without channels", () => {
    expect(() => built((scope, x) => mobileNet(scope, x, { width: 0 }), [1, 3, 32, 32])).toThrow(
      expect.objectContaining({ code: "argument-range", message: expect.stringContaining("`width` (=0)") }),
    );
  });

  it("lets residual blocks begin as their shortcuts", async () => {
    const size = { stem: { kernelSize: 3, stride: 1, pool: false }, channels: [8], depths: [1] };
    const input = [2, 3, 8, 8];
    const none = await forward((scope, x) => resNet(scope, x, { ...size, zeroLastGain: true })[0], input);
    // the block is nothing yet, so what comes out is the stem's map
    const stem: Build = (scope, x) => {
      const [map] = resNet(scope, x, { ...size, zeroLastGain: true });
      return map.producer!.inputs[0]!.producer!.inputs[1]!; // relu ← add ← shortcut
    };
    expect(none).toEqual(await forward(stem, input));
    const some = await forward((scope, x) => resNet(scope, x, size)[0], input);
    expect(some).not.toEqual(none);
  });

  it("drops means in training only", () => {
    const head: Build = (scope, x) => classifierHead(scope, x, 4, { dropout: 0.5 });
    expect(built(head, [2, 8, 5]).set.random).toBeDefined();
    expect(built((scope, x) => classifierHead(scope, x, 4), [2, 8, 5]).set.random).toBeUndefined();
  });
});

describe("each family learns 8 examples by heart", () => {
  const small = { stem: { kernelSize: 3, stride: 1, pool: true }, channels: [8, 16], depths: [1, 1] };
  const kernelSizes = [9, 5, 3];
  it.each<{ what: string; build: Parameters<typeof lossAfter>[0]; shape: number[] }>([
    {
      what: "FCN",
      build: (scope, x, classes) =>
        classifierHead(scope.at("head"), fcn(scope, x, { channels: [16, 32, 16] }), classes),
      shape: [2, 24],
    },
    {
      what: "ResNet for time series",
      build: (scope, x, classes) =>
        classifierHead(scope.at("head"), seriesResNet(scope, x, { channels: [8, 16, 16] }), classes),
      shape: [2, 24],
    },
    {
      what: "InceptionTime",
      build: (scope, x, classes) =>
        classifierHead(
          scope.at("head"),
          inceptionTime(scope, x, { filters: 8, bottleneck: 8, kernelSizes }),
          classes,
        ),
      shape: [2, 24],
    },
    {
      what: "ResNet, pictures",
      build: (scope, x, classes) =>
        classifierHead(scope.at("head"), resNet(scope, x, small).at(-1)!, classes),
      shape: [3, 12, 12],
    },
    {
      what: "ResNet, volumes, last gains 0",
      build: (scope, x, classes) =>
        classifierHead(scope.at("head"), resNet(scope, x, { ...small, zeroLastGain: true }).at(-1)!, classes),
      shape: [1, 8, 8, 8],
    },
    {
      what: "VGG",
      build: (scope, x, classes) =>
        classifierHead(scope.at("head"), vgg(scope, x, [[8], [16, 16]]).at(-1)!, classes),
      shape: [3, 12, 12],
    },
    {
      what: "MobileNet",
      build: (scope, x, classes) =>
        classifierHead(scope.at("head"), mobileNet(scope, x, { width: 0.05, stemStride: 1 }), classes),
      shape: [3, 32, 32],
    },
    {
      what: "VoxNet",
      build: (scope, x, classes) =>
        voxNet(scope, x, classes, { channels: 8, hidden: 32, dropout: [0, 0, 0] }),
      shape: [1, 12, 12, 12],
    },
  ])("$what", async ({ build, shape }) => {
    expect(await lossAfter(build, shape)).toBeLessThan(0.1);
  });
});
