import { expect, it } from "vitest";
import { withAnyBatch } from "../../src/models/index.ts";

it("refuses bytes that are no model", () => {
  for (const bytes of [new Uint8Array(0), new Uint8Array([255, 1, 2]), new TextEncoder().encode("hello")]) {
    expect(() => withAnyBatch(bytes)).toThrow(expect.objectContaining({ code: "model-unreadable" }));
  }
});
