import { describe, expect, it } from "vitest";
import { tensor } from "../../src/core/index.ts";
import { Graph } from "../../src/graph/index.ts";
import { constant, heNormal, Scope } from "../../src/nn/index.ts";

describe("Scope", () => {
  it("names parameters by their place", () => {
    const scope = new Scope(new Graph());
    scope.at("trunk").at(2).parameter("weight", [3], constant(0));
    scope.parameter("offset", [1], constant(0), "gain");
    expect([...scope.set.parameters.keys()]).toEqual(["trunk.2.weight", "offset"]);
  });

  it("refuses the same place twice", () => {
    const scope = new Scope(new Graph()).at("a");
    scope.parameter("weight", [3], constant(0));
    expect(() => scope.parameter("weight", [3], constant(0))).toThrow("parameter `a.weight` exists already");
  });

  it("draws the same first values whatever else the net holds", () => {
    const draw = (names: string[]) => {
      const scope = new Scope(new Graph());
      for (const name of names) scope.parameter(name, [20], heNormal());
      return scope.set.initialValues(7);
    };
    const small = draw(["b"]).get("b")!.data;
    expect(draw(["a", "b"]).get("b")!.data).toEqual(small);
    expect(draw(["a", "b"]).get("a")!.data).not.toEqual(small);
  });

  it("makes known values constants of the graph, and behaves as in inference", () => {
    const values = new Map([["a.weight", tensor([1, 2])]]);
    const scope = new Scope(new Graph(), { values });
    expect(scope.at("a").parameter("weight", [2], constant(0)).constant).toBe(values.get("a.weight"));
    expect(scope.at("a").training).toBe(false);
    expect(new Scope(new Graph()).at("a").training).toBe(true);
  });

  it.each([
    { what: "missing", values: new Map(), named: "`a.weight` [2,3] is missing" },
    {
      what: "of another shape",
      values: new Map([["a.weight", tensor([1, 2, 3, 4, 5, 6], [3, 2])]]),
      named: "`a.weight` [2,3] is [3,2]",
    },
  ])("refuses known values with a parameter $what", ({ values, named }) => {
    const scope = new Scope(new Graph(), { values });
    const ask = () => scope.at("a").parameter("weight", [2, 3], constant(0));
    expect(ask).toThrow(expect.objectContaining({ code: "parameter-missing" }));
    expect(ask).toThrow(named);
  });
});
