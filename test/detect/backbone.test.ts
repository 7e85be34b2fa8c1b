import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Tensor } from "../../src/core/index.ts";
import { loadDetectionDataset, writeScenes } from "../../src/data/index.ts";
import { trainDetector } from "../../src/detect/index.ts";
import { fromTensorProto, Graph, openModel, readModel, readModelFile } from "../../src/graph/index.ts";
import {
  Backbone,
  type BackboneCard,
  backboneTrunks,
  classifierHead,
  classifierMap,
  exportBackbone,
  trunkMaps,
} from "../../src/models/index.ts";
import { Scope } from "../../src/nn/index.ts";

let folder: string;
const file = (name: string) => join(folder, `${name}.onnx`);

/** A backbone that learned nothing. */
function untrained(name: string): Uint8Array {
  const scope = new Scope(new Graph());
  const maps = trunkMaps(scope.at("trunk"), scope.graph.input("x", [1, 3, 64, 64]), backboneTrunks[name]);
  const map = classifierMap(scope.at("widen"), maps, backboneTrunks[name]);
  classifierHead(scope.at("head"), map, 2);
  const card = { task: "backbone", name, trunk: backboneTrunks[name], classes: ["a", "b"] };
  return exportBackbone(card as unknown as BackboneCard, scope.set.initialValues(11));
}

async function train(out: string, backbone: string, options: { model?: string; epochs?: number } = {}) {
  return trainDetector({
    data: await loadDetectionDataset(join(folder, "scenes")),
    out: join(folder, out),
    size: 64,
    batchSize: 2,
    epochs: 1,
    threads: 1,
    backbone,
    ...options,
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-detect-backbone-"));
  await writeScenes(join(folder, "scenes"), { count: 6, seed: 1, width: 64, height: 64, valFraction: 0.34 });
  for (const name of ["nano", "small", "plain"]) await writeFile(file(name), untrained(name));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a detector from a backbone", () => {
  it("has the backbone's trunk, which moves little at first", async () => {
    const run = await train("nano", file("nano"), { epochs: 40 });
    expect(run.recipe).toMatchObject({ model: "nano", backbone: { source: file("nano"), rate: 0.5 } });
    expect(run.evaluation!.pictures.length).toBeGreaterThan(0);
    const held = (await Backbone.load(file("nano"))).values;
    const now = new Map<string, Tensor>(
      readModel(await readModelFile(run.last)).graph.initializer.map((proto) => [
        proto.name,
        fromTensorProto(proto),
      ]),
    );
    // Hardly moved after so few steps at half a rate, where other draws would be far away.
    const name = "stage3.0.expand.conv.weight";
    const [a, b] = [held.get(name)!, now.get(`trunk.${name}`)!].map(({ data }) => data as Float32Array);
    const apart = a.reduce((sum, x, i) => sum + (x - b[i]) ** 2, 0) / a.reduce((sum, x) => sum + x * x, 0);
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThan(0.2);
    expect(() => openModel(run.best)).not.toThrow();
  });

  it("is of the backbone's size where none is named", async () => {
    expect((await train("small", file("small"))).recipe.model).toBe("small");
  });

  it.each([
    ["a trunk that no detector has", "plain", undefined],
    ["a trunk of another size", "nano", "small"],
  ])("refuses %s", async (_, name, model) => {
    await expect(train("refused", file(name), { model })).rejects.toMatchObject({
      name: "FoveaError",
      code: "backbone-differs",
    });
  });
});
