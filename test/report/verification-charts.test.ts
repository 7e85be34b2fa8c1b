import { afterEach, describe, expect, it, vi } from "vitest";
import { Random } from "../../src/core/index.ts";
import { classColor } from "../../src/image/index.ts";
import { equalErrorRate, normalQuantile, rocCurve } from "../../src/metrics/index.ts";
import { detChart, distanceHistogramChart, lineChart, rocChart } from "../../src/report/index.ts";
import { readChart } from "./drawn.ts";

/** 4 same and 100 different pairs: the three nearest are same, then one of a hundred different ones. */
const distances = [0.1, 0.2, 0.3, 0.505, ...Array.from({ length: 100 }, (_, i) => 0.5 + i / 100)];
const same = distances.map((_, i) => i < 4);
const roc = rocCurve(distances, same);
const eer = equalErrorRate(roc).rate;

/** 3000 pairs of each kind that are hard to tell. */
const random = new Random(7);
const kinds = Array.from({ length: 6000 }, (_, i) => i % 2 === 0);
const many = rocCurve(
  kinds.map((isSame) => (isSame ? 1 : 1.8) + 0.3 * random.normal()),
  kinds,
);

/** Pixels from a line to a point. */
function farFrom(line: readonly (readonly [number, number])[], [x, y]: readonly [number, number]): number {
  return line.slice(1).reduce((least, [x2, y2], i) => {
    const [x1, y1] = line[i];
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1)));
    return Math.min(least, Math.hypot(x - x1 - along * dx, y - y1 - along * dy));
  }, Number.POSITIVE_INFINITY);
}

/** Where the labels of an axis stand, by their text. */
function placesOf(svg: string, axis: "x" | "y"): Map<string, number> {
  const anchor = axis === "x" ? "middle" : "end";
  const texts = svg.matchAll(
    /<text [^>]*?text-anchor="(\w+)"[^>]*?transform="translate\(([\d.]+) ([\d.]+)\)"[^>]*>([^<]*)</g,
  );
  const ofAxis = Array.from(texts).filter(([, side]) => side === anchor);
  return new Map(ofAxis.map(([, , x, y, text]) => [text, Number(axis === "x" ? x : y)]));
}

describe("an axis with places of its own", () => {
  const svg = lineChart({
    series: [
      {
        name: "a",
        points: [
          [0, 0],
          [3, 1],
        ],
      },
    ],
    xRange: [0, 3],
    xTicks: [
      { at: 0, text: "one" },
      { at: 1, text: "ten" },
      { at: 3, text: "thousand" },
    ],
  });

  it("names these only, where they are", () => {
    const places = placesOf(svg, "x");
    const [one, ten, thousand] = ["one", "ten", "thousand"].map((text) => places.get(text)!);
    expect((ten - one) / (thousand - one)).toBeCloseTo(1 / 3, 2);
    expect(readChart(svg).texts).not.toContain("2");
  });
});

describe("rocChart", () => {
  it("draws the curve to scale, with the area under it", () => {
    const { texts, lines } = readChart(rocChart([roc]));
    // Of 400 combinations of a same and a different pair one is the wrong way round.
    expect(texts).toEqual(
      expect.arrayContaining(["ROC, AUC 0.9975", "false-match rate", "true-match rate", "chance"]),
    );
    const { points } = lines(classColor(0))[0];
    const [[left, bottom], [, high], , [right, top]] = points;
    expect(points.length).toBe(5);
    expect((bottom - high) / (bottom - top)).toBeCloseTo(0.75, 2);
    expect((points[2][0] - left) / (points.at(-1)![0] - left)).toBeCloseTo(0.01, 2);
    expect(right).toBe(points[2][0]);
  });

  it("draws by logarithms from what the pairs can tell on, rates of 0 at the axis' end", () => {
    const svg = rocChart([roc], { log: true });
    const { lines, texts } = readChart(svg);
    expect(texts).toEqual(expect.arrayContaining(["0.001", "0.01", "0.1", "1"]));
    expect(texts).not.toContain("0.0001");
    const { points } = lines(classColor(0))[0];
    const places = placesOf(svg, "x");
    // No match of 100 different pairs is less than the one that is 1 %.
    expect(points[1][0]).toBeCloseTo(places.get("0.001")!, -1);
    expect(points[2][0]).toBeCloseTo(places.get("0.01")!, -1);
  });

  it("draws every corner of many pairs' curve, where they are few, too", () => {
    const svg = rocChart([many], { log: true });
    const [x, y] = [placesOf(svg, "x"), placesOf(svg, "y")];
    const [x0, width] = [x.get("1e-4")!, x.get("1")! - x.get("1e-4")!];
    const [y0, height] = [y.get("0")!, y.get("1")! - y.get("0")!];
    const line = readChart(svg).lines(classColor(0))[0].points;
    for (let i = 1; i < many.thresholds.length; i++) {
      const lg = Math.max(-4, Math.log10(many.falseMatchRate[i]));
      const at = [x0 + ((lg + 4) / 4) * width, y0 + many.trueMatchRate[i] * height] as const;
      expect(farFrom(line, at), `pair ${i}`).toBeLessThan(3);
    }
  });

  it("names curves with their areas where there are several", () => {
    const { texts } = readChart(
      rocChart([
        { name: "<plain>", ...roc },
        { name: "mirrored", ...roc },
      ]),
    );
    expect(texts).toEqual(expect.arrayContaining(["ROC", "<plain>, AUC 0.9975", "mirrored, AUC 0.9975"]));
  });
});

