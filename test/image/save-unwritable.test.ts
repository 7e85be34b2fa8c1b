import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { savePicture } from "../../src/image/index.ts";
import { makePicture, temporaryFolder } from "./pictures.ts";

// A full disk cannot be had in a test: the writing library is made to report one.
const failure = vi.hoisted(() => ({ code: "" }));
vi.mock("write-file-atomic", () => ({
  default: async () => {
    throw Object.assign(new Error(`${failure.code}: from the system`), { code: failure.code });
  },
}));

const folder = temporaryFolder();
const picture = makePicture(2, 2, () => [1, 2, 3]);

describe("savePicture explains", () => {
  it.each([
    ["ENOSPC", "the disk is full; free some space or choose another folder"],
    ["EACCES", "this user may not write there; change the permissions or choose another folder"],
    ["EROFS", "the file system is read-only; choose another folder"],
    ["EIO", "EIO: from the system"],
  ])("%s", async (code, reason) => {
    failure.code = code;
    const path = join(folder(), "a.png");
    await expect(savePicture(picture, path)).rejects.toMatchObject({
      name: "FoveaError",
      code: "output-unwritable",
      message: `Cannot write \`${path}\`: ${reason}.`,
      cause: { code },
    });
  });
});
