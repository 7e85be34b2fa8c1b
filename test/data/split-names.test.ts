import { expect, test } from "vitest";
import { splitOfWords } from "../../src/data/split-names.ts";

test.each([
  ["train_points", "train"],
  ["points-val", "val"],
  ["instances Valid2017", "val"],
  ["my_testing.set", "test"],
  ["train", "train"],
  ["trainer_points", undefined],
  ["détest", undefined],
  ["latest", undefined],
  [".", undefined],
])("the split that `%s` says is %s", (name, split) => {
  expect(splitOfWords(name)).toBe(split);
});
