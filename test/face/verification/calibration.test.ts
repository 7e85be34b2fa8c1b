import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Random } from "../../../src/core/index.ts";
import { encoderDigest } from "../../../src/face/encoder-model.ts";
import {
  type Calibration,
  calibrateDistances,
  copyDistance,
  distancesOfPeople,
  falseMatchRateAt,
  leastRate,
  readCalibration,
  readyCalibration,
  samePictures,
  saveCalibration,
  thresholdFor,
} from "../../../src/face/verification/index.ts";
import { clopperPearsonInterval } from "../../../src/metrics/index.ts";
import { readyModels } from "../../../src/models/index.ts";

const encoder = { name: "made up", digest: "d1", size: 4 };

/** 1,000 different pairs at .001, .002 … 1, and ten same ones at .05, .15 … .95. */
const even = calibrateDistances(
  {
    same: Array.from({ length: 10 }, (_, i) => (i + 0.5) / 10),
    different: Array.from({ length: 1000 }, (_, i) => (1000 - i) / 1000),
  },
  { encoder, mirror: false },
);

describe("calibrateDistances", () => {
  it("keeps distances at rates spaced by logarithms, down to one pair", () => {
    expect(even).toMatchObject({ encoder, mirror: false, different: 1000, same: 10 });
    const counts = even.points.map(({ falseMatches }) => falseMatches);
    expect(counts.slice(0, 14)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 25]);
    for (const count of [50, 100, 200, 500, 1000]) expect(counts).toContain(count);
    for (const { distance, falseMatches } of even.points)
      expect(distance).toBeCloseTo(falseMatches / 1000, 12);
    expect(even.points.find(({ falseMatches }) => falseMatches === 200)!.missRate).toBeCloseTo(0.8, 12);
    expect(even.points.every(({ spread }) => spread === undefined)).toBe(true);
  });

  it("matches all pairs of equal distance at once", () => {
    const { points } = calibrateDistances(
      { same: [0.1], different: [0.5, 0.5, 0.5, 0.9] },
      { encoder, mirror: false },
    );
    expect(points.map(({ distance, falseMatches }) => [distance, falseMatches])).toEqual([
      [0.5, 3],
      [0.9, 4],
    ]);
  });

  it("refuses pairs of one kind and pictures without a face", () => {
    const made = (same: number[], different: number[]) => () =>
      calibrateDistances({ same, different }, { encoder, mirror: false });
    expect(made([], [1])).toThrow(expect.objectContaining({ code: "pairs-one-kind" }));
    expect(made([1], [])).toThrow(expect.objectContaining({ code: "pairs-one-kind" }));
    expect(made([1], [Number.POSITIVE_INFINITY])).toThrow(
      expect.objectContaining({ code: "distance-invalid" }),
    );
  });

  it("draws people for the spread: wider than the binomial interval where one person causes the matches", () => {
    // 40 people with 3 pictures each. The first two are twins, whose 9 pairs alone are near.
    const random = new Random(1);
    const owners = Array.from({ length: 120 }, (_, i) => Math.floor(i / 3));
    const encodings = owners.map((owner) => {
      const place = Array.from({ length: 4 }, () => random.normal(0, 0.01));
      place[0] += owner < 2 ? 0 : 10 * owner;
      place[1] += owner === 1 ? 0.1 : 0;
      return Float32Array.from(place);
    });
    const distances = distancesOfPeople(encodings, owners);
    expect(distances).toMatchObject({ people: 40 });
    expect([distances.same.length, distances.different.length]).toEqual([120, 7020]);
    const calibration = calibrateDistances(distances, { encoder, mirror: false, pictures: 120 });
    const twins = calibration.points.find(({ falseMatches }) => falseMatches === 9)!;
    expect(twins.distance).toBeLessThan(1);
    const [low, high] = clopperPearsonInterval(9, 7020);
    // Neither twin, or one of them, is drawn in most cases; both twice in some.
    expect(twins.spread![0]).toBe(0);
    expect(twins.spread![0]).toBeLessThan(low);
    expect(twins.spread![1]).toBeGreaterThan(high);
    const again = calibrateDistances(distances, { encoder, mirror: false, pictures: 120 });
    expect(again).toEqual(calibration);
  });

  it("has a spread near the binomial interval where all people are alike", () => {
    const random = new Random(2);
    const owners = Array.from({ length: 150 }, (_, i) => i);
    owners.push(0);
    const encodings = owners.map(() => Float32Array.from({ length: 4 }, () => random.normal()));
    const { points, different } = calibrateDistances(distancesOfPeople(encodings, owners), {
      encoder,
      mirror: false,
    });
    const { falseMatches, spread } = points.find((point) => point.falseMatches >= 0.1 * different)!;
    const [low, high] = clopperPearsonInterval(falseMatches, different);
    expect(spread![0]).toBeLessThan(falseMatches / different);
    expect(spread![1]).toBeGreaterThan(falseMatches / different);
    expect((spread![1] - spread![0]) / (high - low)).toBeGreaterThan(1);
    expect((spread![1] - spread![0]) / (high - low)).toBeLessThan(8);
  });
});

