import { describe, expect, it } from "vitest";
import { formatNumber, textTable } from "../../src/report/index.ts";

describe("textTable", () => {
  it("aligns text from the left and numbers from the right, with as many decimals each", () => {
    const rows = [
      ["cat", 1_200, 0.5],
      ["a long name", 7, 0.0623],
      ["none", 0, Number.NaN],
    ];
    expect(textTable(["class", "objects", "AP50"], rows)).toMatchInlineSnapshot(`
      "class        objects    AP50
      ───────────  ───────  ──────
      cat             1200  0.5000
      a long name        7  0.0623
      none               0       –"
    `);
  });

  it("counts wide characters as two, combined ones as one", () => {
    const lines = textTable(
      ["a", "b"],
      [
        ["日本", 1],
        ["e\u0301e\u0301", 2],
        ["👍🏽", 3],
      ],
    ).split("\n");
    expect(lines).toEqual(["a     b", "────  ─", "日本  1", "e\u0301e\u0301    2", "👍🏽    3"]);
  });

  it("leaves cells empty that are not there, and lets no control character through", () => {
    expect(textTable(["a", "b"], [["x\u001b[31m\ny"], [undefined, 5]])).toBe(
      "a         b\n────────  ─\nx�[31m�y\n          5",
    );
  });

  it("shows only names without rows", () => {
    expect(textTable(["one", "two"], [])).toBe("one  two\n───  ───");
  });
});

describe("formatNumber", () => {
  it.each([
    [0, "0"],
    [1_200, "1200"],
    [0.91234, "0.912"],
    [0.9999, "1.000"],
    [12.345, "12.3"],
    [123.456, "123"],
    [0.00123, "0.00123"],
    [0.00001234, "1.23e-5"],
    [12_345_678.9, "1.23e+7"],
    [-0.25, "-0.250"],
    [Number.NaN, "–"],
    [Number.POSITIVE_INFINITY, "–"],
  ])("writes %d as %s", (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});
