import { describe, expect, it } from "vitest";
import { tensor, toNumbers } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { adamW, constant, Scope, sgd } from "../../src/nn/index.ts";
import { packByRole, TrainingState } from "../../src/train/index.ts";

function groupsOf(build: (scope: Scope) => void) {
  const scope = new Scope(new Graph());
  build(scope);
  return packByRole(scope.set);
}

const groups = groupsOf((scope) => {
  scope.parameter("a", [2, 3], constant(0));
  scope.parameter("b", [2], constant(0), "gain");
  scope.parameter("c", [1, 4], constant(0));
});
const values = new Map([
  ["a", tensor([1, 2, 3, 4, 5, 6], [2, 3])],
  ["b", tensor([7, 8])],
  ["c", tensor([9, 10, 11, 12], [1, 4])],
]);

describe("packByRole", () => {
  it("lays parameters of one role side by side, in the net's order, and leaves out empty roles", () => {
    expect(groups.map(({ role, size }) => [role, size])).toEqual([
      ["weight", 10],
      ["gain", 2],
    ]);
    expect(groups[0].slots.map(({ name, offset, size }) => [name, offset, size])).toEqual([
      ["a", 0, 6],
      ["c", 6, 4],
    ]);
  });
});

describe("packByRole, large parameters", () => {
  const mixed = groupsOf((scope) => {
    scope.parameter("a", [2], constant(0));
    scope.parameter("large", [256, 300], constant(0));
    scope.at("slow").withRate(0.5).parameter("large", [70_000], constant(0));
    scope.parameter("b", [3], constant(0));
  });

  it("leaves them alone, in groups with names of their own", () => {
    expect(mixed.map(({ name, rate, size, slots }) => [name, rate, size, slots.length])).toEqual([
      ["weight", 1, 5, 2],
      ["weight/large", 1, 76_800, 1],
      ["weight×0.5/slow.large", 0.5, 70_000, 1],
    ]);
  });

  it("names each buffer once", () => {
    const names = TrainingState.shapes(mixed, adamW()).map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("TrainingState", () => {
  it("starts from the given values, averages at them, the optimiser's memory at zero", () => {
    const { current } = TrainingState.start(groups, adamW(), values);
    expect(Object.keys(current).sort()).toEqual(
      ["gain", "weight"].flatMap((role) =>
        ["average", "mean", "square", "value"].map((part) => `${role}/${part}`),
      ),
    );
    for (const part of ["value", "average"]) {
      expect(toNumbers(current[`weight/${part}`])).toEqual([1, 2, 3, 4, 5, 6, 9, 10, 11, 12]);
      expect(toNumbers(current[`gain/${part}`])).toEqual([7, 8]);
    }
    for (const slot of ["mean", "square"])
      expect(toNumbers(current[`weight/${slot}`])).toEqual(new Array(10).fill(0));
  });

  it("keeps no optimiser's memory of statistics", () => {
    const statistics = groupsOf((scope) => scope.parameter("m", [3], constant(0), "statistic"));
    expect(TrainingState.shapes(statistics, sgd())).toEqual([
      ["statistic/value", 3],
      ["statistic/average", 3],
    ]);
  });

  it("gives parameters back by name, as copies", () => {
    const state = TrainingState.start(groups, sgd(), values);
    const given = state.parameters("value");
    expect([...given]).toEqual(expect.arrayContaining([...values]));
    given.get("a")!.data[0] = 99;
    expect(state.parameters("value").get("a")!.data[0]).toBe(1);
    expect(values.get("a")!.data[0]).toBe(1);
  });

  it("changes places with what the last step wrote", () => {
    const state = TrainingState.start(groups, sgd(), values);
    state.next["gain/value"].data[0] = -1;
    expect(state.parameters("value").get("b")!.data[0]).toBe(7);
    state.advance();
    expect(state.step).toBe(1);
    expect(state.parameters("value").get("b")!.data[0]).toBe(-1);
  });
});
