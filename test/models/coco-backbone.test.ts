import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Random, type Tensor, toNumbers } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { Backbone, importTfjs, packageFolder, readTfjsModel, trunkNameOf } from "../../src/models/index.ts";
import { Scope } from "../../src/nn/index.ts";
import { compile } from "../../src/runtime/index.ts";

const SIDE = 128;

describe("the backbone coco", () => {
  it("makes the maps of the detector that it is taken from", async () => {
    const file = join(await packageFolder("@vladmandic/human"), "models/centernet.json");
    const model = await readTfjsModel(file);
    const block = (i: number) => `tower_0/MobilenetV3/expanded_conv_${i}`;
    const ends = {
      stride4: `${block(2)}/add`,
      stride8: `${block(5)}/add`,
      stride16: `${block(11)}/add`,
      stride32: `${block(14)}/add`,
    };
    const shapes = { "tower_0/images": [1, SIDE, SIDE, 3] };
    const original = importTfjs({ ...model, outputs: ends }, { shapes, channelsFirst: true });
    const random = new Random(3);
    const shape = [1, 3, SIDE, SIDE];
    const data = Float32Array.from({ length: 3 * SIDE * SIDE }, () => random.next());
    const x: Tensor = { dtype: "float32", shape, data };
    const raw: Tensor = { ...x, data: data.map((value) => value * 255) };
    const program = await compile({ outputs: original.outputs });
    const wanted = await program.run({ "tower_0/images": raw });

    const backbone = await Backbone.load("coco");
    const graph = new Graph();
    const scope = new Scope(graph, { values: backbone.valuesAt("trunk") });
    const maps = backbone.build(scope.at("trunk"), graph.input("x", shape));
    expect(maps.map(({ stride }) => stride)).toEqual([2, 4, 8, 16, 32]);
    const outputs = Object.fromEntries(maps.map(({ stride, value }) => [`stride${stride}`, value]));
    const own = await compile({ outputs });
    const found = await own.run({ x });
    for (const name of Object.keys(ends)) {
      const [a, b] = [toNumbers(found[name]), toNumbers(wanted[name])];
      expect(found[name].shape).toEqual(wanted[name].shape);
      const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      // The file has its sixths in half precision, .02 % off in each of some forty activations.
      for (const [i, value] of b.entries()) expect(Math.abs(a[i] - value)).toBeLessThan(1e-2 * largest);
    }
    await Promise.all([program.release(), own.release()]);
  });

  it("is that of the net mobile", async () => {
    expect(await trunkNameOf("coco")).toBe("mobile");
  });
});
