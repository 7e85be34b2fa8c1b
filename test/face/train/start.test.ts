import { describe, expect, it } from "vitest";
import { makeFaceRecipe } from "../../../src/face/train/make-recipe.ts";
import { chooseStart } from "../../../src/face/train/start.ts";

describe("chooseStart", () => {
  it("takes the backbone that ships where nothing is said, and learns from nothing where it is", async () => {
    const start = await chooseStart({}, "triplet");
    expect(start).toMatchObject({ kind: "backbone", model: "nano", use: { source: "fovea-nano" } });
    expect(await chooseStart({ base: "none" }, "binary")).toEqual({ kind: "none" });
  });

  it("takes the ready encoder where its last layers, or a head on it, are meant", async () => {
    const source = "face-descriptor";
    expect(await chooseStart({ layers: 2 }, "triplet")).toMatchObject({
      kind: "encoder",
      source,
      layers: 2,
      rate: 1,
    });
    expect(await chooseStart({ base: source }, "triplet")).toMatchObject({ layers: 3, frozenShare: 0 });
    const head = await chooseStart({ freeze: true }, "binary");
    expect(head).toMatchObject({ kind: "encoder", source, layers: 0 });
  });

  it("lets layers behind a new head learn slowly, and wait at first", async () => {
    const start = await chooseStart({ base: "face-descriptor" }, "binary-chi2");
    expect(start).toMatchObject({ rate: 0.01, frozenShare: 0.1 });
  });

  it("refuses to hold weights near a start that has none, or that do not move", async () => {
    const refused = { code: "argument-range", message: expect.stringContaining("leave --stay out") };
    await expect(chooseStart({ base: "none", stay: 2 }, "triplet")).rejects.toMatchObject(refused);
    await expect(chooseStart({ freeze: true, stay: 2 }, "binary")).rejects.toMatchObject(refused);
    expect(await chooseStart({ layers: 1, stay: 2 }, "triplet")).toMatchObject({ stay: 2 });
    expect(await chooseStart({ layers: 1 }, "triplet")).toMatchObject({ stay: 1 });
  });
});

describe("makeFaceRecipe", () => {
  const start = { kind: "encoder", source: "own.onnx", layers: 3, stay: 1, rate: 1, frozenShare: 0 } as const;
  const fixed = { side: 150, size: 128, normalized: true };
  const basis = {
    ...{ train: [], start, fixed, pictureSide: 200, grey: false },
    ...{ alignment: "dlib" as const, held: { share: 0.2 } },
  };

  it.each([
    [{ side: 96 }, "150 pixels"],
    [{ normalize: false }, "--no-normalize"],
    [{ size: 64 }, "an encoder of 128"],
  ])("refuses %j, which a trained encoder does not heed", (options, words) => {
    expect(() => makeFaceRecipe(basis, options)).toThrow(words);
    expect(makeFaceRecipe(basis, { side: 150, normalize: true })).toMatchObject(fixed);
  });

  it("refuses more people in a batch than there are, and says how many there may be", () => {
    const train = [3, 2, 1, 5].map((count, i) => ({
      name: `p${i}`,
      pictures: Array(count).fill({ id: "" }),
    }));
    expect(() => makeFaceRecipe({ ...basis, train }, { people: 32 })).toThrow(
      expect.objectContaining({
        code: "argument-range",
        message: expect.stringMatching(/32 people where 3 .*: give --people of at most 3\.$/),
      }),
    );
    expect(makeFaceRecipe({ ...basis, train }, {}).people).toBe(3);
  });
});
