import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { operatorsTable, withTable } from "../../tools/operators-page.ts";

it("docs/ENGINE.md lists the operators as they are (refresh with: npm run operators)", () => {
  const page = readFileSync(new URL("../../docs/ENGINE.md", import.meta.url), "utf8");
  expect(withTable(page)).toBe(page);
});

it("docs/ENGINE.md shows the example that is run", () => {
  const [page, example] = ["docs/ENGINE.md", "examples/train-waves.ts"].map((path) =>
    readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"),
  );
  expect(page).toContain(example.slice(example.indexOf("function net(")));
});

/** Computed while a graph is built, and proved in folding.test.ts. */
const foldedOnly = ["ConstantOfShape", "Mod", "Range", "Shape", "Size", "Xor"];

it("every operator has a case, and every gradient a case that checks it", () => {
  const rows = operatorsTable().split("\n").slice(2);
  const unproved = rows.filter((row) => {
    const [, name, gradient, cases, differentiated] = row.split("|").map((cell) => cell.trim());
    return (
      (Number(cases) === 0 && !foldedOnly.includes(name)) ||
      (gradient === "yes" && Number(differentiated) === 0)
    );
  });
  expect(unproved).toEqual([]);
});
