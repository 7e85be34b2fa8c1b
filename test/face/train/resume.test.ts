import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TrainFaceOptions } from "../../../src/face/train/train.ts";
import { readModel } from "../../../src/graph/index.ts";
import type { EpochRecord } from "../../../src/train/index.ts";
import { writePeople } from "./drawn-people.ts";
import { trainDrawn } from "./train-drawn.ts";

let folder: string;
let data: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fovea-face-resume-"));
  data = join(folder, "people");
  // Two of them with a single picture, who come as negatives only.
  await writePeople(data, [...Array<number>(10).fill(4), 1, 1]);
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains in a folder of the given name, until a number of steps is done. */
function train(name: string, options: Partial<TrainFaceOptions>, stopAfter = Number.POSITIVE_INFINITY) {
  const controller = new AbortController();
  return trainDrawn({
    data,
    out: join(folder, name),
    ...options,
    signal: controller.signal,
    onEvent(event) {
      if (event.kind === "step" && event.step === stopAfter) controller.abort();
    },
  });
}

/** The tensors of a checkpoint by name, their bytes as text. */
async function tensorsOf(name: string): Promise<Record<string, string>> {
  const { graph } = readModel(await readFile(join(folder, name, "checkpoint.fovea")));
  return Object.fromEntries(
    graph.initializer.map((proto) => [proto.name, Buffer.from(proto.rawData).toString("base64")]),
  );
}

const withoutSeconds = (records: readonly EpochRecord[]) =>
  records.map((record) => ({ ...record, seconds: 0 }));

const settings: Record<string, Partial<TrainFaceOptions>> = {
  // Draws random numbers for the mining, too, and keeps dropout's.
  triplet: { mining: "distance-weighted", people: 4, augment: { flipHorizontal: 0.5, erase: 0.5 } },
  binary: { loss: "binary-chi2", people: 4 },
};

describe.each(Object.keys(settings))("a training by %s", (kind) => {
  it("resumed after interruptions is bit for bit what it is in one go", async () => {
    const chosen = { epochs: 4, seed: 6, valPeople: 0.3, ...settings[kind] };
    const straight = await train(`${kind}-straight`, chosen);
    const stepsPerEpoch = straight.notes.records[0].step;
    expect(stepsPerEpoch).toBeGreaterThan(1);
    const again = { resume: true }; // all else is known from the run
    const parts = [
      await train(`${kind}-parts`, chosen, 1), // within an epoch
      await train(`${kind}-parts`, again, 2 * stepsPerEpoch), // at the end of one
    ];
    expect(parts.map(({ ending, evaluation }) => [ending, evaluation])).toEqual([
      ["interrupted", undefined],
      ["interrupted", undefined],
    ]);
    const resumed = await train(`${kind}-parts`, again);
    expect(resumed.ending).toBe("complete");
    expect(await tensorsOf(`${kind}-parts`)).toEqual(await tensorsOf(`${kind}-straight`));
    expect(withoutSeconds(resumed.notes.records)).toEqual(withoutSeconds(straight.notes.records));
    expect(resumed.recipe).toEqual(straight.recipe);
    expect(resumed.before!.eer).toBe(straight.before!.eer);
    expect(resumed.evaluation!.pairs).toEqual(straight.evaluation!.pairs);
    const best = (name: string) => readFile(join(folder, name, "best.onnx"));
    expect(Buffer.compare(await best(`${kind}-parts`), await best(`${kind}-straight`))).toBe(0);
  }, 60_000);
});

describe("a training that is resumed", () => {
  it("knows the encoder that it stands on, from whatever folder", async () => {
    const [one, other] = [
      await train("base", { epochs: 1, people: 4 }),
      await train("base-2", { epochs: 1, people: 4, seed: 2 }),
    ];
    const base = join(folder, "encoder.onnx");
    await copyFile(one.best, base);
    const side = undefined; // the encoder's own
    const chosen = {
      base: relative(process.cwd(), base),
      layers: 1,
      epochs: 4,
      people: 4,
      side,
      size: undefined,
    };
    const { recipe } = await train("stands", chosen, 1);
    expect(recipe.start).toMatchObject({ source: base, digest: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await copyFile(other.best, base);
    await expect(train("stands", { resume: true })).rejects.toMatchObject({
      code: "checkpoint-mismatch",
      message: expect.stringContaining(base),
    });
    await copyFile(one.best, base);
    expect((await train("stands", { resume: true })).ending).toBe("complete");
  }, 60_000);

  it("says so where it is complete and its best model is gone", async () => {
    const { best } = await train("moved", { epochs: 1, people: 4 });
    await rm(best);
    await expect(train("moved", { resume: true })).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringContaining(best),
    });
  });

  it("refuses other people", async () => {
    await train("others", { epochs: 4, people: 4 }, 1);
    const other = join(folder, "other people");
    await writePeople(other, Array<number>(11).fill(4));
    await expect(train("others", { data: other, resume: true })).rejects.toMatchObject({
      code: "checkpoint-mismatch",
    });
  }, 60_000);
});
