import { InvalidArgumentError } from "commander";
import { describe, expect, it } from "vitest";
import {
  integer,
  number,
  parseDuration,
  parseInputSize,
  parsePath,
  parseSceneSize,
  parseSize,
} from "../../src/cli/parse.ts";

describe("parseDuration", () => {
  it.each([
    ["90s", 90_000],
    ["30m", 1_800_000],
    ["1h", 3_600_000],
    ["1h30m", 5_400_000],
    ["1.5h", 5_400_000],
    ["250ms", 250],
    ["2min", 120_000],
  ])("%s is %d ms", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  it.each(["", "30", "m", "0s", "-5m", "5 m", "5mx", "x5m", "1d", "1e3s", "5M"])("refuses %j", (text) => {
    expect(() => parseDuration(text)).toThrow(InvalidArgumentError);
  });
});

describe("parseSize", () => {
  it("reads width × height", () => {
    expect(parseSize("320x256")).toEqual({ width: 320, height: 256 });
    expect(parseSize("320×256")).toEqual({ width: 320, height: 256 });
  });

  it("takes one number for both sides", () => {
    expect(parseSize("320")).toEqual({ width: 320, height: 320 });
  });

  it.each([
    "",
    "0",
    "320x",
    "x256",
    "320x0",
    "-320",
    "3.5",
    "320x256x3",
    "99999",
    "wide",
  ])("refuses %j", (text) => {
    expect(() => parseSize(text)).toThrow(InvalidArgumentError);
  });
});

describe("parseSceneSize", () => {
  it("takes what scenes can be drawn in", () => {
    expect(parseSceneSize("64x8192")).toEqual({ width: 64, height: 8192 });
  });

  it.each(["1x1", "63x64", "64x8193"])("refuses %s", (text) => {
    expect(() => parseSceneSize(text)).toThrow("Expected sides of 64 to 8192 pixels");
  });
});

describe("parseInputSize", () => {
  it("leaves the shorter side open when one number is given", () => {
    expect(parseInputSize("320")).toBe(320);
    expect(parseInputSize("320x256")).toEqual({ width: 320, height: 256 });
  });

  it.each(["300", "320x250", "16"])("refuses %s, which is no multiple of 32", (text) => {
    expect(() => parseInputSize(text)).toThrow("Expected multiples of 32");
  });
});

describe("parsePath", () => {
  it("takes anything that may be a path", () => {
    expect(["a/b.png", "-", "../x y", "-odd.png"].map(parsePath)).toEqual([
      "a/b.png",
      "-",
      "../x y",
      "-odd.png",
    ]);
  });

  it.each(["", "--json"])("refuses %j", (text) => {
    expect(() => parsePath(text)).toThrow(InvalidArgumentError);
  });
});

describe("integer", () => {
  it.each([
    ["1", 1],
    ["10", 10],
    ["+3", 3],
  ])("reads %s", (text, value) => {
    expect(integer(1, 10)(text)).toBe(value);
  });

  it.each(["0", "11", "2.5", "1e1", "", " ", "many", "NaN", "0x5"])("refuses %j outside 1 to 10", (text) => {
    expect(() => integer(1, 10)(text)).toThrow("Expected a whole number from 1 to 10.");
  });

  it("names only the lower end when there is no upper one", () => {
    expect(() => integer(0)("-1")).toThrow("Expected a whole number of at least 0.");
  });
});

describe("number", () => {
  it.each([
    ["0", 0],
    ["0.25", 0.25],
    ["1e-3", 0.001],
  ])("reads %s", (text, value) => {
    expect(number(0, 1)(text)).toBe(value);
  });

  it.each(["-0.1", "1.1", "", " ", "NaN", "Infinity", "half"])("refuses %j outside 0 to 1", (text) => {
    expect(() => number(0, 1)(text)).toThrow("Expected a number from 0 to 1.");
  });
});
