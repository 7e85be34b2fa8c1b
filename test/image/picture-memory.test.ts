import { expect, it, vi } from "vitest";
import { encodePicture, PictureMemory } from "../../src/image/index.ts";

const bytes = await encodePicture({ width: 8, height: 8, data: new Uint8Array(192).fill(90) }, "png");

it("keeps decoded pictures as long as they fit", async () => {
  const memory = new PictureMemory(8 * 8 * 3);
  const open = vi.fn(() => bytes);
  const first = await memory.get("a", open);
  expect(await memory.get("a", open)).toBe(first);
  expect(open).toHaveBeenCalledTimes(1);
  const second = await memory.get("b", open);
  expect(await memory.get("b", open)).not.toBe(second);
  expect(await memory.get("b", open)).toEqual(second);
});
