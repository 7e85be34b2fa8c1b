import { describe, expect, it } from "vitest";
import { classifierNets, type NetKind, netFor } from "../../src/models/index.ts";
import { built, forward } from "./net-tools.ts";

const inputs: Record<NetKind, number[]> = {
  pictures: [2, 3, 32, 32],
  sequences: [2, 2, 40],
  volumes: [2, 1, 16, 16, 16],
};
const offers = Object.entries(classifierNets).flatMap(([kind, nets]) =>
  Object.keys(nets).map((name) => ({ kind: kind as NetKind, name })),
);

describe("classifierNets", () => {
  it("offers nets for every kind, the default first", () => {
    const names = Object.fromEntries(
      Object.entries(classifierNets).map(([kind, nets]) => [kind, Object.keys(nets)]),
    );
    expect(names).toEqual({
      pictures: ["resnet", "vgg", "mobilenet"],
      sequences: ["fcn", "resnet", "inception-time"],
      volumes: ["voxnet", "resnet"],
    });
  });

  it.each(offers)("$kind: $name gives finite logits that differ between inputs", async ({ kind, name }) => {
    const { build, description } = netFor(kind, name);
    expect(description).toMatch(/^[^\n]{20,110}\.$/);
    const { shape, values } = await forward((scope, x) => build(scope, x, 5), inputs[kind]);
    expect(shape).toEqual([2, 5]);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values.slice(0, 5)).not.toEqual(values.slice(5));
  });

  const anySize = offers.filter(({ name }) => name !== "voxnet"); // whose dense layer sees every position
  it.each(anySize)("$kind: $name has the same parameters whatever the size", ({ kind, name }) => {
    const shapes = (factor: number) => {
      const input = inputs[kind].map((dim, axis) => (axis < 2 ? dim : factor * dim));
      const { set } = built((scope, x) => netFor(kind, name).build(scope, x, 5), input);
      return [...set.parameters.values()].map(({ name, shape }) => `${name} ${shape}`);
    };
    expect(shapes(4)).toEqual(shapes(1));
  });

  it.each(["resnet50", "constructor"])("names the choices for %s", (name) => {
    expect(() => netFor("volumes", name)).toThrow(
      expect.objectContaining({
        code: "argument-range",
        message: `Net "${name}" is not known for volumes; choose one of voxnet, resnet.`,
      }),
    );
  });
});
