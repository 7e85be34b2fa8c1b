import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random, type Tensor } from "../../src/core/index.ts";
import { encodeModel, Graph, relu } from "../../src/graph/index.ts";
import {
  Backbone,
  type BackboneCard,
  backboneTrunks,
  classifierHead,
  classifierMap,
  exportBackbone,
  trunkMaps,
  trunkNameOf,
  trunkValues,
} from "../../src/models/index.ts";
import { Scope } from "../../src/nn/index.ts";
import { compile } from "../../src/runtime/index.ts";

let folder: string;
let values: Map<string, Tensor>;
let bytes: Uint8Array;
const path = () => join(folder, "made-plain.onnx");

const card: BackboneCard = {
  task: "backbone",
  name: "made-plain",
  trunk: backboneTrunks.plain,
  classes: ["a", "b", "c"],
  data: "none",
  recipe: {},
  command: "none",
  seed: 0,
  accuracy: { top1: 0, top5: 0, measuredOn: "nothing" },
  intendedUse: "a test",
  limits: "all",
  license: "MIT",
  version: "0",
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-backbone-"));
  const scope = new Scope(new Graph());
  const maps = trunkMaps(scope.at("trunk"), scope.graph.input("x", [1, 3, 64, 64]), card.trunk);
  const map = classifierMap(scope.at("widen"), maps, card.trunk);
  classifierHead(scope.at("head"), map, card.classes.length);
  values = scope.set.initialValues(3);
  bytes = exportBackbone(card, values);
  await writeFile(path(), bytes);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a backbone's file", () => {
  it("tells its trunk and its card", async () => {
    const backbone = await Backbone.load(path());
    expect(backbone).toMatchObject({ name: "made-plain.onnx", trunk: card.trunk, card });
    expect(await trunkNameOf(path())).toBe("plain");
  });

  it("holds the trunk's values, rounded to float16, and what widens its last map apart, and not the head's", async () => {
    const { values: held, widening } = await Backbone.load(path());
    expect([...widening.keys()].map((name) => `widen.${name}`).sort()).toEqual(
      [...values.keys()].filter((name) => name.startsWith("widen.")).sort(),
    );
    expect(widening.size).toBeGreaterThan(0);
    const trunk = [...values].filter(([name]) => name.startsWith("trunk."));
    expect([...held.keys()].sort()).toEqual(trunk.map(([name]) => name.slice("trunk.".length)).sort());
    for (const [name, { data, shape }] of trunk) {
      const value = held.get(name.slice("trunk.".length))!;
      expect(value).toMatchObject({ dtype: "float32", shape });
      const largest = (data as Float32Array).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      (value.data as Float32Array).forEach((x, i) => {
        if (!(Math.abs(x - Number(data[i])) <= 1e-3 * largest)) throw new Error(`${name}[${i}]`);
      });
    }
  });

  it("gives the maps of any size of picture, without Fovea, and as Fovea builds them", async () => {
    const [height, width] = [48, 80];
    const random = new Random(5);
    const data = Float32Array.from({ length: 3 * height * width }, () => random.next());
    const session = await InferenceSession.create(bytes);
    const found = await session.run({ pictures: new OrtTensor("float32", data, [1, 3, height, width]) });
    await session.release();

    const backbone = await Backbone.load(path());
    const graph = new Graph();
    const scope = new Scope(graph, { values: backbone.valuesAt("net.trunk") });
    const maps = backbone.build(scope.at("net").at("trunk"), graph.input("x", [1, 3, height, width]));
    const program = await compile({
      outputs: Object.fromEntries(maps.map(({ stride, value }) => [`stride${stride}`, value] as const)),
    });
    const own = await program.run({ x: { dtype: "float32", shape: [1, 3, height, width], data } });
    await program.release();
    expect(Object.keys(found).sort()).toEqual([...Object.keys(own), "probabilities"].sort());
    for (const { stride } of maps) {
      const [a, b] = [own[`stride${stride}`], found[`stride${stride}`]];
      expect([...b.dims]).toEqual([...a.shape]);
      expect(a.shape.slice(2)).toEqual([height / stride, width / stride]);
      const largest = (b.data as Float32Array).reduce((most, x) => Math.max(most, x), 0);
      (a.data as Float32Array).forEach((x, i) => {
        expect(Math.abs(x - Number(b.data[i]))).toBeLessThan(1e-3 * largest);
      });
    }
  });
});

describe("what a net may start from", () => {
  it("is a trunk of its own kind", async () => {
    expect(
      [...(await trunkValues(path(), card.trunk, "trunk")).keys()].every((name) => name.startsWith("trunk.")),
    ).toBe(true);
    await expect(trunkValues(path(), backboneTrunks.nano, "trunk")).rejects.toMatchObject({
      code: "backbone-differs",
    });
  });

  it.each([
    ["a name that does not ship", () => "fovea-nothing", "backbone-unknown"],
    ["a file that is not there", () => join(folder, "none.onnx"), "model-missing"],
    ["a file that is no model", () => join(folder, "text.onnx"), "model-unreadable"],
    ["a model without a trunk", () => join(folder, "other.onnx"), "not-a-backbone"],
  ])("is not %s", async (_, source, code) => {
    await writeFile(join(folder, "text.onnx"), "no model");
    const graph = new Graph();
    await writeFile(join(folder, "other.onnx"), encodeModel({ outputs: { y: relu(graph.input("x", [2])) } }));
    await expect(Backbone.load(source())).rejects.toMatchObject({ name: "FoveaError", code });
  });
});