describe("distancesOfPeople", () => {
  const owners = Array.from({ length: 60 }, (_, i) => i % 20);
  const encodings = owners.map((_, i) => Float32Array.of(i, 0));

  it("compares each pair once", () => {
    const { same, samePerson, different, personA, personB } = distancesOfPeople(encodings, owners);
    expect([same.length, different.length]).toEqual([60, 1710]);
    expect(same[0]).toBe(20);
    expect(samePerson[0]).toBe(0);
    expect(personA.every((a, i) => a !== personB[i])).toBe(true);
    expect(different.every((distance) => distance > 0)).toBe(true);
  });

  it("draws as many different pairs as asked for, by a seed", () => {
    const drawn = distancesOfPeople(encodings, owners, { mostDifferent: 300, seed: 4 });
    expect(drawn.different).toHaveLength(300);
    expect(drawn.same).toHaveLength(60);
    expect(distancesOfPeople(encodings, owners, { mostDifferent: 300, seed: 4 })).toEqual(drawn);
    expect(distancesOfPeople(encodings, owners, { mostDifferent: 300, seed: 5 })).not.toEqual(drawn);
    const mean = drawn.different.reduce((sum, distance) => sum + distance, 0) / 300;
    expect(mean).toBeGreaterThan(15);
    expect(mean).toBeLessThan(25);
  });
});

describe("samePictures", () => {
  it("finds pictures that lie with two people, whatever their order", () => {
    const random = new Random(3);
    const encodings = Array.from({ length: 40 }, () =>
      Float32Array.from({ length: 8 }, () => random.normal()),
    );
    encodings[31] = encodings[4].slice();
    encodings[12] = encodings[25].map((part) => part + 1e-3);
    encodings[8] = encodings[9].slice();
    const owners = encodings.map((_, i) => (i === 8 ? 9 : i));
    const within = copyDistance(distancesOfPeople(encodings, owners).different);
    expect(within).toBeGreaterThan(0.04);
    expect(within).toBeLessThan(0.12);
    // 8 and 9 are of one person.
    expect(samePictures(encodings, owners, within)).toEqual([
      [4, 31],
      [12, 25],
    ]);
  });
});

