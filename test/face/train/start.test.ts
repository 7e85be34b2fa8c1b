import { describe, expect, it } from "vitest";
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
});
