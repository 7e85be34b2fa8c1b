import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { landmarksCommand } from "../../src/cli/commands/landmarks-files.ts";
import { chooseBoxes, namesBoxes } from "../../src/cli/commands/landmarks-looks.ts";
import { detectBoxes, detectBoxesToTrain } from "../../src/cli/detected-boxes.ts";
import { FoveaError } from "../../src/core/index.ts";
import type { PointDataset, PointSample } from "../../src/data/index.ts";
import { Detector } from "../../src/detect/index.ts";
import { savePicture } from "../../src/image/index.ts";
import { type LandmarkCard, Landmarker } from "../../src/landmarks/index.ts";

const folder = mkdtempSync(join(tmpdir(), "fovea-looks-"));
const path = join(folder, "a.png");
beforeAll(() => savePicture({ width: 100, height: 100, data: new Uint8Array(3 * 10_000) }, path));
afterAll(() => rm(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

/** What is said on stderr from here on. */
function listen(): { words: () => string } {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  return { words: () => written.join("") };
}

/** A detector that always finds a person, and two things at it, the surer ones first. */
function openStreet() {
  const detections = [
    { label: "tie", classIndex: 1, score: 0.9, box: [30, 30, 44, 60] },
    { label: "car", classIndex: 2, score: 0.8, box: [0, 0, 100, 100] },
    { label: "person", classIndex: 0, score: 0.6, box: [20, 10, 60, 90] },
  ];
  const street = {
    classes: ["person", "tie", "car"],
    detect: async () => ({ detections }),
    close: async () => {},
  };
  return vi.spyOn(Detector, "load").mockResolvedValue(street as never);
}

const options = { device: "cpu" as const };

describe("the boxes of a detector", () => {
  const points: PointSample["points"] = [
    [35, 32],
    [42, 55],
    [25, 88],
    [55, 85],
    [40, 58],
  ];
  const sampleOf = (id: string, points: PointSample["points"]): PointSample => {
    return { id, path, width: 100, height: 100, points, group: id };
  };
  const samples = [sampleOf("a", points), sampleOf("none", [undefined]), sampleOf("corner", [[99, 1]])];

  it("are those that fit the points best, not the surest; without points the surest", async () => {
    openStreet();
    const boxes = await detectBoxes({ name: "street" }, samples, options);
    expect(boxes.get("a")).toEqual([20, 10, 60, 90]);
    expect(boxes.get("none")).toEqual([30, 30, 44, 60]);
    expect(boxes.get("corner")).toEqual([0, 0, 100, 100]);
  });

  it("are of the classes that are named, or usual where the detector knows them", async () => {
    openStreet();
    const ofCars = await detectBoxes({ name: "street", classes: ["car"] }, samples, options);
    expect(ofCars.get("a")).toEqual([0, 0, 100, 100]);
    const ofPersons = await detectBoxes({ name: "street", usualClasses: ["person"] }, samples, options);
    expect([ofPersons.get("none"), ofPersons.get("corner")]).toEqual([[20, 10, 60, 90], undefined]);
    const ofAll = await detectBoxes({ name: "street", usualClasses: ["hand"] }, samples, options);
    expect(ofAll.get("none")).toEqual([30, 30, 44, 60]);
    await expect(detectBoxes({ name: "street", classes: ["dog"] }, samples, options)).rejects.toMatchObject({
      code: "class-unknown",
      message: expect.stringContaining('no class "dog"; it has person, tie, car'),
    });
  });

  it("come with a word of what is missed, and of the kinds of things", async () => {
    openStreet();
    const { words } = listen();
    const splits = { train: [samples[0]], val: [samples[1], samples[2]], test: [] };
    const choice = { name: "street", classes: ["person"] };
    await detectBoxesToTrain({ splits } as unknown as PointDataset, choice, options);
    expect(words()).toMatch(/^street finds nothing around the points of 1 of 2 pictures: .*\n$/);
    await detectBoxesToTrain({ splits } as unknown as PointDataset, { name: "street" }, options);
    expect(words()).toMatch(/boxes here are of person \(1\), tie \(1\), car \(1\)\. --detect-class/);
  });

  it("say who named a detector that cannot be opened", async () => {
    const gone = new FoveaError("model-missing", "There is no file `/gone.onnx`.");
    vi.spyOn(Detector, "load").mockRejectedValue(gone);
    const choice = { name: "/gone.onnx", namedBy: "best.onnx" };
    await expect(detectBoxes(choice, samples, options)).rejects.toMatchObject({
      code: "model-missing",
      message: expect.stringMatching(/^There is no file .* best\.onnx was trained with .*; --detector names/),
    });
    await expect(detectBoxes({ name: "/gone.onnx" }, samples, options)).rejects.toBe(gone);
  });
});

const net = (name: string, card: Partial<LandmarkCard>) => ({ name, landmarker: { card } as Landmarker });

describe("what nets are measured at", () => {
  const own = net("own", { subject: "region", detector: "/hands.onnx", detectClasses: ["hand"] });
  const plain = net("plain", { subject: "region" });
  const face = net("face-points", { subject: "box" });
  const body = net("body", { subject: "picture" });
  const named = (nets: ReturnType<typeof net>[], given: object) => {
    const choice = chooseBoxes(nets, given);
    return nets.map((each) => namesBoxes(each, choice, given));
  };

  it("are the boxes of the detector that the first one was trained with, unless another is named", () => {
    const { words } = listen();
    expect(chooseBoxes([own], {})).toEqual({
      name: "/hands.onnx",
      usualClasses: ["hand"],
      namedBy: "own",
      otherwise: "--detector none measures at labelled boxes",
    });
    expect(words()).toBe(
      "own is measured at the boxes of /hands.onnx, as it was trained; --detector none takes labelled ones.\n",
    );
    expect(named([own, plain, body], {})).toEqual(["/hands.onnx", "/hands.onnx", "none"]);
    expect(words()).toContain(
      "plain was trained at labelled boxes or those of the points, and is measured at the boxes of /hands.onnx, as own is",
    );
    expect(named([own], { detector: "faces" })).toEqual(["faces"]);
    expect(named([own, body], { detector: "none" })).toEqual(["labels", "none"]);
    expect(named([plain, own], {})).toEqual(["labels", "labels"]);
    expect(words()).toContain(
      "own was trained at the boxes of /hands.onnx, and is measured at labelled boxes",
    );
  });

  it("are whole pictures where that is asked for, and says where it has no effect", () => {
    const { words } = listen();
    expect(named([plain, face, body], { whole: true })).toEqual(["none", "labels", "none"]);
    expect(words()).toContain("--whole: no effect with face-points, which looks at boxes only.");
    expect(words()).toContain("--whole: no effect with body, which always looks at the whole picture.");
    expect(named([body], { detector: "faces", detectClass: ["face"] })).toEqual(["none"]);
    expect(words()).toContain("--detector: no effect with body, which always looks at the whole picture.");
    expect(words()).toContain("--detect-class: no effect without a detector.");
  });
});

describe("fovea landmarks", () => {
  /** What is said, and of which boxes points are asked. */
  async function look(card: Partial<LandmarkCard>, given: object) {
    const asked: unknown[] = [];
    const landmarker = {
      card: { subject: "region", points: ["a"], lines: [], ...card },
      async locate(_: unknown, boxes: readonly unknown[] = ["whole"]) {
        asked.push(...boxes);
        return boxes.map(() => ({ points: [[1, 1]] }));
      },
      close: async () => {},
    };
    vi.spyOn(Landmarker, "load").mockResolvedValue(landmarker as never);
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const { words } = listen();
    await landmarksCommand([path], { model: "net.onnx", device: "cpu", ...given });
    return { asked, said: words() };
  }

  it("says that a net which learned to look at boxes is shown whole pictures, unless that was asked for", async () => {
    const sentence = "net.onnx was trained at boxes of things, and looks at the whole picture here";
    expect((await look({ ownBoxes: false }, {})).said).toContain(sentence);
    expect((await look({ ownBoxes: false }, { whole: true })).said).not.toContain(sentence);
    expect((await look({ ownBoxes: true }, {})).said).not.toContain(sentence);
    expect((await look({ subject: "picture" }, {})).said).not.toContain(sentence);
    openStreet();
    expect((await look({ ownBoxes: false }, { detector: "street.onnx" })).said).not.toContain(sentence);
  });

  it("looks at the classes of the net's training, or at those that are named", async () => {
    const opened = openStreet();
    const card = { detector: "/street.onnx", detectClasses: ["person"] };
    expect((await look(card, {})).asked).toEqual([[20, 10, 60, 90]]);
    expect(opened.mock.calls[0][0]).toBe("/street.onnx");
    expect((await look(card, { detectClass: ["tie", "car"] })).asked).toHaveLength(2);
    expect((await look({}, { detector: "street.onnx" })).asked).toHaveLength(3);
    const idle = await look({ ownBoxes: true }, { detectClass: ["tie"] });
    expect(idle.said).toContain("--detect-class: no effect with net.onnx");
  });
});
