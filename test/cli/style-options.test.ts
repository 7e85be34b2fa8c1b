import { afterEach, describe, expect, it, vi } from "vitest";
import { addStyleCommands } from "../../src/cli/commands/style.ts";
import { runCommand } from "./run-command.ts";

const { transferStyle, paint } = vi.hoisted(() => {
  const stop = async (..._: unknown[]): Promise<never> => {
    throw new Error("painted");
  };
  return { transferStyle: vi.fn(stop), paint: vi.fn(stop) };
});
vi.mock("../../src/style/index.ts", () => ({
  transferStyle,
  Painter: { load: async () => ({ paint, close: async () => {} }) },
}));

afterEach(() => vi.clearAllMocks());

async function run(line: string): Promise<void> {
  await expect(runCommand(addStyleCommands, ["style", ...line.split(" ")])).rejects.toThrow(/^painted$/);
}

describe("fovea style", () => {
  it.each<[line: string, told: Record<string, unknown>]>([
    ["", { recipe: "fovea", init: "content", optimizer: "lbfgs", seed: 0, snapshotEvery: 50 }],
    ["", { matchColors: undefined, averagePooling: undefined }],
    ["--recipe gatys --pool average", { recipe: "gatys", averagePooling: true }],
    ["--pool max --no-match-colors", { averagePooling: false, matchColors: false }],
    ["--content-weight 0.5 --style-weight 3", { contentWeight: 0.5, styleWeight: 3 }],
    ["--tv-weight 4 --palette-weight 0.7", { tvWeight: 4, paletteWeight: 0.7 }],
    ["--style-layers stage1=2", { styleLayers: [{ name: "stage1", weight: 2 }] }],
    [
      "--content-layers stage2=1,stage3=0.5",
      {
        contentLayers: [
          { name: "stage2", weight: 1 },
          { name: "stage3", weight: 0.5 },
        ],
      },
    ],
    ["--style-scale 2 --keep-colors", { styleScale: 2, keepColors: true }],
    ["--init noise --optimizer adam --seed 5", { init: "noise", optimizer: "adam", seed: 5 }],
    ["--iterations 40 --scales 2 --tile 256", { iterations: 40, scales: 2, tile: 256 }],
    ["--time 1m30s --snapshots 10 --size 96", { timeMs: 90_000, snapshotEvery: 10, size: 96 }],
    ["--backbone net.onnx --pixels imagenet", { backbone: "net.onnx", pixels: "imagenet" }],
    ["--threads 3 --device cpu", { threads: 3, device: "cpu" }],
  ])("%s", async (line, told) => {
    await run(`tower.jpg night.jpg ${line}`.trim());
    expect(transferStyle).toHaveBeenCalledWith(
      "tower.jpg",
      [{ picture: "night.jpg" }],
      expect.objectContaining(told),
    );
  });

  it("tells each style's weight and mask", async () => {
    await run("tower.jpg a.jpg b.jpg --blend 2,1 --mask left.png");
    expect(transferStyle.mock.calls[0][1]).toEqual([
      { picture: "a.jpg", weight: 2, mask: "left.png" },
      { picture: "b.jpg", weight: 1, mask: undefined },
    ]);
  });
});
