import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Random, tensor } from "../../src/core/index.ts";
import {
  conv,
  encodeModel,
  Graph,
  gemm,
  readModel,
  relu,
  reshape,
  writeModel,
} from "../../src/graph/index.ts";
import { decodePicture, type Picture, savePicture } from "../../src/image/index.ts";
import {
  findLayers,
  findTarget,
  InspectedNet,
  type InspectOptions,
  inspectNet,
} from "../../src/inspect/index.ts";
import { chooseUnits } from "../../src/inspect/layers/index.ts";
import { fitPicture } from "../../src/inspect/net/fit-picture.ts";
import { type DataPictures, scanPictures } from "../../src/inspect/patches/index.ts";
import { newScan } from "../../src/inspect/progress-file.ts";
import { colourSpaceOf, synthesize } from "../../src/inspect/synthesis/index.ts";
import { cardToMetadata } from "../../src/models/index.ts";
import { serveFile } from "../models/serve-file.ts";
import { useTemporaryCache } from "../models/temporary-cache.ts";
import { letterboxedNet, SIDE, tinyNet, writeTinySet } from "./tiny-net.ts";

useTemporaryCache();
const address = serveFile("served.onnx", () => tinyNet());

let folder: string;
let files: { model: string; data: string };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-inspect-"));
  files = await writeTinySet(folder);
});
afterAll(() => rm(folder, { recursive: true }));

const options = (out: string): InspectOptions => ({
  ...files,
  out: join(folder, out),
  size: SIDE,
  pixels: "0-1",
  threads: 1,
  units: "all",
  steps: 0,
});