describe("thresholdFor", () => {
  it("holds the rate that is asked for", () => {
    expect(thresholdFor(even, 0.1)).toEqual({
      threshold: 0.1,
      falseMatchRate: 0.1,
      interval: clopperPearsonInterval(100, 1000),
      spread: undefined,
      missRate: expect.closeTo(0.9, 12),
    });
    // Between two points the lower one is taken.
    expect(thresholdFor(even, 0.0119)).toMatchObject({ threshold: 0.01, falseMatchRate: 0.01 });
    expect(thresholdFor(even, 1).threshold).toBe(1);
  });

  it("says how many pairs a rate would need, by the rule of three", () => {
    expect(thresholdFor(even, 0.003).threshold).toBe(0.003);
    expect(() => thresholdFor(even, 0.001)).toThrow(
      expect.objectContaining({
        code: "calibration-too-small",
        message:
          "A false-match rate of 0.001 needs 3,000 pairs of different people to be measured, but the calibration has 1,000: calibrate with more pictures, or ask for 0.003 or more.",
      }),
    );
  });

  it.each([
    [13, ", or ask for 0.24 or more."], // 3 of 13 are .2308
    [7, ", or ask for 0.43 or more."],
    [6, ", or ask for 0.5 or more."],
    [5, "calibrate with more pictures."],
    [1, "calibrate with more pictures."],
  ])("names a rate that %s pairs can tell, if there is one", (count, end) => {
    const different = Array.from({ length: count }, (_, i) => i + 1);
    const few = calibrateDistances({ same: [0.1], different }, { encoder, mirror: false });
    expect(() => thresholdFor(few, 0.001)).toThrow(
      expect.objectContaining({ code: "calibration-too-small", message: expect.stringMatching(`${end}$`) }),
    );
    const [, rate] = /ask for (.*) or/.exec(end) ?? [];
    if (rate) expect(thresholdFor(few, Number(rate)).threshold).toBe(3);
    if (rate) expect(leastRate(few)).toBe(3 / count);
    else expect(() => leastRate(few)).toThrow(`but the calibration has ${count}`);
  });

  it("says so where more pairs than the rate allows share the smallest distance", () => {
    const different = Array.from({ length: 4000 }, (_, i) => (i < 5 ? 0 : 0.5 + i / 4000));
    const tied = calibrateDistances({ same: [0.1], different }, { encoder, mirror: false });
    expect(() => thresholdFor(tied, 0.001)).toThrow(
      expect.objectContaining({
        code: "calibration-tied",
        message: expect.stringMatching(/^5 of 4000 pairs .* distance, 0, .* ask for 0\.002 or more\.$/),
      }),
    );
    expect(thresholdFor(tied, 5 / 4000)).toMatchObject({ threshold: 0, falseMatchRate: 5 / 4000 });
    expect(thresholdFor(tied, 0.002).threshold).toBeGreaterThan(0.5);
  });

  it.each([0, -1, 1.5, Number.NaN])("refuses a rate of %s", (rate) => {
    expect(() => thresholdFor(even, rate)).toThrow(expect.objectContaining({ code: "argument-range" }));
  });
});

describe("falseMatchRateAt", () => {
  it("is exact at the points, and between its neighbours elsewhere", () => {
    expect(falseMatchRateAt(even, 0.05)).toMatchObject({ rate: 0.05, atMost: false });
    const between = falseMatchRateAt(even, 0.0565);
    expect(between.rate).toBeGreaterThan(0.055);
    expect(between.rate).toBeLessThan(0.058);
    // 50 pairs for sure, 62 at most, as the next point is at 63.
    expect(between.interval).toEqual([
      clopperPearsonInterval(50, 1000)[0],
      clopperPearsonInterval(62, 1000)[1],
    ]);
  });

  it("gives a bound where no pair lies that near, and 1 beyond all", () => {
    const [, high] = clopperPearsonInterval(0, 1000);
    expect(falseMatchRateAt(even, 0.0005)).toEqual({ rate: high, atMost: true, interval: [0, high] });
    expect(falseMatchRateAt(even, 7)).toEqual({ rate: 1, atMost: false, interval: [expect.any(Number), 1] });
  });

  it("grows with the distance", () => {
    let last = 0;
    for (let distance = 0.001; distance < 1.1; distance += 0.0007) {
      const { rate, interval } = falseMatchRateAt(even, distance);
      expect(rate).toBeGreaterThanOrEqual(last);
      expect(interval[0]).toBeLessThanOrEqual(rate);
      expect(interval[1]).toBeGreaterThanOrEqual(rate);
      last = rate;
    }
  });
});

/** What a file holds, to be spoilt. */
interface Stored {
  format?: string;
  version: number;
  encoder: { digest?: string };
  mirror?: boolean;
  different: unknown;
  points: Record<string, unknown>[];
}

