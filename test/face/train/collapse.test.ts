import { describe, expect, it } from "vitest";
import { Random, tensor } from "../../../src/core/index.ts";
import { collapseOf, encodingScale } from "../../../src/face/train/collapse.ts";
import { CollapseWatch, collapsed } from "../../../src/face/train/collapse-watch.ts";
import { encoderNet } from "../../../src/face/train/encoder-net.ts";
import { Graph } from "../../../src/graph/index.ts";
import { Scope } from "../../../src/nn/index.ts";
import { compile } from "../../../src/runtime/index.ts";

const random = new Random(3);
const drawn = (count: number, at = 0, spread = 1) =>
  Array.from({ length: count }, () => Float32Array.from({ length: 16 }, () => random.normal(at, spread)));

describe("collapseOf", () => {
  it("finds f = 0, also where rounding leaves a little", () => {
    expect(collapseOf(drawn(10, 0, 0))).toBe("zero");
    expect(collapseOf(drawn(10, 0, 1e-5))).toBe("zero");
  });

  it("finds f = const of any length", () => {
    for (const at of [0.05, 1, 300]) {
      expect(collapseOf(drawn(10, at, 0))).toBe("constant");
      expect(collapseOf(drawn(10, at, 1e-3 * at))).toBe("constant");
    }
  });

  it("finds nothing in encodings that differ, however large they are", () => {
    for (const scale of [0.05, 1, 300]) expect(collapseOf(drawn(10, scale, 0.1 * scale))).toBeUndefined();
  });

  it("says nothing of a single encoding", () => {
    expect(collapseOf(drawn(1))).toBeUndefined();
    expect(collapseOf([])).toBeUndefined();
  });
});

describe("encodingScale", () => {
  it("is what the formulas give", () => {
    const { length, spread } = encodingScale([Float32Array.of(3, 0), Float32Array.of(0, 4)]);
    expect(length).toBeCloseTo(Math.sqrt((9 + 16) / 2), 6);
    expect(spread).toBeCloseTo(2.5, 6); // both are half of their distance, 5, from their mean
  });
});

describe("a net", () => {
  /** Encodings of random pictures by the small net, its last norm's gains and offsets filled where they are given. */
  async function encodings(normalized: boolean, last?: { gain: number; offset: number }) {
    const graph = new Graph();
    const shape = { start: { kind: "none" }, size: 16, normalized, loss: "triplet", grey: false } as const;
    const pictures = [6, 3, 32, 32];
    const build = (scope: Scope, g: Graph) => encoderNet(scope, g.input("x", pictures), shape);
    const first = new Scope(new Graph(), { training: true });
    build(first, first.graph);
    const values = first.set.initialValues(1);
    if (last) {
      values.set("norm.scale", tensor(Array<number>(16).fill(last.gain)));
      values.set("norm.offset", tensor(Array<number>(16).fill(last.offset)));
    }
    const program = await compile({ outputs: { y: build(new Scope(graph, { values }), graph) }, threads: 1 });
    const data = Float32Array.from({ length: 6 * 3 * 32 * 32 }, () => random.uniform(0, 255));
    const { y } = await program.run({ x: { dtype: "float32", shape: pictures, data } });
    await program.release();
    return Array.from({ length: 6 }, (_, i) => (y.data as Float32Array).slice(16 * i, 16 * i + 16));
  }

  it.each([true, false])("that gives f = 0 is found out (length 1: %s)", async (normalized) => {
    expect(collapseOf(await encodings(normalized, { gain: 0, offset: 0 }))).toBe("zero");
  });

  it.each([true, false])("that gives f = const is found out (length 1: %s)", async (normalized) => {
    expect(collapseOf(await encodings(normalized, { gain: 0, offset: 0.7 }))).toBe("constant");
  });

  it.each([true, false])("that is new has not collapsed (length 1: %s)", async (normalized) => {
    expect(collapseOf(await encodings(normalized))).toBeUndefined();
  });
});

describe("CollapseWatch", () => {
  it("ends the training once encodings stay collapsed for a tenth of it", () => {
    const watch = new CollapseWatch();
    watch.saw("constant", 0.1, 4);
    watch.saw("constant", 0.15, 6);
    expect(watch.signal.aborted).toBe(false);
    watch.saw("zero", 0.21, 8);
    expect(watch.signal.aborted).toBe(true);
    expect(watch.error).toMatchObject({ code: "encodings-collapsed" });
    expect(watch.error!.message).toMatch(/since epoch 4 .* all 0 .*lower learning rate.*semi-hard.*margin/);
  });

  it("forgives nets that get up again", () => {
    const watch = new CollapseWatch();
    watch.saw("constant", 0.1, 4);
    watch.saw(undefined, 0.15, 6);
    watch.saw("constant", 0.21, 8);
    expect(watch.signal.aborted).toBe(false);
    watch.saw(undefined, 0.3, 9);
    expect(watch.error).toBeUndefined();
  });

  it("names what the encodings are", () => {
    expect(collapsed("zero", 2).message).toContain("f = 0");
    expect(collapsed("constant", 2).message).toContain("f = const");
  });
});