describe("detChart", () => {
  it("scales both axes by normal deviates and marks equal errors", () => {
    const svg = detChart([{ ...roc, eer }]);
    const { texts, dots } = readChart(svg);
    expect(texts).toEqual(
      expect.arrayContaining([`EER ${(100 * eer).toFixed(2)} %`, "10 %", "equal errors"]),
    );
    const places = placesOf(svg, "y");
    const [two, ten, forty] = ["2 %", "10 %", "40 %"].map((text) => places.get(text)!);
    const z = normalQuantile;
    expect((ten - two) / (forty - two)).toBeCloseTo((z(0.1) - z(0.02)) / (z(0.4) - z(0.02)), 2);
    expect(dots(classColor(0))).toHaveLength(1);
  });

  it("draws every corner of many pairs' curve", () => {
    const svg = detChart([many]);
    const [x, y] = [placesOf(svg, "x"), placesOf(svg, "y")];
    const place = (places: Map<string, number>, rate: number) => {
      const [low, high] = [normalQuantile(0.002), normalQuantile(0.4)];
      const [from, to] = [places.get("0.2 %")!, places.get("40 %")!];
      return from + ((normalQuantile(rate) - low) / (high - low)) * (to - from);
    };
    const line = readChart(svg).lines(classColor(0))[0].points;
    for (let i = 0; i < many.thresholds.length; i++) {
      const [f, miss] = [many.falseMatchRate[i], 1 - many.trueMatchRate[i]];
      if (f === 0 || miss === 0) continue;
      expect(farFrom(line, [place(x, f), place(y, miss)]), `pair ${i}`).toBeLessThan(3);
    }
  });

  it("keeps several curves apart by name", () => {
    const { texts } = readChart(
      detChart([
        { name: "plain", ...roc, eer },
        { name: "other", ...roc },
      ]),
    );
    expect(texts).toEqual(expect.arrayContaining([`plain, EER ${(100 * eer).toFixed(2)} %`, "other"]));
  });

  it("shows equal errors above a half, too", () => {
    const bad = rocCurve([3, 4, 5, 6, 1, 2, 1, 2], [true, true, true, true, false, false, false, false]);
    expect(readChart(detChart([{ ...bad, eer: equalErrorRate(bad).rate }])).texts).toContain("EER 100.00 %");
  });
});

describe("distanceHistogramChart", () => {
  const svg = distanceHistogramChart({
    same: [0.1, 0.1, 0.2, Number.POSITIVE_INFINITY],
    different: Array.from({ length: 2000 }, (_, i) => 0.6 + i / 10_000),
    threshold: 0.4,
  });
  const { texts, lines } = readChart(svg);

  it("counts finite distances and marks the threshold", () => {
    expect(texts).toEqual(expect.arrayContaining(["same (3)", "different (2,000)", "threshold 0.400"]));
  });

  it("draws shares of each kind's own pairs over a tinted area", () => {
    const heights = (color: string) => {
      const ys = lines(color)[0].points.map(([, y]) => y);
      return Math.max(...ys) - Math.min(...ys);
    };
    // Two of three same pairs lie in one bin; of the different ones a fifteenth or so.
    expect(heights(classColor(2)) / heights(classColor(0))).toBeGreaterThan(8);
    expect(svg).toMatch(new RegExp(`fill="${classColor(2)}"[^>]*fill-opacity="0.25"`));
  });

  it("shows one kind alone, distances below 0 and ones that are all equal", () => {
    expect(readChart(distanceHistogramChart({ same: [-0.5, -0.5], different: [] })).texts).toEqual(
      expect.arrayContaining(["same (2)", "-0.5"]),
    );
  });
});

describe("a chart of nothing", () => {
  afterEach(() => vi.restoreAllMocks());
  const none = rocCurve([], []);
  const onlySame = rocCurve([1, 2], [true, true]);

  it.each<[string, () => string]>([
    ["ROC without curves", () => rocChart([])],
    ["ROC of pairs of one kind", () => rocChart([onlySame], { log: true })],
    ["DET without pairs", () => detChart([none])],
    ["DET of pairs of one kind", () => detChart([{ ...onlySame, eer: Number.NaN }])],
    ["distances without pairs", () => distanceHistogramChart({ same: [], different: [], threshold: 1 })],
    [
      "distances that are infinite",
      () => distanceHistogramChart({ same: [Infinity], different: [Number.NaN] }),
    ],
  ])("%s says so, without a word on the console", (_, draw) => {
    const spies = (["log", "warn", "error"] as const).map((level) => vi.spyOn(console, level));
    expect(readChart(draw()).texts).toContain("no data");
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });
});
