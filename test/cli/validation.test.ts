import { afterEach, expect, it, vi } from "vitest";
import { formatFigure } from "../../src/cli/format.ts";
import { noteNoValidation, unmeasuredLine } from "../../src/cli/validation.ts";

afterEach(() => vi.restoreAllMocks());

function noted(train: number, val: number, ...rest: [round?: string]): string {
  const written: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => written.push(String(text)) > 0);
  const splits = { train: new Array(train), val: new Array(val) };
  noteNoValidation({ splits }, "one/", {}, ...rest);
  return written.join("");
}

it("says before a training that nothing will be measured", () => {
  expect(noted(1, 0)).toBe(
    "one/: 1 picture only: none is left to validate with; the last epoch counts as best.\n",
  );
  expect(noted(3, 0, "round")).toContain(
    "one/: 3 pictures only: none is left to validate with; the last round",
  );
  expect(noted(1, 1)).toBe("");
});

it("has words for figures that do not exist", () => {
  expect(unmeasuredLine(7)).toMatch(/^epoch 7 counts as best, the last one: .* no figure$/);
  expect([0.12345, Number.NaN].map(formatFigure)).toEqual(["0.123", "–"]);
});
