import { expect, it } from "vitest";
import { alignLabels } from "../../src/classify/index.ts";

const examples = [0, 1, 1].map((classIndex, i) => ({ id: `${i}`, classIndex }));

it("matches classes by name", () => {
  const aligned = alignLabels(examples, ["ant", "bee"], ["bee", "cow", "ant"]);
  expect(aligned).toEqual([2, 0, 0].map((classIndex, i) => ({ id: `${i}`, classIndex })));
});

it("counts the examples of classes that the model lacks, and says what to do", () => {
  expect(() => alignLabels(examples, ["ant", "bee"], ["ant", "cow"], "zoo")).toThrow(
    expect.objectContaining({
      code: "classes-differ",
      message:
        'zoo has 2 of 3 examples in classes that the model does not know ("bee"; it knows "ant", "cow"): leave them out, or train with them.',
    }),
  );
  expect(() => alignLabels([{ classIndex: 7 }], ["ant"], ["ant"])).toThrow('("7";');
});