describe("a calibration's file", () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "fovea-calibration-"));
    path = join(folder, "calibration.json");
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("comes back as it was", async () => {
    const whole: Calibration = {
      ...even,
      people: 3,
      pictures: 7,
      points: even.points.map((point) => ({ ...point, spread: [0, 0.5] })),
    };
    await saveCalibration(path, whole);
    expect(await readCalibration(path, { encoder, mirror: false })).toEqual(whole);
    expect((await readFile(path, "utf8")).split("\n").length).toBeLessThan(whole.points.length + 25);
    await saveCalibration(path, even);
    expect(await readCalibration(path)).toEqual({ ...even, people: undefined, pictures: undefined });
  });

  it("is refused for another encoder, and for other encodings of the same", async () => {
    await saveCalibration(path, even);
    const other = { ...encoder, name: "other", digest: "d2" };
    await expect(readCalibration(path, { encoder: other, mirror: false })).rejects.toMatchObject({
      code: "calibration-other-model",
    });
    await expect(readCalibration(path, { encoder, mirror: true })).rejects.toThrow(
      /without mirror images.*add --no-mirror/,
    );
  });

  it.each<[string, (value: Stored) => unknown]>([
    ["its `format` is not", (value) => delete value.format],
    ["its version is 2", (value) => (value.version = 2)],
    ["does not say which encoder", (value) => delete value.encoder.digest],
    ["does not say which encoder", (value) => delete value.mirror],
    ["lacks its numbers", (value) => (value.different = "many")],
    ["has no points", (value) => (value.points = [])],
    ["its point 1 is no", (value) => (value.points[0].missRate = 2)],
    ["its point 3 is no", (value) => (value.points[2].distance = 0)],
    ["its point 2 is no", (value) => (value.points[1].falseMatches = 1e9)],
    ["its point 2 is no", (value) => (value.points[1].spread = [0])],
  ])("is refused where it says: %s", async (why, spoil) => {
    await saveCalibration(path, even);
    const value = JSON.parse(await readFile(path, "utf8"));
    spoil(value);
    await writeFile(path, JSON.stringify(value));
    const error = await readCalibration(path).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "calibration-unreadable" });
    expect(error.message).toContain(why);
  });

  it("is refused where it is none, or nowhere", async () => {
    await writeFile(path, "{");
    await expect(readCalibration(path)).rejects.toThrow("it is not JSON");
    await writeFile(path, "null");
    await expect(readCalibration(path)).rejects.toMatchObject({ code: "calibration-unreadable" });
    await expect(readCalibration(join(folder, "none.json"))).rejects.toThrow("does not exist");
  });
});

describe("readyCalibration", () => {
  it("knows the ready encoder only", () => {
    expect(readyCalibration(encoder, false)).toBeUndefined();
  });

  it("has measured rates down to one in a hundred thousand, plain and mirrored", () => {
    const ready = {
      name: "face-descriptor",
      digest: encoderDigest(readyModels.get("face-descriptor")!.source.sha256, "dlib"),
      size: 128,
    };
    const thresholds = [false, true].map((mirror) => {
      const calibration = readyCalibration(ready, mirror)!;
      expect(calibration).toMatchObject({ encoder: ready, mirror, people: 355, pictures: 1262, same: 2584 });
      for (const [i, { distance, spread, falseMatches }] of calibration.points.entries()) {
        expect(distance).toBeGreaterThan(calibration.points[i - 1]?.distance ?? 0);
        expect(spread![0]).toBeLessThanOrEqual(falseMatches / calibration.different);
        expect(spread![1]).toBeGreaterThanOrEqual(falseMatches / calibration.different);
      }
      expect(() => thresholdFor(calibration, 1e-6)).toThrow("3,000,000 pairs");
      return [1e-2, 1e-3, 1e-4, 1e-5].map((rate) => thresholdFor(calibration, rate).threshold);
    });
    expect(thresholds[0][1]).toBeCloseTo(0.554, 2);
    expect(thresholds[1][1]).toBeCloseTo(0.542, 2);
    for (const list of thresholds) expect(list).toEqual([...list].sort((a, b) => b - a));
  });
});
