import { expect, it } from "vitest";
import { boxAround } from "../../src/geometry/index.ts";

it("boxAround leaves out what is not labelled or nowhere", () => {
  expect(boxAround([[3, 4], undefined, [Number.NaN, 9], [1, 8]])).toEqual([1, 4, 3, 8]);
});
