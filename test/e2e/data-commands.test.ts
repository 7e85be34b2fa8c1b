import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fovea, HOOK_TIMEOUT_MS, interruptWhen } from "./fovea.ts";
import { createWorkspace, type Workspace } from "./workspace.ts";

let workspace: Workspace;

/** Runs a command line in the workspace; it must work. */
async function succeed(line: string): Promise<{ stdout: string; stderr: string }> {
  const { code, ...output } = await fovea(line.split(" "), { cwd: workspace.path });
  expect({ code, stderr: output.stderr }).toMatchObject({ code: 0 });
  return output;
}

beforeAll(async () => {
  workspace = await createWorkspace();
  await succeed("data scenes scenes --count 12 --size 96x96 --seed 7 --val 0.25");
}, HOOK_TIMEOUT_MS);

afterAll(() => workspace.remove());

describe("fovea data", () => {
  it("counts what scenes wrote", async () => {
    const made = JSON.parse(
      (await succeed("data scenes counted --count 10 --size 96x64 --seed 3 --json")).stdout,
    );
    const checked = JSON.parse((await succeed("data check counted --json")).stdout);
    expect(made).toMatchObject({ out: "counted", format: "yolo", train: 8, val: 2 });
    expect(checked).toMatchObject({
      format: "yolo",
      splitSource: "files",
      splits: { train: { pictures: 8 }, val: { pictures: 2 } },
      pictures: { width: { min: 96, max: 96 }, height: { min: 64, max: 64 } },
      problemDetails: [],
    });
    const boxes = checked.classes.map((summary: { name: string; boxes: number }) => [
      summary.name,
      summary.boxes,
    ]);
    expect(Object.fromEntries(boxes)).toEqual(made.objects);
  });

  it("makes the same scenes from the same seed, and others from another", async () => {
    await succeed("data scenes again --count 12 --size 96x96 --seed 7 --val 0.25");
    await succeed("data scenes other --count 12 --size 96x96 --seed 8 --val 0.25");
    const print = async (dir: string) =>
      JSON.parse((await succeed(`data check ${dir} --json`)).stdout).fingerprint;
    const [scenes, again, other] = [await print("scenes"), await print("again"), await print("other")];
    expect(again).toBe(scenes);
    expect(other).not.toBe(scenes);
  });

  it.each(["voc", "coco", "yolo"])("converts to %s without changing a label", async (format) => {
    const written = JSON.parse(
      (await succeed(`data convert scenes as-${format} --to ${format} --json`)).stdout,
    );
    const checked = JSON.parse((await succeed(`data check as-${format} --json`)).stdout);
    expect(written).toMatchObject({ from: "yolo", to: format, pictures: 12 });
    expect(checked).toMatchObject({ format, fingerprint: written.fingerprint });
  });

  it("counts what it wrote as YOLO, and says what YOLO cannot hold", async () => {
    await succeed("data convert scenes crowded --to coco");
    const file = (await workspace.list()).find((path) => /^crowded\/annotations\/.*train\.json$/.test(path))!;
    const coco = JSON.parse(await readFile(join(workspace.path, file), "utf8"));
    const crowds = coco.annotations.filter(({ image_id }: { image_id: number }) => image_id === 1);
    for (const crowd of crowds) crowd.iscrowd = 1;
    coco.annotations.find(({ image_id }: { image_id: number }) => image_id === 2).difficult = 1;
    await workspace.write({ [file]: JSON.stringify(coco) });
    const { stdout, stderr } = await succeed("data convert crowded uncrowded --to yolo --json");
    const { pictures, boxes, fingerprint, lost } = JSON.parse(stdout);
    expect(lost).toEqual({ crowds: crowds.length, pictures: 1, difficult: 1 });
    expect(stderr).toMatch(
      /^\d+ crowds? left out: YOLO has none; 1 picture with nothing else left out; 1 difficult object written as ordinary: YOLO has no such mark\n$/,
    );
    const checked = JSON.parse((await succeed("data check uncrowded --json")).stdout);
    const { train, val } = checked.splits;
    expect(train.pictures + val.pictures).toBe(pictures);
    expect(train.boxes + val.boxes).toBe(boxes);
    expect(checked).toMatchObject({ fingerprint, problemDetails: [] });
  });

  it("tells people what is in a data set, and what is wrong with it", async () => {
    await succeed("data convert scenes damaged --to yolo");
    const labels = (await workspace.list()).filter((path) => /^damaged\/labels\/train\/.+\.txt$/.test(path));
    await workspace.write({ [labels[0]]: "0 0.5 0.5 0.2 0.2\n9 0.5 0.5 0.1 0.1\n" });
    const { stdout } = await succeed("data check damaged --out sheet.png");
    expect(stdout).toContain("YOLO, splits from its files");
    expect(stdout).toMatch(/^train +9 /m);
    expect(stdout).toMatch(/^val +3 /m);
    expect(stdout).toMatch(/^ {2}1 object is of an unknown class: .*scene-\d+\.txt$/m);
    const png = await readFile(join(workspace.path, "sheet.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");

    const strict = await fovea(["data", "check", "damaged", "--strict"], { cwd: workspace.path });
    expect(strict).toMatchObject({
      code: 1,
      stdout,
      stderr: "fovea: damaged has 1 problem, and --strict allows none.\n",
    });
  });
});

describe("Ctrl-C in fovea data scenes", () => {
  it("leaves nothing behind", async () => {
    const parent = join(workspace.path, "stopped");
    await mkdir(parent);
    const { code, stdout, stderr } = await fovea(["data", "scenes", "stopped/out", "--count", "100000"], {
      cwd: workspace.path,
      onStart: interruptWhen(async () => (await readdir(parent)).length > 0),
    });
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(stderr).toMatch(/^Stopping after this picture\.$/m);
    expect(stderr).toMatch(/^fovea: Stopped before all of 100,000 pictures were drawn, and kept none; .+$/m);
    expect(await readdir(parent)).toEqual([]);
  });
});

describe("fovea detect anchors", () => {
  it("finds shapes of rising area, the same every time", async () => {
    const { stdout } = await succeed("detect anchors scenes -k 3 --json --out anchors.svg");
    const { anchors, boxes, meanBestIou } = JSON.parse(stdout);
    const areas = anchors.map(([width, height]: [number, number]) => width * height);
    expect(anchors).toHaveLength(3);
    expect(areas).toEqual([...areas].sort((a, b) => a - b));
    expect(meanBestIou).toBeGreaterThan(0.5);
    const checked = JSON.parse((await succeed("data check scenes --json")).stdout);
    expect(boxes[0] + boxes[1] + boxes[2]).toBe(checked.splits.train.boxes);
    expect((await succeed("detect anchors scenes -k 3 --json")).stdout).toBe(stdout);
    expect(await readFile(join(workspace.path, "anchors.svg"), "utf8")).toMatch(/^<svg/);
  });

  it("scales them to the input of a net", async () => {
    const plain = JSON.parse((await succeed("detect anchors scenes -k 2 --json")).stdout);
    const half = JSON.parse((await succeed("detect anchors scenes -k 2 --size 48 --json")).stdout);
    expect(half.anchors).toEqual(plain.anchors.map((shape: number[]) => shape.map((side) => side / 2)));
  });
});

describe("output", () => {
  it("goes to stdout alone when quiet, wherever --quiet stands", async () => {
    await succeed("data convert scenes mended --to yolo");
    const labels = (await workspace.list()).filter((path) => /^mended\/labels\/train\/.+\.txt$/.test(path));
    await workspace.write({ [labels[0]]: "0 0.5 0.5 0.2 0.2\n9 0.5 0.5 0.1 0.1\n" });
    expect((await succeed("detect anchors mended -k 2")).stderr).toBe(
      "mended: 1 problem (listed by: fovea data check mended)\n",
    );
    expect((await succeed("detect anchors mended -k 2 --quiet")).stderr).toBe("");
    expect((await succeed("--quiet detect anchors mended -k 2")).stderr).toBe("");
  });

  it("may be cut off by its reader", async () => {
    const { code, stderr } = await fovea(["data", "check", "scenes"], {
      cwd: workspace.path,
      onStart: (child) => child.stdout!.destroy(),
    });
    expect({ code, stderr }).toEqual({ code: 141, stderr: "" }); // as shells count: 128 + SIGPIPE
  });
});