describe("inspectNet", () => {
  it("finds the patches that move each unit most, cut to what it sees, one of a picture", async () => {
    const { inspection, report, sheets } = await inspectNet(options("patches"));
    const [edges, corners] = inspection.layers;
    expect(inspection).toMatchObject({
      pictures: 14,
      looked: 14,
      complete: true,
      input: { width: SIDE, height: SIDE },
    });
    expect([edges.name, corners.name]).toEqual(["edges", "corners"]);
    expect(edges.field).toEqual({ offset: -1, stride: 1, size: 3, whole: false });
    expect(corners.field).toEqual({ offset: -3, stride: 2, size: 8, whole: false });
    expect(edges.silent).toBe(1);
    const [, , red] = edges.shown;
    expect(red.patches).toHaveLength(9);
    expect(new Set(red.patches.map(({ picture }) => picture)).size).toBe(9);
    // The reddest discs first: the later they were made, the brighter they are.
    expect(red.patches.slice(0, 3).map(({ picture }) => picture)).toEqual([
      "red/13.png",
      "red/11.png",
      "red/09.png",
    ]);
    const levels = [150 + Math.floor(1300 / 14), 20, 20].map((byte) => byte / 255);
    expect(red.patches[0].activation).toBeCloseTo(9 * (levels[0] - 0.6 * (levels[1] + levels[2])), 3);
    const [left, top, right, bottom] = red.patches[0].box;
    expect([right - left, bottom - top]).toEqual([3, 3]);
    const seen = await decodePicture(join(files.data, red.patches[0].picture));
    expect([...pixel(seen, left, top)]).toEqual([242, 20, 20]);
    expect(await readdir(join(folder, "patches"))).toEqual(["inspect.json", "layers", "report.html"]);
    expect(sheets.map((path) => path.split("/").at(-1))).toEqual([
      "01-edges.png",
      "01-edges-filters.png",
      "02-corners.png",
    ]);
    const html = await readFile(report, "utf8");
    for (const id of ["net", "edges", "corners", "edges/2", "corners/1"])
      expect(html).toContain(`id="${id}"`);
    expect(html).not.toMatch(/(src|href)="(?!#|data:)/);
  });

  it("takes the address of a file, and all of the net that it holds", async () => {
    const { inspection } = await inspectNet({ ...options("address"), model: address() });
    expect(inspection).toMatchObject({ model: "served.onnx", complete: true });
    const net = await InspectedNet.open(address(), { threads: 1 });
    expect(net).toMatchObject({ unreadable: undefined });
    expect(Object.keys(net.outputs)).toEqual(["probabilities"]);
    await net.close();
  });

  it("goes on after it was stopped, and finds the same", async () => {
    const whole = await inspectNet({ ...options("whole"), units: 2, steps: 4 });
    const stop = new AbortController();
    const given = { ...options("stopped"), units: 2, steps: 4 };
    const stopped = await inspectNet({
      ...given,
      signal: stop.signal,
      onProgress: (stage, done, total) => stage === "synthesis" && done > total / 2 && stop.abort(),
    });
    expect(stopped.inspection).toMatchObject({ complete: false, looked: 14 });
    expect(stopped.inspection.layers[0].shown.every(({ synthesised }) => synthesised !== undefined)).toBe(
      true,
    );
    expect(stopped.inspection.layers[1].shown.some(({ synthesised }) => synthesised === undefined)).toBe(
      true,
    );
    await expect(inspectNet(given)).rejects.toMatchObject({ code: "output-exists" });
    await expect(inspectNet({ ...given, layers: ["edges"], resume: true })).rejects.toMatchObject({
      code: "resume-mismatch",
    });
    const resumed = await inspectNet({ ...given, resume: true });
    expect(resumed.inspection).toEqual(whole.inspection);
    expect(existsSync(join(folder, "stopped", "progress"))).toBe(false);
    await expect(inspectNet(given)).rejects.toMatchObject({
      code: "output-exists",
      message: expect.stringContaining("name a new folder"),
    });
    await expect(inspectNet({ ...options("none"), resume: true })).rejects.toMatchObject({
      code: "checkpoint-missing",
    });
  });

  it("goes on where its own pictures lie among the data", async () => {
    const out = join(files.data, "red", "inside");
    const given = { ...options("inside"), out, units: 2, steps: 4 };
    const stop = new AbortController();
    const onProgress: InspectOptions["onProgress"] = (stage, done, total) =>
      stage === "synthesis" && done > total / 2 && stop.abort();
    const stopped = await inspectNet({ ...given, signal: stop.signal, onProgress });
    expect(stopped.inspection.complete).toBe(false);
    const { inspection } = await inspectNet({ ...given, resume: true });
    await rm(out, { recursive: true });
    expect(inspection).toMatchObject({ complete: true, pictures: 14, looked: 14 });
  });

  it("ends with what is wrong where the search cannot be saved", async () => {
    const { data } = await writeTinySet(join(folder, "many"), 100);
    const out = join(folder, "full");
    await mkdir(out);
    await writeFile(join(out, "progress"), "in the way");
    let now = 0;
    vi.spyOn(performance, "now").mockImplementation(() => {
      now += 30_000; // it is time to save after each batch
      return now;
    });
    const unheard: unknown[] = [];
    const listen = (error: unknown) => unheard.push(error);
    process.on("unhandledRejection", listen);
    const run = inspectNet({ ...options("full"), data, layers: ["corners"] });
    await expect(run).rejects.toMatchObject({ code: "output-unwritable" });
    process.off("unhandledRejection", listen);
    vi.restoreAllMocks();
    expect(unheard).toEqual([]);
  });

  it("passes over pictures that cannot be read, and says so", async () => {
    const broken = join(files.data, "light", "broken.png");
    await writeFile(broken, "no picture");
    const { inspection, report } = await inspectNet({ ...options("broken"), layers: ["edges"] });
    await rm(broken);
    const { inspection: whole } = await inspectNet({ ...options("unbroken"), layers: ["edges"] });
    for (const [i, { fires, meanActivation }] of whole.layers[0].shown.entries()) {
      const unit = inspection.layers[0].shown[i];
      expect(unit.fires).toBe(fires);
      expect(unit.meanActivation).toBeCloseTo(meanActivation, 5);
    }
    expect(await readFile(report, "utf8")).toContain("1 units answered to none of 14 pictures");
    expect(inspection.failures).toEqual([
      { name: "light/broken.png", message: expect.stringContaining("not a picture file") },
    ]);
    expect(inspection.layers[0].shown[0].patches).toHaveLength(9);
  });

  it("looks at what shows the picture, not at what a file puts around it", async () => {
    const model = join(folder, "letterboxed.onnx");
    const data = join(folder, "dark");
    await writeFile(model, letterboxedNet());
    const dark = { width: 48, height: 20, data: new Uint8Array(48 * 20 * 3).fill(60) };
    await savePicture(dark, join(data, "dark.png"));
    const out = join(folder, "letterboxed");
    const { inspection } = await inspectNet({ model, data, out, steps: 0, threads: 1 });
    const [{ shown, name }] = inspection.layers;
    expect(name).toBe("bright");
    // 48×20 pixels become 24×10, with 7 rows of grey above and below.
    const [{ activation, box }] = shown[0].patches;
    expect(box[1]).toBeGreaterThanOrEqual(7);
    expect(box[3]).toBeLessThanOrEqual(17);
    // At the edge a third of what the place sees is grey: as bright as it gets there.
    expect(activation).toBeCloseTo((2 * 60 + 114) / 3, 3);
  });

  it.each<[string, Partial<InspectOptions>, string, string]>([
    ["a layer that does not exist", { layers: ["edgse"] }, "layer-unknown", 'did you mean "edges"'],
    ["a layer's number, which is no name", { layers: ["2"] }, "layer-unknown", 'no layer "2"'],
    [
      "a unit that does not exist",
      { layers: ["corners"], units: [1, 2] },
      "unit-range",
      "numbered from 0 to 1",
    ],
    ["no unit", { units: 0 }, "unit-range", "`units` (=0)"],
    ["a list of no units", { units: [] }, "unit-range", "`units` (=[])"],
    ["a part of a unit", { units: 1.5 }, "unit-range", "a whole number of at least 1"],
    ["data that do not exist", { data: "/nowhere" }, "dataset-missing", "/nowhere"],
    ["a wrong convention", { pixels: "bytes" }, "pixels-unknown", "0-1, -1-1, 0-255"],
  ])("refuses %s", async (_, wrong, code, says) => {
    const run = inspectNet({ ...options("refused"), ...wrong });
    await expect(run).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
    expect(existsSync(join(folder, "refused"))).toBe(false);
  });
});

function pixel({ width, data }: Picture, x: number, y: number): Uint8Array {
  return data.slice(3 * (y * width + x), 3 * (y * width + x) + 3);
}

describe("InspectedNet", () => {
  it("refuses a net without convolutions", async () => {
    const graph = new Graph();
    const x = graph.input("x", [1, 3, 8, 8]);
    const w = graph.constant(tensor(new Float32Array(192 * 2), [192, 2]));
    const path = join(folder, "dense.onnx");
    await writeFile(path, encodeModel({ outputs: { y: gemm(reshape(x, [1, 192]), w) } }));
    await expect(InspectedNet.open(path)).rejects.toMatchObject({
      code: "no-convolution",
      message: expect.stringContaining("no two-dimensional convolution"),
    });
  });

  it("looks at the convolutions of a file whose end cannot be read", async () => {
    const model = readModel(tinyNet());
    model.graph.node.find(({ opType }) => opType === "Softmax")!.opType = "VendorTopK";
    const path = join(folder, "vendor.onnx");
    await writeFile(path, writeModel(model));
    const net = await InspectedNet.open(path);
    expect(net.unreadable).toContain("VendorTopK");
    expect(findLayers(net).map(({ name }) => name)).toEqual(["edges", "corners"]);
    await expect(
      findTarget(net, { values: new Float32Array(3 * SIDE * SIDE), content: [0, 0, SIDE, SIDE] }, {}),
    ).rejects.toMatchObject({
      code: "no-classes",
      message: expect.stringContaining("VendorTopK"),
    });
    await net.close();
    for (const node of model.graph.node) if (node.opType === "Conv") node.opType = "VendorConv";
    await writeFile(path, writeModel(model));
    await expect(InspectedNet.open(path)).rejects.toMatchObject({ code: "operator-unsupported" });
  });

  it("sees the whole picture only where it does in both directions", async () => {
    const graph = new Graph();
    const filter = (name: string) =>
      graph.constant(tensor(new Float32Array(9 * 9 * 3 * 3), [3, 3, 9, 9]), name);
    const a = relu(conv(graph.input("x", [1, 3, 40, 4]), filter("a.weight"), undefined, { padding: 4 }));
    const b = relu(conv(a, filter("b.weight"), undefined, { padding: 4 }));
    const path = join(folder, "narrow.onnx");
    await writeFile(path, encodeModel({ outputs: { b } }));
    const net = await InspectedNet.open(path);
    const fields = findLayers(net).map(({ figures: { size, whole } }) => ({ size, whole }));
    expect(fields).toEqual([
      { size: 9, whole: false },
      { size: 17, whole: false },
    ]);
    await net.close();
  });

  it("takes a classifier's logits for its classes, also where a layer has as many units", async () => {
    const path = join(folder, "named.onnx");
    await writeFile(path, tinyNet(cardToMetadata({ task: "classify", classes: ["edge", "red"] })));
    const net = await InspectedNet.open(path, { threads: 1 });
    expect(findLayers(net).at(-1)!.units).toBe(2);
    const view = { values: new Float32Array(3 * SIDE * SIDE).fill(9), content: [0, 0, SIDE, SIDE] as const };
    const { tensor: scores, kind, channel } = await findTarget(net, view, { class: "red" });
    expect({ dims: scores.dims, kind, channel }).toEqual({ dims: [1, 2, 1, 1], kind: "logit", channel: 1 });
    expect(await findTarget(net, view, { class: "1" })).toMatchObject({ name: 'class "red"', channel: 1 });
    await expect(findTarget(net, view, { class: "2" })).rejects.toMatchObject({
      code: "class-unknown",
      message: 'The net knows no class "2": give a number from 0 to 1.',
    });
    await expect(findTarget(net, view, { class: "rad" })).rejects.toThrowError('did you mean "red"');
    await net.close();
  });

  it("refuses a size that the file does not take, and inputs that are no picture", async () => {
    const graph = new Graph();
    const w = graph.constant(tensor(new Float32Array(27), [1, 3, 3, 3]));
    const path = join(folder, "fixed.onnx");
    await writeFile(path, encodeModel({ outputs: { y: relu(conv(graph.input("x", [1, 3, 8, 10]), w)) } }));
    await expect(InspectedNet.open(path, { size: 9 })).rejects.toMatchObject({
      code: "argument-range",
      message: expect.stringContaining("10×8"),
    });
    const list = new Graph();
    const other = join(folder, "list.onnx");
    await writeFile(other, encodeModel({ outputs: { y: relu(list.input("x", [1, 3])) } }));
    await expect(InspectedNet.open(other)).rejects.toMatchObject({ code: "not-a-picture-net" });
  });
});

describe("scanPictures", () => {
  it("passes over a picture whatever is wrong with it", async () => {
    const net = await InspectedNet.open(files.model, { size: SIDE, pixels: "0-1", threads: 1 });
    const layers = findLayers(net);
    const pictures: DataPictures = {
      names: ["vast.png", "good.png"],
      fingerprint: "",
      async open(index) {
        if (index === 0) throw new RangeError("Invalid typed array length: 9000000000");
        return { width: SIDE, height: SIDE, data: new Uint8Array(3 * SIDE * SIDE).fill(90) };
      },
    };
    const scan = newScan(layers);
    await scanPictures(net, layers, pictures, scan);
    await net.close();
    expect(scan).toMatchObject({ done: 2, failures: [{ name: "vast.png" }] });
    expect(scan.tops[0].of(0)).toMatchObject([{ picture: 1 }]);
  });
});

describe("fitPicture", () => {
  it("takes the middle of a picture, however long it is", async () => {
    const row = { width: 100_000, height: 1, data: new Uint8Array(300_000).fill(10) };
    row.data.fill(200, 3 * 49_999, 3 * 50_001);
    const { pixels, content } = await fitPicture(row, { width: 224, height: 224 }, "crop");
    expect(pixels).toMatchObject({ width: 224, height: 224 });
    expect(new Set(pixels.data)).toEqual(new Set([200]));
    expect(content).toEqual([0, 0, 224, 224]);
    const column = {
      width: 1,
      height: 9,
      data: Uint8Array.from({ length: 27 }, (_, i) => Math.floor(i / 3)),
    };
    const flat = await fitPicture(column, { width: 4, height: 2 }, "crop");
    expect(new Set(flat.pixels.data)).toEqual(new Set([4]));
  });
});

describe("chooseUnits", () => {
  const layer = { name: "a", units: 10 };

  it("spreads a number of them over those that answer", () => {
    expect(chooseUnits(layer, 3)).toEqual([1, 5, 8]);
    expect(chooseUnits(layer, 2, (unit) => unit >= 6)).toEqual([7, 9]);
    expect(chooseUnits(layer, 4, (unit) => unit > 7)).toEqual([1, 3, 6, 8]); // too few answer
    expect(chooseUnits(layer, 40)).toHaveLength(10);
    expect(chooseUnits(layer, [7, 2, 7])).toEqual([7, 2]);
  });
});

describe("synthesize", () => {
  it("makes what a unit answers to more than to noise: light left of dark, and red", async () => {
    const net = await InspectedNet.open(files.model, { size: SIDE, pixels: "0-1", threads: 1 });
    const [edges] = findLayers(net);
    const random = new Random(1);
    const sums = { count: 0, channels: [0, 0, 0], products: new Array<number>(9).fill(0) };
    for (let i = 0; i < 500; i++) {
      const grey = random.uniform(0.2, 0.8);
      const colour = [0, 1, 2].map(() => grey + 0.1 * random.normal());
      sums.count++;
      for (let a = 0; a < 3; a++) {
        sums.channels[a] += colour[a];
        for (let b = 0; b < 3; b++) sums.products[3 * a + b] += colour[a] * colour[b];
      }
    }
    const wishes = [0, 2].map((unit) => ({ unit, reference: 3 }));
    const made = await synthesize(net, edges, wishes, { colours: colourSpaceOf(sums), steps: 40 });
    const again = await synthesize(net, edges, wishes, { colours: colourSpaceOf(sums), steps: 40 });
    await net.close();
    expect(again).toEqual(made);
    const [edge, red] = made;
    expect([edge.picture.width, edge.picture.height]).toEqual([3, 3]); // what the unit sees
    const column = (x: number) => [0, 1, 2].reduce((sum, y) => sum + pixel(edge.picture, x, y)[1], 0) / 3;
    expect(column(0)).toBeGreaterThan(column(2) + 60);
    const [r, g, b] = pixel(red.picture, 1, 1);
    expect(r).toBeGreaterThan(Math.max(g, b) + 60);
    expect(edge.activation).toBeGreaterThan(2);
  });
});
